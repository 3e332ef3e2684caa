"""Drops the texts of old posts that were never flagged, a few at a time, so that nothing else waits for it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot import indexing
from bot.pipeline import searching
from storage import forgetting
from storage.database import Database

DAY_SECONDS = 24 * 3600
CHECK_SECONDS = 600
"""Between two looks whether posts have become too old."""
PAUSE_SECONDS = 0.1
"""Between two batches, for others that write."""
FIRST_BATCH, LARGEST_BATCH = 20, 100
SLOW_SECONDS, QUICK_SECONDS = 0.01, 0.005
"""A batch that takes longer is followed by one of half its size, one that is quicker by one of double."""


@dataclass(slots=True, kw_only=True)
class Retention:
    """Keeps posts that were never flagged for `days` days.

    `clock` gives UTC seconds, None while only this computer's clock is known: were it wrong by years, all would be
    dropped. `stopwatch` gives seconds that never jump. `batch`: how many posts the next step erases. `left`: whether
    words of what was erased are still in the file; `purged_at`: when by the stopwatch they were last written over.
    """

    database: Database
    days: int
    clock: Callable[[], int | None]
    stopwatch: Callable[[], float]
    batch: int = FIRST_BATCH
    left: bool = False
    purged_at: float | None = None

    async def run(self) -> None:
        """Drop what becomes too old, for ever.

        Raises:
            StorageError: The database cannot take it; what was erased until then stays so.
        """
        while True:
            erased = await step(self)
            if not erased:
                await purge(self)
            await asyncio.sleep(PAUSE_SECONDS if erased else CHECK_SECONDS)


async def step(retention: Retention) -> int:
    """Erase one batch of texts; return how many. Their hashes stay with the reason, so none is taken for missing."""
    now = retention.clock()
    if now is None:
        return 0
    before = now - retention.days * DAY_SECONDS
    async with retention.database.transaction() as tx:
        begun = retention.stopwatch()
        places = await forgetting.passing(tx, before=before, limit=retention.batch)
        await forgetting.forget(tx, places, why="age", now=now, fold=searching.folded)
    retention.left = retention.left or bool(places)
    retention.batch = next_size(retention.batch, retention.stopwatch() - begun)
    return len(places)


async def purge(retention: Retention) -> None:
    """Let nothing of what was erased be left in the index: once a day at most, for all of it is written anew."""
    at = retention.stopwatch()
    if retention.left and (retention.purged_at is None or at - retention.purged_at >= DAY_SECONDS):
        await indexing.purge(retention.database)
        retention.left, retention.purged_at = False, at


def next_size(batch: int, seconds: float) -> int:
    """Say how many posts are erased at once after `batch` took `seconds`: so few that nothing else has to wait."""
    if seconds > SLOW_SECONDS:
        return max(1, batch // 2)
    return min(LARGEST_BATCH, batch * 2) if seconds < QUICK_SECONDS else batch
