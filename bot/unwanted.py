"""Cancels what waits for a chat that it does not want to hear any more."""

from collections.abc import Collection

from bot import dressing
from storage import backlog, outbox
from storage.database import Connection
from storage.models import ChatId, MuteKind, OutboxMessage


async def cancel(tx: Connection, chat_id: ChatId, *, now: int) -> int:
    """Cancel what a chat has muted that is not on its way yet; return how many messages.

    An alert for several topics is unwanted once all of them are muted, and with it what follows it.

    Args:
        tx: the transaction that stores the mute.
        chat_id: whose alerts.
        now: UTC seconds.
    """
    muted = {(mute.kind, mute.subject) for mute in await dressing.mutes_of(tx, chat_id, now=now)}
    waiting = await backlog.unsent(tx, chat_id)
    return await outbox.cancel(tx, [one.id for one in waiting if await _is_silent(tx, one, muted)])


async def _is_silent(tx: Connection, message: OutboxMessage, muted: Collection[tuple[MuteKind, str]]) -> bool:
    if message.depends_on is not None:
        # What follows an alert goes the way of the alert, also where that was sent long ago.
        (message,) = await outbox.by_ids(tx, [message.depends_on])
    told = await dressing.of_message(tx, message)
    return told is not None and dressing.is_silent(told, muted)
