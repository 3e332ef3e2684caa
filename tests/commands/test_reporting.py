import pytest

from bot import report
from storage import chats, posts
from storage.database import Database
from storage.models import ChannelId, ChatId, MessageId
from tests import records
from tests.commands import alerted, chatting

GROUP = ChatId(-77)


async def one_deleted_post(database: Database) -> None:
    await alerted.told(database)
    async with database.transaction() as tx:
        await posts.delete(tx, ChannelId(11), [MessageId(1)], now=records.NOW)


async def test_a_report_comes_as_a_file_for_a_browser(chat: chatting.Chatting, database: Database) -> None:
    await alerted.told(database)
    (message,) = await chat.says("/report 2026-11-18")
    assert message.document is not None
    assert message.document.name == "homefront-2026-11-18.html"
    assert "https://t.me/market_square/1" in message.document.content.decode()
    assert message.text == (
        "Flagged posts, Wed 18 Nov 2026\n\n"
        "1 post. Open the file in a browser: it has charts and a table to filter, and needs no internet."
    )


async def test_without_words_it_is_of_the_last_thirty_days(chat: chatting.Chatting, database: Database) -> None:
    await alerted.told(database)
    (message,) = await chat.says("/report")
    assert message.document is not None
    assert message.document.name == "homefront-2026-10-20-2026-11-18.html"


async def test_where_nothing_was_flagged_no_file_comes(chat: chatting.Chatting) -> None:
    (message,) = await chat.says("/report today rotation")
    assert message.document is None
    assert message.text == "Flagged posts, Wed 18 Nov 2026 · Rotation: none. 0 posts were read."


async def test_any_days_and_a_channel_can_be_asked_for(chat: chatting.Chatting, database: Database) -> None:
    await alerted.told(database)
    (message,) = await chat.says("/report 2024-01-01..today desertion @market_square")
    assert message.document is not None
    assert message.document.name == "homefront-2024-01-01-2026-11-18-desertion-market_square.html"
    assert message.text.startswith("Flagged posts, Mon 1 Jan 2024 – Wed 18 Nov 2026 · Desertion · Базарная площадь\n")


async def test_what_found_no_room_is_said_with_the_file(
    chat: chatting.Chatting, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "MOST_POSTS", 2)
    for number in (1, 2, 3):
        await alerted.told(database, number=number)
    (message,) = await chat.says("/report 52w")
    assert message.text.endswith(
        "⚠️ In it are the newest 2 flagged posts, from Wed 18 Nov 2026 on: 1 older one found no room. "
        "Ask for fewer days, one topic or one channel."
    )


async def test_the_text_of_deleted_posts_comes_only_when_the_owner_asks_for_it(
    chat: chatting.Chatting, database: Database
) -> None:
    await one_deleted_post(database)
    (without,) = await chat.says("/report today")
    (whole,) = await chat.says("/report today —with-deleted")
    assert without.document is not None
    assert whole.document is not None
    assert "отключили воду" not in without.document.content.decode()
    assert "отключили воду" in whole.document.content.decode()
    assert whole.text.endswith("It holds the text of deleted posts.")


async def test_what_the_owner_alone_may_see_goes_to_him_alone(chat: chatting.Chatting, database: Database) -> None:
    await one_deleted_post(database)
    await chat.says("/here", chat_id=GROUP, sender=records.CHAT)
    assert await chat.says("/report today with-deleted", chat_id=GROUP, sender=records.CHAT) == []
    assert [one.message.document is not None for one in await chat.queued()][-1]
    (here,) = await chat.says("/report today", chat_id=GROUP, sender=records.CHAT)
    assert here.document is not None


async def test_a_reader_gets_a_report_but_no_deleted_text(chat: chatting.Chatting, database: Database) -> None:
    await one_deleted_post(database)
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=chatting.FRIEND, role="reader", language="en", timezone="UTC", now=records.NOW)
    reader = chatting.Chatting(database, chat_id=chatting.FRIEND)
    assert (await reader.hears("/report today with-deleted")).startswith("Only the owner of this bot gets the text")
    (message,) = await reader.says("/report today")
    assert message.document is not None
    assert "отключили воду" not in message.document.content.decode()


async def test_what_is_no_period_is_explained(chat: chatting.Chatting) -> None:
    said = await chat.hears("/report weather")
    assert said.startswith("“weather” is neither a day nor a topic")
    assert "For example: /report yesterday" in said
