"""Writing in large groups, which are channels in which every member writes."""

from typing import Any

from telethon.tl import types

from bot.sandbox import channels, groups, updates
from bot.sandbox.calls import contents
from bot.sandbox.calls.caller import Answer, Caller
from bot.sandbox.state import Channel, Post, RefusedError


def send(caller: Caller, request: Any, *, media: Any) -> Answer:
    """Send a message to a group one belongs to; a repeated random_id is answered as the server's behaviour says."""
    channel = caller.channel(request.peer)
    if not request.random_id:
        raise RefusedError(400, "RANDOM_ID_EMPTY")
    post = groups.write(
        caller.state,
        caller.account,
        channel,
        text=request.message,
        random_id=request.random_id,
        source=caller.key_id,
        entities=contents.entities(request, request.message),
        media=media,
        buttons=contents.checked(request.reply_markup),
        silent=bool(request.silent),
        reply_to=_replied(channel, request.reply_to),
    )
    return _told(caller, channel, post, "new", [types.UpdateMessageID(id=post.id, random_id=request.random_id)])


def edit(caller: Caller, request: Any) -> Answer:
    """Change a message of one's own."""
    channel = caller.channel(request.peer)
    post = channel.posts.get(request.id)
    if post is None:
        raise RefusedError(400, "MESSAGE_ID_INVALID")
    if post.sender != caller.account.id:
        raise RefusedError(403, "MESSAGE_AUTHOR_REQUIRED")
    changes = contents.changes(caller.state, post, request)
    channels.edit(caller.state, channel, post.id, push=True, **changes)
    return _told(caller, channel, post, "edit", [])


def _replied(channel: Channel, reply_to: Any) -> int | None:
    if reply_to is None:
        return None
    if reply_to.reply_to_msg_id not in channel.posts:
        raise RefusedError(400, "REPLY_MESSAGE_ID_INVALID")
    return int(reply_to.reply_to_msg_id)


def _told(caller: Caller, channel: Channel, post: Post, kind: str, first: list[Any]) -> Answer:
    view = caller.view()
    happened = reversed(channel.journal.events)
    event = next(event for event in happened if event.kind == kind and event.ids == (post.id,))
    told = updates.of_channel(view, channel, event)
    return updates.wrapped(view, [*first, *([told] if told else [])])
