import pytest

from bot.commands import adding, starter
from bot.commands.reader import Refusal, RefusalReason, Unavailable, Wait
from storage import channels, settings
from storage.database import Database
from storage.models import Channel, ChannelId
from tests import records
from tests.commands import chatting

MARKET = records.channel_info(11, username="market_square", title="Базарная площадь", subscribers=1)
RIVER = records.channel_info(12, username="river_news", title="Вести с реки", fake=True, subscribers=120_345)
NAMELESS = records.channel_info(13, username=None, title="Вести без имени")


async def followed_ids(database: Database) -> list[int]:
    async with database.reading() as connection:
        return [channel.info.id for channel in await channels.followed(connection)]


async def test_an_exact_name_is_watched_at_once(chat: chatting.Chatting, database: Database) -> None:
    chat.reader.knows("@market_square", MARKET, exact=True)
    (message,) = await chat.says("/add @market_square")
    assert message.text.startswith("Now I watch Базарная площадь. First I read its last 7 days")
    assert message.entities[0].url == "https://t.me/market_square"
    assert await followed_ids(database) == [11]


async def test_a_channel_that_telegram_labelled_is_watched_with_its_label_told(chat: chatting.Chatting) -> None:
    chat.reader.knows("river_news", RIVER, exact=True)
    said = await chat.hears("/add river_news")
    assert "⚠️ labelled FAKE by Telegram" in said
    assert "Telegram's own" in said


async def test_a_title_is_searched_and_candidates_come_as_buttons(chat: chatting.Chatting, database: Database) -> None:
    chat.reader.knows("Вести", RIVER, MARKET)
    (message,) = await chat.says("/add  Вести ")
    assert message.text.startswith("For “Вести” Telegram finds these 2 channels. Tap the one to watch:")
    assert "• Вести с реки · @river_news · 120,345 subscribers · ⚠️ labelled FAKE by Telegram" in message.text
    assert chatting.labels(message) == [
        "Вести с реки · 120,345 subscribers · ⚠️ labelled FAKE by Telegram",
        "Базарная площадь · 1 subscriber",
    ]
    assert [button.data for button in chatting.buttons(message)] == ["add:12:river_news", "add:11:market_square"]
    assert await followed_ids(database) == []


async def test_a_candidate_is_watched_by_a_press_after_a_restart(chat: chatting.Chatting, database: Database) -> None:
    anew = chatting.Chatting(database)
    anew.reader.knows("@river_news", RIVER, exact=True)
    pressed, messages = await anew.presses("add:12:river_news", query_id=9)
    assert pressed is not None
    assert pressed.notice is None
    assert messages[0].text.startswith("Now I watch Вести с реки.")
    assert await followed_ids(database) == [12]
    assert anew.woken == 1
    assert await anew.presses("add:12:river_news", query_id=9) == (
        pressed.__class__(notice="I already watch Вести с реки."),
        [],
    )


async def test_a_name_that_moved_to_another_channel_is_not_watched(chat: chatting.Chatting, database: Database) -> None:
    chat.reader.knows("@river_news", MARKET, exact=True)
    _, messages = await chat.presses("add:12:river_news")
    assert "now leads to another channel" in messages[0].text
    assert await followed_ids(database) == []


async def test_a_candidate_is_chosen_while_the_reader_is_away(chat: chatting.Chatting) -> None:
    chat.reader.answers["@river_news"] = Unavailable(reason="not connected")
    _, messages = await chat.presses("add:12:river_news")
    assert chatting.buttons(messages[0])[0].data == "add:12:river_news"


async def test_what_is_watched_is_not_added_again(chat: chatting.Chatting) -> None:
    await chat.follows(MARKET)
    chat.reader.knows("market_square", MARKET, exact=True)
    assert await chat.hears("/add market_square") == "I already watch Базарная площадь."


async def test_a_removed_channel_comes_back_by_its_button_without_asking_telegram_who_it_is(
    chat: chatting.Chatting, database: Database
) -> None:
    await chat.follows(MARKET)
    (removed,) = await chat.says("/remove @market_square")
    _, messages = await chat.presses(chatting.buttons(removed)[0].data)
    assert messages[0].text.startswith("Now I watch")
    assert chat.reader.asked == []
    assert await followed_ids(database) == [11]


