"""The posts that each chat put aside, to find them again."""

from storage import database
from storage.database import Connection
from storage.models import ChatId, PostId


async def put(tx: Connection, chat_id: ChatId, post_id: PostId, *, now: int) -> None:
    """Put a post aside for a chat, at `now` (UTC seconds); one that is there stays where it is."""
    await database.run(
        tx,
        "INSERT INTO saved (chat_id, post_id, at) VALUES (:chat_id, :post_id, :now) ON CONFLICT DO NOTHING",
        {"chat_id": chat_id, "post_id": post_id, "now": now},
    )


async def drop(tx: Connection, chat_id: ChatId, post_id: PostId) -> None:
    """Put a post aside no longer."""
    await database.run(
        tx,
        "DELETE FROM saved WHERE chat_id = :chat_id AND post_id = :post_id",
        {"chat_id": chat_id, "post_id": post_id},
    )


async def holds(connection: Connection, chat_id: ChatId, post_id: PostId) -> bool:
    """Say whether a chat put a post aside."""
    found = await database.row(
        connection,
        "SELECT at FROM saved WHERE chat_id = :chat_id AND post_id = :post_id",
        {"chat_id": chat_id, "post_id": post_id},
    )
    return found is not None


async def count(connection: Connection, chat_id: ChatId) -> int:
    """Count what a chat put aside."""
    found = await database.rows(
        connection, "SELECT count(*) AS posts FROM saved WHERE chat_id = :chat_id", {"chat_id": chat_id}
    )
    posts: int = found[0]["posts"]
    return posts


async def page(connection: Connection, chat_id: ChatId, *, skip: int, limit: int) -> tuple[PostId, ...]:
    """Return what a chat put aside, the last first: `limit` posts after the first `skip`."""
    found = await database.rows(
        connection,
        """SELECT post_id FROM saved WHERE chat_id = :chat_id
        ORDER BY at DESC, post_id DESC LIMIT :limit OFFSET :skip""",
        {"chat_id": chat_id, "limit": limit, "skip": skip},
    )
    return tuple(row["post_id"] for row in found)
