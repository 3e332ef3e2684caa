"""messages.getDialogs: the list of a user's chats."""

from typing import Any

from telethon.tl import TLObject, types

from bot.sandbox import letters
from bot.sandbox.calls.caller import Answer, Caller, Handler


def get_dialogs(caller: Caller, _request: Any) -> Answer:
    """List the channels the caller joined and his private chats; in one page."""
    view = caller.view()
    account = caller.user()
    entries: list[TLObject] = []
    messages: list[TLObject] = []
    for channel in caller.state.channels.values():
        if account.id not in channel.members or channel.lost:
            continue
        view.channel(channel)
        last = max(channel.posts, default=0)
        peer = types.PeerChannel(channel_id=channel.id)
        entries.append(dialog(peer, last, pts=None if view.sparse else channel.journal.pts))
        messages += view.posts(post for post in channel.posts.values() if post.id == last)
    for peer_id in sorted(account.met):
        found = letters.between(account, peer_id)
        view.user(caller.state.accounts[peer_id])
        top = found[0].ids[account.id] if found else 0
        entries.append(dialog(types.PeerUser(user_id=peer_id), top, pts=None))
        messages += [view.letter(letter) for letter in found[:1]]
    return types.messages.Dialogs(dialogs=entries, messages=messages, chats=view.chats, users=view.users)


def dialog(peer: TLObject, top_message: int, *, pts: int | None) -> TLObject:
    """Show one chat of the list: its newest message, and how far its updates have come."""
    return types.Dialog(
        peer=peer,
        top_message=top_message,
        read_inbox_max_id=0,
        read_outbox_max_id=0,
        unread_count=0,
        unread_mentions_count=0,
        unread_reactions_count=0,
        unread_poll_votes_count=0,
        notify_settings=types.PeerNotifySettings(),
        pts=pts,
    )


CALLS: dict[str, Handler] = {"messages.getDialogs": get_dialogs}
