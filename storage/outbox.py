"""Messages on their way: stored with what caused them, claimed, sent, settled."""

import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage import columns, database
from storage.database import Connection
from storage.models import ChatId, Message, OutboxId, OutboxKind, OutboxMessage, Subject

# Word for word as in the index outbox_due, which SQLite uses only then.
_DUE = "state IN ('waiting', 'claimed')"
# A claim that ran out is as good as waiting: its owner died.
_FREE = "(state = 'waiting' OR (state = 'claimed' AND claimed_until <= :now))"
# Where messages are named by their ids, outbox_due would only lead astray.
_OPEN = "state NOT IN ('sent', 'folded', 'refused')"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxCounts:
    """How many messages wait (`waiting_since`: the oldest of them), and how many Telegram refused for good."""

    waiting: int
    waiting_since: int | None
    refused: int


def new_random_id() -> int:
    """Draw the number by which the server recognises a repeat: positive, 63 bits."""
    return secrets.randbelow(2**63 - 1) + 1


async def add(
    tx: Connection,
    *,
    chat_id: ChatId,
    kind: OutboxKind,
    key: str,
    random_id: int,
    message: Message,
    subject: Subject | None = None,
    now: int,
    not_before: int | None = None,
) -> OutboxId | None:
    """Queue a message; return None if its `key` is queued for this chat already, whatever became of it.

    Args:
        tx: the transaction that decides what is told.
        chat_id: to whom; must be paired.
        kind: what it is: replies go first, then digests and notices, then alerts and summaries.
        key: what it says, the same for the same thing.
        random_id: by `new_random_id`.
        message: frozen from here on.
        subject: the post that it is about.
        now: UTC seconds.
        not_before: UTC seconds; now if not given.
    """
    added = await database.row(
        tx,
        """INSERT INTO outbox (chat_id, kind, key, random_id, text, entities, buttons, picture, silent,
            post_id, topics, late, held, state, created_at, not_before)
        VALUES (:chat_id, :kind, :key, :random_id, :text, :entities, :buttons, :picture, :silent,
            :post_id, :topics, :late, :held, 'waiting', :now, :not_before)
        ON CONFLICT (chat_id, key) DO NOTHING
        RETURNING id""",
        {
            "chat_id": chat_id,
            "kind": kind,
            "key": key,
            "random_id": random_id,
            "text": message.text,
            "entities": columns.entities(message.entities),
            "buttons": columns.buttons(message.buttons),
            "picture": message.picture,
            "silent": int(message.silent),
            "post_id": None if subject is None else subject.post_id,
            "topics": None if subject is None else columns.topics(subject.topics),
            "late": int(subject is not None and subject.late),
            "held": None if subject is None else subject.held,
            "now": now,
            "not_before": now if not_before is None else not_before,
        },
    )
    return None if added is None else added["id"]


async def pending(connection: Connection, chat_id: ChatId, *, now: int) -> tuple[OutboxMessage, ...]:
    """Return what may be sent to a chat at `now`: replies, then digests and notices, then the rest, oldest first."""
    found = await database.rows(
        connection,
        f"""SELECT * FROM outbox WHERE chat_id = :chat_id AND not_before <= :now AND {_DUE} AND {_FREE}
        ORDER BY CASE kind WHEN 'reply' THEN 0 WHEN 'digest' THEN 1 WHEN 'notice' THEN 1 ELSE 2 END, created_at, id""",
        {"chat_id": chat_id, "now": now},
    )
    return tuple(_read(row) for row in found)


async def next_due(connection: Connection, chat_id: ChatId) -> int | None:
    """Return when the next message of a chat may be sent (UTC seconds), None if it has none."""
    found = await database.rows(
        connection,
        f"""SELECT min(CASE WHEN state = 'claimed' AND claimed_until > not_before
            THEN claimed_until ELSE not_before END) AS due
        FROM outbox WHERE chat_id = :chat_id AND {_DUE}""",
        {"chat_id": chat_id},
    )
    due: int | None = found[0]["due"]
    return due


