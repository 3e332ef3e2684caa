"""contacts.* and channels.*, and what concerns a channel's posts in messages.*: finding, joining, reading."""

import bisect
from collections.abc import Callable
from typing import Any

from telethon.tl import types

from bot.sandbox import channels, letters, updates
from bot.sandbox.calls.caller import Answer, Caller, Handler
from bot.sandbox.schema import View
from bot.sandbox.state import Channel, RefusedError

MOST_AT_ONCE = 100


def resolve_username(caller: Caller, request: Any) -> Answer:
    """Find a channel, group, user or bot by its public name."""
    view = caller.view()
    channel = channels.by_username(caller.state, request.username)
    if channel is not None:
        view.channel(channel)
        peer = _peer(channel)
        return types.contacts.ResolvedPeer(peer=peer, chats=view.chats, users=[])
    wanted = request.username.casefold()
    found = next((a for a in caller.state.accounts.values() if (a.username or "").casefold() == wanted), None)
    if found is None:
        raise RefusedError(400, "USERNAME_NOT_OCCUPIED")
    view.user(found)
    return types.contacts.ResolvedPeer(peer=types.PeerUser(user_id=found.id), chats=[], users=view.users)


def search(caller: Caller, request: Any) -> Answer:
    """Find channels and groups by title."""
    caller.user()
    view = caller.view()
    if not request.q.strip():
        raise RefusedError(400, "SEARCH_QUERY_EMPTY")
    found = channels.by_title(caller.state, request.q.strip())[: request.limit]
    for channel in found:
        view.channel(channel)
    mine = [_peer(channel) for channel in found if caller.account.id in channel.members]
    others = [_peer(channel) for channel in found if caller.account.id not in channel.members]
    return types.contacts.Found(my_results=mine, results=others, chats=view.chats, users=[])


def join(caller: Caller, request: Any) -> Answer:
    """Make the caller a member; repeated: no change, as Telegram does it for public channels."""
    caller.user()
    channel = caller.channel(request.channel)
    if caller.account.id not in channel.members:
        channels.join(caller.state, channel, caller.account.id)
    return types.messages.ChatInviteJoinResultOk(updates=_told(caller.view(), channel))


def leave(caller: Caller, request: Any) -> Answer:
    """End the caller's membership."""
    caller.user()
    channel = caller.channel(request.channel)
    channels.leave(channel, caller.account.id)
    return _told(caller.view(), channel)


def get_channels(caller: Caller, request: Any) -> Answer:
    """Show channels."""
    view = caller.view()
    shown = [view.channel(caller.channel(named)) for named in request.id]
    return types.messages.Chats(chats=shown)


def get_full_channel(caller: Caller, request: Any) -> Answer:
    """Show a channel with what else is known: its description, how far its posts have come."""
    view = caller.view()
    channel = caller.channel(request.channel)
    view.channel(channel)
    full = types.ChannelFull(
        id=channel.id,
        about=channel.about,
        read_inbox_max_id=0,
        read_outbox_max_id=0,
        unread_count=0,
        chat_photo=types.PhotoEmpty(id=0),
        notify_settings=types.PeerNotifySettings(),
        bot_info=[],
        pts=channel.journal.pts,
        participants_count=None if view.sparse else channel.subscribers,
    )
    return types.messages.ChatFull(full_chat=full, chats=view.chats, users=view.users)


def get_posts(caller: Caller, request: Any) -> Answer:
    """Show posts by id; what is not there is shown empty."""
    view = caller.view()
    channel = caller.channel(request.channel)
    peer = _peer(channel)
    numbers = [named.id for named in request.id[:MOST_AT_ONCE]]
    found = [
        view.post(channel.posts[number]) if number in channel.posts else types.MessageEmpty(id=number, peer_id=peer)
        for number in numbers
    ]
    return _channel_messages(view, channel, found)


