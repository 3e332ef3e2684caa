"""The chats that were let in, people and groups, what each set for itself, and what it does not want to hear of."""

import sqlite3
from collections.abc import Sequence

from storage import columns, database
from storage.database import Connection
from storage.models import Chat, ChatId, Mode, Mute, MuteKind, Role

_OF_A_CHAT = ("mutes", "outbox", "saved", "searches", "translations", "votes")
"""The tables of what belongs to a chat."""
BEGINNING = 1
"""Where the counter of every large group began."""


async def pair(
    tx: Connection,
    *,
    chat_id: ChatId,
    role: Role,
    language: str,
    timezone: str,
    now: int,
    label: str | None = None,
) -> Chat:
    """Let a chat in. One that is in keeps its settings and date, takes the role, and is reachable again.

    `label`: what the owner calls it; where none is given, one that it had stays.
    """
    found = await database.rows(
        tx,
        """INSERT INTO chats (id, role, language, timezone, paired_at, label)
        VALUES (:id, :role, :language, :timezone, :now, :label)
        ON CONFLICT (id) DO UPDATE SET role = excluded.role, unreachable_since = NULL,
            label = coalesce(excluded.label, label)
        RETURNING *""",
        {"id": chat_id, "role": role, "language": language, "timezone": timezone, "now": now, "label": label},
    )
    return _read(found[0])


async def move(tx: Connection, before: ChatId, after: ChatId) -> None:
    """Give a group the id that Telegram gave it when it grew. All that is its own goes along, and what waits for it.

    The ids of what was sent there mean nothing in the new chat, so that none is edited by mistake. Nothing said in
    the new chat counts as answered yet, by whichever bot.
    """
    row = await database.row(tx, "SELECT * FROM chats WHERE id = :before", {"before": before})
    if row is None:
        return
    held = {**row, "id": after, "unreachable_since": None, "reached_pts": BEGINNING, "reached_by": None}
    names = ", ".join(held)
    await database.run(
        tx,
        f"INSERT INTO chats ({names}) VALUES ({', '.join(f':{name}' for name in held)}) ON CONFLICT (id) DO NOTHING",
        held,
    )
    ids = {"before": before, "after": after}
    for table in _OF_A_CHAT:
        await database.run(tx, f"UPDATE OR IGNORE {table} SET chat_id = :after WHERE chat_id = :before", ids)
    await database.run(
        tx,
        """UPDATE outbox SET sent_message_id = 0
        WHERE chat_id = :after AND sent_message_id IS NOT NULL""",
        ids,
    )
    await remove(tx, before)


async def remove(tx: Connection, chat_id: ChatId) -> None:
    """Forget a chat, with what it muted and what waits for it."""
    await database.run(tx, "DELETE FROM chats WHERE id = :id", {"id": chat_id})


async def get(connection: Connection, chat_id: ChatId) -> Chat | None:
    """Return a chat that was let in, None for a stranger."""
    found = await database.row(connection, "SELECT * FROM chats WHERE id = :id", {"id": chat_id})
    return None if found is None else _read(found)


async def all_chats(connection: Connection) -> tuple[Chat, ...]:
    """Return the chats that were let in, oldest first."""
    found = await database.rows(connection, "SELECT * FROM chats ORDER BY paired_at, id")
    return tuple(_read(row) for row in found)


async def set_unreachable(tx: Connection, chat_id: ChatId, at: int | None) -> None:
    """Note since when Telegram refuses our messages to a chat, or that it takes them again (None)."""
    # Who is unreachable already is so since the first time.
    await database.run(
        tx,
        """UPDATE chats SET unreachable_since =
            CASE WHEN :at IS NULL THEN NULL ELSE coalesce(unreachable_since, :at) END
        WHERE id = :id""",
        {"id": chat_id, "at": at},
    )


async def reached(connection: Connection, chat_id: ChatId, *, bot_id: int) -> int | None:
    """Return the count of events of a large group up to which this bot has answered all; None if it is not known."""
    found = await database.row(
        connection,
        "SELECT reached_pts FROM chats WHERE id = :id AND (reached_by IS NULL OR reached_by = :bot_id)",
        {"id": chat_id, "bot_id": bot_id},
    )
    return None if found is None else found["reached_pts"]


async def set_reached(tx: Connection, chat_id: ChatId, pts: int, *, bot_id: int) -> None:
    """Note the count of events of a large group up to which this bot has answered all, if the group is still in."""
    await database.run(
        tx,
        "UPDATE chats SET reached_pts = :pts, reached_by = :bot_id WHERE id = :id",
        {"id": chat_id, "pts": pts, "bot_id": bot_id},
    )


