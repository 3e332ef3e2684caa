"""Which posts are to be looked up again, and when: `posts.recheck_at`, empty when no more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from storage import database
from storage.database import Connection
from storage.models import ChannelId, MessageId, PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A followed channel with posts to look up again; `flagged`: there are flagged ones among them."""

    channel_id: ChannelId
    at: int
    flagged: bool


async def plan(tx: Connection, looks: Collection[tuple[PostId, int | None]]) -> None:
    """Set when each post is looked up again (UTC seconds, None: no more); deleted and forgotten ones never are."""
    await database.run_each(
        tx,
        "UPDATE posts SET recheck_at = :at WHERE id = :id AND deleted_at IS NULL AND forgotten_at IS NULL",
        [{"id": post_id, "at": at} for post_id, at in looks],
    )


async def postpone(tx: Connection, channel_id: ChannelId, message_ids: Sequence[MessageId], *, at: int | None) -> None:
    """Look posts of a channel up again at another time: the server did not say anything of them."""
    await database.run_each(
        tx,
        """UPDATE posts SET recheck_at = :at
        WHERE channel_id = :channel_id AND message_id = :message_id AND forgotten_at IS NULL""",
        [{"channel_id": channel_id, "message_id": message_id, "at": at} for message_id in message_ids],
    )


async def doubt(
    tx: Connection, channel_id: ChannelId, span: tuple[int, int], there: Collection[MessageId], *, at: int
) -> None:
    """Look posts up again at `at` (UTC seconds) that the server left out where it showed all there is in `span`.

    Args:
        tx: the transaction.
        channel_id: the channel.
        span: the first and the last id of what was shown.
        there: the ids that were among it.
        at: when they are due.
    """
    named, values = database.listed(tuple(there))
    await database.run(
        tx,
        f"""UPDATE posts SET recheck_at = :at
        WHERE channel_id = :channel_id AND message_id >= :first AND message_id <= :last
            AND deleted_at IS NULL AND forgotten_at IS NULL AND message_id NOT IN ({named})""",
        {**values, "channel_id": channel_id, "first": span[0], "last": span[1], "at": at},
    )


async def due(connection: Connection, *, now: int) -> tuple[Due, ...]:
    """Return the followed channels with posts that are due at `now`; those with flagged ones first, then the latest."""
    found = await database.rows(
        connection,
        """SELECT id, flags.flagged,
            (SELECT min(recheck_at) FROM posts
            WHERE channel_id = channels.id AND flagged = flags.flagged AND recheck_at IS NOT NULL) AS at
        FROM channels CROSS JOIN (SELECT 1 AS flagged UNION ALL SELECT 0) AS flags
        WHERE state = 'followed' AND at <= :now ORDER BY flags.flagged DESC, at""",
        {"now": now},
    )
    first: dict[ChannelId, Due] = {}
    for row in found:
        first.setdefault(row["id"], Due(channel_id=row["id"], at=row["at"], flagged=bool(row["flagged"])))
    return tuple(first.values())


async def of_channel(connection: Connection, channel_id: ChannelId, *, until: int, limit: int) -> tuple[MessageId, ...]:
    """Return the posts of a channel that are due by `until` (UTC seconds), flagged ones first, `limit` at most."""
    found = await database.rows(
        connection,
        """SELECT message_id FROM posts
        WHERE channel_id = :channel_id AND flagged IN (0, 1) AND recheck_at <= :until
        ORDER BY flagged DESC, recheck_at LIMIT :limit""",
        {"channel_id": channel_id, "until": until, "limit": limit},
    )
    return tuple(row["message_id"] for row in found)
