import pytest

from bot import indexing, ingest
from bot.commands import searching
from bot.render import text
from storage import channels
from storage import search as index
from storage.database import Database
from storage.models import ChatId, Message, MessageId, Post
from tests.commands.chatting import TEXTS, Chatting, buttons, labels
from tests.records import CHANNEL, CHAT, NOW, OTHER_CHANNEL, channel_info, post

DAY = 86_400


@pytest.fixture
async def chatting(database: Database) -> Chatting:
    """The owner, who watches two channels."""
    chatting = Chatting(database, allowed=(CHAT, ChatId(CHAT + 1)))
    await chatting.says("/start")
    await chatting.follows(
        channel_info(), channel_info(OTHER_CHANNEL, username="way_home", title="Путь домой", fake=True)
    )
    return chatting


async def read(chatting: Chatting, *written: Post, deleted: tuple[int, ...] = ()) -> None:
    """Take posts in as when they come from Telegram."""
    teller = ingest.Teller(rules=chatting.rules, catalogues={"en": TEXTS}, wake=lambda: None)
    for one in written:
        batch = ingest.Batch(channel_id=one.channel_id, posts=(one,), source="backfill")
        await ingest.store(chatting.database, teller, batch, now=NOW)
    gone = ingest.Batch(channel_id=CHANNEL, deleted=tuple(map(MessageId, deleted)), source="backfill")
    await ingest.store(chatting.database, teller, gone, now=NOW)


def many(count: int) -> list[Post]:
    return [post(n, f"Вода {n}", date=NOW - n * 60) for n in range(1, count + 1)]


def found(message: Message) -> list[str]:
    return [line for line in message.text.splitlines() if line.startswith("Вода")]


async def answer(chatting: Chatting, typed: str) -> str:
    (message,) = await chatting.says(typed)
    return text.readable(message)


async def turned(chatting: Chatting, data: str | None) -> Message:
    pressed, _ = await chatting.presses(data)
    assert pressed is not None
    assert pressed.replace is not None
    return pressed.replace


async def test_posts_are_shown_newest_first_with_time_channel_link_and_passage(chatting: Chatting) -> None:
    await read(
        chatting,
        post(1, "Вчера воды не было.", date=NOW - DAY),
        post(2, "Газа нет.", date=NOW - 60),
        post(3, "Воды нет.", date=NOW - 120, channel_id=OTHER_CHANNEL),
    )
    await read(chatting, post(2, "Всё есть.", date=NOW - 60, edited_at=NOW - 9), deleted=(1,))
    await read(chatting, post(3, "Вода есть, воды много.", date=NOW - 120, edited_at=NOW - 9, channel_id=OTHER_CHANNEL))
    (message,) = await chatting.says("/search воды")
    assert text.readable(message) == (
        "🔎 воды\n2 posts, newest first\n\n"
        "18 Nov 13:04 Путь домой (FAKE) (https://t.me/way_home/3) · edited\nВода есть, воды много.\n\n"
        "17 Nov 13:06 Вести гарнизона (https://t.me/garrison_news/1) · deleted\nВчера воды не было."
    )
    bold = [e for e in message.entities if e.kind == "bold"]
    assert [
        message.text.encode("utf-16-le")[2 * e.start : 2 * (e.start + e.length)].decode("utf-16-le") for e in bold
    ] == [
        "🔎 воды",
        "воды",
        "воды",
    ]
    assert await answer(chatting, "/search газа") == (
        "🔎 газа\n1 post\n\n"
        "18 Nov 13:05 Вести гарнизона (https://t.me/garrison_news/2) · only before it was edited\nГаза нет."
    )


async def test_filters_narrow_it_down(chatting: Chatting) -> None:
    await read(
        chatting,
        post(1, "Вода и мобилизация", date=NOW - DAY),
        post(2, "Вода", date=NOW - 2 * DAY),
        post(3, "Вода", channel_id=OTHER_CHANNEL),
    )

    async def ids(typed: str) -> list[str]:
        (message,) = await chatting.says(typed)
        return [e.url.rpartition("/")[2] for e in message.entities if e.url is not None]

    assert await ids("/search вода topic:mobil") == ["1"]
    assert await ids("/search вода channel:@way_home") == ["3"]
    assert await ids('/search вода channel:"путь домой" channel:гарнизон') == ["3", "1", "2"]
    assert await ids("/search вода from:yesterday") == ["3", "1"]
    assert await ids("/search вода to:yesterday from:2d") == ["1"]
    assert await ids("/search вода -мобилизация lang:ru channel:@garrison_news") == ["2"]
    assert await ids("/search topic:mobilization") == ["1"]


async def test_a_channel_that_was_removed_is_searched_too(chatting: Chatting) -> None:
    await read(chatting, *many(1))
    async with chatting.database.transaction() as tx:
        await channels.unfollow(tx, CHANNEL)
    assert "Вода 1" in await answer(chatting, "/search вода channel:@garrison_news")


