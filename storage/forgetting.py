"""Erases the text of posts, for good: their place, their numbers and their hashes stay, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage import database, messages, search
from storage.database import Connection
from storage.models import ChannelId, ForgottenWhy, Message, MessageId, OutboxId, OutboxMessage, PostId

_SOME_CHANGE = 2
"""Changes from which on a merge did anything: https://sqlite.org/fts5.html#the_merge_command"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A post by our row number and by its place in Telegram."""

    id: PostId
    channel_id: ChannelId
    message_id: MessageId


async def forget(tx: Connection, places: Sequence[Place], *, why: ForgottenWhy, now: int, fold: search.Fold) -> None:
    """Erase the texts of posts, their translations, what was captured and found of them; they are saved no more.

    The chain of the channel still verifies. What is forgotten is not looked up again, and no state of it that is read
    later brings its text back.

    Args:
        tx: the transaction.
        places: which; those that are forgotten already keep their reason.
        why: "owner": he wished it; "age": it was never flagged and is old.
        now: UTC seconds.
        fold: what folded the texts when they came into the index, where they are found no more.
    """
    await search.forget(tx, [place.id for place in places], fold=fold)
    await database.run_each(
        tx,
        """UPDATE posts SET text = '', parts = '[]', entities = '[]', recheck_at = NULL,
            forgotten_at = :now, forgotten_why = :why
        WHERE id = :id AND forgotten_at IS NULL""",
        [{"id": place.id, "now": now, "why": why} for place in places],
    )
    await database.run_each(
        tx,
        "UPDATE revisions SET canonical = NULL WHERE channel_id = :channel_id AND message_id = :message_id",
        [{"channel_id": place.channel_id, "message_id": place.message_id} for place in places],
    )
    for table in ("translations", "marks", "saved"):
        await database.run_each(
            tx, f"DELETE FROM {table} WHERE post_id = :post_id", [{"post_id": place.id} for place in places]
        )
    # The rule stays for the counts, without the word that it found.
    await database.run_each(
        tx, "UPDATE matches SET term = '' WHERE post_id = :post_id", [{"post_id": place.id} for place in places]
    )


async def purge(tx: Connection, *, pages: int) -> bool:
    """Write over what is forgotten in the index, where SQLite leaves its words until it writes their place anew.

    Args:
        tx: the transaction.
        pages: about how much is done in it.

    Returns:
        Whether there is more to do.
    """
    more = False
    for table in ("search_current", "search_before"):
        before = await _changes(tx)
        # A negative number means: until all is one piece, in which nothing is left of what was taken out.
        await database.run(tx, f"INSERT INTO {table} ({table}, rank) VALUES ('merge', :pages)", {"pages": -pages})
        more = await _changes(tx) - before >= _SOME_CHANGE or more
    return more


async def _changes(tx: Connection) -> int:
    found = await database.rows(tx, "SELECT total_changes() AS changes")
    changes: int = found[0]["changes"]
    return changes


async def passing(connection: Connection, *, before: int, limit: int) -> tuple[Place, ...]:
    """Return the oldest posts dated before `before` (UTC seconds) that were never flagged, `limit` at most."""
    found = await database.rows(
        connection,
        """SELECT id, channel_id, message_id FROM posts
        WHERE ever_flagged = 0 AND forgotten_at IS NULL AND date < :before ORDER BY date LIMIT :limit""",
        {"before": before, "limit": limit},
    )
    return tuple(Place(**row) for row in found)


async def told_of(connection: Connection, post_id: PostId) -> tuple[OutboxMessage, ...]:
    """Return the messages that are about a post, and their edits, oldest first."""
    found = await database.rows(
        connection,
        """SELECT * FROM outbox WHERE id IN (
            SELECT id FROM outbox WHERE post_id = :post_id UNION ALL
            SELECT edit.id FROM outbox AS about CROSS JOIN outbox AS edit
            WHERE about.post_id = :post_id AND edit.depends_on = about.id AND edit.depends_on IS NOT NULL
                AND +edit.act = 'edit')
        ORDER BY id""",
        {"post_id": post_id},
    )
    return tuple(messages.read(row) for row in found)


async def holding(
    connection: Connection, written: str, *, buttons: Sequence[str], after: int, limit: int
) -> tuple[OutboxMessage, ...]:
    """Return those of the next `limit` messages after the row `after` whose entities hold `written`.

    Also those that have a button of which the data begins with one of `buttons`.
    """
    names, values = database.listed([f'"{button}' for button in buttons])
    shown = " OR ".join(f"instr(buttons, {name}) > 0" for name in names.split(", "))
    found = await database.rows(
        connection,
        f"""SELECT * FROM outbox WHERE id > :after AND id <= :last AND (instr(entities, :written) > 0 OR {shown})
        ORDER BY id""",
        {**values, "after": after, "last": after + limit, "written": written},
    )
    return tuple(messages.read(row) for row in found)


async def with_document(connection: Connection) -> tuple[OutboxMessage, ...]:
    """Return the messages with a document that the server does not have yet."""
    found = await database.rows(
        connection,
        """SELECT * FROM outbox
        WHERE chat_id IN (SELECT id FROM chats) AND state IN ('waiting', 'claimed') AND document IS NOT NULL""",
    )
    return tuple(messages.read(row) for row in found)


async def last_message(connection: Connection) -> int:
    """Return the greatest row number of a message; 0 where there is none."""
    found = await database.rows(connection, "SELECT coalesce(max(id), 0) AS last FROM outbox")
    last: int = found[0]["last"]
    return last


async def rewrite(tx: Connection, outbox_id: OutboxId, message: Message) -> None:
    """Let the outbox hold `message` in place of what it held; what the server has is changed by an edit alone.

    A document that waits with it goes: it may be made of what is forgotten.
    """
    written = messages.written(message, None)
    await database.run(
        tx,
        """UPDATE outbox SET text = :text, entities = :entities, buttons = :buttons, document = NULL
        WHERE id = :id""",
        {"id": outbox_id, **{name: written[name] for name in ("text", "entities", "buttons")}},
    )
