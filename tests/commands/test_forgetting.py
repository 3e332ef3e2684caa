"""/forget: a post's text goes for good, once it is confirmed."""

from bot.render.catalogue import text
from storage import channels, chats, matches, posts
from storage.database import Database
from storage.models import MessageId, StoredPost
from tests import records
from tests.commands.chatting import FRIEND, TEXTS, Chatting

LINK = "https://t.me/garrison_news/15"


async def hold(database: Database) -> StoredPost:
    async with database.transaction() as tx:
        await channels.follow(tx, records.channel_info(), joined=True, now=records.NOW)
        put = await posts.put(tx, records.post(15, "Ушёл дезертир."), language="ru", now=records.NOW)
        await matches.replace(tx, put.post_id, (records.match("desertion", 5, 13, term="дезертир"),))
    return await held(database)


async def held(database: Database) -> StoredPost:
    async with database.reading() as connection:
        found = await posts.get(connection, records.CHANNEL, MessageId(15))
    assert found is not None
    return found


async def test_it_asks_first_and_says_what_is_lost(chat: Chatting) -> None:
    post = await hold(chat.database)
    (asked,) = await chat.says(f"/forget {LINK}")
    assert asked.text.startswith("Forget the post of 18 Nov 13:06 in Вести гарнизона?")
    assert [[button.data for button in row] for row in asked.buttons] == [[f"erase:{post.id}"]]
    assert "дезертир" not in asked.text
    assert (await held(chat.database)).post.text == "Ушёл дезертир."


async def test_the_press_erases_the_text(chat: Chatting) -> None:
    post = await hold(chat.database)
    pressed, _ = await chat.presses(f"erase:{post.id}")
    assert pressed is not None
    assert pressed.notice == "Forgotten."
    assert pressed.replace is not None
    assert pressed.replace.text.startswith("The text of the post in Вести гарнизона is forgotten. 0 messages")
    assert pressed.replace.buttons == ()
    assert (await held(chat.database)).forgotten_why == "owner"


async def test_what_is_forgotten_says_so_with_its_hash(chat: Chatting) -> None:
    post = await hold(chat.database)
    await chat.presses(f"erase:{post.id}")
    for command in ("/forget", "/why"):
        (said,) = await chat.says(f"{command} {LINK}")
        assert said.text.startswith("That post was forgotten by the owner on 18 Nov 13:06.")
        assert [entity.length for entity in said.entities if entity.kind == "code"] == [64]


async def test_links_that_lead_nowhere_are_explained(chat: Chatting) -> None:
    assert (await chat.says("/forget"))[0].text.startswith("Write the link of a post behind it")
    assert "never watched" in (await chat.says(f"/forget {LINK}"))[0].text
    await hold(chat.database)
    assert "do not hold" in (await chat.says("/forget https://t.me/garrison_news/16"))[0].text
    for data in ("erase:", "erase:x", "erase:999", "erase:-1"):
        pressed, _ = await chat.presses(data)
        assert pressed is not None
        assert pressed.notice == text(TEXTS, "press.old")


async def test_only_the_owner_may(chat: Chatting) -> None:
    post = await hold(chat.database)
    async with chat.database.transaction() as tx:
        await chats.pair(tx, chat_id=FRIEND, role="reader", language="en", timezone="UTC", now=records.NOW)
    friend = Chatting(chat.database, chat_id=FRIEND)
    assert await friend.hears(f"/forget {LINK}") == text(TEXTS, "forget.owner_only")
    pressed, _ = await friend.presses(f"erase:{post.id}")
    assert pressed is not None
    assert pressed.notice == text(TEXTS, "forget.owner_only")
    assert (await held(chat.database)).post.text