async def test_pages_are_turned_in_place_and_stand_still_while_posts_come_in(chatting: Chatting) -> None:
    await read(chatting, *many(13))
    (first,) = await chatting.says("/search вода")
    assert labels(first) == ["1/3", "›", "Most relevant first"]
    assert found(first) == [f"Вода {n}" for n in range(1, 7)]
    await read(chatting, post(99, "Вода 99", date=NOW))
    second = await turned(chatting, buttons(first)[1].data)
    assert labels(second) == ["‹", "2/3", "›", "Most relevant first"]
    assert found(second) == [f"Вода {n}" for n in range(7, 13)]
    last = await turned(chatting, buttons(second)[2].data)
    assert (found(last), labels(last)) == (["Вода 13"], ["‹", "3/3", "Most relevant first"])
    assert await turned(chatting, buttons(last)[0].data) == second
    assert await turned(chatting, buttons(last)[1].data) == first


async def test_the_order_is_switched_by_a_button(chatting: Chatting) -> None:
    await read(chatting, post(50, "Вода, вода, вода", date=NOW - DAY), *many(7))
    (newest,) = await chatting.says("/search вода")
    relevant = await turned(chatting, buttons(newest)[-1].data)
    assert "8 posts, most relevant first" in relevant.text
    assert found(relevant)[0] == "Вода, вода, вода"
    assert labels(relevant)[-1] == "Newest first"
    assert await turned(chatting, buttons(relevant)[-1].data) == newest


async def test_with_one_page_there_is_nothing_to_turn(chatting: Chatting) -> None:
    await read(chatting, *many(searching.PAGE))
    (message,) = await chatting.says("/search вода")
    assert message.buttons == ()


async def test_days_are_those_of_when_it_was_asked(chatting: Chatting) -> None:
    await read(chatting, *many(8))
    (first,) = await chatting.says("/search вода from:1d")
    pressed, _ = await chatting.presses(buttons(first)[1].data, now=NOW + 3 * DAY)
    assert pressed is not None
    assert pressed.replace is not None
    assert found(pressed.replace) == ["Вода 7", "Вода 8"]


@pytest.mark.parametrize("data", ["hits:99:n:1", "hits:x", "hits:1:z:1", "hits:1:n:0"])
async def test_a_button_that_leads_nowhere_says_so(chatting: Chatting, data: str) -> None:
    pressed, said = await chatting.presses(data)
    assert pressed is not None
    assert (pressed.replace, said) == (None, [])
    assert pressed.notice


async def test_the_search_of_another_chat_is_not_shown(chatting: Chatting) -> None:
    await read(chatting, *many(7))
    (first,) = await chatting.says("/search вода")
    other = Chatting(chatting.database, chat_id=ChatId(CHAT + 1), allowed=(CHAT, ChatId(CHAT + 1)))
    await other.says("/start")
    pressed, _ = await other.presses(buttons(first)[1].data)
    assert pressed is not None
    assert (pressed.replace, pressed.notice) == (None, TEXTS.texts["search.old"])


async def test_a_search_for_a_topic_that_is_gone_is_gone_too(chatting: Chatting) -> None:
    await chatting.says("/topic new water")
    await chatting.says("/topic water add вода")
    await read(chatting, *many(7))
    (first,) = await chatting.says("/search topic:water")
    await chatting.says("/topic water delete")
    pressed, _ = await chatting.presses(buttons(first)[1].data)
    assert pressed is not None
    assert pressed.notice == TEXTS.texts["search.old"]


async def test_while_the_index_is_being_filled_that_is_said(chatting: Chatting) -> None:
    await read(chatting, *many(3))
    async with chatting.database.transaction() as tx:
        await index.start_anew(tx, folding=1)
    assert "Up to 3 older posts are still being indexed" in await answer(chatting, "/search вода")
    await indexing.fill(chatting.database)
    assert "3 posts, newest first\n\n" in await answer(chatting, "/search вода")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/search", "Write what you look for behind it"),
        ("/search -вода", "Write at least one word to look for, for example: /search вода -газ from:7d"),
        ("/search вода foo:bar", "I do not know “foo:bar”. There are topic:, channel:, lang:, from: and to:"),
        ("/search вода topic:x", "There is no topic “x”. There are: desertion, mobilization, rotation."),
        ("/search вода channel:zzz", "I hold no channel called “zzz”"),
        ("/search нетникакой", "Nothing found."),
    ],
)
async def test_what_cannot_be_searched_is_a_sentence_with_an_example(chatting: Chatting, typed: str, said: str) -> None:
    assert said in await answer(chatting, typed)


def test_every_problem_of_a_search_has_its_sentence_with_an_example() -> None:
    sentences = {key: said for key, said in TEXTS.texts.items() if key.startswith("search.wrong_")}
    assert len(sentences) == 13
    assert all("/search " in str(said) for said in sentences.values())
