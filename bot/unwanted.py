"""Cancels what waits for a chat that it does not want to hear any more."""

from collections.abc import Sequence

from bot import audience, dressing
from storage import backlog, chats, outbox, summaries
from storage.database import Connection
from storage.models import Chat, ChatId, Mute, OutboxMessage


async def cancel(tx: Connection, chat_id: ChatId, *, now: int) -> int:
    """Cancel what a chat has muted, or set that it does not want, and that is not on its way yet.

    An alert for several topics is unwanted once none of them is wanted, and with it what follows it. Returns how many
    messages.

    Args:
        tx: the transaction that stores the mute or the setting.
        chat_id: whose alerts.
        now: UTC seconds.
    """
    chat = await chats.get(tx, chat_id)
    if chat is None:
        return 0
    mutes = await dressing.mutes_of(tx, chat_id, now=now)
    await _open_summaries(tx, chat, mutes)
    waiting = await backlog.unsent(tx, chat_id)
    return await outbox.cancel(tx, [one.id for one in waiting if await _is_unwanted(tx, one, chat, mutes)])


async def _open_summaries(tx: Connection, chat: Chat, mutes: Sequence[Mute]) -> None:
    """Take apart the summaries that wait and tell of something unwanted; what else they tell is summed up anew."""
    for one in await backlog.unsent(tx, chat.id):
        told = await summaries.untold(tx, one) if one.kind == "summary" else ()
        if any([await _is_unwanted(tx, alert, chat, mutes) for alert in told]):
            if one.depends_on is None:
                await summaries.dissolve(tx, one.id)
            else:
                await summaries.unfold(tx, one.depends_on)


async def _is_unwanted(tx: Connection, message: OutboxMessage, chat: Chat, mutes: Sequence[Mute]) -> bool:
    told = await _told(tx, message)
    if told is None:
        return False
    if message.kind == "update" and told.post.forgotten_at is not None:
        return False  # it takes out of the chat what is forgotten
    if dressing.is_silent(told, {(mute.kind, mute.subject) for mute in mutes}):
        return True
    return not audience.wanted(chat, mutes, channel_id=told.post.post.channel_id, topics=told.topics)


async def _told(tx: Connection, message: OutboxMessage) -> dressing.Told | None:
    """Give the alert whose way a message goes: itself, or that which it follows, also where it was sent long ago."""
    if message.kind == "followup" and message.subject is not None:
        # It may stand under the summary that told the alert, or change what stands there.
        return await dressing.told(tx, message.chat_id, message.subject.post_id)
    if message.depends_on is not None:
        (message,) = await outbox.by_ids(tx, [message.depends_on])
    return await dressing.of_message(tx, message)
