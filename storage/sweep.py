"""All posts one after another, for what looks at everything again."""

from dataclasses import dataclass

from storage import database, posts
from storage.database import Connection
from storage.models import ChannelId, PostId, StoredPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a rule is tried on: the text of a post, its language, and where and when it was posted (UTC seconds)."""

    id: PostId
    channel_id: ChannelId
    date: int
    text: str
    language: str


async def after(connection: Connection, post_id: int, *, limit: int) -> tuple[StoredPost, ...]:
    """Return the next posts by our row numbers, at most `limit`, without forgotten ones; none when all were seen."""
    found = await database.rows(
        connection,
        "SELECT * FROM posts WHERE id > :post_id AND forgotten_at IS NULL ORDER BY id LIMIT :limit",
        {"post_id": post_id, "limit": limit},
    )
    return await posts.with_matches(connection, found)


async def last_id(connection: Connection) -> int:
    """Return the greatest row number of a post; 0 where none is held."""
    found = await database.rows(connection, "SELECT coalesce(max(id), 0) AS last FROM posts")
    last: int = found[0]["last"]
    return last


async def texts(connection: Connection, start: int, end: int) -> tuple[Held, ...]:
    """Return what was posted from `start` up to but not at `end` (UTC seconds) and has a text, oldest first."""
    found = await database.rows(
        connection,
        """SELECT id, channel_id, date, text, language FROM posts
        WHERE date >= :start AND date < :end AND text <> '' ORDER BY date""",
        {"start": start, "end": end},
    )
    return tuple(Held(**row) for row in found)


async def set_language(tx: Connection, post_id: PostId, language: str) -> None:
    """Store what language a post is in, where that is known better by now."""
    await database.run(
        tx, "UPDATE posts SET language = :language WHERE id = :post_id", {"post_id": post_id, "language": language}
    )
