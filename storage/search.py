"""The index of all texts of posts, as they are and as they were: see `storage.hits` for what is found in it.

Texts come folded (by `bot.pipeline.searching.folded`) from who knows how. The index keeps no text: what is taken out of
it must be given again as it went in, so whoever changes or erases the text of a post tells this module first.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from storage import database
from storage.database import Connection
from storage.models import ChannelId, PostId

SECOND = 16
"""Places for the posts of one second: the order of ids is that of dates. See `_PLACE`."""

_APART = " \ue000 "  # a word of its own between two texts, so that no phrase begins in one and ends in the other

Fold = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the index says of a post. All texts are folded.

    `replaces`: the text it has in the index, None where it is not there yet. `earlier`: texts that it had before.
    """

    post_id: PostId
    channel_id: ChannelId
    date: int
    language: str
    topics: tuple[str, ...]
    text: str
    replaces: str | None = None
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doc:
    id: int
    post_id: PostId
    marks: str
    before: str | None


# The first place of the second, or where the posts of one second need more, the next that is free.
_PLACE = """
INSERT INTO search_docs (id, post_id, marks, before) VALUES (
    CASE WHEN NOT EXISTS (SELECT 1 FROM search_docs WHERE id = :first) THEN :first ELSE (
        SELECT taken.id + 1 FROM search_docs AS taken WHERE taken.id >= :first
            AND NOT EXISTS (SELECT 1 FROM search_docs AS following WHERE following.id = taken.id + 1)
        ORDER BY taken.id LIMIT 1
    ) END, :post_id, :marks, :before
)"""
_ADD_NEW = """
INSERT INTO search_current (rowid, text, marks)
SELECT id, :text, marks FROM search_docs WHERE post_id = :post_id"""
_ADD_NEW_BEFORE = """
INSERT INTO search_before (rowid, text, marks)
SELECT id, before, marks FROM search_docs WHERE post_id = :post_id"""


async def put(tx: Connection, entries: Sequence[Entry]) -> None:
    """Bring the index in line with what posts now say; one that is still on its way into it stays so.

    Args:
        tx: the transaction that changes the posts.
        entries: in the order of the changes; the same post may come twice.
    """
    # The index takes what comes in the order of its ids as one piece.
    fresh = sorted(
        (entry for entry in entries if entry.replaces is None), key=lambda entry: (entry.date, entry.post_id)
    )
    await _add(tx, fresh)
    changed = [entry for entry in entries if entry.replaces is not None]
    docs = await _docs(tx, [entry.post_id for entry in changed])
    for entry in changed:
        doc = docs.get(entry.post_id)
        if doc is not None:
            docs[entry.post_id] = await _change(tx, doc, entry)


async def forget(tx: Connection, post_ids: Sequence[PostId], *, fold: Fold) -> None:
    """Take posts out of the index. It must come before their text is erased, for it is read here once more.

    Args:
        tx: the transaction that erases.
        post_ids: those to forget; one that is not in the index is passed over.
        fold: what folded their texts when they came in.
    """
    for piece in database.chunks(post_ids):
        docs = await _docs(tx, piece)
        if not docs:
            continue
        names, values = database.listed(list(docs))
        for row in await database.rows(tx, f"SELECT id, text FROM posts WHERE id IN ({names})", values):
            await _take_out(tx, docs[row["id"]], text=fold(row["text"]))
        await database.run_each(tx, "DELETE FROM search_docs WHERE post_id = :id", [{"id": doc} for doc in docs])


async def missing(connection: Connection) -> int:
    """Say how many posts at most are still on their way into the index."""
    found = await database.rows(connection, "SELECT filled_to FROM search_state")
    above: int = found[0]["filled_to"]
    return above - 1


async def folding(connection: Connection) -> int:
    """Return by which version of the folding the texts of the index were folded."""
    found = await database.rows(connection, "SELECT folding FROM search_state")
    version: int = found[0]["folding"]
    return version


async def fill(tx: Connection, *, limit: int, fold: Fold) -> int:
    """Bring the newest posts that are `missing` into the index, and return how many still are.

    Args:
        tx: the transaction.
        limit: how many row numbers are worked off.
        fold: as for `put`, where texts come folded.
    """
    above = await missing(tx) + 1
    first = max(1, above - limit)
    await database.run(tx, "UPDATE search_state SET filled_to = :first", {"first": first})
    topics, earlier = await _topics(tx, first, above), await _earlier(tx, first, above)
    found = await database.rows(
        tx,
        """SELECT posts.id, channel_id, date, language, text FROM posts
        WHERE posts.id >= :first AND posts.id < :above
            AND NOT EXISTS (SELECT 1 FROM search_docs WHERE post_id = posts.id)""",
        {"first": first, "above": above},
    )
    entries = [
        Entry(
            post_id=row["id"],
            channel_id=row["channel_id"],
            date=row["date"],
            language=row["language"],
            topics=topics.get(row["id"], ()),
            text=fold(row["text"]),
            earlier=tuple(map(fold, earlier.get(row["id"], ()))),
        )
        for row in found
    ]
    await put(tx, entries)
    return first - 1


