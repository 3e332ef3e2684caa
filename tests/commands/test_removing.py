from storage import channels
from storage.database import Database
from tests import records
from tests.commands import chatting

MARKET = records.channel_info(11, username="market_square", title="Базарная площадь")
RIVER = records.channel_info(12, username="river_news", title="Вести с реки")
HILL = records.channel_info(13, username=None, title="Вести с холма")


async def followed_ids(database: Database) -> list[int]:
    async with database.reading() as connection:
        return [channel.info.id for channel in await channels.followed(connection)]


async def test_a_channel_is_removed_by_name_link_or_title(chat: chatting.Chatting, database: Database) -> None:
    for query in (
        "@Market_Square",
        "market_square",
        "https://t.me/market_square",
        "t.me/s/market_square/15",
        "базарная площадь",
        "базарная",
    ):
        await chat.follows(MARKET, RIVER)
        (message,) = await chat.says(f"/remove {query}")
        assert message.text == "I no longer watch Базарная площадь. What I have read of it stays."
        assert chatting.labels(message) == ["Watch it again"]
        assert await followed_ids(database) == [12]


async def test_remove_alone_offers_a_list(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(MARKET, HILL)
    (message,) = await chat.says("/remove")
    assert message.text == "Which channel shall I stop watching?"
    assert chatting.labels(message) == ["Базарная площадь · @market_square", "Вести с холма"]
    pressed, messages = await chat.presses(chatting.buttons(message)[1].data)
    assert pressed is not None
    assert messages[0].text.startswith("I no longer watch Вести с холма.")
    assert await followed_ids(database) == [11]
    pressed, messages = await chat.presses(chatting.buttons(message)[1].data)
    assert pressed is not None
    assert pressed.notice == "I no longer watch that channel."
    assert messages == []


async def test_a_removed_channel_without_a_name_comes_back_by_its_button(
    chat: chatting.Chatting, database: Database
) -> None:
    await chat.follows(HILL)
    (message,) = await chat.says("/remove холма")
    await chat.presses(chatting.buttons(message)[0].data)
    assert await followed_ids(database) == [13]


async def test_what_fits_several_channels_is_asked_back(chat: chatting.Chatting) -> None:
    await chat.follows(MARKET, RIVER, HILL)
    (message,) = await chat.says("/remove вести")
    assert chatting.labels(message) == ["Вести с реки · @river_news", "Вести с холма"]


async def test_an_exact_title_wins_over_titles_that_hold_it(chat: chatting.Chatting) -> None:
    await chat.follows(records.channel_info(14, username="v_news", title="Вести"), RIVER)
    assert (await chat.hears("/remove Вести")).startswith("I no longer watch Вести.")


async def test_what_is_not_watched_is_said(chat: chatting.Chatting) -> None:
    await chat.follows(MARKET)
    assert await chat.hears("/remove @nobody") == (
        "I watch no channel called “@nobody”. /channels shows those I watch."
    )


async def test_without_channels_remove_offers_the_starter_list(chat: chatting.Chatting) -> None:
    (message,) = await chat.says("/remove @x")
    assert "🔎 Путь домой" in chatting.labels(message)


async def test_of_very_many_channels_the_first_are_offered(chat: chatting.Chatting) -> None:
    await chat.follows(*(records.channel_info(20 + n, username=f"many_{n}") for n in range(45)))
    (message,) = await chat.says("/remove")
    assert len(chatting.buttons(message)) == 40
    assert "the first 40" in message.text
