from storage import chats, posts, saved
from storage.database import Connection
from storage.models import ChatId, PostId
from tests.records import CHAT, NOW, post

OTHER = ChatId(4_200_002)


async def held(tx: Connection, count: int) -> list[PostId]:
    return [(await posts.put(tx, post(number), language="ru", now=NOW)).post_id for number in range(1, count + 1)]


async def test_what_was_saved_comes_back_the_last_first_in_pages(tx: Connection) -> None:
    ids = await held(tx, 5)
    for number, post_id in enumerate(ids):
        await saved.put(tx, CHAT, post_id, now=NOW + number // 2)
    assert await saved.count(tx, CHAT) == 5
    assert await saved.page(tx, CHAT, skip=0, limit=2) == (ids[4], ids[3])
    assert await saved.page(tx, CHAT, skip=4, limit=2) == (ids[0],)


async def test_saving_twice_changes_nothing_and_dropping_ends_it(tx: Connection) -> None:
    first, second = await held(tx, 2)
    await saved.put(tx, CHAT, first, now=NOW)
    await saved.put(tx, CHAT, second, now=NOW + 1)
    await saved.put(tx, CHAT, first, now=NOW + 2)
    assert await saved.page(tx, CHAT, skip=0, limit=9) == (second, first)
    assert await saved.holds(tx, CHAT, first)
    await saved.drop(tx, CHAT, first)
    assert not await saved.holds(tx, CHAT, first)


async def test_what_a_chat_saved_is_its_own_and_goes_with_it(tx: Connection) -> None:
    (only,) = await held(tx, 1)
    await chats.pair(tx, chat_id=OTHER, role="reader", language="en", timezone="UTC", now=NOW)
    await saved.put(tx, OTHER, only, now=NOW)
    assert await saved.count(tx, CHAT) == 0
    await chats.remove(tx, OTHER)
    assert await saved.count(tx, OTHER) == 0
