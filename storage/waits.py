"""The pauses that Telegram asked the reading account for: they hold across restarts."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage import database
from storage.database import Connection
from storage.models import ChannelId

READING = ("updates.GetChannelDifferenceRequest", "messages.GetHistoryRequest")
"""The kinds of requests without which a channel cannot be kept complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWait:
    """A pause until `until` (UTC seconds) for one kind of request; `channel_id`: the channel it was asked for about."""

    request: str
    until: int
    channel_id: ChannelId | None


async def put(tx: Connection, wait: StoredWait) -> None:
    """Keep a pause for a kind of request, unless one is kept that lasts longer."""
    await database.run(
        tx,
        """INSERT INTO waits (request, until, channel_id) VALUES (:request, :until, :channel_id)
        ON CONFLICT (request) DO UPDATE SET until = excluded.until, channel_id = excluded.channel_id
        WHERE excluded.until >= waits.until""",
        {"request": wait.request, "until": wait.until, "channel_id": wait.channel_id},
    )


async def lasting(connection: Connection, *, now: int) -> Sequence[StoredWait]:
    """Return the pauses that are not over at `now` (UTC seconds), the longest first."""
    found = await database.rows(
        connection,
        "SELECT request, until, channel_id FROM waits WHERE until > :now ORDER BY until DESC",
        {"now": now},
    )
    return tuple(StoredWait(**row) for row in found)


async def forget(tx: Connection) -> None:
    """Drop all pauses: another account reads now."""
    await database.run(tx, "DELETE FROM waits", {})
