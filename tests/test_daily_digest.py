"""When each chat gets its daily digest, and of what."""

import asyncio
import itertools
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import digest, schedule
from storage import chats, outbox
from storage.database import Connection, Database, open_database
from storage.models import ChatId
from tests import records

KYIV = ZoneInfo("Europe/Kyiv")
EIGHT = time(8)
HOUR, DAY = 3600, 86_400


def at(zone: ZoneInfo, *parts: int) -> int:
    year, month, day, hour, minute = parts
    return int(datetime(year, month, day, hour, minute, tzinfo=zone).timestamp())


NOON = at(KYIV, 2026, 11, 22, 12, 0)


async def pair(tx: Connection, chat: int = 1, *, at_time: int, timezone: str = "Europe/Kyiv") -> None:
    await chats.pair(tx, chat_id=ChatId(chat), role="owner", language="en", timezone=timezone, now=at_time)


async def send_due(database: Database, now: int, *, clock: time = EIGHT) -> list[str]:
    """Queue what is due at `now`, and say of which days."""
    async with database.transaction() as tx:
        found = await digest.due(tx, at=clock, now=now)
        for one in found:
            assert await digest.queue(tx, one, [records.message(), records.message("more")], now=now)
    return [one.period.first.isoformat() for one in found]


async def test_the_digest_of_a_day_is_due_on_the_next_morning_once(database: Database) -> None:
    async with database.transaction() as tx:
        await pair(tx, at_time=at(KYIV, 2026, 11, 20, 9, 0))
    eight = at(KYIV, 2026, 11, 21, 8, 0)
    assert await send_due(database, eight - 1) == []
    assert await send_due(database, eight) == ["2026-11-20"]
    assert await send_due(database, eight + 1) == []


async def test_of_several_missed_digests_the_last_is_sent_at_start(database: Database) -> None:
    async with database.transaction() as tx:
        await pair(tx, at_time=at(KYIV, 2026, 11, 1, 9, 0))
    start = at(KYIV, 2026, 11, 21, 19, 30)
    assert await send_due(database, start) == ["2026-11-20"]
    assert await send_due(database, start + 60) == []


async def test_a_chat_gets_no_digest_of_the_time_before_it_was_let_in(database: Database) -> None:
    paired = at(KYIV, 2026, 11, 21, 9, 0)
    async with database.transaction() as tx:
        await pair(tx, at_time=paired)
    assert await send_due(database, paired + 60) == []
    assert await send_due(database, at(KYIV, 2026, 11, 22, 8, 0)) == ["2026-11-21"]


async def test_each_chat_has_the_days_of_its_own_zone(database: Database) -> None:
    async with database.transaction() as tx:
        await pair(tx, 1, at_time=0)
        await pair(tx, 2, at_time=1, timezone="America/New_York")
        now = at(KYIV, 2026, 11, 21, 8, 0)
        found = await digest.due(tx, at=EIGHT, now=now)
        assert [(one.chat.id, one.period.first.day) for one in found] == [(1, 20), (2, 19)]


async def test_with_nobody_let_in_none_is_ever_due(database: Database) -> None:
    async with database.reading() as connection:
        assert await digest.due(connection, at=EIGHT, now=NOON) == ()


async def test_all_messages_of_a_digest_are_queued_or_none(database: Database) -> None:
    async with database.transaction() as tx:
        await pair(tx, at_time=0)
        (one,) = await digest.due(tx, at=EIGHT, now=NOON)
        messages = [records.message("first"), records.message("second")]
        assert await digest.queue(tx, one, messages, now=NOON)
        assert not await digest.queue(tx, one, messages, now=NOON + 1)
        waiting = await outbox.pending(tx, one.chat.id, now=NOON)
    assert [(message.kind, message.key, message.message.text) for message in waiting] == [
        ("digest", "digest:2026-11-21", "first"),
        ("digest", "digest:2026-11-21:2", "second"),
    ]


async def test_whoever_was_taken_out_while_a_digest_was_written_gets_none(database: Database) -> None:
    async with database.transaction() as tx:
        await pair(tx, at_time=0)
        (one,) = await digest.due(tx, at=EIGHT, now=NOON)
        await chats.remove(tx, one.chat.id)
        assert not await digest.queue(tx, one, [records.message()], now=NOON)


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Europe/Kyiv", date(2026, 3, 27)),
        ("Europe/Kyiv", date(2026, 10, 23)),
        ("America/New_York", date(2026, 3, 6)),
        ("America/New_York", date(2026, 10, 30)),
        ("Europe/Moscow", date(2028, 2, 27)),
    ],
)
@pytest.mark.parametrize("clock", [time(0), time(2, 30), time(3, 30), time(23, 59)])
async def test_over_every_change_of_the_clock_each_day_has_one_digest(
    database: Database, zone: str, clock: time, start: date
) -> None:
    first = schedule.day_bounds(start, ZoneInfo(zone))[0]
    sent: list[date] = []
    async with database.transaction() as tx:
        await pair(tx, at_time=first, timezone=zone)
        for now in range(first, first + 5 * DAY, 1800):
            for one in await digest.due(tx, at=clock, now=now):
                assert await digest.queue(tx, one, [records.message()], now=now)
                sent.append(one.period.first)
    assert sent == [sent[0] + timedelta(days=number) for number in range(len(sent))]
    assert len(sent) >= 4


