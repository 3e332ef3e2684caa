from storage import channels, database, holes, posts
from storage.database import Connection
from storage.holes import Hole, HoleCounts, Span, State
from storage.models import ChannelId, MessageId
from tests.records import CHANNEL, NOW, post


async def hold(tx: Connection, *numbers: int) -> None:
    for number in numbers:
        await posts.put(tx, post(number), language="ru", now=NOW)


async def of(tx: Connection, state: State) -> list[Span]:
    found = await database.rows(
        tx, "SELECT first_id, last_id FROM holes WHERE state = :state ORDER BY first_id", {"state": state}
    )
    return [(row["first_id"], row["last_id"]) for row in found]


async def test_what_the_server_showed_and_is_not_held_is_empty(tx: Connection) -> None:
    await hold(tx, 3, 4, 8)
    await holes.confirm(tx, CHANNEL, (1, 9))
    assert await of(tx, "empty") == [(1, 2), (5, 7), (9, 9)]
    await holes.confirm(tx, CHANNEL, (2, 12))
    assert await of(tx, "empty") == [(1, 2), (5, 7), (9, 9), (10, 12)]
    assert await holes.counts(tx) == {CHANNEL: HoleCounts(empty=9, unknown=0)}


async def test_what_was_passed_and_is_not_held_is_not_known(tx: Connection) -> None:
    await hold(tx, 3, 8)
    await holes.confirm(tx, CHANNEL, (3, 5))
    await holes.suspect(tx, CHANNEL, (4, 8))
    assert await of(tx, "unknown") == [(6, 7)]
    await holes.suspect(tx, CHANNEL, (4, 8))
    assert await holes.counts(tx) == {CHANNEL: HoleCounts(empty=2, unknown=2)}


async def test_what_is_not_known_is_settled_piece_by_piece(tx: Connection) -> None:
    await holes.suspect(tx, CHANNEL, (1, 100))
    assert await holes.newest_unknown(tx) == (Hole(channel_id=CHANNEL, first=MessageId(1), last=MessageId(100)),)
    await hold(tx, 50)
    await holes.confirm(tx, CHANNEL, (40, 60))
    assert await of(tx, "unknown") == [(1, 39), (61, 100)]
    assert await of(tx, "empty") == [(40, 49), (51, 60)]
    await holes.confirm(tx, CHANNEL, (30, 200))
    assert await holes.newest_unknown(tx) == (Hole(channel_id=CHANNEL, first=MessageId(1), last=MessageId(29)),)


async def test_channels_that_are_not_followed_are_not_asked_about(tx: Connection) -> None:
    await holes.suspect(tx, CHANNEL, (1, 100))
    await channels.unfollow(tx, CHANNEL)
    assert await holes.newest_unknown(tx) == ()
    assert ChannelId(5) not in await holes.counts(tx)
