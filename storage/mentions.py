"""Flagged posts in brief: which topics they speak of, what became of them, where they came from."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage import columns, database
from storage.database import Connection
from storage.models import ChannelId, Origin, PostId
from storage.story_models import Change, Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """A flagged post of `channel_id` that came from another channel."""

    channel_id: ChannelId
    origin: Origin


async def between(
    connection: Connection, start: int, end: int, *, topic: str | None = None, channel_id: ChannelId | None = None
) -> tuple[Mention, ...]:
    """Return what flagged posts of a period speak of, oldest first, deleted ones included.

    Args:
        connection: of the database.
        start: UTC seconds, of the posts' own dates.
        end: the first second that is not of the period.
        topic: the only topic that matters; None: all.
        channel_id: whose posts alone matter; None: those of all.
    """
    found = await database.rows(
        connection,
        f"""SELECT DISTINCT topic, posts.id AS post_id, coalesce(story_id, posts.id) AS story_id,
            coalesce(began_at, date) AS began_at, channel_id, message_id, date, views
        FROM posts CROSS JOIN matches LEFT JOIN stories ON stories.id = posts.story_id
        WHERE flagged = 1 AND date >= :start AND date < :end AND matches.post_id = posts.id
            {_of(topic=topic, channel_id=channel_id)}
        ORDER BY date, posts.id""",
        {"start": start, "end": end, "topic": topic, "channel_id": channel_id},
    )
    return tuple(Mention(**row) for row in found)


async def of_posts(connection: Connection, post_ids: Sequence[PostId]) -> tuple[Mention, ...]:
    """Return posts, flagged or not, oldest first, as if they spoke of one topic without a name."""
    found: list[Mention] = []
    for piece in database.chunks(post_ids):
        names, values = database.listed(piece)
        rows = await database.rows(
            connection,
            f"""SELECT '' AS topic, posts.id AS post_id, coalesce(story_id, posts.id) AS story_id,
                coalesce(began_at, date) AS began_at, channel_id, message_id, date, views
            FROM posts LEFT JOIN stories ON stories.id = posts.story_id WHERE posts.id IN ({names})""",
            values,
        )
        found += [Mention(**row) for row in rows]
    return tuple(sorted(found, key=lambda mention: (mention.date, mention.post_id)))


async def changed(
    connection: Connection, start: int, end: int, *, topic: str | None = None, channel_id: ChannelId | None = None
) -> tuple[Change, ...]:
    """Return the edits and deletions seen in a period of posts that are or were flagged, the newest first.

    Args: as for `between`. A post that no longer is flagged speaks of no topic.
    """
    found = await database.rows(
        connection,
        f"""SELECT posts.id AS post_id, kind, max(revisions.captured_at) AS at, views
        FROM channels CROSS JOIN revisions CROSS JOIN posts {"" if topic is None else "CROSS JOIN matches"}
        WHERE revisions.channel_id = channels.id AND kind <> 'posted' AND kind IN ('edited', 'deleted')
            AND revisions.captured_at >= :start AND revisions.captured_at < :end
            AND posts.channel_id = channels.id AND posts.message_id = revisions.message_id
            AND (flagged = 1 OR story_id IS NOT NULL)
            {"" if topic is None else "AND matches.post_id = posts.id"} {_of(topic=topic, channel_id=channel_id)}
        GROUP BY posts.id, kind ORDER BY at DESC, posts.id DESC""",
        {"start": start, "end": end, "topic": topic, "channel_id": channel_id},
    )
    return tuple(Change(**row) for row in found)


async def forwards(connection: Connection, start: int, end: int) -> tuple[Forward, ...]:
    """Return the flagged posts of a period that came from channels which are not known here, oldest first."""
    found = await database.rows(
        connection,
        """SELECT channel_id, origin FROM posts
        WHERE flagged = 1 AND date >= :start AND date < :end AND origin IS NOT NULL ORDER BY date, id""",
        {"start": start, "end": end},
    )
    known = {row["id"] for row in await database.rows(connection, "SELECT id FROM channels")}
    read = ((row["channel_id"], columns.read_origin(row["origin"])) for row in found)
    return tuple(
        Forward(channel_id=channel_id, origin=origin)
        for channel_id, origin in read
        if origin is not None and origin.channel_id is not None and origin.channel_id not in known
    )


def _of(*, topic: str | None, channel_id: ChannelId | None) -> str:
    of_channel = "" if channel_id is None else "AND posts.channel_id = :channel_id"
    return of_channel if topic is None else f"{of_channel} AND matches.topic = :topic"
