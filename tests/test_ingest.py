"""Taking posts in: what is stored, what is flagged, who is told, all in one transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot import catalogues, ingest, pacing, rulebook
from storage import channels, chats, outbox, posts
from storage.database import Database
from storage.models import ChatId, Cursor, MessageId, Mute, MuteKind, OutboxMessage, Post
from tests import records

NOW = 1_780_000_000
OWNER, READER = ChatId(4001), ChatId(4002)
CHANNEL = records.channel_info()
FLAGGED = "Родные требуют ротации: муж на передовой третий год."
PLAIN = "Завтра в городе солнечно, ветер слабый."


@dataclass(slots=True)
class Bell:
    rung: int = field(default=0)

    def ring(self) -> None:
        self.rung += 1


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
async def teller(database: Database, rules: rulebook.Rulebook, bell: Bell) -> ingest.Teller:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=OWNER, role="owner", language="en", timezone="UTC", now=NOW)
        await channels.follow(tx, CHANNEL, joined=True, now=NOW)
    return ingest.Teller(rules=rules, catalogues={"en": catalogues.load("en")}, wake=bell.ring)


def post(number: int, text: str, **changes: object) -> Post:
    found = records.post(channel_id=CHANNEL.id, message_id=number, text=text, date=NOW)
    return replace(found, **changes)  # type: ignore[arg-type]


def batch(*found: Post, source: str = "live", **changes: object) -> ingest.Batch:
    return ingest.Batch(channel_id=CHANNEL.id, posts=found, source=source, **changes)  # type: ignore[arg-type]


async def queued(database: Database, chat_id: ChatId = OWNER) -> Sequence[OutboxMessage]:
    async with database.reading() as connection:
        return await outbox.pending(connection, chat_id, now=NOW)


async def mute(database: Database, kind: MuteKind, subject: str, *, until: int | None) -> None:
    async with database.transaction() as tx:
        await chats.mute(tx, Mute(chat_id=OWNER, kind=kind, subject=subject, until=until))


async def test_a_flagged_post_is_stored_and_told_and_the_delivery_woken(
    database: Database, teller: ingest.Teller, bell: Bell
) -> None:
    stored = await ingest.store(database, teller, batch(post(1, FLAGGED), post(2, PLAIN)), now=NOW)
    assert stored == ingest.Stored(new=2, edited=0, deleted=0, flagged=1, told=1)
    (message,) = await queued(database)
    assert message.subject is not None
    assert message.subject.topics == ("rotation",)
    assert not message.subject.late
    assert "ротации" in message.message.text
    assert bell.rung == 1


async def test_the_same_post_again_is_neither_stored_nor_told_twice(
    database: Database, teller: ingest.Teller, bell: Bell
) -> None:
    for _ in range(2):
        stored = await ingest.store(database, teller, batch(post(1, FLAGGED)), now=NOW)
    assert stored == ingest.Stored(new=0, edited=0, deleted=0, flagged=0, told=0)
    assert len(await queued(database)) == 1
    assert bell.rung == 1


async def test_the_same_message_id_in_two_channels_is_two_posts(database: Database, teller: ingest.Teller) -> None:
    other = records.channel_info(CHANNEL.id + 1, username="another")
    async with database.transaction() as tx:
        await channels.follow(tx, other, joined=True, now=NOW)
    await ingest.store(database, teller, batch(post(1, FLAGGED)), now=NOW)
    text = "Третий год без ротации: жёны мобилизованных пришли к зданию правительства."
    there = ingest.Batch(channel_id=other.id, posts=(post(1, text, channel_id=other.id),), source="live")
    assert (await ingest.store(database, teller, there, now=NOW)).told == 1
    assert len(await queued(database)) == 2


async def test_an_old_post_found_late_is_marked_for_the_summary(database: Database, teller: ingest.Teller) -> None:
    old = post(1, FLAGGED, date=NOW - pacing.LATE_SECONDS - 1)
    await ingest.store(database, teller, batch(old, source="history"), now=NOW)
    (message,) = await queued(database)
    assert message.subject is not None
    assert message.subject.late


async def test_an_edit_that_brings_a_match_is_told_as_such(database: Database, teller: ingest.Teller) -> None:
    old = NOW - 2 * pacing.LATE_SECONDS
    await ingest.store(database, teller, batch(post(1, PLAIN, date=old)), now=NOW)
    edit = post(1, FLAGGED, date=old, edited_at=NOW)
    stored = await ingest.store(database, teller, batch(edit), now=NOW)
    assert (stored.edited, stored.flagged, stored.told) == (1, 1, 1)
    (message,) = await queued(database)
    assert message.subject is not None
    assert not message.subject.late
    assert "edit" in message.message.text.lower()


async def test_an_edit_of_a_post_that_was_told_is_stored_without_a_second_alert(
    database: Database, teller: ingest.Teller, bell: Bell
) -> None:
    await ingest.store(database, teller, batch(post(1, FLAGGED)), now=NOW)
    stored = await ingest.store(database, teller, batch(post(1, FLAGGED + " Снова.", edited_at=NOW)), now=NOW)
    assert (stored.edited, stored.told) == (1, 0)
    assert [message.kind for message in await queued(database)] == ["alert"]
    assert bell.rung == 2


async def test_an_edit_that_takes_the_match_away_unflags_the_post(database: Database, teller: ingest.Teller) -> None:
    await ingest.store(database, teller, batch(post(1, FLAGGED)), now=NOW)
    await ingest.store(database, teller, batch(post(1, PLAIN, edited_at=NOW)), now=NOW)
    async with database.reading() as connection:
        held = await posts.get(connection, CHANNEL.id, MessageId(1))
    assert held is not None
    assert held.matches == ()


async def test_an_album_is_told_once_whichever_part_carries_the_words(
    database: Database, teller: ingest.Teller
) -> None:
    parts = [post(number, FLAGGED, grouped_id=77) for number in (1, 2)]
    assert (await ingest.store(database, teller, batch(*parts), now=NOW)).told == 1


async def test_an_import_tells_nobody(database: Database, teller: ingest.Teller, bell: Bell) -> None:
    stored = await ingest.store(database, teller, batch(post(1, FLAGGED), source="import"), now=NOW)
    assert (stored.flagged, stored.told, bell.rung) == (1, 0, 0)


async def test_every_chat_is_told_in_its_own_row(database: Database, teller: ingest.Teller) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=READER, role="reader", language="en", timezone="Europe/Kyiv", now=NOW)
    assert (await ingest.store(database, teller, batch(post(1, FLAGGED)), now=NOW)).told == 2
    assert [len(await queued(database, chat)) for chat in (OWNER, READER)] == [1, 1]


async def test_a_muted_channel_is_stored_but_not_told(database: Database, teller: ingest.Teller) -> None:
    await mute(database, "channel", str(CHANNEL.id), until=NOW + 60)
    stored = await ingest.store(database, teller, batch(post(1, FLAGGED)), now=NOW)
    assert (stored.flagged, stored.told) == (1, 0)


async def test_a_muted_topic_is_left_out_and_the_others_are_told(database: Database, teller: ingest.Teller) -> None:
    await mute(database, "topic", "rotation", until=None)
    both = "Мобилизованные просят ротации."
    await ingest.store(database, teller, batch(post(1, both), post(2, FLAGGED)), now=NOW)
    (message,) = await queued(database)
    assert message.subject is not None
    assert message.subject.topics == ("mobilization",)


async def test_a_mute_that_ran_out_holds_nothing_back(database: Database, teller: ingest.Teller) -> None:
    await mute(database, "channel", str(CHANNEL.id), until=NOW)
    assert (await ingest.store(database, teller, batch(post(1, FLAGGED)), now=NOW)).told == 1


async def test_a_deletion_keeps_the_text(database: Database, teller: ingest.Teller) -> None:
    await ingest.store(database, teller, batch(post(1, FLAGGED)), now=NOW)
    gone = batch(deleted=(MessageId(1), MessageId(9)))
    assert (await ingest.store(database, teller, gone, now=NOW + 5)).deleted == 1
    async with database.reading() as connection:
        held = await posts.get(connection, CHANNEL.id, MessageId(1))
    assert held is not None
    assert (held.post.text, held.deleted_at) == (FLAGGED, NOW + 5)


async def test_the_cursor_moves_with_the_posts_it_covers(database: Database, teller: ingest.Teller) -> None:
    cursor = Cursor(pts=12, complete_id=MessageId(1))
    await ingest.store(database, teller, batch(post(1, PLAIN), cursor=cursor), now=NOW)
    async with database.reading() as connection:
        channel = await channels.get(connection, CHANNEL.id)
    assert channel is not None
    assert channel.cursor == cursor


async def test_a_channel_that_nobody_knows_stores_nothing(database: Database, teller: ingest.Teller) -> None:
    stray = ingest.Batch(channel_id=records.channel_info(999).id, posts=(), source="live")
    with pytest.raises(LookupError):
        await ingest.store(database, teller, stray, now=NOW)


async def test_a_store_that_is_cancelled_leaves_all_or_nothing(database: Database, teller: ingest.Teller) -> None:
    whole = [post(number, FLAGGED) for number in range(1, 31)]
    cursor = Cursor(pts=30, complete_id=MessageId(30))
    for turns in range(0, 60, 3):
        task = asyncio.create_task(ingest.store(database, teller, batch(*whole, cursor=cursor), now=NOW))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with database.reading() as connection:
            channel = await channels.get(connection, CHANNEL.id)
            last = await posts.get(connection, CHANNEL.id, MessageId(30))
        assert channel is not None
        assert (channel.cursor == cursor) == (last is not None)
