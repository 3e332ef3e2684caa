"""updates.*: where the caller's updates stand, and what he missed."""

from typing import Any

from telethon.tl import types

from bot.sandbox import privacy, updates
from bot.sandbox.calls import dialogs
from bot.sandbox.calls.caller import Answer, Caller, Handler
from bot.sandbox.journal import Event
from bot.sandbox.schema import View
from bot.sandbox.state import Channel, RefusedError

LEAST, MOST = 1, 100


def get_state(caller: Caller, _request: Any) -> Answer:
    """Say where the account's updates stand."""
    return updates.state_of(caller.view())


def get_difference(caller: Caller, request: Any) -> Answer:
    """Tell what happened in the account's private chats after `pts`."""
    view = caller.view()
    journal = caller.account.journal
    if request.pts < 1:
        raise RefusedError(400, "PERSISTENT_TIMESTAMP_EMPTY")
    if request.pts > journal.pts:
        raise RefusedError(400, "PERSISTENT_TIMESTAMP_INVALID")
    events = journal.since(request.pts)
    presses = _presses(view)
    if request.pts < journal.forgotten:
        return types.updates.DifferenceTooLong(pts=journal.pts)
    if not events and not presses:
        return types.updates.DifferenceEmpty(date=caller.state.now(), seq=0)
    told, rest = events[: caller.state.behaviour.slice], events[caller.state.behaviour.slice :]
    others = [updates.of_letters(view, event) for event in told if event.kind != "new"]
    news = [view.letter(letter) for letter in updates.new_letters(caller.account, told)]
    common: dict[str, Any] = {
        "new_messages": news,
        "new_encrypted_messages": [],
        "other_updates": [update for update in others if update is not None] + presses,
        "chats": view.chats,
        "users": view.users,
    }
    if rest:
        return types.updates.DifferenceSlice(**common, intermediate_state=updates.state_of(view, pts=told[-1].pts))
    return types.updates.Difference(**common, state=updates.state_of(view))


def get_channel_difference(caller: Caller, request: Any) -> Answer:
    """Tell what happened in a channel or a large group after `pts`."""
    channel = caller.channel(request.channel)
    journal = channel.journal
    if request.pts < 1:
        raise RefusedError(400, "PERSISTENT_TIMESTAMP_EMPTY")
    if request.pts > journal.pts:
        raise RefusedError(400, "PERSISTENT_TIMESTAMP_INVALID")
    view = caller.view()
    events = journal.since(request.pts)
    timeout = None if view.sparse else 30
    if not events:
        return types.updates.ChannelDifferenceEmpty(pts=journal.pts, final=True, timeout=timeout)
    if request.pts < journal.forgotten or len(events) > caller.state.behaviour.too_long:
        return _too_long(view, channel)
    most = min(max(request.limit, LEAST), MOST, caller.state.behaviour.slice)
    return _difference(view, channel, events[:most], final=len(events) <= most)


def _difference(view: View, channel: Channel, events: list[Event], *, final: bool) -> Answer:
    view.channel(channel)
    others = [updates.of_channel(view, channel, event) for event in events if event.kind != "new"]
    return types.updates.ChannelDifference(
        pts=events[-1].pts,
        new_messages=updates.new_posts(view, channel, events),
        other_updates=[update for update in others if update is not None],
        chats=view.chats,
        users=view.users,
        final=final,
        timeout=None if view.sparse else 30,
    )


def _too_long(view: View, channel: Channel) -> Answer:
    view.channel(channel)
    heard = [post for post in channel.posts.values() if privacy.hears_post(view.account, channel, post)]
    latest = sorted(heard, key=lambda post: post.id)[-10:]
    peer = types.PeerChannel(channel_id=channel.id)
    dialog = dialogs.dialog(peer, latest[-1].id if latest else 0, pts=channel.journal.pts)
    return types.updates.ChannelDifferenceTooLong(
        dialog=dialog, messages=view.posts(reversed(latest)), chats=view.chats, users=view.users, final=True
    )


def _presses(view: View) -> list[Any]:
    """Return the pressed buttons that wait and that no connection of the bot has heard of."""
    waiting = [p for p in view.state.presses.values() if p.bot_id == view.account.id and not p.told]
    return [updates.pressed(view, press) for press in waiting]


CALLS: dict[str, Handler] = {
    "updates.getState": get_state,
    "updates.getDifference": get_difference,
    "updates.getChannelDifference": get_channel_difference,
}
