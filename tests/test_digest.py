"""What is asked of a digest, what it is made of, and when the daily one is due."""

import re
import struct
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import catalogues, digest, periods, schedule
from bot.render.digest_data import Period
from storage import channels, chats, matches, outbox, posts
from storage.database import Connection, Database
from storage.models import ChannelId, ChatId, MessageId
from tests import records

KYIV = ZoneInfo("Europe/Kyiv")
TOPICS = ("mobilization", "rotation", "desertion")
EIGHT = time(8)
DAY = 86_400
ENGLISH = catalogues.load("en")


def at(zone: ZoneInfo, *parts: int) -> int:
    year, month, day, hour, minute = parts
    return int(datetime(year, month, day, hour, minute, tzinfo=zone).timestamp())


NOON = at(KYIV, 2026, 11, 22, 12, 0)


async def follow(tx: Connection, number: int = 0, *, held_from: int, checked_at: int) -> int:
    info = records.channel_info(100 + number, username=f"channel_{number}", title=f"Канал {number}")
    await channels.follow(tx, info, joined=True, now=held_from)
    await channels.set_held_from(tx, info.id, held_from)
    await channels.checked(tx, info.id, now=checked_at)
    return info.id


async def store(
    tx: Connection, channel_id: int, message_id: int, *, date: int, topic: str | None = None, views: int = 10
) -> None:
    text = "Сегодня говорили о разном."
    put = await posts.put(
        tx,
        records.post(message_id, text, channel_id=channel_id, date=date, views=views),
        language="ru",
        now=date,
    )
    if topic is not None:
        await matches.replace(tx, put.post_id, [records.match(topic)])


async def texts_of(database: Database, period: Period, *, now: int) -> list[str]:
    messages = await digest.compose(database, ENGLISH, period, topics=TOPICS, now=now, zone=KYIV)
    return [message.text for message in messages]


async def test_a_day_is_told_with_its_chart(database: Database) -> None:
    yesterday = periods.of_day(date(2026, 11, 21), KYIV)
    async with database.transaction() as tx:
        channel = await follow(tx, held_from=yesterday.start - 10 * DAY, checked_at=NOON)
        for number in range(10):
            await store(tx, channel, number + 1, date=yesterday.start - number * DAY - 1, topic="rotation")
        await store(tx, channel, 50, date=yesterday.start, topic="rotation", views=5)
        await store(tx, channel, 51, date=yesterday.end - 1, topic="rotation", views=7)
        await store(tx, channel, 52, date=yesterday.end, topic="rotation")
        await store(tx, channel, 53, date=yesterday.start + 5)
        await posts.delete(tx, ChannelId(channel), [MessageId(51)], now=yesterday.end - 1)
    first, *others = await digest.compose(database, ENGLISH, yesterday, topics=TOPICS, now=NOON, zone=KYIV)
    assert first.picture is not None
    assert struct.unpack(">I", first.picture[16:20]) == (1080,)
    assert others == []
    text, _, chain = first.text.partition(" · chain: 15 links, ")
    assert re.fullmatch(r"[0-9a-f]{8}…\n🔗 The chain of 1 channel has 15 links; .*: [0-9a-f]{64}", chain)
    assert text == (
        "Sat 21 Nov 2026\n3 posts read in 1 channel, 2 flagged\n"
        "Mobilization 0 · usually 0\nRotation 2 · ×2, usually 1\nDesertion 0 · usually 0\n"
        "🗑 1 deleted\n✓ The channel is complete.\n\n"
        "Rotation · 2 stories\n"
        "• 23:59 Канал 0 🗑\nСегодня говорили о разном.\n👁 7\n"
        "• 00:00 Канал 0\nСегодня говорили о разном.\n👁 5\n\n"
        "Changed after publication\n"
        "• 23:59 Канал 0 · 🗑 deleted 23:59\nСегодня говорили о разном.\n\n"
        "Channels\n✓ Канал 0 · 3 posts · 1 deleted\n"
        "watched since 11 Nov 00:00, posts held from 11 Nov 00:00 on · 14 posts held · the last of 21 Nov 00:00"
        " · checked 22 Nov 12:00"
    )


