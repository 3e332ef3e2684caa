"""What a chat was told of a post."""

from storage import database, messages
from storage.database import Connection
from storage.models import ChatId, OutboxMessage, PostId


async def of(connection: Connection, chat_id: ChatId, post_id: PostId) -> OutboxMessage | None:
    """Return the alert by which a chat was told of a post, alone or within a summary; None: it never was.

    One that was cancelled is returned only where there is no other: a post may be told after all, for another topic.
    """
    found = await database.row(
        connection,
        """SELECT * FROM outbox WHERE post_id = :post_id AND chat_id = :chat_id AND kind = 'alert'
        ORDER BY state = 'cancelled', id LIMIT 1""",
        {"chat_id": chat_id, "post_id": post_id},
    )
    return None if found is None else messages.read(found)
