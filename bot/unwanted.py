"""Cancels what waits for a chat that it does not want to hear any more."""

from bot import dressing
from storage import backlog, outbox
from storage.database import Connection
from storage.models import ChatId


async def cancel(tx: Connection, chat_id: ChatId, *, now: int) -> int:
    """Cancel the alerts of what a chat has muted that are not on their way yet; return how many.

    An alert for several topics is unwanted once all of them are muted.

    Args:
        tx: the transaction that stores the mute.
        chat_id: whose alerts.
        now: UTC seconds.
    """
    muted = {(mute.kind, mute.subject) for mute in await dressing.mutes_of(tx, chat_id, now=now)}
    found = [await dressing.of_message(tx, message) for message in await backlog.unsent(tx, chat_id)]
    return await outbox.cancel(
        tx, [told.message.id for told in found if told is not None and dressing.is_silent(told, muted)]
    )