async def set_timezone(tx: Connection, chat_id: ChatId, timezone: str, *, own: bool) -> None:
    """Note by which time zone a chat reads the clock; `own`: it chose so itself."""
    await database.run(
        tx,
        "UPDATE chats SET timezone = :timezone, own_timezone = :own WHERE id = :id",
        {"id": chat_id, "timezone": timezone, "own": int(own)},
    )


async def set_language(tx: Connection, chat_id: ChatId, language: str) -> None:
    """Note in which language a chat is spoken to."""
    await database.run(
        tx, "UPDATE chats SET language = :language WHERE id = :id", {"id": chat_id, "language": language}
    )


async def set_topics(tx: Connection, chat_id: ChatId, topics: Sequence[str]) -> None:
    """Note of which topics a chat is told; none: of all."""
    await database.run(
        tx, "UPDATE chats SET topics = :topics WHERE id = :id", {"id": chat_id, "topics": columns.topics(topics)}
    )


async def set_silent_topics(tx: Connection, chat_id: ChatId, topics: Sequence[str]) -> None:
    """Note of which topics a chat is told without a sound."""
    await database.run(
        tx,
        "UPDATE chats SET silent_topics = :topics WHERE id = :id",
        {"id": chat_id, "topics": columns.topics(topics)},
    )


async def set_mode(tx: Connection, chat_id: ChatId, mode: Mode) -> None:
    """Note when a chat is told of flagged posts."""
    await database.run(tx, "UPDATE chats SET mode = :mode WHERE id = :id", {"id": chat_id, "mode": mode})


async def set_quiet(tx: Connection, chat_id: ChatId, hours: tuple[int, int] | None) -> None:
    """Note from when to when a chat is told nothing, in minutes of its local day; None: never."""
    begin, end = (None, None) if hours is None else hours
    await database.run(
        tx,
        "UPDATE chats SET quiet_from = :begin, quiet_to = :end WHERE id = :id",
        {"id": chat_id, "begin": begin, "end": end},
    )


async def set_digest_at(tx: Connection, chat_id: ChatId, minutes: int) -> None:
    """Note when a chat gets its digest, in minutes of its local day."""
    await database.run(tx, "UPDATE chats SET digest_at = :minutes WHERE id = :id", {"id": chat_id, "minutes": minutes})


async def set_weekly(tx: Connection, chat_id: ChatId, *, weekly: bool) -> None:
    """Note whether a chat gets a digest of the week on Mondays, in place of one each day."""
    await database.run(tx, "UPDATE chats SET weekly = :weekly WHERE id = :id", {"id": chat_id, "weekly": weekly})


async def set_digested(tx: Connection, chat_id: ChatId, until: int) -> None:
    """Note that the digests of a chat have told of all up to `until` (UTC seconds)."""
    await database.run(tx, "UPDATE chats SET digested_until = :until WHERE id = :id", {"id": chat_id, "until": until})


async def mute(tx: Connection, muted: Mute) -> None:
    """Mute a channel, a topic or a story for a chat; the newest word holds."""
    await database.run(
        tx,
        """INSERT INTO mutes (chat_id, kind, subject, until) VALUES (:chat_id, :kind, :subject, :until)
        ON CONFLICT (chat_id, kind, subject) DO UPDATE SET until = excluded.until""",
        {"chat_id": muted.chat_id, "kind": muted.kind, "subject": muted.subject, "until": muted.until},
    )


async def unmute(tx: Connection, chat_id: ChatId, *, kind: MuteKind, subject: str) -> None:
    """Lift a mute, if there is one."""
    await database.run(
        tx,
        "DELETE FROM mutes WHERE chat_id = :chat_id AND kind = :kind AND subject = :subject",
        {"chat_id": chat_id, "kind": kind, "subject": subject},
    )


async def mutes(connection: Connection, *, now: int) -> tuple[Mute, ...]:
    """Return the mutes of all chats that hold at `now` (UTC seconds)."""
    found = await database.rows(
        connection,
        "SELECT * FROM mutes WHERE until IS NULL OR until > :now ORDER BY chat_id, kind, subject",
        {"now": now},
    )
    return tuple(Mute(**row) for row in found)


def _read(row: sqlite3.Row) -> Chat:
    return Chat(
        id=row["id"],
        role=row["role"],
        language=row["language"],
        timezone=row["timezone"],
        paired_at=row["paired_at"],
        unreachable_since=row["unreachable_since"],
        own_timezone=bool(row["own_timezone"]),
        topics=columns.read_topics(row["topics"]),
        silent_topics=columns.read_topics(row["silent_topics"]),
        mode=row["mode"],
        quiet_from=row["quiet_from"],
        quiet_to=row["quiet_to"],
        digest_at=row["digest_at"],
        weekly=bool(row["weekly"]),
        digested_until=row["digested_until"],
        label=row["label"],
    )
