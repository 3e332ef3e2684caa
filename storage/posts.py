"""The posts as held: the newest state of each, whatever order its states came in."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from storage import columns, database, matches, revisions
from storage.database import Connection
from storage.models import ChannelId, MessageId, Post, PostId, StoredPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """What became of a post that was put. `previous_text`: the text that an edit replaced."""

    post_id: PostId
    outcome: Literal["new", "edited", "same"]
    previous_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    id: PostId
    post: Post
    language: str
    forgotten: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    put: Put
    state: _State
    capture: revisions.Capture | None


_STORE = """
INSERT INTO posts (id, channel_id, message_id, date, edited_at, captured_at, text, parts, entities, language,
    media, views, forwards, grouped_id, origin)
VALUES (:id, :channel_id, :message_id, :date, :edited_at, :now, :text, :parts, :entities, :language,
    :media, :views, :forwards, :grouped_id, :origin)
ON CONFLICT (id) DO UPDATE SET edited_at = excluded.edited_at, text = excluded.text, parts = excluded.parts,
    entities = excluded.entities, language = excluded.language, media = excluded.media, views = excluded.views,
    forwards = excluded.forwards, grouped_id = excluded.grouped_id, origin = excluded.origin
"""


async def put(tx: Connection, post: Post, *, language: str, now: int) -> Put:
    """Store a post, new or again; see `put_all`."""
    return (await put_all(tx, post.channel_id, [(post, language)], now=now))[0]


async def put_all(
    tx: Connection, channel_id: ChannelId, read: Sequence[tuple[Post, str]], *, now: int
) -> tuple[Put, ...]:
    """Store posts of one channel, each with its language, in the order in which they were read.

    A change of text leaves a revision; numbers (views, forwards) are refreshed without one. A state older than the one
    held, or one that merely lacks its link preview, changes no text. A deleted post stays deleted, and a forgotten one
    forgotten: whatever comes of it changes nothing.

    Args:
        tx: the transaction.
        channel_id: the channel of them all.
        read: posts and their languages; the same post may come twice.
        now: UTC seconds, the time of capture of what is new.
    """
    puts: list[Put] = []
    for piece in database.chunks(read):
        puts += await _put_piece(tx, channel_id, piece, now=now)
    return tuple(puts)


async def delete(
    tx: Connection, channel_id: ChannelId, message_ids: Sequence[MessageId], *, now: int
) -> tuple[MessageId, ...]:
    """Mark posts that the channel deleted, and keep their text; return those that were not marked before."""
    marked: set[MessageId] = set()
    for piece in database.chunks(message_ids):
        names, values = database.listed(piece)
        for row in await database.rows(
            tx,
            f"""UPDATE posts SET deleted_at = :now, recheck_at = NULL
            WHERE channel_id = :channel_id AND message_id IN ({names}) AND deleted_at IS NULL
            RETURNING message_id""",
            {**values, "channel_id": channel_id, "now": now},
        ):
            marked.add(row["message_id"])
    deleted = tuple(message_id for message_id in dict.fromkeys(message_ids) if message_id in marked)
    captures = [
        revisions.Capture(
            message_id=message_id,
            kind="deleted",
            canonical=revisions.canonical_deletion(channel_id, message_id),
        )
        for message_id in deleted
    ]
    await revisions.append(tx, channel_id, captures, now=now)
    return deleted


async def get(connection: Connection, channel_id: ChannelId, message_id: MessageId) -> StoredPost | None:
    """Return a post by its place in Telegram."""
    found = await database.rows(
        connection,
        "SELECT * FROM posts WHERE channel_id = :channel_id AND message_id = :message_id",
        {"channel_id": channel_id, "message_id": message_id},
    )
    held = await with_matches(connection, found)
    return held[0] if held else None


async def by_ids(connection: Connection, post_ids: Sequence[PostId]) -> tuple[StoredPost, ...]:
    """Return posts by our row numbers, in the order asked for, without those that are not held."""
    found: dict[PostId, sqlite3.Row] = {}
    for piece in database.chunks(post_ids):
        names, values = database.listed(piece)
        for row in await database.rows(connection, f"SELECT * FROM posts WHERE id IN ({names})", values):
            found[row["id"]] = row
    return await with_matches(connection, [found[post_id] for post_id in post_ids if post_id in found])


async def with_matches(connection: Connection, found: Sequence[sqlite3.Row]) -> tuple[StoredPost, ...]:
    """Read posts from rows with all columns of `posts`, and their matches from their table."""
    of_posts = await matches.of_posts(connection, [PostId(row["id"]) for row in found])
    return tuple(
        StoredPost(
            id=row["id"],
            post=_read(row),
            language=row["language"],
            captured_at=row["captured_at"],
            deleted_at=row["deleted_at"],
            matches=of_posts[row["id"]],
            forgotten_at=row["forgotten_at"],
            forgotten_why=row["forgotten_why"],
        )
        for row in found
    )


def _merged(held: Post, post: Post) -> Post:
    """Decide what to hold of a post of which a state is held and another one came."""
    content = held if _stale(held, post) else post
    edits = [at for at in (held.edited_at, post.edited_at) if at is not None]
    return replace(
        content,
        edited_at=max(edits, default=None),
        views=held.views if post.views is None else post.views,
        forwards=held.forwards if post.forwards is None else post.forwards,
        grouped_id=content.grouped_id or held.grouped_id,
        origin=content.origin or held.origin,
    )


def _stale(held: Post, post: Post) -> bool:
    if (post.edited_at or 0) < (held.edited_at or 0):
        return True
    # Telegram adds the preview of a link a moment after the post, and an export has none at all.
    return len(post.text) < len(held.text) and post.text == held.written


async def _put_piece(
    tx: Connection, channel_id: ChannelId, piece: Sequence[tuple[Post, str]], *, now: int
) -> list[Put]:
    states, last_id = await _held(tx, channel_id, [post.message_id for post, _ in piece])
    puts, captures = [], []
    changed: dict[MessageId, _State] = {}
    for post, language in piece:
        held = states.get(post.message_id)
        if held is None:
            last_id = PostId(last_id + 1)
        step = _first(last_id, post, language) if held is None else _again(held, post, language)
        puts.append(step.put)
        if step.capture is not None:
            captures.append(step.capture)
        if step.state != held:
            states[post.message_id] = changed[post.message_id] = step.state
    await database.run_each(tx, _STORE, [_row(state, now=now) for state in changed.values()])
    await revisions.append(tx, channel_id, captures, now=now)
    return puts


def _first(post_id: PostId, post: Post, language: str) -> _Step:
    return _Step(
        put=Put(post_id=post_id, outcome="new"),
        state=_State(id=post_id, post=post, language=language),
        capture=_capture(post, "posted"),
    )


def _again(held: _State, post: Post, language: str) -> _Step:
    if held.forgotten:
        return _Step(put=Put(post_id=held.id, outcome="same"), state=held, capture=None)
    kept = _merged(held.post, post)
    if kept.text == held.post.text:
        put = Put(post_id=held.id, outcome="same")
        return _Step(put=put, state=replace(held, post=kept), capture=None)
    # A link preview that came or changed by itself is captured, but the channel edited nothing.
    kind: Literal["posted", "edited"] = "posted" if kept.written == held.post.written else "edited"
    return _Step(
        put=Put(post_id=held.id, outcome="edited", previous_text=held.post.text),
        state=_State(id=held.id, post=kept, language=language),
        capture=_capture(kept, kind),
    )


def _capture(post: Post, kind: Literal["posted", "edited"]) -> revisions.Capture:
    return revisions.Capture(message_id=post.message_id, kind=kind, canonical=revisions.canonical(post, kind))


async def _held(
    tx: Connection, channel_id: ChannelId, message_ids: Sequence[MessageId]
) -> tuple[dict[MessageId, _State], PostId]:
    names, values = database.listed(message_ids)
    # The newest row number comes along: one trip to the thread instead of two.
    found = await database.rows(
        tx,
        f"""SELECT newest.last_id, posts.* FROM (SELECT coalesce(max(id), 0) AS last_id FROM posts) AS newest
        LEFT JOIN posts ON channel_id = :channel_id AND message_id IN ({names})""",
        {**values, "channel_id": channel_id},
    )
    states = {
        row["message_id"]: _State(
            id=row["id"], post=_read(row), language=row["language"], forgotten=row["forgotten_at"] is not None
        )
        for row in found
        if row["id"] is not None
    }
    return states, PostId(found[0]["last_id"])


def _read(row: sqlite3.Row) -> Post:
    return Post(
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        date=row["date"],
        text=row["text"],
        edited_at=row["edited_at"],
        parts=columns.read_parts(row["parts"]),
        entities=columns.read_entities(row["entities"]),
        media=row["media"],
        views=row["views"],
        forwards=row["forwards"],
        grouped_id=row["grouped_id"],
        origin=columns.read_origin(row["origin"]),
    )


def _row(state: _State, *, now: int) -> dict[str, Any]:
    post = state.post
    return {
        "id": state.id,
        "channel_id": post.channel_id,
        "message_id": post.message_id,
        "date": post.date,
        "edited_at": post.edited_at,
        "now": now,
        "text": post.text,
        "parts": columns.parts(post.parts),
        "entities": columns.entities(post.entities),
        "language": state.language,
        "media": post.media,
        "views": post.views,
        "forwards": post.forwards,
        "grouped_id": post.grouped_id,
        "origin": columns.origin(post.origin),
    }
