"""What waits in the outbox, and what was refused."""

from dataclasses import dataclass

from storage import database, messages
from storage.database import Connection
from storage.models import ChatId, OutboxMessage

# Word for word as in the index outbox_due, which SQLite uses only then.
_DUE = "state IN ('waiting', 'claimed')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many messages wait (`waiting_since`: the oldest of them), and how many Telegram refused for good."""

    waiting: int
    waiting_since: int | None
    refused: int


async def counts(connection: Connection) -> Counts:
    """Count what waits, but for what is held back as its chat wishes, and what was refused, in all chats."""
    waiting = await database.rows(
        connection,
        f"""SELECT count(outbox.id) AS waiting, min(outbox.created_at) AS since
        FROM chats CROSS JOIN outbox WHERE outbox.chat_id = chats.id AND {_DUE} AND held IS NULL""",
    )
    refused = await database.rows(
        connection,
        "SELECT count(*) AS refused FROM outbox WHERE state = 'refused' AND created_at >= 0",
    )
    return Counts(waiting=waiting[0]["waiting"], waiting_since=waiting[0]["since"], refused=refused[0]["refused"])


async def dead_letters(connection: Connection, *, limit: int) -> tuple[OutboxMessage, ...]:
    """Return the newest messages that the server refused."""
    found = await database.rows(
        connection,
        """SELECT * FROM outbox WHERE state = 'refused' AND created_at >= 0
        ORDER BY created_at DESC, id DESC LIMIT :limit""",
        {"limit": limit},
    )
    return tuple(messages.read(row) for row in found)


async def unsent(connection: Connection, chat_id: ChatId) -> tuple[OutboxMessage, ...]:
    """Return all that waits for a chat, whenever it is due, oldest first, without what is on its way."""
    found = await database.rows(
        connection,
        f"SELECT * FROM outbox WHERE chat_id = :chat_id AND {_DUE} AND state = 'waiting' ORDER BY id",
        {"chat_id": chat_id},
    )
    return tuple(messages.read(row) for row in found)
