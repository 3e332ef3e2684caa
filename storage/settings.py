"""Small values that must outlive the process, by name."""

from storage import database
from storage.database import Connection
from storage.errors import WrongServerError

HOLE = "hole:{}"
"""For a channel's id: the id above which its history is still to be read, though its counter lies behind; "": none."""
_SERVER = "server"


async def get(connection: Connection, name: str) -> str | None:
    """Return the value of `name`, None if it was never put."""
    found = await database.row(connection, "SELECT value FROM settings WHERE name = :name", {"name": name})
    return None if found is None else found["value"]


async def put(tx: Connection, name: str, value: str) -> None:
    """Store `value` under `name`, over what was there."""
    await database.run(
        tx,
        """INSERT INTO settings (name, value) VALUES (:name, :value)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
        {"name": name, "value": value},
    )


async def bind_server(tx: Connection, fingerprint: str) -> None:
    """Bind the database to the Telegram server of `fingerprint`, once and for all.

    Raises:
        WrongServerError: It belongs to another server.
    """
    held = await get(tx, _SERVER)
    if held is None:
        await put(tx, _SERVER, fingerprint)
    elif held != fingerprint:
        raise WrongServerError(
            f"this data folder belongs to another Telegram server ({held}, not {fingerprint}); "
            "set DATA_DIR to a folder of its own for each server"
        )
