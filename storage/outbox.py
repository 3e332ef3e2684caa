"""Messages on their way: stored with what caused them, claimed, sent, settled."""

import secrets
from collections.abc import Sequence

from storage import database, dependents, messages
from storage.database import Connection
from storage.models import Act, ChatId, Held, Message, OutboxId, OutboxKind, OutboxMessage, Subject

# Word for word as in the index outbox_due, which SQLite uses only then.
_DUE = "state IN ('waiting', 'claimed')"
# A claim that ran out is as good as waiting: its owner died.
_FREE = "(state = 'waiting' OR (state = 'claimed' AND claimed_until <= :now))"
# Where messages are named by their ids, outbox_due would only lead astray.
_OPEN = "state NOT IN ('sent', 'folded', 'refused', 'replaced', 'cancelled')"
# What hangs on a message goes after it.
_READY = """(depends_on IS NULL
    OR (SELECT parent.state FROM outbox AS parent WHERE parent.id = outbox.depends_on) = 'sent')"""


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
    act: Act = "send",
    depends_on: OutboxId | None = None,
) -> OutboxId | None:
    """Queue a message; return None if its `key` is queued for this chat already, whatever became of it.

    What depends on a message goes after it, and never if that one never goes. A reply to what was told within a
    summary stands under the summary. An edit takes the place of those that still wait, so that only the newest is
    sent; one of a message that was told within a summary is never sent.

    Args:
        tx: the transaction that decides what is told.
        chat_id: to whom; must be paired.
        kind: what it is, on which depends what goes first.
        key: what it says, the same for the same thing.
        random_id: by `new_random_id`.
        message: frozen from here on.
        subject: the post that it is about.
        now: UTC seconds.
        not_before: UTC seconds; now if not given.
        act: whether it is sent by itself, sent as a reply to another message, or changes another message.
        depends_on: that other message, which is of the same chat and no edit itself; given unless `act` is "send".

    Raises:
        LookupError: There is no message `depends_on`.
    """
    anchor = None if depends_on is None else await dependents.anchor(tx, depends_on)
    added = await database.row(
        tx,
        """INSERT INTO outbox (chat_id, kind, act, key, random_id, text, entities, buttons, picture, document,
            document_name, silent, post_id, topics, late, held, depends_on, state, created_at, not_before)
        VALUES (:chat_id, :kind, :act, :key, :random_id, :text, :entities, :buttons, :picture, :document,
            :document_name, :silent, :post_id, :topics, :late, :held, :depends_on, :state, :now, :not_before)
        ON CONFLICT (chat_id, key) DO NOTHING
        RETURNING id""",
        {
            **messages.written(message, subject),
            "chat_id": chat_id,
            "kind": kind,
            "act": act,
            "key": key,
            "random_id": random_id,
            "depends_on": None if anchor is None else anchor.id,
            "state": "waiting" if anchor is None else anchor.edit if act == "edit" else anchor.reply,
            "now": now,
            "not_before": now if not_before is None else not_before,
        },
    )
    if added is not None and anchor is not None and act == "edit":
        await dependents.replace_older(tx, added["id"], of=anchor.id)
    return None if added is None else added["id"]


async def pending(connection: Connection, chat_id: ChatId, *, now: int) -> tuple[OutboxMessage, ...]:
    """Return what may be sent to a chat at `now`: answers to commands first, then the rest, oldest first."""
    found = await database.rows(
        connection,
        f"""SELECT * FROM outbox
        WHERE chat_id = :chat_id AND not_before <= :now AND {_DUE} AND {_FREE} AND {_READY}
        ORDER BY kind <> 'reply', created_at, id""",
        {"chat_id": chat_id, "now": now},
    )
    return tuple(messages.read(row) for row in found)


