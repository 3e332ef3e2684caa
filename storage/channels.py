"""The channels that are or were followed, and how far each is held."""

import sqlite3
from typing import Any

from storage import database
from storage.database import Connection
from storage.models import Channel, ChannelChange, ChannelId, ChannelInfo, Cursor, MessageId

_NOTED = ("username", "title", "verified", "fake", "scam", "restricted")


async def follow(tx: Connection, info: ChannelInfo, *, joined: bool, quiet: bool = False, now: int) -> Channel:
    """Follow a channel, new or again; one that comes back keeps its cursor and its history.

    Args:
        tx: the transaction.
        info: what Telegram says of it.
        joined: whether the reader is a member, so that its posts are pushed.
        quiet: whether it shall not become one.
        now: UTC seconds.
    """
    await update_info(tx, info, now=now)
    found = await database.rows(
        tx,
        """INSERT INTO channels (id, access_hash, username, title, verified, fake, scam, restricted, restriction,
            subscribers, state, joined, quiet, added_at)
        VALUES (:id, :access_hash, :username, :title, :verified, :fake, :scam, :restricted, :restriction,
            :subscribers, 'followed', :joined, :quiet, :now)
        ON CONFLICT (id) DO UPDATE SET state = 'followed', joined = excluded.joined, quiet = excluded.quiet,
            trouble = NULL,
            added_at = CASE channels.state WHEN 'removed' THEN excluded.added_at ELSE channels.added_at END
        RETURNING *""",
        {**_values(info), "joined": int(joined), "quiet": int(quiet), "now": now},
    )
    return from_row(found[0])


async def unfollow(tx: Connection, channel_id: ChannelId) -> None:
    """Stop following a channel; what is held of it stays."""
    await database.run(
        tx,
        "UPDATE channels SET state = 'removed', joined = 0, trouble = NULL WHERE id = :id",
        {"id": channel_id},
    )


async def lose(tx: Connection, channel_id: ChannelId, *, trouble: str) -> None:
    """Note that a channel can no longer be read (private, banned, deleted) and why."""
    await database.run(
        tx,
        "UPDATE channels SET state = 'lost', joined = 0, trouble = :trouble WHERE id = :id",
        {"id": channel_id, "trouble": trouble},
    )


async def trouble(tx: Connection, channel_id: ChannelId, text: str | None) -> None:
    """Note what at present keeps a channel from being read, or that nothing does (None)."""
    await _set(tx, channel_id, "trouble", text)


async def update_info(tx: Connection, info: ChannelInfo, *, now: int) -> tuple[ChannelChange, ...]:
    """Store what Telegram now says of a channel, and note what changed of its username, title and flags.

    Flags are noted as "yes" and "no", a missing username as ""; that it is restricted by the reason, where Telegram
    gives one. A channel that is not held is left alone.
    """
    held = await get(tx, info.id)
    if held is None:
        return ()
    changes = tuple(
        ChannelChange(channel_id=info.id, at=now, field=name, before=before, after=after)
        for name in _NOTED
        if (before := _said(held.info, name)) != (after := _said(info, name))
    )
    await database.run_each(
        tx,
        """INSERT INTO channel_changes (channel_id, at, field, before, after)
        VALUES (:channel_id, :at, :field, :before, :after)""",
        [
            {"channel_id": c.channel_id, "at": c.at, "field": c.field, "before": c.before, "after": c.after}
            for c in changes
        ],
    )
    await database.run(
        tx,
        """UPDATE channels SET access_hash = :access_hash, username = :username, title = :title,
            verified = :verified, fake = :fake, scam = :scam, restricted = :restricted, restriction = :restriction,
            subscribers = coalesce(:subscribers, subscribers)
        WHERE id = :id""",
        _values(info),
    )
    return changes


async def advance(tx: Connection, channel_id: ChannelId, cursor: Cursor) -> None:
    """Note how far a channel is known without a hole. What was held up to an id stays held: that never goes back."""
    await database.run(
        tx,
        """UPDATE channels SET pts = :pts,
            complete_id = CASE WHEN complete_id > :complete_id THEN complete_id ELSE :complete_id END
        WHERE id = :id""",
        {"id": channel_id, "pts": cursor.pts, "complete_id": cursor.complete_id},
    )


