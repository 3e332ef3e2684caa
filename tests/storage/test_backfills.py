from storage import backfills, channels, posts
from storage.database import Connection
from storage.models import MessageId
from tests.records import CHANNEL, NOW, post

DAY = 86_400


async def test_what_is_asked_for_goes_on_until_it_ends(tx: Connection) -> None:
    begun = await backfills.begin(tx, CHANNEL, since=NOW - 90 * DAY, now=NOW)
    assert (begun.since, begun.reached_id, begun.posts, begun.ended_at) == (NOW - 90 * DAY, None, 0, None)
    await backfills.advance(tx, CHANNEL, reached_id=MessageId(500), reached_at=NOW - DAY, new=100)
    await backfills.advance(tx, CHANNEL, reached_id=MessageId(400), reached_at=NOW - 2 * DAY, new=90)
    (found,) = await backfills.unfinished(tx)
    assert (found.reached_id, found.reached_at, found.posts) == (400, NOW - 2 * DAY, 190)
    await backfills.end(tx, CHANNEL, now=NOW + 60)
    assert await backfills.unfinished(tx) == ()
    ended = await backfills.get(tx, CHANNEL)
    assert ended is not None
    assert ended.ended_at == NOW + 60


async def test_asked_for_again_it_goes_on_where_it_stood(tx: Connection) -> None:
    await backfills.begin(tx, CHANNEL, since=NOW - 90 * DAY, now=NOW)
    await backfills.advance(tx, CHANNEL, reached_id=MessageId(500), reached_at=NOW - DAY, new=100)
    again = await backfills.begin(tx, CHANNEL, since=NOW - 30 * DAY, now=NOW + 5)
    assert (again.since, again.reached_id, again.posts, again.began_at) == (NOW - 90 * DAY, 500, 100, NOW)


async def test_asked_for_more_after_its_end_it_begins_below(tx: Connection) -> None:
    await backfills.begin(tx, CHANNEL, since=NOW - 30 * DAY, now=NOW)
    await backfills.advance(tx, CHANNEL, reached_id=MessageId(500), reached_at=NOW - DAY, new=100)
    await backfills.end(tx, CHANNEL, now=NOW)
    same = await backfills.begin(tx, CHANNEL, since=NOW - 30 * DAY, now=NOW + 5)
    assert same.ended_at == NOW
    more = await backfills.begin(tx, CHANNEL, since=NOW - 90 * DAY, now=NOW + 9)
    assert (more.since, more.reached_id, more.posts, more.ended_at) == (NOW - 90 * DAY, 500, 0, None)


async def test_a_channel_that_was_removed_is_not_read_back(tx: Connection) -> None:
    await backfills.begin(tx, CHANNEL, since=NOW, now=NOW)
    await channels.unfollow(tx, CHANNEL)
    assert await backfills.unfinished(tx) == ()


async def test_nothing_was_asked_for(tx: Connection) -> None:
    assert await backfills.get(tx, CHANNEL) is None


async def test_it_begins_below_what_is_held_since_a_time(tx: Connection) -> None:
    assert await backfills.oldest_id(tx, CHANNEL, since=NOW) is None
    for number in (5, 6, 7):
        await posts.put(tx, post(number, date=NOW + number), language="ru", now=NOW)
    assert await backfills.oldest_id(tx, CHANNEL, since=NOW + 6) == 6