async def start_anew(tx: Connection, *, folding: int) -> None:
    """Empty the index: all posts are on their way into it again, folded by version `folding`."""
    for table in ("search_current", "search_before"):
        await database.run(tx, f"INSERT INTO {table} ({table}) VALUES ('delete-all')", {})
    await database.run(tx, "DELETE FROM search_docs", {})
    await database.run(
        tx,
        "UPDATE search_state SET folding = :folding, filled_to = (SELECT coalesce(max(id), 0) + 1 FROM posts)",
        {"folding": folding},
    )


def channel_mark(channel_id: ChannelId) -> str:
    """Write the word under which the posts of a channel are found."""
    return f"c{channel_id}"


def language_mark(code: str) -> str:
    """Write the word under which the posts in a language are found."""
    return f"l{code.encode().hex()}"


def topic_mark(name: str) -> str:
    """Write the word under which the posts of a topic are found."""
    return f"t{name.encode().hex()}"


async def _add(tx: Connection, entries: Sequence[Entry]) -> None:
    values = [
        {
            "first": entry.date * SECOND,
            "post_id": entry.post_id,
            "text": entry.text,
            "marks": _marks(entry),
            "before": _joined(None, entry.earlier, entry.text),
        }
        for entry in entries
    ]
    await database.run_each(tx, _PLACE, values)
    await database.run_each(tx, _ADD_NEW, values)
    await database.run_each(tx, _ADD_NEW_BEFORE, [one for one in values if one["before"] is not None])


async def _docs(tx: Connection, post_ids: Sequence[PostId]) -> dict[PostId, _Doc]:
    docs: dict[PostId, _Doc] = {}
    for piece in database.chunks(post_ids):
        names, values = database.listed(piece)
        for row in await database.rows(
            tx, f"SELECT id, post_id, marks, before FROM search_docs WHERE post_id IN ({names})", values
        ):
            docs[row["post_id"]] = _Doc(**row)
    return docs


async def _change(tx: Connection, doc: _Doc, entry: Entry) -> _Doc:
    replaced = entry.replaces or ""
    changed = replace(doc, marks=_marks(entry), before=_joined(doc.before, (replaced,), entry.text))
    if (changed, entry.text) == (doc, replaced):
        return doc
    await _take_out(tx, doc, text=replaced)
    await _say(tx, "search_current", changed, text=entry.text)
    if changed.before is not None:
        await _say(tx, "search_before", changed, text=changed.before)
    await database.run(
        tx,
        "UPDATE search_docs SET marks = :marks, before = :before WHERE id = :id",
        {"id": doc.id, "marks": changed.marks, "before": changed.before},
    )
    return changed


async def _say(tx: Connection, table: str, doc: _Doc, *, text: str) -> None:
    await database.run(
        tx,
        f"INSERT INTO {table} (rowid, text, marks) VALUES (:id, :text, :marks)",
        {"id": doc.id, "text": text, "marks": doc.marks},
    )


async def _take_out(tx: Connection, doc: _Doc, *, text: str) -> None:
    for table, gone in (("search_current", text), ("search_before", doc.before)):
        if gone is not None:
            await database.run(
                tx,
                f"INSERT INTO {table} ({table}, rowid, text, marks) VALUES ('delete', :id, :text, :marks)",
                {"id": doc.id, "text": gone, "marks": doc.marks},
            )


def _joined(before: str | None, replaced: Iterable[str], text: str) -> str | None:
    """Add to the earlier texts those of which the present one does not say all anyway, as when a preview came."""
    kept = [old for old in replaced if old not in text]
    return _APART.join([*([] if before is None else [before]), *kept]) if kept else before


def _marks(entry: Entry) -> str:
    marks = (
        channel_mark(entry.channel_id),
        language_mark(entry.language),
        *(topic_mark(name) for name in sorted(entry.topics)),
    )
    return " ".join(marks)


async def _topics(tx: Connection, first: int, above: int) -> dict[PostId, tuple[str, ...]]:
    topics: dict[PostId, tuple[str, ...]] = {}
    for row in await database.rows(
        tx,
        "SELECT DISTINCT post_id, topic FROM matches WHERE post_id >= :first AND post_id < :above",
        {"first": first, "above": above},
    ):
        topics[row["post_id"]] = (*topics.get(row["post_id"], ()), row["topic"])
    return topics


async def _earlier(tx: Connection, first: int, above: int) -> dict[PostId, tuple[str, ...]]:
    earlier: dict[PostId, tuple[str, ...]] = {}
    for row in await database.rows(
        tx,
        # Left to itself, SQLite would go along the whole chain of the channel for each post.
        """SELECT posts.id, text, canonical FROM posts CROSS JOIN revisions INDEXED BY revisions_of_post
            ON revisions.channel_id = posts.channel_id AND revisions.message_id = posts.message_id
        WHERE posts.id >= :first AND posts.id < :above AND kind <> 'deleted' AND canonical IS NOT NULL""",
        {"first": first, "above": above},
    ):
        text = json.loads(row["canonical"])["text"]
        if text != row["text"]:
            earlier[row["id"]] = (*earlier.get(row["id"], ()), text)
    return earlier
