"""Spikes, from the posts that are stored to the message that is queued."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import catalogues, schedule, spikes
from storage import channels, chats, matches, outbox, posts
from storage.database import Database, open_database
from storage.models import ChannelId, ChatId, Mute, MuteKind
from tests import records

KYIV = ZoneInfo("Europe/Kyiv")
TOPICS = ("desertion", "rotation")
DAY, WEEK, HOUR = 86_400, 7 * 86_400, 3600
NOON = int(datetime(2026, 11, 18, 12, 7, tzinfo=KYIV).timestamp())
OWNER, READER = ChatId(4001), ChatId(4002)
TEXTS = {"en": catalogues.load("en")}


async def watch(database: Database, number: int = 0, *, held_from: int = NOON - 10 * WEEK) -> ChannelId:
    info = records.channel_info(100 + number, username=f"channel_{number}", title=f"Канал {number}")
    async with database.transaction() as tx:
        await channels.follow(tx, info, joined=True, now=held_from)
        await channels.set_held_from(tx, info.id, held_from)
    return info.id


async def speak(database: Database, channel_id: int, *dates: int, topic: str = "rotation") -> None:
    async with database.transaction() as tx:
        for date in dates:
            post = records.post(
                date - NOON + 10**8, f"Сегодня говорят об этом, {date}.", channel_id=channel_id, date=date
            )
            put = await posts.put(tx, post, language="ru", now=date)
            await matches.replace(tx, put.post_id, [records.match(topic)])


async def let_in(database: Database, chat_id: ChatId = OWNER) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=chat_id, role="owner", language="en", timezone="Europe/Kyiv", now=NOON - WEEK)


async def looked(database: Database, now: int = NOON, *, zone: ZoneInfo = KYIV) -> tuple[str, ...]:
    return await spikes.look(database, TEXTS, topics=TOPICS, zone=zone, now=now)


async def told(database: Database, chat_id: ChatId = OWNER) -> list[str]:
    async with database.reading() as connection:
        return [row.message.text for row in await outbox.pending(connection, chat_id, now=NOON + WEEK)]


def burst(posts: int = 8, *, until: int = NOON) -> list[int]:
    return [until - 60 * number for number in range(posts)]


@pytest.fixture
async def room(database: Database) -> Database:
    """An owner, and a channel that spoke of rotation once in this hour of every week."""
    await let_in(database)
    channel = await watch(database)
    await speak(database, channel, *(schedule.weeks_before(NOON, weeks, KYIV) for weeks in range(1, 9)))
    return database


async def test_a_topic_that_runs_high_is_told_with_the_stories_that_drive_it(room: Database) -> None:
    await speak(room, 100, *burst())
    assert await looked(room) == ("rotation",)
    (said,) = await told(room)
    assert said.startswith(
        "📈 Rotation runs high: 8 posts between 11:15 and 12:07, usually 1 at this hour of the week.\n• "
    )
    assert said.count("• ") == 3
    assert said.endswith("\nHow it came to that: /trend rotation")


async def test_it_is_told_once_in_six_hours_also_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "restarted.db"
    async with open_database(path, now=NOON) as database:
        await let_in(database)
        await speak(database, await watch(database), *burst())
        assert await looked(database) == ("rotation",)
    async with open_database(path, now=NOON) as database:
        for minutes in range(1, 360, 10):
            await speak(database, 100, *burst(2, until=NOON + 60 * minutes))
            assert await looked(database, NOON + 60 * minutes) == ()
        assert await looked(database, NOON + 6 * HOUR) == ("rotation",)
        assert len(await told(database)) == 2


async def test_what_is_usual_for_the_hour_is_no_spike(room: Database) -> None:
    before = [schedule.weeks_before(NOON, weeks, KYIV) for weeks in range(8)]
    await speak(room, 100, *(at for noon in before for at in burst(until=noon)))
    assert await looked(room) == ()
    assert await told(room) == []


async def test_another_hour_of_the_week_says_nothing_of_this_one(room: Database) -> None:
    await speak(room, 100, *(at - WEEK * number - 2 * HOUR for number in range(1, 8) for at in burst()))
    await speak(room, 100, *burst())
    assert await looked(room) == ("rotation",)


async def test_the_hour_of_the_week_is_that_of_the_clock(database: Database) -> None:
    await let_in(database)
    channel = await watch(database)
    summer = NOON - 4 * WEEK - HOUR  # in October the clock in Kyiv was an hour ahead of November
    await speak(database, channel, *(at - WEEK * number for number in range(4) for at in burst(until=summer)))
    await speak(database, channel, *(at - WEEK * number for number in range(1, 4) for at in burst()))
    await speak(database, channel, *burst())
    assert await looked(database, zone=ZoneInfo("UTC")) == ("rotation",)
    assert await looked(database) == ()


async def test_a_channel_added_lately_raises_no_alarm(room: Database) -> None:
    channel = await watch(room, 1, held_from=NOON - 2 * WEEK)
    await speak(room, channel, *burst())
    assert await looked(room) == ()


@pytest.mark.parametrize("weeks", range(1, 9))
async def test_a_channel_that_is_always_loud_raises_no_alarm_however_long_it_is_watched(
    room: Database, weeks: int
) -> None:
    channel = await watch(room, 1, held_from=NOON - weeks * WEEK - DAY)
    loud = [NOON, *(schedule.weeks_before(NOON, number, KYIV) for number in range(1, weeks + 1))]
    await speak(room, channel, *(at for noon in loud for at in burst(until=noon)))
    assert await looked(room) == ()


async def test_in_the_first_weeks_nothing_is_called_usual(database: Database) -> None:
    await let_in(database)
    await speak(database, await watch(database, held_from=NOON - 2 * WEEK), *burst())
    assert await looked(database) == ()


@pytest.mark.parametrize(("kind", "subject"), [("topic", "rotation"), ("channel", "100")])
async def test_who_muted_what_drives_it_is_not_told(room: Database, kind: MuteKind, subject: str) -> None:
    await let_in(room, READER)
    async with room.transaction() as tx:
        await chats.mute(tx, Mute(chat_id=OWNER, kind=kind, subject=subject, until=None))
    await speak(room, 100, *burst())
    assert await looked(room) == ("rotation",)
    assert (len(await told(room)), len(await told(room, READER))) == (0, 1)


async def test_it_is_told_as_the_chat_wishes(room: Database) -> None:
    await speak(room, 100, *burst())
    async with room.transaction() as tx:
        for number in range(4):
            await chats.pair(
                tx, chat_id=ChatId(5001 + number), role="reader", language="en", timezone="Europe/Kyiv", now=NOON
            )
        await chats.set_mode(tx, ChatId(5001), "digest")
        await chats.set_topics(tx, ChatId(5002), ("desertion",))
        await chats.set_quiet(tx, ChatId(5003), (12 * 60, 14 * 60))
        await chats.set_silent_topics(tx, ChatId(5004), ("rotation",))
    assert await looked(room) == ("rotation",)
    async with room.reading() as connection:
        queued = [await outbox.pending(connection, ChatId(5001 + number), now=NOON + DAY) for number in range(4)]
    assert [len(rows) for rows in queued] == [0, 0, 1, 1]
    assert queued[2][0].not_before == NOON - 7 * 60 + 2 * HOUR
    assert (queued[3][0].not_before, queued[3][0].message.silent) == (NOON, True)
