"""What a search finds in the texts of posts as they are and as they were, newest first or by relevance."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from storage import database, search
from storage.database import Connection
from storage.models import ChannelId, PostId

Order = Literal["newest", "relevance"]

COUNTED: dict[Order, int] = {"newest": 10_000, "relevance": 100_000}
"""More hits than these are not counted to the end: the newest are there at once, and should not wait for the count."""
RANKED = 10_000
"""Of more hits than `COUNTED` says, so many, the newest, are put in order of relevance."""
_QUARTER = 900
LATEST = 2**62
"""After the last second that anything can be from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words one after the other; with `prefix` the last one may go on."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is searched for: one of each of `every`, and none of `without`.

    `topics`, `channels`, `languages`: one of them, where any is named. `start` ≤ date < `end`, UTC seconds.
    """

    every: tuple[tuple[Phrase, ...], ...] = ()
    without: tuple[Phrase, ...] = ()
    topics: tuple[str, ...] = ()
    channels: tuple[ChannelId, ...] = ()
    languages: tuple[str, ...] = ()
    start: int = 0
    end: int = LATEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A post that was found; `current` False: in an earlier text of it alone."""

    post_id: PostId
    current: bool


_MATCHING = "MATCH :match AND rowid >= :low AND rowid < :high"
_NEWEST = f"""
SELECT post_id, max(current) AS current FROM (
    SELECT * FROM (SELECT rowid, 1 AS current FROM search_current WHERE search_current {_MATCHING}
        ORDER BY rowid DESC LIMIT :upto)
    UNION ALL
    SELECT * FROM (SELECT rowid, 0 AS current FROM search_before WHERE search_before {_MATCHING}
        ORDER BY rowid DESC LIMIT :upto)
) AS found JOIN search_docs ON search_docs.id = found.rowid
GROUP BY search_docs.id ORDER BY search_docs.id DESC LIMIT :limit OFFSET :offset"""
# What an earlier text alone says comes after what is said now. Beside max(), SQLite gives `badness` of the same row.
_RELEVANT = f"""
SELECT post_id, max(current) AS current, badness FROM (
    SELECT * FROM (SELECT rowid, 1 AS current, bm25(search_current, 1, 0) AS badness FROM search_current
        WHERE search_current {_MATCHING} ORDER BY badness, rowid DESC LIMIT :upto)
    UNION ALL
    SELECT * FROM (SELECT rowid, 0 AS current, bm25(search_before, 1, 0) AS badness FROM search_before
        WHERE search_before {_MATCHING} ORDER BY badness, rowid DESC LIMIT :upto)
) AS found JOIN search_docs ON search_docs.id = found.rowid
GROUP BY search_docs.id ORDER BY current DESC, badness, search_docs.id DESC LIMIT :limit OFFSET :offset"""


async def find(
    connection: Connection, wanted: Wanted, *, order: Order, limit: int, offset: int = 0, newest: int = LATEST
) -> tuple[Hit, ...]:
    """Return hits `offset` to `offset + limit`, each post once.

    Args:
        connection: of the database.
        wanted: what is searched for.
        order: by date, the newest first, or by relevance: of more hits than `COUNTED` the newest `RANKED` alone.
        limit: how many.
        offset: how many come before.
        newest: what `newest` returned when the search began: later posts are left out.
    """
    values = {**_values(wanted, newest), "upto": offset + limit, "limit": limit, "offset": offset}
    if order == "relevance":
        values["low"] = max(values["low"], await _ranked_from(connection, wanted, newest))
    found = await database.rows(connection, _NEWEST if order == "newest" else _RELEVANT, values)
    return tuple(Hit(post_id=row["post_id"], current=bool(row["current"])) for row in found)


async def count(connection: Connection, wanted: Wanted, *, most: int, newest: int = LATEST) -> int:
    """Count the posts that `find` finds, up to `most`; where there are more, `most` + 1 is returned."""
    (found,) = await database.rows(
        connection,
        # Each index is gone through once, for that is what takes time where there are millions of posts.
        f"""WITH
            now AS MATERIALIZED (SELECT rowid AS id FROM search_current WHERE search_current {_MATCHING} LIMIT :most),
            before AS MATERIALIZED (SELECT rowid AS id FROM search_before WHERE search_before {_MATCHING} LIMIT :most)
        SELECT (SELECT count(*) FROM now) + (SELECT count(*) FROM before WHERE id NOT IN (SELECT id FROM now)) AS hits
        """,
        {**_values(wanted, newest), "most": most + 1},
    )
    hits: int = found["hits"]
    return min(hits, most + 1)


async def day_counts(connection: Connection, wanted: Wanted, bounds: Sequence[int]) -> tuple[int, ...]:
    """Count the posts that `find` finds in each interval between neighbours of `bounds`, and no others.

    Args:
        connection: of the database.
        wanted: what is searched for.
        bounds: UTC seconds, ascending; whole quarters of an hour, as the days of every time zone are.
    """
    counted = [0] * (len(bounds) - 1)
    within = replace(wanted, start=max(wanted.start, bounds[0]), end=min(wanted.end, bounds[-1]))
    for row in await database.rows(
        connection,
        f"""SELECT rowid / {search.SECOND * _QUARTER} AS quarter, count(*) AS posts FROM (
            SELECT rowid FROM search_current WHERE search_current {_MATCHING}
            UNION SELECT rowid FROM search_before WHERE search_before {_MATCHING}
        ) GROUP BY quarter""",
        _values(within, LATEST),
    ):
        counted[bisect_right(bounds, row["quarter"] * _QUARTER) - 1] += row["posts"]
    return tuple(counted)


async def newest(connection: Connection) -> int:
    """Return what `find` takes to leave out the posts that come in later."""
    found = await database.rows(connection, "SELECT coalesce(max(id), 0) + 1 AS after FROM search_docs")
    after: int = found[0]["after"]
    return after


async def _ranked_from(connection: Connection, wanted: Wanted, newest: int) -> int:
    """Return the id from which on hits are ranked: 0 unless there are more than `COUNTED`."""
    bounds = f"""SELECT rowid FROM search_current WHERE search_current {_MATCHING}
        ORDER BY rowid DESC LIMIT 1 OFFSET :before"""
    values = _values(wanted, newest)
    if await database.row(connection, bounds, {**values, "before": COUNTED["relevance"]}) is None:
        return 0
    found = await database.rows(connection, bounds, {**values, "before": RANKED - 1})
    first: int = found[0]["rowid"]
    return first


def _values(wanted: Wanted, newest: int) -> dict[str, Any]:
    low, high = wanted.start * search.SECOND, min(wanted.end, LATEST // search.SECOND) * search.SECOND
    return {"match": _match(wanted), "low": low, "high": min(high, newest)}


def _match(wanted: Wanted) -> str:
    """Write what is searched for in the language of FTS5; all that was typed stands in quotes."""
    every = [f"text : ({_any(map(_phrase, phrases))})" for phrases in wanted.every]
    marks = (
        map(search.topic_mark, wanted.topics),
        map(search.channel_mark, wanted.channels),
        map(search.language_mark, wanted.languages),
    )
    every += [f"marks : ({_any(words)})" for words in map(list, marks) if words]
    said = " AND ".join(every)
    return f"({said}) NOT text : ({_any(map(_phrase, wanted.without))})" if wanted.without else said


def _any(words: Iterable[str]) -> str:
    return " OR ".join(words)


def _phrase(phrase: Phrase) -> str:
    quoted = " ".join(phrase.words).replace('"', '""')
    return f'"{quoted}" *' if phrase.prefix else f'"{quoted}"'
