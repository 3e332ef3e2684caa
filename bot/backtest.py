"""Runs a rule over what is stored: how much it would have flagged, and what of it other rules flag already."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot import schedule
from bot.pipeline import classify, lexicon
from storage import matches, posts, sweep
from storage.database import Database
from storage.models import Match, PostId, StoredPost
from storage.sweep import Held

SAMPLES = 5
POSTS_BETWEEN_BREATHS = 20
"""Matching holds the loop for a fraction of a millisecond a post; other work gets its turn after so many."""
POSTS_BETWEEN_WORDS = 10_000
"""After so many it says how far it is: a few seconds."""

Hits = dict[PostId, tuple[Match, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a rule finds.

    `looked`: posts with text in the period; `days` and `counts`: its hits day by day; `hits`: all of them; `overlap`:
    by topic, how many of them are flagged for it already; `fresh`: how many are flagged for none; `samples`: some,
    spread over the period, with what the rule matches in them; `whole` False: it was stopped before the end.
    """

    looked: int
    days: tuple[date, ...]
    counts: tuple[int, ...]
    overlap: Mapping[str, int]
    fresh: int
    samples: tuple[StoredPost, ...]
    whole: bool

    @property
    def hits(self) -> int:
        """Posts found."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A rule to run, as compiled, over the last `days` days up to now (UTC seconds) in `zone`."""

    book: lexicon.Lexicon
    days: int
    now: int
    zone: ZoneInfo


async def run(
    database: Database, trial: Trial, *, stop: asyncio.Event, shown: Callable[[int, int], Awaitable[None]]
) -> Found:
    """Run a trial to its end, or until `stop` is set.

    Args:
        database: where the posts are.
        trial: what to run over which days.
        stop: set by whoever no longer wants to know.
        shown: told now and then how many posts were looked at and how many days of all are done.
    """
    today = schedule.day_of(trial.now, trial.zone)
    days = [today - timedelta(days=back) for back in range(trial.days - 1, -1, -1)]
    counts = [0] * len(days)
    every: Hits = {}
    looked = told = 0
    for number, day in enumerate(days):
        async with database.reading() as connection:
            held = await sweep.texts(connection, *schedule.day_bounds(day, trial.zone))
        hits = await _of_day(trial.book, held, stop)
        counts[number] = len(hits)
        every |= hits
        looked += len(held)
        if stop.is_set():
            break
        if looked - told >= POSTS_BETWEEN_WORDS:
            told = looked
            await shown(looked, number + 1)
    return await _found(database, every, looked, days, counts, whole=not stop.is_set())


async def _of_day(book: lexicon.Lexicon, held: Sequence[Held], stop: asyncio.Event) -> Hits:
    hits: Hits = {}
    for number, one in enumerate(held):
        if number % POSTS_BETWEEN_BREATHS == 0:
            await asyncio.sleep(0)
            if stop.is_set():
                break
        if found := classify.match(book, one.text, one.language):
            hits[one.id] = found
    return hits


async def _found(
    database: Database, hits: Hits, looked: int, days: Sequence[date], counts: Sequence[int], *, whole: bool
) -> Found:
    async with database.reading() as connection:
        already = await matches.of_posts(connection, list(hits))
        chosen = await posts.by_ids(connection, _spread(list(hits)))
    topics = [{match.topic for match in of_post} for of_post in already.values()]
    return Found(
        looked=looked,
        days=tuple(days),
        counts=tuple(counts),
        overlap=dict(Counter(topic for one in topics for topic in one).most_common()),
        fresh=sum(not one for one in topics),
        samples=tuple(replace(stored, matches=hits[stored.id]) for stored in chosen),
        whole=whole,
    )


def _spread(ids: Sequence[PostId]) -> list[PostId]:
    """Choose some as far apart as they go, the newest first."""
    if len(ids) <= SAMPLES:
        return list(reversed(ids))
    return [ids[place * (len(ids) - 1) // (SAMPLES - 1)] for place in range(SAMPLES - 1, -1, -1)]