async def checked(tx: Connection, channel_id: ChannelId, *, now: int) -> None:
    """Note that the server just confirmed that nothing is missing."""
    await _set(tx, channel_id, "checked_at", now)


async def set_held_from(tx: Connection, channel_id: ChannelId, at: int) -> None:
    """Note that posts are held since `at` (UTC seconds)."""
    await _set(tx, channel_id, "held_from", at)


async def set_joined(tx: Connection, channel_id: ChannelId, *, joined: bool) -> None:
    """Note whether the reader is a member, so that the channel's posts are pushed."""
    await _set(tx, channel_id, "joined", int(joined))


async def get(connection: Connection, channel_id: ChannelId) -> Channel | None:
    """Return a channel, whether it is followed or not any more."""
    found = await database.row(connection, "SELECT * FROM channels WHERE id = :id", {"id": channel_id})
    return None if found is None else from_row(found)


async def followed(connection: Connection) -> tuple[Channel, ...]:
    """Return the channels that are followed, oldest first."""
    found = await database.rows(connection, "SELECT * FROM channels WHERE state = 'followed' ORDER BY added_at, id")
    return tuple(from_row(row) for row in found)


async def every(connection: Connection) -> tuple[Channel, ...]:
    """Return all channels of which posts may be held, removed ones too, those first that were added first."""
    found = await database.rows(connection, "SELECT * FROM channels ORDER BY added_at, id")
    return tuple(from_row(row) for row in found)


async def by_username(connection: Connection, name: str) -> Channel | None:
    """Return the channel of that username, in whatever case; a followed one before one that bore the name once."""
    found = await database.row(
        connection,
        """SELECT * FROM channels WHERE lower(username) = lower(:name)
        ORDER BY CASE state WHEN 'followed' THEN 0 ELSE 1 END, added_at DESC LIMIT 1""",
        {"name": name},
    )
    return None if found is None else from_row(found)


async def changes(connection: Connection, *, since: int) -> tuple[ChannelChange, ...]:
    """Return what changed of channels at or after `since` (UTC seconds), oldest first."""
    found = await database.rows(
        connection,
        "SELECT channel_id, at, field, before, after FROM channel_changes WHERE at >= :since ORDER BY at, id",
        {"since": since},
    )
    return tuple(ChannelChange(**row) for row in found)


def from_row(row: sqlite3.Row) -> Channel:
    """Read a channel from a row with all columns of `channels`."""
    return Channel(
        info=ChannelInfo(
            id=row["id"],
            access_hash=row["access_hash"],
            username=row["username"],
            title=row["title"],
            verified=bool(row["verified"]),
            fake=bool(row["fake"]),
            scam=bool(row["scam"]),
            restricted=bool(row["restricted"]),
            subscribers=row["subscribers"],
            restriction=row["restriction"],
        ),
        state=row["state"],
        joined=bool(row["joined"]),
        added_at=row["added_at"],
        cursor=Cursor(pts=row["pts"], complete_id=MessageId(row["complete_id"])),
        held_from=row["held_from"],
        checked_at=row["checked_at"],
        trouble=row["trouble"],
        quiet=bool(row["quiet"]),
    )


def _values(info: ChannelInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "access_hash": info.access_hash,
        "username": info.username,
        "title": info.title,
        "verified": int(info.verified),
        "fake": int(info.fake),
        "scam": int(info.scam),
        "restricted": int(info.restricted),
        "subscribers": info.subscribers,
        "restriction": info.restriction,
    }


def _said(info: ChannelInfo, name: str) -> str:
    value = getattr(info, name)
    match value:
        case None:
            return ""
        case True if name == "restricted" and info.restriction:
            return info.restriction
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


async def _set(tx: Connection, channel_id: ChannelId, column: str, value: str | int | None) -> None:
    await database.run(tx, f"UPDATE channels SET {column} = :value WHERE id = :id", {"id": channel_id, "value": value})