async def test_a_channel_that_may_not_be_joined_is_read_on_a_timer(chat: chatting.Chatting) -> None:
    chat.reader.joins = False
    chat.reader.knows("market_square", MARKET, exact=True)
    assert "every few minutes" in await chat.hears("/add market_square")


async def test_nothing_found_is_said(chat: chatting.Chatting) -> None:
    assert await chat.hears("/add Небывалое") == (
        "Telegram finds no public channel called “Небывалое”. Check the spelling, or write /add with its link, "
        "such as https://t.me/telegram"
    )


async def test_what_has_no_public_name_is_not_offered(chat: chatting.Chatting) -> None:
    chat.reader.knows("Вести", NAMELESS)
    assert "finds no public channel" in await chat.hears("/add Вести")


async def test_at_most_ten_candidates_are_offered(chat: chatting.Chatting) -> None:
    chat.reader.knows("a", *(records.channel_info(20 + n, username=f"many_{n}") for n in range(30)))
    (message,) = await chat.says("/add a")
    assert len(chatting.buttons(message)) == 10


async def test_add_alone_says_how(chat: chatting.Chatting) -> None:
    assert "/add Путь домой" in await chat.hears("/add")


async def test_an_endless_title_is_turned_down(chat: chatting.Chatting) -> None:
    assert "too long" in await chat.hears("/add " + "слово " * 100)
    assert chat.reader.asked == []


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("group", "group"),
        ("private", "private"),
        ("invite", "invite link"),
        ("person", "person"),
        ("bot", "bot"),
        ("unknown", "Nobody on Telegram"),
        ("malformed", "cannot read that"),
    ],
)
async def test_each_refusal_has_its_own_sentence(chat: chatting.Chatting, reason: RefusalReason, word: str) -> None:
    chat.reader.answers["@x"] = Refusal(reason=reason)
    (message,) = await chat.says("/add @x")
    assert word in message.text
    assert not message.buttons


async def test_while_the_reader_is_away_a_button_keeps_the_wish(chat: chatting.Chatting) -> None:
    chat.reader.answers["Путь домой"] = Unavailable(reason="not connected")
    (message,) = await chat.says("/add Путь домой")
    assert "cannot reach Telegram" in message.text
    assert "not connected" not in message.text
    (again,) = chatting.buttons(message)
    chat.reader.knows("Путь домой", MARKET)
    _, messages = await chat.presses(again.data)
    assert chatting.labels(messages[0]) == ["Базарная площадь · 1 subscriber"]


async def test_a_wish_too_long_for_a_button_is_excused_without_one(chat: chatting.Chatting) -> None:
    query = "Очень длинное название канала о городе"
    chat.reader.answers[query] = Unavailable(reason="not connected")
    (message,) = await chat.says(f"/add {query}")
    assert not message.buttons


async def test_a_pause_asked_by_telegram_is_said_in_words(chat: chatting.Chatting) -> None:
    chat.reader.answers["@x"] = Wait(seconds=700)
    (message,) = await chat.says("/add @x")
    assert "wait 12 minutes before" in message.text
    assert chatting.labels(message) == ["Try again"]


async def test_following_may_have_to_wait_too(chat: chatting.Chatting) -> None:
    chat.reader.knows("@market_square", MARKET, exact=True)
    chat.reader.following = Wait(seconds=30)
    (message,) = await chat.says("/add @market_square")
    assert "30 seconds" in message.text
    assert chatting.buttons(message)[0].data == "live:11:market_square"


@pytest.mark.parametrize("data", ["add:", "add:x:y", "add:" + "9" * 30, "drop:x", "drop:", "none", ""])
async def test_a_forged_button_does_nothing(chat: chatting.Chatting, data: str) -> None:
    pressed, messages = await chat.presses(data)
    assert pressed is not None
    assert pressed.notice == "This button no longer works. /help shows what I can do."
    assert messages == []


async def test_a_reader_may_not_add_or_remove_and_is_told_so(chat: chatting.Chatting, database: Database) -> None:
    friend = chatting.Chatting(database, allowed=(records.CHAT, chatting.FRIEND), chat_id=chatting.FRIEND)
    for text in ("/add @market_square", "/remove"):
        assert await friend.hears(text) == (
            "Only the owner of this bot can add and remove channels. You can ask me everything else: /help"
        )
    for data in ("add:11:market_square", "find:Вести", "drop:11"):
        pressed, messages = await friend.presses(data)
        assert pressed is not None
        assert pressed.notice is not None
        assert pressed.notice.startswith("Only the owner")
        assert messages == []
    assert friend.reader.asked == []


