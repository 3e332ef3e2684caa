"""Posts for an export, oldest first, with all that a row of it tells."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from storage import database, posts
from storage.database import Connection
from storage.models import StoredPost, StoryId

PAGE = 200
"""Posts that are read at once: so few that whoever waits meanwhile does not notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which posts: `start` ≤ date < `end` (UTC seconds), of one of `topics` (none: of any); `flagged`: only such."""

    start: int
    end: int
    topics: tuple[str, ...] = ()
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


async def pages(connection: Connection, wanted: Wanted) -> AsyncGenerator[tuple[Exported, ...], None]:
    """Give the posts page by page, as they are held at this moment, whatever is written meanwhile."""
    which, values = _which(wanted)
    sql = f"""SELECT posts.*, (SELECT content_sha256 FROM revisions INDEXED BY revisions_of_post
            WHERE channel_id = posts.channel_id AND message_id = posts.message_id AND kind <> 'deleted'
            ORDER BY seq DESC LIMIT 1) AS content_sha256
        FROM posts WHERE {which} ORDER BY date, channel_id, message_id"""
    async with aclosing(database.pages(connection, sql, values, size=PAGE)) as found:
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
    if wanted.topics:
        parts.append(f"EXISTS (SELECT 1 FROM matches WHERE post_id = posts.id AND topic IN ({names}))")
    return " AND ".join(parts), {**values, "start": wanted.start, "end": wanted.end}
