"""Rules that were tried in the chat, so that a button can name one in a few bytes."""

from storage import database
from storage.database import Connection


async def keep(tx: Connection, rule: str) -> int:
    """Return the number of a rule, the same for the same rule."""
    found = await database.rows(
        tx,
        "INSERT INTO trials (rule) VALUES (:rule) ON CONFLICT (rule) DO UPDATE SET rule = excluded.rule RETURNING id",
        {"rule": rule},
    )
    number: int = found[0]["id"]
    return number


async def get(connection: Connection, number: int) -> str | None:
    """Return the rule of that number, None if there is none."""
    found = await database.row(connection, "SELECT rule FROM trials WHERE id = :id", {"id": number})
    return None if found is None else found["rule"]