async def by_ids(connection: Connection, ids: Sequence[OutboxId]) -> tuple[OutboxMessage, ...]:
    """Return messages in the order asked for, without those that are not held."""
    found: dict[OutboxId, OutboxMessage] = {}
    for piece in database.chunks(ids):
        names, values = database.listed(piece)
        for row in await database.rows(connection, f"SELECT * FROM outbox WHERE id IN ({names})", values):
            found[row["id"]] = _read(row)
    return tuple(found[outbox_id] for outbox_id in ids if outbox_id in found)


async def by_sent(connection: Connection, chat_id: ChatId, message_id: int) -> OutboxMessage | None:
    """Return the message that the server holds under `message_id` in a chat, None if it did not come from here."""
    found = await database.row(
        connection,
        "SELECT * FROM outbox WHERE chat_id = :chat_id AND sent_message_id = :message_id",
        {"chat_id": chat_id, "message_id": message_id},
    )
    return None if found is None else _read(found)


async def claim(
    tx: Connection, ids: Sequence[OutboxId], *, owner: str, now: int, lease: int
) -> tuple[OutboxMessage, ...]:
    """Take messages for sending; return those that nobody else has, in the order asked for.

    Args:
        tx: the transaction; commit it before sending.
        ids: which.
        owner: the name of this process.
        now: UTC seconds.
        lease: seconds after which anybody may take them again.
    """
    taken: dict[OutboxId, OutboxMessage] = {}
    for piece in database.chunks(ids):
        names, values = database.listed(piece)
        for row in await database.rows(
            tx,
            f"""UPDATE outbox SET state = 'claimed', claimed_by = :owner, claimed_until = :until,
                attempts = attempts + 1
            WHERE id IN ({names}) AND {_FREE}
            RETURNING *""",
            {**values, "owner": owner, "now": now, "until": now + lease},
        ):
            taken[row["id"]] = _read(row)
    return tuple(taken[outbox_id] for outbox_id in ids if outbox_id in taken)


async def settle(tx: Connection, outbox_id: OutboxId, *, message_id: int, now: int) -> None:
    """Note that the server has a message, under `message_id` in its chat."""
    await database.run(
        tx,
        """UPDATE outbox SET state = 'sent', sent_message_id = :message_id, sent_at = :now, error = NULL,
            claimed_by = NULL, claimed_until = NULL
        WHERE id = :id""",
        {"id": outbox_id, "message_id": message_id, "now": now},
    )


async def again(tx: Connection, outbox_id: OutboxId, *, not_before: int, error: str) -> None:
    """Put a message back, to be sent at `not_before` (UTC seconds) with the same bytes; `error` says why."""
    await _put_back(tx, outbox_id, "waiting", {"not_before": not_before, "error": error})


async def refuse(tx: Connection, outbox_id: OutboxId, *, error: str) -> None:
    """Give a message up as a dead letter: the server will never take it; `error` says why."""
    await _put_back(tx, outbox_id, "refused", {"not_before": None, "error": error})


async def fold(tx: Connection, ids: Sequence[OutboxId], *, into: OutboxId) -> None:
    """Note that messages not yet sent are told within the message `into` instead."""
    for piece in database.chunks(ids):
        names, values = database.listed(piece)
        await database.run(
            tx,
            f"""UPDATE outbox SET state = 'folded', folded_into = :into, claimed_by = NULL, claimed_until = NULL
            WHERE id IN ({names}) AND {_OPEN}""",
            {**values, "into": into},
        )


async def release(tx: Connection, *, owner: str) -> int:
    """Put back what `owner` claimed and did not settle, for when it starts again; return how many."""
    released = await database.rows(
        tx,
        f"""UPDATE outbox SET state = 'waiting', claimed_by = NULL, claimed_until = NULL
        WHERE chat_id IN (SELECT id FROM chats) AND {_DUE} AND state = 'claimed' AND claimed_by = :owner
        RETURNING id""",
        {"owner": owner},
    )
    return len(released)


