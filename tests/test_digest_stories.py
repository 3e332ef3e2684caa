"""What a digest tells of stories, of what became of posts, and of channels that were found."""

from dataclasses import replace
from datetime import date

from bot import digest, periods
from storage import channels, matches, posts, stories
from storage.database import Database
from storage.models import ChannelId, MessageId, Origin
from tests import records
from tests.test_digest import DAY, ENGLISH, KYIV, NOON, TOPICS, follow, store, texts_of


async def test_posts_of_one_story_are_told_as_one(database: Database) -> None:
    period = periods.of_day(date(2026, 11, 21), KYIV)
    async with database.transaction() as tx:
        for number in range(3):
            channel = await follow(tx, number, held_from=period.start, checked_at=NOON)
            await store(tx, channel, 1, date=period.start + 60 * number, topic="rotation", views=100)
        lead, *copies = [await posts.get(tx, ChannelId(100 + number), MessageId(1)) for number in range(3)]
        assert lead is not None
        story = await stories.begin(tx, lead.id, began_at=period.start - 3600, continues=None)
        for copy in copies:
            assert copy is not None
            await stories.join(tx, copy.id, story.id)
    (shown,) = await texts_of(database, period, now=NOON)
    assert "Rotation 3\n" in shown
    assert "Rotation · 1 story\n• 00:00 Канал 0\n" in shown
    assert "👁 300 views in 3 channels · also: Канал 1, Канал 2 · told since 20 Nov 23:00" in shown


async def test_one_channel_is_told_alone(database: Database) -> None:
    async with database.transaction() as tx:
        start = periods.of_day(date(2026, 11, 21), KYIV).start
        for number in range(2):
            channel = await follow(tx, number, held_from=start - 10 * DAY, checked_at=NOON)
            for days in range(7):
                await store(tx, channel, days + 1, date=start - days * DAY, topic="rotation")
                await store(tx, channel, days + 20, date=start - days * DAY, topic="rotation" if number else None)
        info = (await channels.every(tx))[1].info
    period = replace(periods.of_day(date(2026, 11, 21), KYIV), channel=info)
    (shown,) = await texts_of(database, period, now=NOON)
    assert shown.startswith("Sat 21 Nov 2026 · Канал 1\n2 posts read in 1 channel, 2 flagged\n")
    assert "Rotation 2 · ×1, usually 2" in shown
    assert "Канал 0" not in shown


async def test_what_was_edited_is_told_but_no_mended_comma(database: Database) -> None:
    period = periods.of_day(date(2026, 11, 21), KYIV)
    async with database.transaction() as tx:
        channel = await follow(tx, held_from=period.start, checked_at=NOON)
        for number, text in ((1, "Сегодня говорили о важном."), (2, "Сегодня, говорили о разном!")):
            await store(tx, channel, number, date=period.start, topic="rotation")
            edited = records.post(number, text, channel_id=channel, date=period.start, edited_at=period.start + 60)
            await posts.put(tx, edited, language="ru", now=period.start + 60)
    (shown,) = await texts_of(database, period, now=NOON)
    assert shown.count("✏️ edited 00:01") == 1
    assert "Changed after publication\n• 00:00 Канал 0 · ✏️ edited 00:01\nСегодня говорили о важном." in shown


async def test_channels_found_through_forwards_can_be_added(database: Database) -> None:
    period = periods.of_day(date(2026, 11, 21), KYIV)
    source = Origin(channel_id=ChannelId(77), message_id=None, title="Пыльный шлях", date=None, username="dusty_way")
    unnamed = Origin(channel_id=ChannelId(78), message_id=None, title=None, date=None)
    held = Origin(channel_id=ChannelId(100), message_id=None, title="Канал 0", date=None, username="channel_0")
    async with database.transaction() as tx:
        channel = await follow(tx, held_from=period.start, checked_at=NOON)
        for number, origin in enumerate((source, source, unnamed, held), start=1):
            post = records.post(number, "Сегодня.", channel_id=channel, date=period.start + number, origin=origin)
            put = await posts.put(tx, post, language="ru", now=NOON)
            await matches.replace(tx, put.post_id, [records.match("rotation")])
    (message,) = await digest.compose(database, ENGLISH, period, topics=TOPICS, now=NOON, zone=KYIV)
    assert "Found through forwards\n• Пыльный шлях: 2 flagged posts, forwarded by Канал 0\n" in message.text
    assert [[(button.label, button.data) for button in row] for row in message.buttons] == [
        [("➕ Watch Пыльный шлях", "add:77:dusty_way")]
    ]


async def test_of_many_deletions_the_most_seen_are_told_and_the_others_counted(database: Database) -> None:
    period = periods.of_day(date(2026, 11, 21), KYIV)
    async with database.transaction() as tx:
        channel = await follow(tx, held_from=period.start, checked_at=NOON)
        for number in range(1, 13):
            await store(tx, channel, number, date=period.start + 60 * number, topic="rotation", views=number)
        await posts.delete(tx, ChannelId(channel), [MessageId(number) for number in range(1, 13)], now=period.end - 1)
    messages = await digest.compose(database, ENGLISH, period, topics=TOPICS, now=NOON, zone=KYIV, paged=False)
    shown = "".join(message.text for message in messages)
    assert shown.count("🗑 deleted 23:59") == 8
    assert shown.index("• 00:12 Канал 0 · 🗑") < shown.index("• 00:05 Канал 0 · 🗑") < shown.index("and up to 4 more")
