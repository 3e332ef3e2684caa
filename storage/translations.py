"""What posts say in the language of a chat, once it was asked for, and whether it is shown there now."""

import sqlite3
from dataclasses import dataclass

from storage import database
from storage.database import Connection
from storage.models import ChatId, PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The words of a post in another language. `source`: SHA-256 of what was translated."""

    post_id: PostId
    language: str
    source: str
    text: str


async def show(tx: Connection, chat_id: ChatId, translation: Translation) -> None:
    """Note that a translation stands in a chat instead of the words of its post, over what it had of that post."""
    await database.run(
        tx,
        """INSERT INTO translations (chat_id, post_id, language, source, text, shown)
        VALUES (:chat_id, :post_id, :language, :source, :text, 1)
        ON CONFLICT (chat_id, post_id) DO UPDATE SET language = excluded.language, source = excluded.source,
            text = excluded.text, shown = 1""",
        {
            "chat_id": chat_id,
            "post_id": translation.post_id,
            "language": translation.language,
            "source": translation.source,
            "text": translation.text,
        },
    )


async def hide(tx: Connection, chat_id: ChatId, post_id: PostId) -> None:
    """Note that a chat sees the words of the post itself again."""
    await database.run(
        tx,
        "UPDATE translations SET shown = 0 WHERE chat_id = :chat_id AND post_id = :post_id",
        {"chat_id": chat_id, "post_id": post_id},
    )


async def shown(connection: Connection, chat_id: ChatId, post_id: PostId) -> Translation | None:
    """Return the translation that stands in the alert of a post in a chat now, if one does."""
    found = await database.row(
        connection,
        "SELECT * FROM translations WHERE chat_id = :chat_id AND post_id = :post_id AND shown = 1",
        {"chat_id": chat_id, "post_id": post_id},
    )
    return None if found is None else _read(found)


async def find(connection: Connection, post_id: PostId, *, language: str, source: str) -> Translation | None:
    """Return what any chat has of these words (by their SHA-256) of a post in a language."""
    found = await database.row(
        connection,
        """SELECT * FROM translations WHERE post_id = :post_id AND language = :language AND source = :source
        LIMIT 1""",
        {"post_id": post_id, "language": language, "source": source},
    )
    return None if found is None else _read(found)


def _read(row: sqlite3.Row) -> Translation:
    return Translation(
        post_id=row["post_id"],
        language=row["language"],
        source=row["source"],
        text=row["text"],
    )
