from storage import database, matches, posts
from storage.database import Connection
from storage.models import PostId
from tests.records import NOW, match, post


async def put(tx: Connection, message_id: int = 1) -> PostId:
    return (await posts.put(tx, post(message_id), language="ru", now=NOW)).post_id


async def flagged(tx: Connection) -> list[int]:
    rows = await database.rows(tx, "SELECT id FROM posts WHERE flagged = 1 ORDER BY id")
    return [row["id"] for row in rows]


async def test_a_post_with_matches_is_flagged_and_one_without_is_not(tx: Connection) -> None:
    first, second = await put(tx, 1), await put(tx, 2)
    await matches.replace(tx, first, (match(),))
    await matches.replace(tx, second, ())
    assert await flagged(tx) == [first]
    await matches.replace(tx, first, ())
    assert await flagged(tx) == []


async def test_matches_come_in_the_order_of_the_text_for_each_post(tx: Connection) -> None:
    first, second, none = await put(tx, 1), await put(tx, 2), await put(tx, 3)
    await matches.replace(tx, first, (match(start=9, end=12), match(start=1, end=4, topic="desertion")))
    await matches.replace(tx, second, (match(),))
    assert await matches.of_posts(tx, [none, second, first]) == {
        none: (),
        second: (match(),),
        first: (match(start=1, end=4, topic="desertion"), match(start=9, end=12)),
    }


async def test_matches_take_the_place_of_those_before(tx: Connection) -> None:
    post_id = await put(tx)
    await matches.replace(tx, post_id, (match(), match("desertion")))
    await matches.replace(tx, post_id, (match("desertion"),))
    assert await matches.of_posts(tx, [post_id]) == {post_id: (match("desertion"),)}


async def test_two_rules_that_find_the_same_stretch_count_once(tx: Connection) -> None:
    post_id = await put(tx)
    await matches.replace(tx, post_id, (match(rule="сегодня"), match(rule="сегодн*")))
    assert await matches.of_posts(tx, [post_id]) == {post_id: (match(rule="сегодня"),)}
