"""What was captured of each post and when, as a chain a channel in which no byte can be changed unseen."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from storage import chains, database, models
from storage.database import Connection
from storage.models import ChannelId, MessageId, Origin, Post, PostId, Revision, RevisionKind, TextPart

_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One state of a post, on its way into the chain of its channel."""

    message_id: MessageId
    kind: RevisionKind
    canonical: str


def canonical(post: Post, kind: Literal["posted", "edited"]) -> str:
    """Write what is kept of a post as evidence: JSON with sorted keys, without spaces.

    Fields are named one by one, so that nothing comes in unseen, least of all what names a person.
    """
    return _dump(
        {
            "format": 1,
            "kind": kind,
            "channel_id": post.channel_id,
            "message_id": post.message_id,
            "date": post.date,
            "edited_at": post.edited_at,
            "text": post.text,
            "parts": [{"kind": part.kind, "start": part.start, "end": part.end} for part in post.parts],
            "entities": [
                {"kind": entity.kind, "start": entity.start, "length": entity.length, "url": entity.url}
                for entity in post.entities
            ],
            "media": post.media,
            "views": post.views,
            "forwards": post.forwards,
            "grouped_id": post.grouped_id,
            "origin": None if post.origin is None else _origin(post.origin),
        }
    )


def canonical_deletion(channel_id: ChannelId, message_id: MessageId) -> str:
    """Write that a post is gone; its text stands in the revisions before."""
    return _dump({"format": 1, "kind": "deleted", "channel_id": channel_id, "message_id": message_id})


def written(revision: Revision) -> str | None:
    """Give the text of a revision without its link preview; None for a deletion and for what was forgotten."""
    if revision.canonical is None or revision.kind == "deleted":
        return None
    content = json.loads(revision.canonical)
    parts = [TextPart(kind=part["kind"], start=part["start"], end=part["end"]) for part in content["parts"]]
    return models.written(content["text"], parts)


async def append(tx: Connection, channel_id: ChannelId, captures: Sequence[Capture], *, now: int) -> None:
    """Add `captures` to the chain of a channel, in their order; `now` is the time of capture in UTC seconds."""
    if not captures:
        return
    newest = await _newest(tx, channel_id)
    seq, chain = (0, "") if newest is None else (newest["seq"], newest["chain_sha256"])
    values = []
    for capture in captures:
        content = chains.sha256(capture.canonical)
        seq, chain = seq + 1, chains.link(chain, now, content)
        values.append(
            {
                "channel_id": channel_id,
                "seq": seq,
                "message_id": capture.message_id,
                "kind": capture.kind,
                "captured_at": now,
                "canonical": capture.canonical,
                "content_sha256": content,
                "chain_sha256": chain,
            }
        )
    await database.run_each(
        tx,
        """INSERT INTO revisions
            (channel_id, seq, message_id, kind, captured_at, canonical, content_sha256, chain_sha256)
        VALUES (:channel_id, :seq, :message_id, :kind, :captured_at, :canonical, :content_sha256, :chain_sha256)""",
        values,
    )


async def of_post(connection: Connection, channel_id: ChannelId, message_id: MessageId) -> tuple[Revision, ...]:
    """Return all that was captured of a post, oldest first."""
    found = await database.rows(
        connection,
        # Left to itself, SQLite would go along the whole chain of the channel.
        """SELECT * FROM revisions INDEXED BY revisions_of_post
        WHERE channel_id = :channel_id AND message_id = :message_id ORDER BY seq""",
        {"channel_id": channel_id, "message_id": message_id},
    )
    return tuple(map(_read, found))


async def of_edited(connection: Connection, post_ids: Sequence[PostId]) -> dict[PostId, tuple[Revision, ...]]:
    """Return what was captured of each of these posts that was seen to be edited, oldest first, without deletions."""
    found: dict[PostId, tuple[Revision, ...]] = {}
    for piece in database.chunks(post_ids):
        names, values = database.listed(piece)
        rows = await database.rows(
            connection,
            f"""SELECT posts.id AS post_id, revisions.* FROM posts CROSS JOIN revisions INDEXED BY revisions_of_post
            WHERE posts.id IN ({names})
                AND revisions.channel_id = posts.channel_id AND revisions.message_id = posts.message_id
                AND revisions.kind <> 'deleted' AND EXISTS (
                    SELECT 1 FROM revisions AS edits INDEXED BY revisions_of_post
                    WHERE edits.channel_id = posts.channel_id AND edits.message_id = posts.message_id
                        AND edits.kind = 'edited')
            ORDER BY posts.id, revisions.seq""",
            values,
        )
        by_post = groupby(rows, key=itemgetter("post_id"))
        found.update((post_id, tuple(map(_read, states))) for post_id, states in by_post)
    return found


async def head(connection: Connection, channel_id: ChannelId) -> str | None:
    """Return the newest link of a channel's chain: who noted it elsewhere can prove later that nothing was cut off."""
    newest = await _newest(connection, channel_id)
    return None if newest is None else newest["chain_sha256"]


async def verify(connection: Connection, channel_id: ChannelId) -> int | None:
    """Recompute the chain of a channel; return the `seq` where it first breaks, None if it holds."""
    async with aclosing(chains.walk(connection, channel_id=channel_id)) as pages:
        async for page in pages:
            if page.breaks:
                return page.breaks[0].seq
    return None


def _read(row: sqlite3.Row) -> Revision:
    return Revision(
        channel_id=row["channel_id"],
        seq=row["seq"],
        message_id=row["message_id"],
        kind=row["kind"],
        captured_at=row["captured_at"],
        canonical=row["canonical"],
        content_sha256=row["content_sha256"],
        chain_sha256=row["chain_sha256"],
    )


async def _newest(connection: Connection, channel_id: ChannelId) -> sqlite3.Row | None:
    return await database.row(
        connection,
        "SELECT seq, chain_sha256 FROM revisions WHERE channel_id = :channel_id ORDER BY seq DESC LIMIT 1",
        {"channel_id": channel_id},
    )


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "channel_id": origin.channel_id,
        "message_id": origin.message_id,
        "title": origin.title,
        "date": origin.date,
    }
