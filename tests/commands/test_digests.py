import pytest

from storage import channels, matches, posts
from storage.database import Database
from storage.models import ChannelId
from tests import records
from tests.commands import chatting

MARKET = records.channel_info(11, username="market_square", title="Базарная площадь")


async def one_flagged_post(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(MARKET)
    async with database.transaction() as tx:
        post = records.post(1, "Ротация прошла спокойно.", channel_id=11, date=records.NOW - 3600)
        put = await posts.put(tx, post, language="ru", now=records.NOW)
        await matches.replace(tx, put.post_id, (records.match(),))
        await channels.checked(tx, ChannelId(11), now=records.NOW)


async def test_the_digest_of_today_comes_without_more_words(chat: chatting.Chatting, database: Database) -> None:
    await one_flagged_post(chat, database)
    messages = await chat.says("/digest")
    assert any("t.me/market_square/1" in str(entity.url) for message in messages for entity in message.entities)
    assert sum(message.picture is not None for message in messages) == 1


async def test_the_digest_of_yesterday_knows_nothing_of_today(chat: chatting.Chatting, database: Database) -> None:
    await one_flagged_post(chat, database)
    messages = await chat.says("/digest yesterday")
    assert not any("t.me/market_square/1" in str(entity.url) for message in messages for entity in message.entities)


async def test_a_digest_of_one_topic(chat: chatting.Chatting, database: Database) -> None:
    await one_flagged_post(chat, database)
    said = " ".join(message.text for message in await chat.says("/digest 7d rotation"))
    assert "Rotation" in said
    assert "Desertion" not in said


async def test_what_is_neither_day_nor_topic_is_explained(chat: chatting.Chatting) -> None:
    said = await chat.hears("/digest weather")
    assert said.startswith("“weather” is neither a day nor a topic (desertion, mobilization, rotation)")


async def test_a_digest_of_one_channel(chat: chatting.Chatting, database: Database) -> None:
    await one_flagged_post(chat, database)
    await chat.follows(records.channel_info(12, username="other", title="Другой канал"))
    said = [message.text for message in await chat.says("/digest 7d Базарная")]
    assert said[0].startswith("Thu 12 Nov 2026 – Wed 18 Nov 2026 · Базарная площадь · so far, 13:06 EET\n")
    assert "Другой" not in "".join(said)


async def test_pages_are_turned_in_place(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(*(records.channel_info(100 + number, title=f"Канал {number}") for number in range(20)))
    async with database.transaction() as tx:
        for number in range(20):
            text = f"Ротация {number}. " + "Слово за слово. " * 3
            post = records.post(1, text, channel_id=100 + number, date=records.NOW - 60 * number)
            put = await posts.put(tx, post, language="ru", now=records.NOW)
            await matches.replace(tx, put.post_id, (records.match(),))
    _, first = await chat.says("/digest today rotation")
    (*_, onward), *_ = first.buttons
    assert (onward.label, onward.data) == ("›", "digest:739938:1:trotation:1")
    pressed, sent = await chat.presses(onward.data)
    assert pressed is not None
    assert pressed.replace is not None
    assert sent == []
    assert pressed.replace.text != first.text
    back = pressed.replace.buttons[0][0]
    assert (back.label, back.data) == ("‹", "digest:739938:1:trotation:0")


@pytest.mark.parametrize("forged", ["digest:1", "digest:739938:1::x", "digest:::1", "digest:739938:1:c999:1"])
async def test_a_forged_page_does_nothing(chat: chatting.Chatting, forged: str) -> None:
    await chat.says("/start")
    pressed, sent = await chat.presses(forged)
    assert pressed is not None
    assert (pressed.replace, pressed.notice, sent) == (None, None, [])
