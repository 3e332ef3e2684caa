"""Which messages of the outbox are told within a summary instead of alone."""

from collections.abc import Sequence

from storage import database, dependents, messages
from storage.database import Connection
from storage.models import OutboxId, OutboxMessage

# A message that was tried may have arrived: told within a summary as well, it would be told twice.
_UNTRIED = "state = 'waiting' AND attempts = 0"
_TELLERS = "SELECT :summary UNION ALL SELECT id FROM outbox WHERE depends_on = :summary AND act = 'edit'"

_UNSENT_EDITS = """SELECT id FROM outbox WHERE depends_on = :summary AND act = 'edit' AND id > coalesce(
    (SELECT max(id) FROM outbox WHERE depends_on = :summary AND act = 'edit' AND +state = 'sent'), 0)"""


async def fold(tx: Connection, ids: Sequence[OutboxId], *, into: OutboxId, summary: OutboxId) -> None:
    """Note that messages that were never tried are told within `into`: `summary` itself or an edit of it."""
    for piece in database.chunks(ids):
        names, values = database.listed(piece)
        await database.run(
            tx,
            f"UPDATE outbox SET state = 'folded', folded_into = :into WHERE id IN ({names}) AND +{_UNTRIED}",
            {**values, "into": into},
        )
    await dependents.adopt(tx, ids, into=summary)


async def told_in(connection: Connection, summary: OutboxId) -> tuple[OutboxMessage, ...]:
    """Return what a summary tells as it now stands, in the order in which it was stored."""
    found = await database.rows(
        connection,
        f"SELECT * FROM outbox WHERE folded_into IN ({_TELLERS}) ORDER BY created_at, id",
        {"summary": summary},
    )
    return tuple(messages.read(row) for row in found)


async def grows(connection: Connection, summary: OutboxId) -> bool:
    """Say whether an edit may add to a summary: it is there or will be, under a known id, and no edit of it failed."""
    found = await database.row(
        connection,
        f"""SELECT id FROM outbox WHERE id = :id AND {dependents.VALID} AND coalesce(sent_message_id, -1) <> 0
        AND NOT EXISTS (SELECT 1 FROM outbox AS edit WHERE edit.depends_on = :id
            AND edit.act = 'edit' AND +edit.state IN ('refused', 'cancelled'))""",
        {"id": summary},
    )
    return found is not None


async def untold(connection: Connection, teller: OutboxMessage) -> tuple[OutboxMessage, ...]:
    """Return what waits to be told by a summary, or by the edits of one of which `teller` is the newest.

    None of it where one of these was tried and may have arrived.
    """
    if teller.depends_on is None:
        tellers, summary = "SELECT id FROM outbox WHERE id = :summary", teller.id
    else:
        tellers, summary = _UNSENT_EDITS, teller.depends_on
    found = await database.rows(
        connection,
        f"""SELECT * FROM outbox WHERE folded_into IN ({tellers}) AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE id IN ({tellers}) AND (+state = 'claimed' OR attempts > 0))
        ORDER BY created_at, id""",
        {"summary": summary},
    )
    return tuple(messages.read(row) for row in found)


async def dissolve(tx: Connection, summary: OutboxId) -> None:
    """Let wait again what a summary that was never tried would have told, and cancel it.

    What was answered under it is answered under its own alert again.
    """
    own = "SELECT alert.id FROM outbox AS alert WHERE alert.folded_into = :summary AND alert.post_id = outbox.post_id"
    await database.run(
        tx,
        f"""UPDATE outbox SET depends_on = ({own} LIMIT 1)
        WHERE depends_on = :summary AND act = 'reply' AND +state = 'waiting' AND EXISTS ({own})""",
        {"summary": summary},
    )
    await database.run(
        tx, "UPDATE outbox SET state = 'waiting', folded_into = NULL WHERE folded_into = :summary", {"summary": summary}
    )
    await database.run(tx, "UPDATE outbox SET state = 'cancelled' WHERE id = :summary", {"summary": summary})
    await dependents.cancel(tx, (summary,))


async def unfold(tx: Connection, summary: OutboxId) -> None:
    """Let wait again what only edits told that the summary never got: it is gone, and so nobody has read of it.

    An edit that takes out what is forgotten goes nevertheless, also where one of these took its place.
    """
    await database.run(
        tx,
        f"UPDATE outbox SET state = 'waiting', folded_into = NULL WHERE folded_into IN ({_UNSENT_EDITS})",
        {"summary": summary},
    )
    await database.run(
        tx,
        """UPDATE outbox SET state = 'cancelled'
        WHERE depends_on = :summary AND act = 'edit' AND kind = 'summary' AND +state = 'waiting'""",
        {"summary": summary},
    )
    await database.run(
        tx,
        f"""UPDATE outbox SET state = 'waiting' WHERE id = (SELECT max(id) FROM outbox
            WHERE id IN ({_UNSENT_EDITS}) AND kind = 'update' AND +state IN ('waiting', 'replaced'))""",
        {"summary": summary},
    )
