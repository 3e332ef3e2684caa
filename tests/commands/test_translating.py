import asyncio

import pytest

from bot.commands.reader import Translated, Translation, Unavailable, Untranslated, Wait
from storage import chats, forgetting, outbox, translations
from storage.database import Database
from storage.models import ChannelId, Entity, MessageId
from tests import records
from tests.commands import alerted, chatting
from tests.commands.alerted import press, pressed

ORIGINAL = (
    "Desertion · Rotation\nБазарная площадь · @market_square\n18 Nov 13:06 EET · Russian · 10 views\n"
    "Сегодня в посёлке снова отключили воду.\nhttps://t.me/market_square/1"
)
IN_ENGLISH = ORIGINAL.replace(alerted.TEXT, "Water is off again.\nTranslated by Telegram from Russian")


async def test_a_translation_stands_in_place_and_leads_back(chat: chatting.Chatting, database: Database) -> None:
    post, before = await alerted.told(database)
    assert before.text == ORIGINAL
    notice, message = await press(chat, f"translate:{post}")
    assert notice is None
    assert message is not None
    assert message.text == IN_ENGLISH
    assert alerted.rows(message)[0] == ["🌐 Original", "🔕 Mute", "⭐ Save"]
    assert chat.reader.asked == [f"en: {alerted.TEXT}"]
    assert await press(chat, f"original:{post}") == (None, before)


async def test_formats_stand_where_their_words_are(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database)
    _, message = await press(chat, f"translate:{post}")
    assert message is not None
    units = message.text.encode("utf-16-le")

    def words(entity: Entity) -> str:
        return units[2 * entity.start : 2 * (entity.start + entity.length)].decode("utf-16-le")

    assert [(entity.kind, words(entity)) for entity in message.entities] == [
        ("bold", "Desertion · Rotation"),
        ("bold", "Базарная площадь"),
        ("quote", "Water is off again."),
        ("italic", "Translated by Telegram from Russian"),
        ("link", "https://t.me/market_square/1"),
    ]


async def test_a_vote_a_mute_and_a_translation_undo_none_of_the_others(
    chat: chatting.Chatting, database: Database
) -> None:
    post, _ = await alerted.told(database)
    for button in (f"vote:{post}:1", f"save:{post}", f"translate:{post}", f"mute:{post}:c:1"):
        _, message = await press(chat, button)
    assert message is not None
    assert message.text == IN_ENGLISH
    assert alerted.rows(message) == [["🌐 Original", "🔕 Muted", "⭐ Saved"], ["👍 ✓", "👎", "📋 Cite"]]


async def test_news_of_the_story_and_a_translation_stand_together(chat: chatting.Chatting, database: Database) -> None:
    post, before = await alerted.told(database)
    async with database.transaction() as tx:
        sent = await outbox.by_sent(tx, records.CHAT, alerted.SENT)
        assert sent is not None
        await outbox.add(
            tx,
            chat_id=records.CHAT,
            kind="update",
            key="update:1",
            random_id=2,
            message=records.message(f"{before.text}\nalso: Channel B +3 min", entities=before.entities),
            now=records.NOW,
            act="edit",
            depends_on=sent.id,
        )
    pressed_on, _ = await chat.presses(f"translate:{post}", message_id=alerted.SENT)
    assert pressed_on is not None
    assert pressed_on.replace is not None
    assert pressed_on.replace.text == f"{IN_ENGLISH}\nalso: Channel B +3 min"


async def test_what_one_chat_had_translated_is_not_asked_for_by_the_next(
    chat: chatting.Chatting, database: Database
) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=chatting.FRIEND, role="reader", language="en", timezone="UTC", now=records.NOW)
    post, _ = await alerted.told(database)
    await alerted.told(database, chat_id=chatting.FRIEND)
    await press(chat, f"translate:{post}")
    friend = chatting.Chatting(database, chat_id=chatting.FRIEND)
    _, message = await press(friend, f"translate:{post}")
    assert message is not None
    assert "Water is off again." in message.text
    assert friend.reader.asked == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Wait(seconds=90), "Telegram asks me to wait 90 seconds before I have more translated."),
        (Untranslated(reason="TRANSLATE_REQ_FAILED"), "Telegram does not translate this post just now."),
        (Unavailable(reason="TIMEOUT"), "I cannot reach Telegram for a translation right now."),
    ],
)
async def test_what_the_server_refuses_is_said_and_the_words_stay(
    chat: chatting.Chatting, database: Database, answer: Translation, said: str
) -> None:
    post, _ = await alerted.told(database)
    chat.reader.translation = answer
    notice, message = await press(chat, f"translate:{post}")
    assert notice is not None
    assert notice.startswith(said)
    assert len(notice) <= 200
    assert message is None


async def test_a_post_without_words_is_not_sent_to_be_translated(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database, text="\u200b \u202e")
    assert await press(chat, f"translate:{post}") == ("There are no words to translate in this post.", None)
    assert chat.reader.asked == []


async def test_a_post_in_the_language_of_the_chat_offers_no_translation(
    chat: chatting.Chatting, database: Database
) -> None:
    _, message = await alerted.told(database, language="en")
    assert alerted.rows(message) == [["🔕 Mute", "⭐ Save", "📋 Cite"], ["👍", "👎"]]


async def test_a_post_in_no_known_language_is_said_to_be_translated(
    chat: chatting.Chatting, database: Database
) -> None:
    post, _ = await alerted.told(database, language="und")
    _, message = await press(chat, f"translate:{post}")
    assert message is not None
    assert "\nTranslated by Telegram\n" in message.text


async def test_a_hostile_translation_is_only_text_and_keeps_the_rest(
    chat: chatting.Chatting, database: Database
) -> None:
    post, _ = await alerted.told(database)
    chat.reader.translation = Translated(text="\u202e<b>😀</b> [x](tg://user?id=1)" + " 😀" * 5000)
    _, message = await press(chat, f"translate:{post}")
    assert message is not None
    assert len(message.text.encode("utf-16-le")) <= 2 * 4096
    assert message.text.endswith("https://t.me/market_square/1")
    assert "\u202e" not in message.text
    assert {entity.kind for entity in message.entities} == {"bold", "quote", "italic", "link"}


@pytest.mark.parametrize("data", ["translate:77", "translate:", "original:77", "original:x"])
async def test_a_forged_button_translates_nothing(chat: chatting.Chatting, database: Database, data: str) -> None:
    await alerted.told(database)
    assert await pressed(chat, data) == (None, [])
    assert chat.reader.asked == []


async def test_two_taps_at_once_end_in_one_translation(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database)
    both = await asyncio.gather(*(chat.presses(f"translate:{post}", message_id=alerted.SENT) for _ in range(2)))
    assert {pressed.replace.text for pressed, _ in both if pressed and pressed.replace} == {IN_ENGLISH}


async def test_what_is_forgotten_while_it_is_translated_is_kept_nowhere(
    chat: chatting.Chatting, database: Database
) -> None:
    post, _ = await alerted.told(database)

    async def forget() -> None:
        async with database.transaction() as tx:
            place = forgetting.Place(id=post, channel_id=ChannelId(11), message_id=MessageId(1))
            await forgetting.forget(tx, (place,), why="owner", now=records.NOW, fold=str.lower)

    chat.reader.meanwhile = forget
    await press(chat, f"translate:{post}")
    async with database.reading() as connection:
        assert await translations.shown(connection, records.CHAT, post) is None
