"""What happens in the sandbox's groups. Large ones are channels; the messages of small ones lie in boxes of members."""

from typing import Any

from telethon.tl import types

from bot.sandbox import channels, letters
from bot.sandbox.state import Account, Channel, Group, Post, RefusedError, State


def found(state: State, title: str, members: tuple[Account, ...]) -> Group:
    """Found a small group."""
    group = Group(id=state.number(), title=title, created_at=state.now(), members={member.id for member in members})
    state.groups[group.id] = group
    return group


def write(
    state: State,
    sender: Account,
    channel: Channel,
    *,
    text: str,
    random_id: int,
    source: int | None = None,
    **contents: Any,
) -> Post:
    """Write in a large group, once: a repeated `random_id` is answered with the first message."""
    number = (sender.id, channel.id, random_id)
    first = state.sent.get(number)
    if isinstance(first, Post):
        if state.clock() - first.date < state.behaviour.duplicate_seconds:
            raise RefusedError(500, "RANDOM_ID_DUPLICATE")
        return first
    if channel.kind != "megagroup" or sender.id not in channel.members:
        raise RefusedError(403, "CHAT_WRITE_FORBIDDEN")
    post = channels.post(state, channel, text, sender=sender.id, source=source, **contents)
    state.sent[number] = post
    return post


def grow(state: State, group: Group) -> Channel:
    """Make a small group a large one, as Telegram does: under another id, and both say so."""
    channel = channels.add(state, title=group.title, kind="megagroup")
    channel.members.update(group.members)
    group.moved_to = channel.id
    first = state.accounts[min(group.members)]
    letters.send(
        state,
        first,
        group,
        text="",
        random_id=state.number(),
        service=types.MessageActionChatMigrateTo(channel_id=channel.id),
    )
    came = types.MessageActionChannelMigrateFrom(title=group.title, chat_id=group.id)
    channels.post(state, channel, service=came)
    return channel
