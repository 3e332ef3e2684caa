from bot.commands import menu, reception
from tests import records
from tests.commands import chatting

MARKET = records.channel_info(11, username="market_square", title="Базарная площадь")


async def test_help_names_every_command_of_the_menu(chat: chatting.Chatting) -> None:
    said = await chat.hears("/help")
    assert all(f"/{name} – " in said for name in menu.NAMES)
    assert "desertion, mobilization or rotation" in said
    assert "/digest 2026-11-17" in said
    assert "/summary" in said


async def test_start_without_channels_offers_a_beginning(chat: chatting.Chatting) -> None:
    await chat.says("/help")
    (message,) = await chat.says("/start")
    assert "🔎 Московский телеграф" in chatting.labels(message)


async def test_start_says_what_is_watched(chat: chatting.Chatting) -> None:
    await chat.follows(MARKET)
    await chat.says("/help")
    assert (await chat.hears("/start")).startswith("Hello again! I watch 1 channel and tell you")


async def test_an_unknown_command_gets_a_hint(chat: chatting.Chatting) -> None:
    assert await chat.hears("/weather now") == "I do not know /weather. /help shows what I can do."


async def test_plain_text_gets_a_hint_and_may_be_looked_for(chat: chatting.Chatting) -> None:
    (message,) = await chat.says("Базарная площадь")
    assert "/help" in message.text
    chat.reader.knows("Базарная площадь", MARKET)
    _, messages = await chat.presses(chatting.buttons(message)[0].data)
    assert "Базарная площадь" in messages[0].text


async def test_long_plain_text_gets_the_hint_alone(chat: chatting.Chatting) -> None:
    (message,) = await chat.says("слово " * 40)
    assert not message.buttons


async def test_a_message_without_text_gets_the_hint_alone(chat: chatting.Chatting) -> None:
    (message,) = await chat.says("")
    assert not message.buttons


def test_the_menu_fits_telegram() -> None:
    entries = menu.entries(chatting.TEXTS)
    assert [entry.name for entry in entries] == list(menu.NAMES)
    assert all(3 <= len(entry.description) <= 256 for entry in entries)


def test_every_command_is_in_the_menu_or_known_to_be_left_out() -> None:
    assert set(reception.COMMANDS) == {*menu.NAMES, *menu.HIDDEN}
    assert set(menu.ALIASES.values()) <= set(menu.NAMES)
