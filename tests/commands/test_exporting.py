import csv
import io
import json
from dataclasses import replace

import pytest

from bot.commands import exporting
from storage import chats, posts
from storage.database import Database, run
from storage.models import ChannelId, ChatId, MessageId
from tests import records
from tests.commands import alerted, chatting

GROUP = ChatId(-77)


def told(content: bytes, separator: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


async def market(database: Database) -> None:
    """Three posts of today: one flagged, one flagged and deleted, one not flagged."""
    await alerted.told(database, text="Воды нет с утра.")
    await alerted.told(database, number=2, topics=("rotation",))
    async with database.transaction() as tx:
        await posts.put(tx, records.post(3, "Вода есть.", channel_id=11), language="ru", now=records.NOW)
        await posts.delete(tx, ChannelId(11), [MessageId(2)], now=records.NOW + 60)


async def test_flagged_posts_come_as_a_file(chat: chatting.Chatting, database: Database) -> None:
    await market(database)
    (message,) = await chat.says("/export today")
    assert message.document is not None
    assert message.document.name == "homefront-2026-11-18.csv"
    assert [(row["message_id"], row["text"]) for row in told(message.document.content)] == [
        ("1", "Воды нет с утра."), ("2", ""),
    ]  # fmt: skip
    assert message.text == (
        "2 posts, 18 Nov\n1 was deleted by its channel: its text is left out. “with-deleted” puts such texts in."
    )


async def test_a_topic_and_a_form_can_be_asked_for(chat: chatting.Chatting, database: Database) -> None:
    await market(database)
    (message,) = await chat.says("/export topic:des jsonl")
    assert message.document is not None
    assert message.document.name == "homefront-2026-11-12-2026-11-18-desertion.jsonl"
    assert [json.loads(line)["message_id"] for line in message.document.content.splitlines()] == [1]
    assert message.text == "1 post, 12 Nov – 18 Nov"


async def test_all_posts_can_be_asked_for(chat: chatting.Chatting, database: Database) -> None:
    await market(database)
    (message,) = await chat.says("/export all")
    assert message.document is not None
    assert message.document.name == "homefront-2026-11-12-2026-11-18-all.csv"
    assert [row["message_id"] for row in told(message.document.content)] == ["1", "2", "3"]


async def test_deleted_texts_are_for_the_owner_alone(chat: chatting.Chatting, database: Database) -> None:
    await market(database)
    await chat.says("/here", chat_id=GROUP, sender=records.CHAT)
    assert await chat.says("/export today with-deleted", chat_id=GROUP, sender=records.CHAT) == []
    message = (await chat.queued())[-1].message
    assert message.document is not None
    assert [row["text"] for row in told(message.document.content)] == ["Воды нет с утра.", alerted.TEXT]
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=chatting.FRIEND, role="reader", language="en", timezone="UTC", now=records.NOW)
    reader = chatting.Chatting(database, chat_id=chatting.FRIEND)
    assert (await reader.hears("/export today --with-deleted")).startswith("Texts that channels deleted are for")
    (message,) = await reader.says("/export today")
    assert message.document is not None
    assert message.text == "2 posts, 18 Nov\n1 was deleted by its channel: its text is left out."


async def test_a_russian_chat_gets_semicolons(
    chat: chatting.Chatting, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await market(database)
    async with database.transaction() as tx:
        await run(tx, "UPDATE chats SET language = 'ru'", {})
    russian = replace(chat.desk, catalogues={"ru": chatting.TEXTS, "en": chatting.TEXTS})
    monkeypatch.setattr(chatting.Chatting, "desk", russian)
    (message,) = await chat.says("/export today")
    assert message.document is not None
    assert [row["message_id"] for row in told(message.document.content, ";")] == ["1", "2"]


async def test_what_is_too_large_for_a_message_is_not_sent(
    chat: chatting.Chatting, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_BYTES", 100)
    await market(database)
    assert await chat.hears("/export today") == (
        "That is too large for a message: 18 Nov. Ask for fewer days or one topic, for example: /export 7d "
        "topic:rotation. On the computer, homefront export writes any amount."
    )


async def test_where_there_is_nothing_it_is_said(chat: chatting.Chatting) -> None:
    assert (await chat.hears("/export yesterday")).startswith("Nothing to export: no such posts on 17 Nov.")


async def test_a_channel_and_a_topic_can_be_asked_for_as_of_a_digest(
    chat: chatting.Chatting, database: Database
) -> None:
    await market(database)
    (message,) = await chat.says("/export rotation @market_square with-deleted")
    assert message.document is not None
    assert message.document.name == "homefront-2026-11-12-2026-11-18-rotation-market_square.csv"
    assert [row["message_id"] for row in told(message.document.content)] == ["1", "2"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("weather", "“weather” is neither a day nor a topic (desertion, mobilization, rotation) nor a channel"),
        ("topic:weather", "“weather” is neither a day nor a topic"),
        ("9999-11-21", "9999-11-21 has not begun yet. For example: /export today"),
        ("x" * 500, "…” is neither a day nor a topic"),
    ],
)
async def test_what_cannot_be_read_gets_a_sentence_with_an_example(
    chat: chatting.Chatting, typed: str, said: str
) -> None:
    heard = await chat.hears(f"/export {typed}")
    assert said in heard
    assert "/export" in heard
    assert len(heard) < 300
