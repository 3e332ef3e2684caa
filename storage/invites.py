"""The links that are waiting to let somebody in: once each, and for a time."""

import sqlite3
from dataclasses import dataclass
from typing import NewType

from storage import database
from storage.database import Connection

InviteId = NewType("InviteId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A link that lets one person in, until `expires_at` (UTC seconds). `label`: what the owner calls him."""

    id: InviteId
    label: str | None
    expires_at: int


async def add(tx: Connection, code: str, *, label: str | None, expires_at: int) -> None:
    """Note that whoever first sends `code` before `expires_at` (UTC seconds) is let in, as `label`."""
    await database.run(
        tx,
        "INSERT INTO invites (code, label, expires_at) VALUES (:code, :label, :expires_at)",
        {"code": code, "label": label, "expires_at": expires_at},
    )


async def use(tx: Connection, code: str, *, now: int) -> Invite | None:
    """Return the invite of a code and use it up; None: there is none, or its time is over."""
    found = await database.rows(
        tx,
        "DELETE FROM invites WHERE code = :code AND expires_at > :now RETURNING id, label, expires_at",
        {"code": code, "now": now},
    )
    return _read(found[0]) if found else None


async def revoke(tx: Connection, invite_id: InviteId) -> None:
    """Make an invite worth nothing."""
    await database.run(tx, "DELETE FROM invites WHERE id = :id", {"id": invite_id})


async def sweep(tx: Connection, *, now: int) -> None:
    """Forget the invites whose time is over."""
    await database.run(tx, "DELETE FROM invites WHERE expires_at <= :now", {"now": now})


async def waiting(connection: Connection, *, now: int) -> tuple[Invite, ...]:
    """Return the invites that nobody has used yet, oldest first."""
    found = await database.rows(
        connection,
        "SELECT id, label, expires_at FROM invites WHERE expires_at > :now ORDER BY id",
        {"now": now},
    )
    return tuple(_read(row) for row in found)


def _read(row: sqlite3.Row) -> Invite:
    return Invite(id=row["id"], label=row["label"], expires_at=row["expires_at"])
