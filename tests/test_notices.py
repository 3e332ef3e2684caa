"""What the owners are told by the bot itself."""

from datetime import UTC, datetime

from bot import notices
from storage import chats, outbox
from storage.database import Database
from storage.models import ChatId
from tests import records
from tests.commands import chatting

READER, OTHER = ChatId(2), ChatId(3)
BLIND = {"since": datetime.fromtimestamp(records.NOW, UTC)}


async def test_each_owner_is_told_in_his_language_by_his_clock_and_no_reader(database: Database) -> None:
    async with database.transaction() as tx:
        people = ((records.CHAT, "owner", "uk", "Europe/Kyiv"), (OTHER, "owner", "en", "UTC"))
        for chat_id, role, language, timezone in (*people, (READER, "reader", "en", "UTC")):
            await chats.pair(tx, chat_id=chat_id, role=role, language=language, timezone=timezone, now=records.NOW)  # type: ignore[arg-type]
        await notices.queue(tx, chatting.ALL, "reading.blind", BLIND, now=records.NOW)
        told = {chat: await outbox.pending(tx, chat, now=records.NOW) for chat in (records.CHAT, OTHER, READER)}
    assert told[records.CHAT][0].message.text.startswith("⚠️ З 13:06 EET ми нічого не бачимо")
    assert told[OTHER][0].message.text.startswith("⚠️ We are blind since 11:06 UTC")
    assert told[READER] == ()


async def test_in_quiet_hours_news_comes_without_sound(database: Database) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=OTHER, role="owner", language="en", timezone="UTC", now=records.NOW)
        await notices.queue(tx, chatting.ALL, "reading.blind", BLIND, now=records.NOW)
        await chats.set_quiet(tx, OTHER, (11 * 60, 12 * 60))
        await notices.queue(tx, chatting.ALL, "reading.blind", BLIND, now=records.NOW + 1)
        told = await outbox.pending(tx, OTHER, now=records.NOW + 1)
    assert [one.message.silent for one in told] == [False, True]
