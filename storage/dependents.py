"""What hangs on another message of the outbox: its edits, of which the newest counts, and the replies under it."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage import database
from storage.database import Connection
from storage.models import OutboxId, OutboxState

# Edits that still say something: one that was cancelled or refused never will.
VALID = "state IN ('waiting', 'claimed', 'sent')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The message on which something hangs, and what becomes of a reply under it and of an edit of it."""

    id: OutboxId
    reply: OutboxState
    edit: OutboxState


async def anchor(tx: Connection, outbox_id: OutboxId) -> Anchor:
    """Say on what hangs that which was meant for `outbox_id`.

    What was told within a summary is answered under the summary, whose text no edit may take. What will never be
    sent can be neither answered nor changed.

    Raises:
        LookupError: There is no such message.
    """
    found = await database.row(
        tx,
        """SELECT anchor.id, anchor.state, meant.state = 'folded' AS folded
        FROM outbox AS meant LEFT JOIN outbox AS teller ON teller.id = meant.folded_into
        JOIN outbox AS anchor ON anchor.id = coalesce(teller.depends_on, teller.id, meant.id)
        WHERE meant.id = :id""",
        {"id": outbox_id},
    )
    if found is None:
        raise LookupError(f"there is no message {outbox_id} in the outbox")
    if found["state"] in {"refused", "cancelled"}:
        return Anchor(id=found["id"], reply="cancelled", edit="cancelled")
    return Anchor(id=found["id"], reply="waiting", edit="replaced" if found["folded"] else "waiting")


async def replace_older(tx: Connection, newest: OutboxId, *, of: OutboxId) -> None:
    """Let `newest` take the place of the edits of `of` that still wait; waiting since the oldest of them."""
    replaced = await database.rows(
        tx,
        """UPDATE outbox SET state = 'replaced'
        WHERE depends_on = :of AND act = 'edit' AND +state = 'waiting' AND id < :newest RETURNING created_at""",
        {"of": of, "newest": newest},
    )
    if replaced:
        await database.run(
            tx,
            "UPDATE outbox SET created_at = min(created_at, :since) WHERE id = :id",
            {"id": newest, "since": min(row["created_at"] for row in replaced)},
        )


async def retire(tx: Connection, ids: Sequence[OutboxId]) -> None:
    """Give up those edits among `ids` that wait while a newer one of the same message is there."""
    for piece in database.chunks(ids):
        names, values = database.listed(piece)
        await database.run(
            tx,
            f"""UPDATE outbox SET state = 'replaced'
            WHERE id IN ({names}) AND act = 'edit' AND +state = 'waiting' AND id < (
                SELECT max(newer.id) FROM outbox AS newer
                WHERE newer.depends_on = outbox.depends_on AND newer.act = 'edit' AND +newer.{VALID})""",
            values,
        )


async def cancel(tx: Connection, parents: Sequence[OutboxId]) -> None:
    """Cancel what waits to be hung on messages that will never be sent, and what hangs on that."""
    while parents:
        found: list[OutboxId] = []
        for piece in database.chunks(parents):
            names, values = database.listed(piece)
            cancelled = await database.rows(
                tx,
                f"""UPDATE outbox SET state = 'cancelled'
                WHERE depends_on IN ({names}) AND +state = 'waiting' RETURNING id""",
                values,
            )
            found += [row["id"] for row in cancelled]
        parents = found


async def adopt(tx: Connection, ids: Sequence[OutboxId], *, into: OutboxId) -> None:
    """Hang on the summary `into` the replies to what it tells; the edits of that are told by it as well."""
    for piece in database.chunks(ids):
        names, values = database.listed(piece)
        await database.run(
            tx,
            f"""UPDATE outbox SET depends_on = CASE act WHEN 'reply' THEN :into ELSE depends_on END,
                state = CASE act WHEN 'edit' THEN 'replaced' ELSE state END
            WHERE depends_on IN (SELECT id FROM outbox WHERE id IN ({names}) AND +state = 'folded')
                AND +state = 'waiting'""",
            {**values, "into": into},
        )
