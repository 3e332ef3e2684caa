"""Counts and lists for digests and the state of things. A period is `start` ≤ time < `end` in UTC seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage import channels, database, holes, settings, waits
from storage.database import Connection
from storage.health_models import ChannelHealth
from storage.holes import HoleCounts
from storage.models import ChannelId, MessageId

# With CROSS JOIN, SQLite takes the tables in the order written: the small one first, the other by its index.


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCounts:
    """How many posts of a channel were seen to be edited, and to be deleted."""

    edited: int
    deleted: int


_COUNTED = """SELECT topic, number, sum(posts) AS posts FROM intervals CROSS JOIN topic_counts
WHERE at >= low AND at < high GROUP BY topic, number"""
_OF_CHANNEL = """SELECT topic, number, count(DISTINCT posts.id) AS posts
FROM intervals CROSS JOIN posts CROSS JOIN matches
WHERE flagged = 1 AND channel_id = :channel_id AND date >= low AND date < high AND post_id = posts.id
GROUP BY topic, number"""
_NO_HOLES = HoleCounts(empty=0, unknown=0)


async def read_counts(connection: Connection, start: int, end: int) -> dict[ChannelId, int]:
    """Count the posts of a period by their own dates, for each channel that has any."""
    found = await database.rows(
        connection,
        """SELECT channel_id, count(*) AS posts FROM posts
        WHERE date >= :start AND date < :end GROUP BY channel_id""",
        {"start": start, "end": end},
    )
    return {row["channel_id"]: row["posts"] for row in found}


async def oldest(connection: Connection, start: int, end: int) -> int | None:
    """Return the date of the oldest post of a period, None where there is none."""
    found = await database.rows(
        connection,
        "SELECT min(date) AS date FROM posts WHERE date >= :start AND date < :end",
        {"start": start, "end": end},
    )
    date: int | None = found[0]["date"]
    return date


async def unreadable_counts(connection: Connection, start: int, end: int) -> dict[ChannelId, int]:
    """Count the posts of a period that never had any text, for each channel that has any."""
    found = await database.rows(
        connection,
        """SELECT channels.id, count(*) AS posts
        FROM channels CROSS JOIN posts
        WHERE posts.channel_id = channels.id AND posts.text = '' AND forgotten_at IS NULL
            AND posts.date >= :start AND posts.date < :end
        GROUP BY channels.id""",
        {"start": start, "end": end},
    )
    return {row["id"]: row["posts"] for row in found}


async def topic_counts(
    connection: Connection, bounds: Sequence[int], *, channel_id: ChannelId | None = None
) -> dict[str, tuple[int, ...]]:
    """Count the posts of each topic in each interval between neighbours of `bounds`, all or those of one channel.

    Topics without any post in the whole time are left out.

    Args:
        connection: of the database.
        bounds: UTC seconds, ascending; whole quarters of an hour, as the days of every time zone are.
        channel_id: whose posts alone are counted.
    """
    _, values = database.listed(bounds)
    numbers = range(len(bounds) - 1)
    if not numbers:
        return {}
    intervals = ", ".join(f"({number}, :v{number}, :v{number + 1})" for number in numbers)
    counted: dict[str, list[int]] = {}
    for row in await database.rows(
        connection,
        f"WITH intervals (number, low, high) AS (VALUES {intervals}) {_COUNTED if channel_id is None else _OF_CHANNEL}",
        {**values, "channel_id": channel_id},
    ):
        counted.setdefault(row["topic"], [0] * len(numbers))[row["number"]] = row["posts"]
    return {topic: tuple(counts) for topic, counts in counted.items() if any(counts)}


async def change_counts(connection: Connection, start: int, end: int) -> dict[ChannelId, ChangeCounts]:
    """Count the posts whose edit or deletion was seen in a period, for each channel that has any."""
    found = await database.rows(
        connection,
        """SELECT channels.id, kind, count(DISTINCT message_id) AS posts
        FROM channels CROSS JOIN revisions
        WHERE revisions.channel_id = channels.id AND kind <> 'posted' AND kind IN ('edited', 'deleted')
            AND captured_at >= :start AND captured_at < :end
        GROUP BY channels.id, kind""",
        {"start": start, "end": end},
    )
    counted: dict[ChannelId, dict[str, int]] = {}
    for row in found:
        counted.setdefault(row["id"], {"edited": 0, "deleted": 0})[row["kind"]] = row["posts"]
    return {channel_id: ChangeCounts(**counts) for channel_id, counts in counted.items()}


async def health(connection: Connection) -> tuple[ChannelHealth, ...]:
    """Return what is held of each channel that is followed or was lost (see its `state`), oldest first."""
    named, values = database.listed(waits.READING)
    found = await database.rows(
        connection,
        f"""SELECT channels.*, posts, unreadable, forgotten, edited, deleted,
            newest.message_id AS last_message_id, newest.date AS last_date,
            (SELECT value FROM settings WHERE name = :hole || channels.id) AS hole,
            (SELECT max(until) FROM waits WHERE channel_id = channels.id AND request IN ({named})) AS waits_until
        FROM channels CROSS JOIN channel_counts ON channel_counts.channel_id = channels.id
        LEFT JOIN posts AS newest ON newest.channel_id = channels.id
            AND newest.message_id = (SELECT max(message_id) FROM posts WHERE channel_id = channels.id)
        WHERE state <> 'removed' ORDER BY added_at, channels.id""",
        {**values, "hole": settings.HOLE.format("")},
    )
    without = await holes.counts(connection)
    return tuple(
        ChannelHealth(
            channel=channels.from_row(row),
            posts=row["posts"] - row["forgotten"],
            forgotten=row["forgotten"],
            unreadable=row["unreadable"],
            edited=row["edited"],
            deleted=row["deleted"],
            last_message_id=row["last_message_id"],
            last_date=row["last_date"],
            empty=without.get(row["id"], _NO_HOLES).empty,
            unknown=without.get(row["id"], _NO_HOLES).unknown,
            hole=MessageId(int(row["hole"])) if row["hole"] else None,
            waits_until=row["waits_until"],
        )
        for row in found
    )