def test_every_title_of_the_starter_list_fits_a_button() -> None:
    assert {"Путь домой", "Московский телеграф"} < set(starter.TITLES)
    assert all(button.data for button in starter.offered())


async def test_the_starter_list_searches_by_title(chat: chatting.Chatting) -> None:
    (message,) = await chat.says("/channels")
    chat.reader.knows("Путь домой", RIVER)
    _, messages = await chat.presses(chatting.buttons(message)[0].data)
    assert "Вести с реки" in messages[0].text


@pytest.fixture
async def unsettled(chat: chatting.Chatting, database: Database) -> chatting.Chatting:
    """A chat where nobody has said yet how channels are watched."""
    async with database.transaction() as tx:
        await settings.put(tx, adding.USUAL_WAY, "")
    chat.reader.knows("@market_square", MARKET, exact=True)
    chat.reader.knows("@river_news", RIVER, exact=True)
    return chat


async def held(database: Database, channel_id: int) -> Channel | None:
    async with database.reading() as connection:
        return await channels.get(connection, ChannelId(channel_id))


async def test_the_first_time_it_is_asked_how_and_said_who_sees_what(
    unsettled: chatting.Chatting, database: Database
) -> None:
    (message,) = await unsettled.says("/add @market_square")
    assert "Its administrators can see the account" in message.text
    assert chatting.labels(message) == ["Live, as a member", "Quietly, from outside"]
    assert await followed_ids(database) == []
    _, messages = await unsettled.presses(chatting.buttons(message)[1].data)
    assert messages[0].text.startswith("Now I watch Базарная площадь quietly")
    market = await held(database, 11)
    assert market is not None
    assert (market.quiet, market.joined) == (True, False)
    assert (await unsettled.hears("/add @river_news")).startswith("Now I watch Вести с реки quietly")


async def test_live_is_settled_by_the_other_button(unsettled: chatting.Chatting) -> None:
    (message,) = await unsettled.says("/add @market_square")
    _, messages = await unsettled.presses(chatting.buttons(message)[0].data)
    assert messages[0].text.startswith("Now I watch Базарная площадь. First")
    assert (await unsettled.hears("/add @river_news")).startswith("Now I watch Вести с реки. First")


async def test_a_single_channel_is_watched_otherwise(unsettled: chatting.Chatting, database: Database) -> None:
    assert (await unsettled.hears("/add @market_square quietly")).startswith("Now I watch Базарная площадь quietly")
    assert (await unsettled.hears("/add @river_news Joining")).startswith("Now I watch Вести с реки. First")
    river = await held(database, 12)
    assert river is not None
    assert (river.quiet, river.joined) == (False, True)


async def test_candidates_of_a_title_remember_how(chat: chatting.Chatting) -> None:
    chat.reader.knows("Вести", RIVER, MARKET)
    chat.reader.knows("@river_news", RIVER, exact=True)
    (message,) = await chat.says("/add Вести quietly")
    assert [button.data for button in chatting.buttons(message)] == ["quiet:12:river_news", "quiet:11:market_square"]
    _, messages = await chat.presses("quiet:12:river_news")
    assert messages[0].text.startswith("Now I watch Вести с реки quietly")
    chat.reader.knows("@market_square", MARKET, exact=True)
    _, messages = await chat.presses("live:11:market_square")
    assert messages[0].text.startswith("Now I watch Базарная площадь. First")


async def test_a_forged_choice_settles_nothing(unsettled: chatting.Chatting, database: Database) -> None:
    pressed, _ = await unsettled.presses("way:loud:11:market_square")
    assert pressed is not None
    assert "no longer works" in (pressed.notice or "")
    friend = chatting.Chatting(database, allowed=(records.CHAT, chatting.FRIEND), chat_id=chatting.FRIEND)
    await friend.says("/status")
    pressed, _ = await friend.presses("way:quiet:11:market_square")
    assert pressed is not None
    assert "Only the owner" in (pressed.notice or "")
    async with database.reading() as connection:
        assert await settings.get(connection, adding.USUAL_WAY) == ""


async def test_the_word_alone_is_looked_up(chat: chatting.Chatting) -> None:
    await chat.says("/add quietly")
    assert chat.reader.asked == ["quietly"]
