"""Searches that were asked for in the chat, so that a button can name one in a few bytes, also after a restart."""

from dataclasses import dataclass

from storage import database
from storage.database import Connection
from storage.models import ChatId

KEPT = 1000
"""Older ones are forgotten; their buttons then say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was typed, when (UTC seconds), and what `hits.newest` returned then: its pages stand still."""

    query: str
    at: int
    newest: int


async def keep(tx: Connection, chat_id: ChatId, search: Search) -> int:
    """Keep a search and return its number."""
    await database.run(
        tx, "DELETE FROM searches WHERE id <= (SELECT max(id) FROM searches) - :kept", {"kept": KEPT - 1}
    )
    found = await database.rows(
        tx,
        "INSERT INTO searches (chat_id, query, at, newest) VALUES (:chat_id, :query, :at, :newest) RETURNING id",
        {"chat_id": chat_id, "query": search.query, "at": search.at, "newest": search.newest},
    )
    number: int = found[0]["id"]
    return number


async def get(connection: Connection, chat_id: ChatId, number: int) -> Search | None:
    """Return the search of that number, None if this chat has none."""
    found = await database.row(
        connection,
        "SELECT query, at, newest FROM searches WHERE id = :id AND chat_id = :chat_id",
        {"id": number, "chat_id": chat_id},
    )
    return None if found is None else Search(**found)
