from storage import matches, posts, sweep
from storage.database import Connection
from storage.models import PostId
from tests.records import CHANNEL, NOW, match, post


async def put(tx: Connection, number: int) -> None:
    await posts.put_all(
        tx, CHANNEL, [(post(n, f"Воды нет {n} дней.", date=NOW + n), "ru") for n in range(1, number + 1)], now=NOW
    )


async def test_posts_come_in_pieces_with_what_they_matched(tx: Connection) -> None:
    await put(tx, 3)
    await matches.replace(tx, PostId(2), (match(),))
    first = await sweep.after(tx, 0, limit=2)
    assert [(stored.id, len(stored.matches)) for stored in first] == [(1, 0), (2, 1)]
    assert [stored.id for stored in await sweep.after(tx, 2, limit=2)] == [3]
    assert await sweep.after(tx, 3, limit=2) == ()


async def test_the_last_row_is_known(tx: Connection) -> None:
    assert await sweep.last_id(tx) == 0
    await put(tx, 3)
    assert await sweep.last_id(tx) == 3


async def test_texts_of_a_period_come_oldest_first_without_those_that_have_none(tx: Connection) -> None:
    await put(tx, 3)
    await posts.put(tx, post(9, "", date=NOW + 2), language="und", now=NOW)
    found = await sweep.texts(tx, NOW + 2, NOW + 4)
    assert [(held.date, held.text, held.language) for held in found] == [
        (NOW + 2, "Воды нет 2 дней.", "ru"),
        (NOW + 3, "Воды нет 3 дней.", "ru"),
    ]


async def test_the_language_of_a_post_can_be_corrected(tx: Connection) -> None:
    await put(tx, 1)
    await sweep.set_language(tx, PostId(1), "uk")
    (stored,) = await sweep.after(tx, 0, limit=1)
    assert stored.language == "uk"
