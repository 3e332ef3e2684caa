from dataclasses import replace

from storage import chats, posts, translations
from storage.database import Connection
from storage.models import ChatId
from storage.translations import Translation
from tests.records import CHAT, NOW, post

OTHER = ChatId(4_200_002)


async def translated(tx: Connection) -> Translation:
    put = await posts.put(tx, post(), language="ru", now=NOW)
    return Translation(post_id=put.post_id, language="en", source="abc", text="There is no water.")


async def test_a_translation_is_shown_until_it_is_hidden(tx: Connection) -> None:
    said = await translated(tx)
    assert await translations.shown(tx, CHAT, said.post_id) is None
    await translations.show(tx, CHAT, said)
    assert await translations.shown(tx, CHAT, said.post_id) == said
    await translations.hide(tx, CHAT, said.post_id)
    assert await translations.shown(tx, CHAT, said.post_id) is None
    await translations.show(tx, CHAT, replace(said, text="Water is off."))
    shown = await translations.shown(tx, CHAT, said.post_id)
    assert shown is not None
    assert shown.text == "Water is off."


async def test_the_same_words_in_the_same_language_are_found_for_any_chat(tx: Connection) -> None:
    said = await translated(tx)
    await translations.show(tx, CHAT, said)
    await translations.hide(tx, CHAT, said.post_id)
    assert await translations.find(tx, said.post_id, language="en", source="abc") == said
    assert await translations.find(tx, said.post_id, language="uk", source="abc") is None
    assert await translations.find(tx, said.post_id, language="en", source="edited") is None


async def test_what_one_chat_sees_is_not_what_another_does(tx: Connection) -> None:
    said = await translated(tx)
    await chats.pair(tx, chat_id=OTHER, role="reader", language="en", timezone="UTC", now=NOW)
    await translations.show(tx, OTHER, said)
    assert await translations.shown(tx, CHAT, said.post_id) is None
    await chats.remove(tx, OTHER)
    assert await translations.find(tx, said.post_id, language="en", source="abc") is None
