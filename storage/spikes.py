"""When it was last told of each topic that it runs above its usual."""

from storage import database
from storage.database import Connection


async def told(connection: Connection) -> dict[str, int]:
    """Return for each topic when it was told last (UTC seconds)."""
    return {row["topic"]: row["told_at"] for row in await database.rows(connection, "SELECT * FROM spikes")}


async def note(tx: Connection, topic: str, *, now: int) -> None:
    """Note that it is told now."""
    await database.run(
        tx,
        """INSERT INTO spikes (topic, told_at) VALUES (:topic, :now)
        ON CONFLICT (topic) DO UPDATE SET told_at = excluded.told_at""",
        {"topic": topic, "now": now},
    )
