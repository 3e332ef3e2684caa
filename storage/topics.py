"""The topics as changed in the chat; those of the files stand here only where something was changed."""

import sqlite3

from storage import columns, database
from storage.database import Connection
from storage.topic_models import Topic


async def put(tx: Connection, topic: Topic, *, now: int) -> None:
    """Store a topic, over what was there under its name; `now` in UTC seconds."""
    await database.run(
        tx,
        """INSERT INTO topics (name, active, rules, channels, languages, changed_at)
        VALUES (:name, :active, :rules, :channels, :languages, :now)
        ON CONFLICT (name) DO UPDATE SET active = excluded.active, rules = excluded.rules,
            channels = excluded.channels, languages = excluded.languages, changed_at = excluded.changed_at""",
        {
            "name": topic.name,
            "active": int(topic.active),
            "rules": columns.rules(topic.rules),
            "channels": columns.channel_ids(topic.channels),
            "languages": columns.languages(topic.languages),
            "now": now,
        },
    )


async def remove(tx: Connection, name: str) -> None:
    """Forget a topic; what posts were flagged for stays."""
    await database.run(tx, "DELETE FROM topics WHERE name = :name", {"name": name})


async def get(connection: Connection, name: str) -> Topic | None:
    """Return the topic of that name as it was put."""
    found = await database.row(connection, "SELECT * FROM topics WHERE name = :name", {"name": name})
    return None if found is None else _read(found)


async def every(connection: Connection) -> tuple[Topic, ...]:
    """Return all of them, by name."""
    return tuple(map(_read, await database.rows(connection, "SELECT * FROM topics ORDER BY name")))


def _read(row: sqlite3.Row) -> Topic:
    return Topic(
        name=row["name"],
        active=bool(row["active"]),
        rules=columns.read_rules(row["rules"]),
        channels=columns.read_channel_ids(row["channels"]),
        languages=columns.read_languages(row["languages"]),
    )
