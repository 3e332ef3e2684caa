"""Old posts that were never flagged lose their texts, a few at a time."""

import asyncio
from collections.abc import Iterator
from itertools import count

import pytest

from bot import retention
from bot.retention import Retention
from storage import channels, matches, posts, revisions
from storage.database import Database
from storage.models import MessageId
from tests import records

NOW = records.NOW
DAY = 24 * 3600


def keeping(
    database: Database, *, days: int = 365, now: int | None = NOW, ticks: Iterator[float] | None = None
) -> Retention:
    steady = count(0.0, 0.008) if ticks is None else ticks
    return Retention(database=database, days=days, clock=lambda: now, stopwatch=lambda: next(steady))


async def fill(database: Database, ages: list[int], *, flagged: int = 0) -> None:
    """Hold posts so many days old, the first `flagged` of them flagged."""
    async with database.transaction() as tx:
        await channels.follow(tx, records.channel_info(), joined=True, now=NOW)
        for number, age in enumerate(ages, start=1):
            put = await posts.put(tx, records.post(number, date=NOW - age * DAY), language="ru", now=NOW)
            if number <= flagged:
                await matches.replace(tx, put.post_id, (records.match(),))


async def texts(database: Database, numbers: int) -> list[bool]:
    async with database.reading() as connection:
        held = [await posts.get(connection, records.CHANNEL, MessageId(n)) for n in range(1, numbers + 1)]
    return [bool(post and post.post.text) for post in held]


async def test_only_what_is_too_old_and_was_never_flagged_is_dropped(database: Database) -> None:
    await fill(database, [400, 366, 364, 1], flagged=1)
    assert await retention.step(keeping(database)) == 1
    assert await texts(database, 4) == [True, False, True, True]
    async with database.reading() as connection:
        dropped = await posts.get(connection, records.CHANNEL, MessageId(2))
        assert await revisions.verify(connection, records.CHANNEL) is None
    assert dropped is not None
    assert (dropped.forgotten_at, dropped.forgotten_why) == (NOW, "age")
    assert await retention.step(keeping(database)) == 0


async def test_the_setting_says_when(database: Database) -> None:
    await fill(database, [40, 20])
    assert await retention.step(keeping(database, days=30)) == 1
    assert await texts(database, 2) == [False, True]


async def test_while_the_time_is_not_known_nothing_is_dropped(database: Database) -> None:
    await fill(database, [400])
    assert await retention.step(keeping(database, now=None)) == 0
    assert await texts(database, 1) == [True]


async def test_it_goes_on_batch_by_batch_until_nothing_is_left(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(database, [400] * 50)
    monkeypatch.setattr(retention, "PAUSE_SECONDS", 0)
    keeper = keeping(database)
    assert keeper.batch == 20
    running = asyncio.create_task(keeper.run())
    while any(await texts(database, 50)):  # noqa: ASYNC110 -- nobody tells it
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait({running})
    assert keeper.batch == 20


async def test_batches_grow_and_shrink_with_the_time_they_take(database: Database) -> None:
    await fill(database, [400] * 60)
    quick = keeping(database, ticks=count(0.0, 0.001))
    assert await retention.step(quick) == 20
    assert quick.batch == 40
    slow = count(0.0, 0.1)
    quick.stopwatch = lambda: next(slow)
    assert await retention.step(quick) == 40
    assert quick.batch == 20


@pytest.mark.parametrize(
    ("batch", "seconds", "expected"), [(20, 0.004, 40), (60, 0.004, 100), (20, 0.008, 20), (21, 0.05, 10), (1, 9, 1)]
)
def test_the_size_of_a_batch_follows_its_time(batch: int, seconds: float, expected: int) -> None:
    assert retention.next_size(batch, seconds) == expected


async def test_the_words_of_what_was_dropped_are_written_over_once_a_day(database: Database) -> None:
    await fill(database, [400, 400])
    seconds = iter([0.0, 0.0, 5.0, 10.0, 10.0, 20.0, 80_000.0, 90_000.0])
    dropping = keeping(database, ticks=seconds)
    dropping.batch = 1
    await retention.step(dropping)
    await retention.purge(dropping)
    assert (dropping.left, dropping.purged_at) == (False, 5.0)
    await retention.step(dropping)
    await retention.purge(dropping)
    await retention.purge(dropping)
    assert (dropping.left, dropping.purged_at) == (True, 5.0)
    await retention.purge(dropping)
    assert (dropping.left, dropping.purged_at) == (False, 90_000.0)