async def settle_in(database: Database, chat: int = 1, **changes: str | int) -> None:
    async with database.transaction() as tx:
        if "timezone" in changes:
            await chats.set_timezone(tx, ChatId(chat), str(changes["timezone"]), own=True)
        if "digest_at" in changes:
            await chats.set_digest_at(tx, ChatId(chat), int(changes["digest_at"]))


async def test_each_chat_has_its_digest_at_its_own_time(database: Database) -> None:
    async with database.transaction() as tx:
        await pair(tx, 1, at_time=0)
        await pair(tx, 2, at_time=1)
    await settle_in(database, 2, digest_at=21 * 60 + 30)
    now = at(KYIV, 2026, 11, 21, 8, 0)
    async with database.reading() as connection:
        found = await digest.due(connection, at=EIGHT, now=now)
        assert [(one.chat.id, one.period.first.day) for one in found] == [(1, 20), (2, 19)]


@pytest.mark.parametrize(("slept", "first"), [(1, 21), (3, 21), (7, 21), (9, 23)])
async def test_days_that_were_missed_are_told_of_in_the_next_digest_up_to_a_week(
    database: Database, slept: int, first: int
) -> None:
    async with database.transaction() as tx:
        await pair(tx, at_time=0)
    await send_due(database, at(KYIV, 2026, 11, 21, 8, 0))
    async with database.reading() as connection:
        (one,) = await digest.due(connection, at=EIGHT, now=at(KYIV, 2026, 11, 21 + slept, 12, 0))
    assert (one.period.first, one.period.last) == (date(2026, 11, first), date(2026, 11, 20 + slept))


async def test_in_quiet_hours_a_digest_comes_without_sound(database: Database) -> None:
    async with database.transaction() as tx:
        await pair(tx, at_time=0)
        await chats.set_quiet(tx, ChatId(1), (7 * 60, 9 * 60))
    for hour, silent in ((8, True), (10, False)):
        await send_due(database, at(KYIV, 2026, 11, 13 + hour, hour, 0))
        async with database.reading() as connection:
            *_, last = await outbox.pending(connection, ChatId(1), now=NOON + DAY)
        assert last.message.silent is silent


async def test_who_moves_west_has_the_hours_between_in_the_next_digest(database: Database) -> None:
    async with database.transaction() as tx:
        await pair(tx, at_time=0)
    assert await send_due(database, at(KYIV, 2026, 11, 21, 8, 0)) == ["2026-11-20"]
    await settle_in(database, timezone="America/Los_Angeles")
    west = ZoneInfo("America/Los_Angeles")
    assert await send_due(database, at(west, 2026, 11, 21, 8, 0)) == []  # of the 20th it was told already
    async with database.transaction() as tx:
        (one,) = await digest.due(tx, at=EIGHT, now=at(west, 2026, 11, 22, 8, 0))
    # 14:00 of the 20th in the west was the end of that day in Kyiv: from there on all is told.
    assert (one.period.first, one.period.last, one.period.asked) == (
        date(2026, 11, 20),
        date(2026, 11, 21),
        "2026-11-20..2026-11-21",
    )
    assert one.key == "digest:2026-11-21"


MOVES = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.sampled_from(["Europe/Kyiv", "America/Los_Angeles", "Asia/Tokyo", "Asia/Kathmandu", "Pacific/Kiritimati"]),
        st.integers(0, 23 * 60),
    ),
    max_size=6,
)


@example([(8, "America/Los_Angeles", 840)])
@example([(28, "Pacific/Kiritimati", 0), (40, "America/Los_Angeles", 121), (40, "Pacific/Kiritimati", 0)])
@given(MOVES)
@settings(max_examples=20)
def test_whoever_changes_zone_and_time_gets_no_digest_twice_and_no_hour_of_none(
    moves: list[tuple[int, str, int]],
) -> None:
    async def live() -> list[digest.Due]:
        begin = at(KYIV, 2026, 10, 20, 0, 0)
        with tempfile.TemporaryDirectory() as folder:
            async with open_database(Path(folder) / "homefront.db", now=begin) as database:
                async with database.transaction() as tx:
                    await pair(tx, at_time=begin)
                sent, now = [], begin
                for hours, zone, minutes in [*moves, (72, "Europe/Kyiv", 8 * 60)]:
                    for _ in range(hours):
                        now += HOUR
                        async with database.transaction() as tx:
                            for one in await digest.due(tx, at=EIGHT, now=now):
                                assert await digest.queue(tx, one, [records.message()], now=now)
                                sent.append(one)
                    await settle_in(database, timezone=zone, digest_at=minutes)
                return sent

    sent = asyncio.run(live())
    assert len({one.key for one in sent}) == len(sent)
    assert sent
    for before, after in itertools.pairwise(sent):
        assert before.period.end < after.period.end
        assert after.period.start <= before.period.end