async def next_due(connection: Connection, chat_id: ChatId) -> int | None:
    """Return when the next message of a chat may be sent (UTC seconds), None if it has none that could."""
    found = await database.rows(
        connection,
        f"""SELECT min(CASE WHEN state = 'claimed' AND claimed_until > not_before
            THEN claimed_until ELSE not_before END) AS due
        FROM outbox WHERE chat_id = :chat_id AND {_DUE} AND {_READY}""",
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
            found[row["id"]] = messages.read(row)
    return tuple(found[outbox_id] for outbox_id in ids if outbox_id in found)


async def by_sent(connection: Connection, chat_id: ChatId, message_id: int) -> OutboxMessage | None:
    """Return the message that the server holds under `message_id` in a chat, None if it did not come from here."""
    found = await database.row(
        connection,
        "SELECT * FROM outbox WHERE chat_id = :chat_id AND sent_message_id = :message_id",
        {"chat_id": chat_id, "message_id": message_id},
    )
    return None if found is None else messages.read(found)


async def by_key(connection: Connection, chat_id: ChatId, key: str) -> OutboxMessage | None:
    """Return what was queued for a chat as `key`, whatever became of it."""
    found = await database.row(
        connection,
        "SELECT * FROM outbox WHERE chat_id = :chat_id AND key = :key",
        {"chat_id": chat_id, "key": key},
    )
    return None if found is None else messages.read(found)


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
            taken[row["id"]] = messages.read(row)
    return tuple(taken[outbox_id] for outbox_id in ids if outbox_id in taken)


async def settle(tx: Connection, outbox_id: OutboxId, *, message_id: int, now: int) -> None:
    """Note that the server has a message, under `message_id` in its chat; for an edit that is its parent's.

    A document goes: it is large, it may hold texts that are to be forgotten, and nobody asks for it again.
    """
    await database.run(
        tx,
        """UPDATE outbox SET state = 'sent', sent_at = :now, error = NULL, document = NULL,
            sent_message_id = CASE act WHEN 'edit' THEN NULL ELSE :message_id END,
            claimed_by = NULL, claimed_until = NULL
        WHERE id = :id""",
        {"id": outbox_id, "message_id": message_id, "now": now},
    )


async def again(tx: Connection, outbox_id: OutboxId, *, not_before: int, error: str, tried: bool = True) -> None:
    """Put a message back, to be sent at `not_before` (UTC seconds) with the same bytes; `error` says why.

    `tried` False: it certainly did not reach the server, so this attempt does not count. An edit is put back only
    where no newer one came meanwhile.
    """
    await database.run(
        tx,
        f"""UPDATE outbox SET state = 'waiting', not_before = :not_before, error = :error,
            attempts = attempts - :untried, claimed_by = NULL, claimed_until = NULL
        WHERE id = :id AND {_OPEN}""",
        {"id": outbox_id, "not_before": not_before, "error": error, "untried": int(not tried)},
    )
    await dependents.retire(tx, (outbox_id,))


async def refuse(tx: Connection, outbox_id: OutboxId, *, error: str, quietly: bool = False) -> None:
    """Give a message up, and what depends on it: the server will never take it; `error` says why.

    It is a dead letter, unless it goes `quietly`: what it belongs to is no longer there, so nobody misses it.
    """
    await database.run(
        tx,
        f"""UPDATE outbox SET state = :state, error = :error, document = NULL, claimed_by = NULL, claimed_until = NULL
        WHERE id = :id AND {_OPEN}""",
        {"id": outbox_id, "state": "cancelled" if quietly else "refused", "error": error},
    )
    await dependents.cancel(tx, (outbox_id,))


async def cancel(tx: Connection, ids: Sequence[OutboxId]) -> int:
    """Cancel those of `ids` that wait, and what depends on them; return how many. What is on its way goes on.

    Their keys are free again, for when another channel says it; not those of what was tried and may have arrived.
    """
    freed = "key || CASE attempts WHEN 0 THEN ':cancelled:' || id ELSE '' END"
    cancelled: list[OutboxId] = []
    for piece in database.chunks(ids):
        names, values = database.listed(piece)
        found = await database.rows(
            tx,
            f"""UPDATE outbox SET state = 'cancelled', key = {freed}
            WHERE id IN ({names}) AND +state = 'waiting' RETURNING id""",
            values,
        )
        cancelled += [row["id"] for row in found]
    await dependents.cancel(tx, cancelled)
    return len(cancelled)


async def hold(tx: Connection, ids: Sequence[OutboxId], *, not_before: int, held: Held | None) -> None:
    """Let those of `ids` that wait go at `not_before` (UTC seconds); `held`: why they wait, None: as it was."""
    for piece in database.chunks(ids):
        names, values = database.listed(piece)
        await database.run(
            tx,
            f"""UPDATE outbox SET not_before = :not_before, held = coalesce(:held, held)
            WHERE id IN ({names}) AND +state = 'waiting'""",
            {**values, "not_before": not_before, "held": held},
        )


async def newest_text(connection: Connection, outbox_id: OutboxId) -> Message | None:
    """Return what a message says: its newest edit, sent or still to be sent, else itself; None if it is not held."""
    found = await database.rows(
        connection,
        f"""SELECT * FROM outbox WHERE id = :id
        OR id = (SELECT max(id) FROM outbox WHERE depends_on = :id AND act = 'edit' AND +{dependents.VALID})
        ORDER BY id DESC LIMIT 1""",
        {"id": outbox_id},
    )
    return messages.read(found[0]).message if found else None


async def release(tx: Connection, *, owner: str) -> int:
    """Put back what `owner` claimed and did not settle, for when it starts again; return how many."""
    found = await database.rows(
        tx,
        f"""UPDATE outbox SET state = 'waiting', claimed_by = NULL, claimed_until = NULL
        WHERE chat_id IN (SELECT id FROM chats) AND {_DUE} AND state = 'claimed' AND claimed_by = :owner
        RETURNING id""",
        {"owner": owner},
    )
    await dependents.retire(tx, [row["id"] for row in found])
    return len(found)


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
