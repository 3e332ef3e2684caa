"""What is asked of a digest, what it is made of, and when the daily one is due."""

import re
import struct
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot import catalogues, digest, periods
from bot.render.digest_data import Period
from storage import channels, matches, posts
from storage.database import Connection, Database
from storage.models import ChannelId, MessageId
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