async def counts(connection: Connection) -> OutboxCounts:
    """Count what waits and what was refused, in all chats."""
    waiting = await database.rows(
        connection,
        f"""SELECT count(outbox.id) AS waiting, min(outbox.created_at) AS since
        FROM chats CROSS JOIN outbox WHERE outbox.chat_id = chats.id AND {_DUE}""",
    )
    refused = await database.rows(
        connection,
        "SELECT count(*) AS refused FROM outbox WHERE state = 'refused' AND created_at >= 0",
    )
    return OutboxCounts(waiting=waiting[0]["waiting"], waiting_since=waiting[0]["since"], refused=refused[0]["refused"])


async def dead_letters(connection: Connection, *, limit: int) -> tuple[OutboxMessage, ...]:
    """Return the newest messages that the server refused."""
    found = await database.rows(
        connection,
        """SELECT * FROM outbox WHERE state = 'refused' AND created_at >= 0
        ORDER BY created_at DESC, id DESC LIMIT :limit""",
        {"limit": limit},
    )
    return tuple(_read(row) for row in found)


async def key_exists(connection: Connection, chat_id: ChatId, key: str) -> bool:
    """Say whether that was queued for a chat already, whatever became of it."""
    found = await database.row(
        connection,
        "SELECT id FROM outbox WHERE chat_id = :chat_id AND key = :key",
        {"chat_id": chat_id, "key": key},
    )
    return found is not None


async def sent_as(connection: Connection, chat_id: ChatId, key: str) -> int | None:
    """Return the id under which the server holds what was queued as `key`; None while it was not sent."""
    found = await database.row(
        connection,
        "SELECT sent_message_id FROM outbox WHERE chat_id = :chat_id AND key = :key",
        {"chat_id": chat_id, "key": key},
    )
    return None if found is None else found["sent_message_id"]


async def ever_answered(connection: Connection, chat_id: ChatId) -> bool:
    """Say whether anything that a chat asked was ever answered; the keys of answers begin with "reply:"."""
    found = await database.row(
        connection,
        "SELECT id FROM outbox WHERE chat_id = :chat_id AND key >= 'reply:' AND key < 'reply;' LIMIT 1",
        {"chat_id": chat_id},
    )
    return found is not None


async def _put_back(tx: Connection, outbox_id: OutboxId, state: str, values: dict[str, Any]) -> None:
    # What is sent stays sent, whoever believes otherwise.
    await database.run(
        tx,
        f"""UPDATE outbox SET state = :state, not_before = coalesce(:not_before, not_before), error = :error,
            claimed_by = NULL, claimed_until = NULL
        WHERE id = :id AND {_OPEN}""",
        {"id": outbox_id, "state": state, **values},
    )


def _read(row: sqlite3.Row) -> OutboxMessage:
    message = Message(
        text=row["text"],
        entities=columns.read_entities(row["entities"]),
        buttons=columns.read_buttons(row["buttons"]),
        picture=row["picture"],
        silent=bool(row["silent"]),
    )
    return OutboxMessage(
        id=row["id"],
        chat_id=row["chat_id"],
        kind=row["kind"],
        key=row["key"],
        random_id=row["random_id"],
        message=message,
        subject=_subject(row),
        state=row["state"],
        created_at=row["created_at"],
        not_before=row["not_before"],
        attempts=row["attempts"],
        sent_message_id=row["sent_message_id"],
        error=row["error"],
    )


def _subject(row: sqlite3.Row) -> Subject | None:
    if row["post_id"] is None:
        return None
    return Subject(
        post_id=row["post_id"],
        topics=columns.read_topics(row["topics"]),
        late=bool(row["late"]),
        held=row["held"],
    )
