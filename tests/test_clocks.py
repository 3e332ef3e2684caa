"""The daily digest over every change of the clock: each day once and whole, also for who sleeps or moves meanwhile."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import digest, schedule
from bot.digest import Due
from storage import chats
from storage.database import Database
from storage.models import ChatId
from tests import records

CHAT = ChatId(1)
QUARTER, HOUR, DAY = 900, 3600, 24 * 3600
KYIV, MOSCOW, NEW_YORK = "Europe/Kyiv", "Europe/Moscow", "America/New_York"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Five days in a zone, of which one is longer or shorter than others; or none is."""

    zone: str
    middle: date
    hours: int

    @property
    def days(self) -> list[date]:
        return [self.middle + timedelta(days=number) for number in range(-2, 3)]


WEEKS = (
    Week(zone=KYIV, middle=date(2026, 3, 29), hours=23),
    Week(zone=KYIV, middle=date(2026, 10, 25), hours=25),
    Week(zone=NEW_YORK, middle=date(2026, 3, 8), hours=23),
    Week(zone=NEW_YORK, middle=date(2026, 11, 1), hours=25),
    Week(zone=MOSCOW, middle=date(2026, 3, 29), hours=24),
    Week(zone=MOSCOW, middle=date(2028, 2, 29), hours=24),
    Week(zone=KYIV, middle=date(2028, 2, 29), hours=24),
    Week(zone=NEW_YORK, middle=date(2026, 12, 31), hours=24),
)
CLOCKS = (time(0), time(2, 30), time(3, 30), time(8), time(23, 45))


async def let_in(database: Database, zone: str, now: int) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=CHAT, role="owner", language="en", timezone=zone, now=now)


async def sent(database: Database, nows: Iterable[int], *, clock: time) -> list[tuple[int, Due]]:
    """Look whether a digest is due at each of these times, and queue what is; say when and which."""
    found = []
    async with database.transaction() as tx:
        for now in nows:
            for due in await digest.due(tx, at=clock, now=now):
                assert await digest.queue(tx, due, [records.message()], now=now)
                found.append((now, due))
    return found


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("week", WEEKS)
async def test_each_day_is_told_once_and_whole_at_its_time(database: Database, week: Week, clock: time) -> None:
    zone = ZoneInfo(week.zone)
    start, end = schedule.day_bounds(week.days[0], zone)[0], schedule.day_bounds(week.days[-1], zone)[1]
    await let_in(database, week.zone, start)
    told = await sent(database, range(start, end + 24 * HOUR, QUARTER), clock=clock)
    days = [due.period for _, due in told if due.period.first in week.days]
    assert [period.first for period in days] == week.days
    assert [(period.end - period.start) // HOUR for period in days] == [24, 24, week.hours, 24, 24]
    assert all(before.end == after.start for before, after in itertools.pairwise(days))
    for now, due in told[1:]:
        shown = datetime.fromtimestamp(now, zone)
        assert shown.date() == due.period.last + timedelta(days=1)
        assert shown.time() == clock or (shown.date() == week.middle and week.hours == 23)  # skipped that night


@pytest.mark.parametrize("week", WEEKS)
async def test_who_slept_through_it_is_told_on_waking_of_the_day_it_should_have_been(
    database: Database, week: Week
) -> None:
    zone = ZoneInfo(week.zone)
    start = schedule.day_bounds(week.days[0], zone)[0]
    await let_in(database, week.zone, start)
    waking = schedule.day_bounds(week.middle + timedelta(days=1), zone)[0] + 13 * HOUR
    told = await sent(database, (waking, waking + 60, waking + HOUR), clock=time(8))
    assert [(now, due.period.first) for now, due in told] == [(waking, week.middle)]
    assert (told[0][1].period.end - told[0][1].period.start) // HOUR == week.hours


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("zone", [KYIV, MOSCOW, NEW_YORK])
async def test_each_week_is_told_once_and_whole_on_the_monday_after(database: Database, zone: str, clock: time) -> None:
    first = date(2026, 3, 2)  # a Monday; the clocks of two of these zones change in the weeks that follow
    start, last = schedule.day_bounds(first, ZoneInfo(zone))[0], date(2026, 4, 6)
    await let_in(database, zone, start + DAY)
    async with database.transaction() as tx:
        await chats.set_weekly(tx, CHAT, weekly=True)
    looks = range(start + DAY + 3 * QUARTER, schedule.day_bounds(last, ZoneInfo(zone))[1], HOUR)
    told = await sent(database, looks, clock=clock)
    assert [due.period.first for _, due in told] == [first + timedelta(weeks=number) for number in range(5)]
    assert all(due.period.last == due.period.first + timedelta(days=6) for _, due in told)
    assert all(before.period.end == after.period.start for (_, before), (_, after) in itertools.pairwise(told))
    assert {datetime.fromtimestamp(now, ZoneInfo(zone)).weekday() for now, _ in told} == {0}


async def test_who_turns_from_weeks_to_days_and_back_is_told_nothing_twice(database: Database) -> None:
    monday = schedule.day_bounds(date(2026, 11, 16), ZoneInfo(KYIV))[0]
    await let_in(database, KYIV, monday - 7 * DAY)
    told = await sent(database, range(monday, monday + 2 * DAY, HOUR), clock=time(8))
    for weekly in (True, False):
        async with database.transaction() as tx:
            await chats.set_weekly(tx, CHAT, weekly=weekly)
        told += await sent(database, range(monday + 2 * DAY, monday + 3 * DAY, HOUR), clock=time(8))
    assert [due.period.first.day for _, due in told] == [14, 15, 16, 17]


@pytest.mark.parametrize("moves", list(itertools.permutations((KYIV, MOSCOW, NEW_YORK), 2)))
@pytest.mark.parametrize("middle", [date(2026, 3, 29), date(2026, 11, 1)])
@pytest.mark.parametrize("hour", [7, 8, 16])
async def test_who_changes_the_zone_between_two_digests_gets_no_day_twice_and_none_not_at_all(
    database: Database, moves: tuple[str, str], middle: date, hour: int
) -> None:
    before, after = moves
    start = schedule.day_bounds(middle - timedelta(days=2), ZoneInfo(before))[0]
    moved = schedule.day_bounds(middle, ZoneInfo(before))[0] + hour * HOUR
    await let_in(database, before, start)
    told = await sent(database, range(start, moved, QUARTER), clock=time(8))
    async with database.transaction() as tx:
        await chats.set_timezone(tx, CHAT, after, own=True)
    told += await sent(database, range(moved, moved + 72 * HOUR, QUARTER), clock=time(8))
    last = [due.period.last for _, due in told]
    assert last == [last[0] + timedelta(days=number) for number in range(len(last))]
    assert last[-1] >= middle + timedelta(days=1)
    assert len({due.key for _, due in told}) == len(told)