def get_history(caller: Caller, request: Any) -> Answer:
    """Show a page of a channel's or a private chat's messages, newest first."""
    caller.user()
    view = caller.view()
    if isinstance(request.peer, types.InputPeerChannel):
        channel = caller.channel(request.peer)
        page = _page(channel.order, lambda number: channel.posts[number].date, request)
        return _channel_messages(view, channel, [view.post(channel.posts[number]) for number in page])
    account = caller.account
    order = [letter.ids[account.id] for letter in letters.between(account, caller.peer(request.peer).id)][::-1]
    page = _page(order, lambda number: account.letters[number].date, request)
    shown = [view.letter(account.letters[number]) for number in page]
    return types.messages.MessagesSlice(count=len(order), messages=shown, topics=[], chats=view.chats, users=view.users)


def get_views(caller: Caller, request: Any) -> Answer:
    """Return the counters of posts, and count the caller among the readers if he wants that."""
    view = caller.view()
    channel = caller.channel(request.peer)
    counters = []
    for number in request.id:
        post = channel.posts.get(number)
        if post is None or view.sparse:
            counters.append(types.MessageViews())
            continue
        post.views += bool(request.increment)
        counters.append(types.MessageViews(views=post.views, forwards=post.forwards))
    view.channel(channel)
    return types.messages.MessageViews(views=counters, chats=view.chats, users=view.users)


def get_rich_message(caller: Caller, request: Any) -> Answer:
    """Show a post with the whole of its rich text."""
    view = caller.view()
    channel = caller.channel(request.peer)
    post = channel.posts.get(request.id)
    if post is None or post.rich is None:
        raise RefusedError(400, "MESSAGE_ID_INVALID")
    shown = view.post(post)
    shown.rich_message = post.rich.whole
    return _channel_messages(view, channel, [shown])


def check_invite(caller: Caller, request: Any) -> Answer:
    """Show where an invite link leads."""
    caller.user()
    view = caller.view()
    channel = next((c for c in caller.state.channels.values() if c.invite and c.invite == request.hash), None)
    if channel is None:
        raise RefusedError(400, "INVITE_HASH_EXPIRED")
    if caller.account.id in channel.members:
        return types.ChatInviteAlready(chat=view.channel(channel))
    return types.ChatInvite(
        title=channel.title,
        photo=types.PhotoEmpty(id=0),
        participants_count=channel.subscribers,
        color=0,
        channel=True,
        broadcast=channel.kind == "broadcast",
        megagroup=channel.kind == "megagroup",
        public=channel.username is not None,
    )


def _page(order: list[int], date_of: Callable[[int], int], request: Any) -> list[int]:
    """Cut a page, newest first, out of rising ids, as messages.getHistory describes it."""
    end = len(order)
    if request.offset_id:
        end = bisect.bisect_left(order, request.offset_id)
    elif request.offset_date and request.offset_date.timestamp() > 0:
        before = int(request.offset_date.timestamp())
        end = sum(date_of(number) < before for number in order)
    end = min(len(order), end - request.add_offset)
    start = max(0, end - max(0, min(request.limit, MOST_AT_ONCE)))
    page = order[start : max(0, end)]
    return [n for n in reversed(page) if n > request.min_id and (not request.max_id or n < request.max_id)]


def _peer(channel: Channel) -> Any:
    return types.PeerChannel(channel_id=channel.id)


def _told(view: View, channel: Channel) -> Any:
    view.channel(channel)
    return updates.wrapped(view, [types.UpdateChannel(channel_id=channel.id)])


def _channel_messages(view: View, channel: Channel, found: list[Any]) -> Any:
    view.channel(channel)
    return types.messages.ChannelMessages(
        pts=channel.journal.pts,
        count=len(channel.posts),
        messages=found,
        topics=[],
        chats=view.chats,
        users=view.users,
    )


CALLS: dict[str, Handler] = {
    "contacts.resolveUsername": resolve_username,
    "contacts.search": search,
    "channels.joinChannel": join,
    "channels.leaveChannel": leave,
    "channels.getChannels": get_channels,
    "channels.getFullChannel": get_full_channel,
    "channels.getMessages": get_posts,
    "messages.getHistory": get_history,
    "messages.getMessagesViews": get_views,
    "messages.getRichMessage": get_rich_message,
    "messages.checkChatInvite": check_invite,
}
