"""Posts for an export or a report, with all that a row of it tells."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from storage import database, posts
from storage.database import Connection
from storage.models import ChannelId, StoredPost, StoryId

PAGE = 200
"""Posts that are read at once: so few that whoever waits meanwhile does not notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which posts: `start` ≤ date < `end` (UTC seconds), of one of `topics` (none: of any); `flagged`: only such.

    `channel_id`: those of this channel; None: of all.
    """

    start: int
    end: int
    topics: tuple[str, ...] = ()
    channel_id: ChannelId | None = None
    flagged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A post, the story it belongs to, and the SHA-256 of its text's newest state that was captured."""

    stored: StoredPost
    story_id: StoryId | None
    content_sha256: str | None


async def count(connection: Connection, wanted: Wanted) -> int:
    """Count the posts."""
    which, values = _which(wanted)
    found = await database.rows(connection, f"SELECT count(*) AS posts FROM posts WHERE {which}", values)
    number: int = found[0]["posts"]
    return number


async def pages(
    connection: Connection, wanted: Wanted, *, newest: int | None = None
) -> AsyncGenerator[tuple[Exported, ...], None]:
    """Give the posts page by page, oldest first, as they are held at this moment, whatever is written meanwhile.

    `newest`: not all, but so many of the newest, and these come newest first.
    """
    which, values = _which(wanted)
    order = "date, channel_id, message_id"
    if newest is not None:
        order = "date DESC, channel_id DESC, message_id DESC LIMIT :newest"
    sql = f"""SELECT posts.*, (SELECT content_sha256 FROM revisions INDEXED BY revisions_of_post
            WHERE channel_id = posts.channel_id AND message_id = posts.message_id AND kind <> 'deleted'
            ORDER BY seq DESC LIMIT 1) AS content_sha256
        FROM posts WHERE {which} ORDER BY {order}"""
    async with aclosing(database.pages(connection, sql, {**values, "newest": newest}, size=PAGE)) as found:
        async for rows in found:
            held = await posts.with_matches(connection, rows)
            yield tuple(
                Exported(stored=stored, story_id=row["story_id"], content_sha256=row["content_sha256"])
                for stored, row in zip(held, rows, strict=True)
            )


def _which(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    names, values = database.listed(wanted.topics)
    parts = ["date >= :start", "date < :end"]
    if wanted.flagged:
        parts.append("flagged = 1")
    if wanted.channel_id is not None:
        parts.append("channel_id = :channel_id")
    if wanted.topics:
        parts.append(f"EXISTS (SELECT 1 FROM matches WHERE post_id = posts.id AND topic IN ({names}))")
    return " AND ".join(parts), {
        **values,
        "start": wanted.start,
        "end": wanted.end,
        "channel_id": wanted.channel_id,
    }
