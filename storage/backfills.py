"""Older history that was asked for: how far back, and how far it has come."""

import sqlite3
from dataclasses import dataclass

from storage import database
from storage.database import Connection
from storage.models import ChannelId, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """A channel's posts since `since` are wanted. All above `reached_id` are held (None: it has not begun).

    `reached_at`: the date of that post; `posts`: how many were new; `ended_at`: None while it goes on. UTC seconds.
    """

    channel_id: ChannelId
    since: int
    began_at: int
    reached_id: MessageId | None
    reached_at: int | None
    posts: int
    ended_at: int | None


async def begin(tx: Connection, channel_id: ChannelId, *, since: int, now: int) -> Backfill:
    """Ask for a channel's posts since `since` (UTC seconds); one that was asked for before goes on where it stood."""
    found = await database.rows(
        tx,
        """INSERT INTO backfills (channel_id, since, began_at) VALUES (:channel_id, :since, :now)
        ON CONFLICT (channel_id) DO UPDATE SET
            posts = CASE WHEN ended_at IS NULL THEN posts ELSE 0 END,
            began_at = CASE WHEN ended_at IS NULL THEN began_at ELSE excluded.began_at END,
            ended_at = CASE WHEN excluded.since < since THEN NULL ELSE ended_at END,
            since = min(since, excluded.since)
        RETURNING *""",
        {"channel_id": channel_id, "since": since, "now": now},
    )
    return _read(found[0])


async def advance(tx: Connection, channel_id: ChannelId, *, reached_id: MessageId, reached_at: int, new: int) -> None:
    """Note that all above `reached_id` is held now, and how many posts of the last page were new."""
    await database.run(
        tx,
        """UPDATE backfills SET reached_id = :reached_id, reached_at = :reached_at, posts = posts + :new
        WHERE channel_id = :channel_id""",
        {"channel_id": channel_id, "reached_id": reached_id, "reached_at": reached_at, "new": new},
    )


async def end(tx: Connection, channel_id: ChannelId, *, now: int) -> None:
    """Note that all that was asked for is held, or cannot be had."""
    await database.run(
        tx,
        "UPDATE backfills SET ended_at = :now WHERE channel_id = :channel_id",
        {"channel_id": channel_id, "now": now},
    )


async def get(connection: Connection, channel_id: ChannelId) -> Backfill | None:
    """Return what was asked for of a channel."""
    found = await database.row(
        connection, "SELECT * FROM backfills WHERE channel_id = :channel_id", {"channel_id": channel_id}
    )
    return None if found is None else _read(found)


async def unfinished(connection: Connection) -> tuple[Backfill, ...]:
    """Return those of followed channels that go on, the oldest first."""
    found = await database.rows(
        connection,
        """SELECT backfills.* FROM backfills JOIN channels ON channels.id = channel_id AND state = 'followed'
        WHERE ended_at IS NULL ORDER BY began_at, channel_id""",
    )
    return tuple(_read(row) for row in found)


async def oldest_id(connection: Connection, channel_id: ChannelId, *, since: int) -> MessageId | None:
    """Return the lowest id of a channel's posts dated `since` or later: below it is what is not held as a whole."""
    found = await database.row(
        connection,
        "SELECT min(message_id) AS oldest FROM posts WHERE channel_id = :channel_id AND date >= :since",
        {"channel_id": channel_id, "since": since},
    )
    return None if found is None else found["oldest"]


def _read(row: sqlite3.Row) -> Backfill:
    return Backfill(
        channel_id=row["channel_id"],
        since=row["since"],
        began_at=row["began_at"],
        reached_id=row["reached_id"],
        reached_at=row["reached_at"],
        posts=row["posts"],
        ended_at=row["ended_at"],
    )
