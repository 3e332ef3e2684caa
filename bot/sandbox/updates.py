"""Turns what happened into Telegram's updates: for pushes and for differences."""

from collections.abc import Iterable
from typing import Any

from telethon.tl import TLObject, types

from bot.sandbox import privacy
from bot.sandbox.journal import Event
from bot.sandbox.schema import View
from bot.sandbox.state import Account, Channel, Post, Press, Push


def pushed(view: View, push: Push) -> TLObject | None:
    """Return what to send to the account's connections; None: there is nothing left to tell."""
    update = _of_push(view, push)
    if update is None:
        return None
    return wrapped(view, [update])


def wrapped(view: View, updates: list[TLObject]) -> TLObject:
    """Put updates together with those they speak of."""
    return types.Updates(updates=updates, users=view.users, chats=view.chats, date=view.state.now(), seq=0)


def _of_push(view: View, push: Push) -> TLObject | None:
    if push.press is not None:
        return pressed(view, push.press)
    if push.subject == "letter" and push.event is not None:
        return of_letters(view, push.event)
    channel = view.state.channels[push.channel_id or 0]
    if push.event is not None:
        return of_channel(view, channel, push.event)
    view.channel(channel)
    return types.UpdateChannel(channel_id=channel.id)


def of_channel(view: View, channel: Channel, event: Event) -> TLObject | None:
    """Tell one event of a channel; None: what it speaks of was deleted since, or is not for the account to hear."""
    if event.kind == "delete":
        view.channel(channel)
        return types.UpdateDeleteChannelMessages(
            channel_id=channel.id, messages=list(event.ids), pts=event.pts, pts_count=event.count
        )
    post = channel.posts.get(event.ids[0])
    if post is None or not privacy.hears_post(view.account, channel, post):
        return None
    kind = types.UpdateNewChannelMessage if event.kind == "new" else types.UpdateEditChannelMessage
    return kind(message=view.post(post), pts=event.pts, pts_count=event.count)


def of_letters(view: View, event: Event) -> TLObject | None:
    """Tell one event of the account's private chats; None: what it speaks of was deleted since."""
    if event.kind == "delete":
        return types.UpdateDeleteMessages(messages=list(event.ids), pts=event.pts, pts_count=event.count)
    letter = view.account.letters.get(event.ids[0])
    if letter is None:
        return None
    kind = types.UpdateNewMessage if event.kind == "new" else types.UpdateEditMessage
    return kind(message=view.letter(letter), pts=event.pts, pts_count=event.count)


def pressed(view: View, press: Press) -> TLObject:
    """Tell a bot of a pressed button."""
    view.user(view.state.accounts[press.user_id])
    under = press.under
    return types.UpdateBotCallbackQuery(
        query_id=press.id,
        user_id=press.user_id,
        peer=view.peer(under),
        msg_id=under.id if isinstance(under, Post) else under.ids[press.bot_id],
        chat_instance=press.user_id,
        data=press.data,
    )


def state_of(view: View, *, pts: int | None = None) -> TLObject:
    """Return where the account's updates stand."""
    reached = view.account.journal.pts if pts is None else pts
    return types.updates.State(pts=reached, qts=0, date=view.state.now(), seq=0, unread_count=0)


def new_posts(view: View, channel: Channel, events: Iterable[Event]) -> list[Any]:
    """Show the posts that `events` brought, that are still there and that the account hears of."""
    posts = [channel.posts.get(event.ids[0]) for event in events if event.kind == "new"]
    return [view.post(post) for post in posts if post and privacy.hears_post(view.account, channel, post)]


def new_letters(account: Account, events: Iterable[Event]) -> list[Any]:
    """Return the messages that `events` brought and that are still there."""
    return [
        account.letters[event.ids[0]] for event in events if event.kind == "new" and event.ids[0] in account.letters
    ]