async def test_one_topic_is_told_alone(database: Database) -> None:
    period = periods.of_day(date(2026, 11, 21), KYIV, topic="rotation")
    async with database.transaction() as tx:
        channel = await follow(tx, held_from=period.start, checked_at=NOON)
        await store(tx, channel, 1, date=period.start, topic="rotation")
        await store(tx, channel, 2, date=period.start, topic="desertion")
    (shown,) = await texts_of(database, period, now=NOON)
    assert "2 posts read in 1 channel, 1 flagged for Rotation\nRotation 1\n" in shown
    assert "Desertion" not in shown


async def test_a_topic_that_is_no_longer_known_is_told_all_the_same(database: Database) -> None:
    period = periods.of_day(date(2026, 11, 21), KYIV)
    async with database.transaction() as tx:
        channel = await follow(tx, held_from=period.start, checked_at=NOON)
        await store(tx, channel, 1, date=period.start, topic="harvest")
    (shown,) = await texts_of(database, period, now=NOON)
    assert "\nharvest 1\n" in shown


async def test_posts_most_seen_are_listed_first_and_the_rest_is_counted(database: Database) -> None:
    period = periods.of_day(date(2026, 11, 21), KYIV)
    async with database.transaction() as tx:
        channel = await follow(tx, held_from=period.start, checked_at=NOON)
        for number in range(30):
            await store(tx, channel, number + 1, date=period.start + number, topic="rotation", views=number)
    shown = "\n".join(await texts_of(database, period, now=NOON))
    assert shown.index("👁 29") < shown.index("👁 28") < shown.index("👁 20")
    assert "👁 19" not in shown
    assert "and 20 more: /digest 2026-11-21 rotation" in shown


async def test_with_few_days_held_nothing_is_called_usual(database: Database) -> None:
    period = periods.of_day(date(2026, 11, 21), KYIV)
    async with database.transaction() as tx:
        channel = await follow(tx, held_from=period.start - 4 * DAY, checked_at=NOON)
        await store(tx, channel, 1, date=period.start, topic="rotation")
    assert "usually" not in (await texts_of(database, period, now=NOON))[0]


async def test_an_imported_history_counts_for_what_is_usual(database: Database) -> None:
    period = periods.of_day(date(2026, 11, 21), KYIV)
    async with database.transaction() as tx:
        channel = await follow(tx, held_from=period.start, checked_at=NOON)
        for number in range(11):
            await store(tx, channel, number + 1, date=period.start - number * DAY, topic="rotation")
    assert "Rotation 1 · ×1, usually 1" in (await texts_of(database, period, now=NOON))[0]


async def test_a_quiet_day_has_no_picture(database: Database) -> None:
    period = periods.of_day(date(2026, 11, 21), KYIV)
    async with database.transaction() as tx:
        channel = await follow(tx, held_from=period.start, checked_at=NOON)
        await store(tx, channel, 1, date=period.start)
    (message,) = await digest.compose(database, ENGLISH, period, topics=TOPICS, now=NOON, zone=KYIV)
    assert message.picture is None
    assert "quiet. 1 post read in 1 channel, none flagged." in message.text


async def test_an_empty_database_is_not_called_calm(database: Database) -> None:
    (shown,) = await texts_of(database, periods.of_day(date(2026, 11, 21), KYIV), now=NOON)
    assert shown == "Sat 21 Nov 2026: nothing was read, because no channel is followed yet: /add"


# When the daily digest is due


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
        assert await digest.next_due(tx, at=EIGHT, now=now) == at(KYIV, 2026, 11, 21, 15, 0)


async def test_with_nobody_let_in_none_is_ever_due(database: Database) -> None:
    async with database.reading() as connection:
        assert await digest.due(connection, at=EIGHT, now=NOON) == ()
        assert await digest.next_due(connection, at=EIGHT, now=NOON) is None


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
