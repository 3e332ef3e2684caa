"""Running a rule over what is stored, day by day, until the end or until somebody cancels it."""

import asyncio
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot import backtest
from bot.backtest import Found, Trial
from bot.pipeline import lexicon, query
from storage import channels, matches, posts
from storage.database import Database
from tests import records
from tests.commands import chatting

DAY = 24 * 3600


def trial(rule: str, *, days: int = 3) -> Trial:
    read = [lexicon.RuleText(topic="", language="ru", text=rule, node=query.parse(rule, {}))]
    book = lexicon.compile_rules(read, chatting.PlainWords())
    return Trial(book=book, days=days, now=records.NOW, zone=ZoneInfo("UTC"))


async def fill(database: Database, *, each: int = 2) -> None:
    """`each` posts on each of the last three days; every second one speaks of water."""
    async with database.transaction() as tx:
        await channels.follow(tx, records.channel_info(), joined=True, now=records.NOW)
        for number in range(3 * each):
            text = "Отключили воду." if number % 2 else "Дали свет."
            post = records.post(number + 1, text, date=records.NOW - (2 - number // each) * DAY)
            put = await posts.put(tx, post, language="ru", now=records.NOW)
            if number == 1:
                await matches.replace(tx, put.post_id, (records.match("rotation"),))


class Watcher:
    """Hears how far it is, and may cancel."""

    def __init__(self, *, cancels: bool = False) -> None:
        self.heard: list[tuple[int, int]] = []
        self.stop = asyncio.Event()
        self.cancels = cancels

    async def hear(self, looked: int, days: int) -> None:
        self.heard.append((looked, days))
        if self.cancels:
            self.stop.set()

    async def runs(self, database: Database, trial: Trial) -> Found:
        return await backtest.run(database, trial, stop=self.stop, shown=self.hear)


async def test_hits_are_counted_by_day_and_by_what_flags_them_already(database: Database) -> None:
    await fill(database)
    found = await Watcher().runs(database, trial("воду"))
    assert (found.looked, found.hits, found.whole) == (6, 3, True)
    assert found.days == (date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18))
    assert found.counts == (1, 1, 1)
    assert (found.overlap, found.fresh) == ({"rotation": 1}, 2)
    assert [sample.post.message_id for sample in found.samples] == [6, 4, 2]
    assert [match.term for match in found.samples[0].matches] == ["воду"]


async def test_only_the_days_asked_for_are_looked_at(database: Database) -> None:
    await fill(database)
    assert (await Watcher().runs(database, trial("воду", days=1))).looked == 2


async def test_samples_are_spread_over_the_whole_time(database: Database) -> None:
    await fill(database, each=40)
    found = await Watcher().runs(database, trial("воду"))
    assert [sample.post.message_id for sample in found.samples] == [120, 90, 60, 30, 2]


async def test_it_says_now_and_then_how_far_it_is(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(database)
    monkeypatch.setattr(backtest, "POSTS_BETWEEN_WORDS", 3)
    watcher = Watcher()
    await watcher.runs(database, trial("воду"))
    assert watcher.heard == [(4, 2)]


async def test_cancelled_it_gives_what_it_found_until_then(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(database)
    monkeypatch.setattr(backtest, "POSTS_BETWEEN_WORDS", 2)
    found = await Watcher(cancels=True).runs(database, trial("воду"))
    assert (found.whole, found.counts) == (False, (1, 0, 0))
