from storage import channels, matches, posts, rechecks
from storage.database import Connection
from storage.models import MessageId, PostId
from storage.rechecks import Due
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, match, post


async def put(tx: Connection, number: int, *, channel_id: int = CHANNEL, flagged: bool = False) -> PostId:
    stored = await posts.put(tx, post(number, channel_id=channel_id), language="ru", now=NOW)
    await matches.replace(tx, stored.post_id, [match()] if flagged else [])
    return stored.post_id


async def test_channels_with_flagged_posts_come_first_then_what_is_due_the_longest(tx: Connection) -> None:
    await channels.follow(tx, channel_info(OTHER_CHANNEL), joined=True, now=NOW)
    first, second = await put(tx, 1), await put(tx, 2, channel_id=OTHER_CHANNEL, flagged=True)
    third = await put(tx, 3, channel_id=OTHER_CHANNEL)
    await rechecks.plan(tx, [(first, NOW - 50), (second, NOW - 5), (third, NOW - 90)])
    assert await rechecks.due(tx, now=NOW) == (
        Due(channel_id=OTHER_CHANNEL, at=NOW - 5, flagged=True),
        Due(channel_id=CHANNEL, at=NOW - 50, flagged=False),
    )
    assert await rechecks.due(tx, now=NOW - 91) == ()


async def test_a_channel_that_is_not_followed_is_not_due(tx: Connection) -> None:
    await rechecks.plan(tx, [(await put(tx, 1), NOW)])
    await channels.unfollow(tx, CHANNEL)
    assert await rechecks.due(tx, now=NOW) == ()


async def test_flagged_posts_of_a_channel_come_first(tx: Connection) -> None:
    plain, flagged, later = await put(tx, 1), await put(tx, 2, flagged=True), await put(tx, 3)
    await rechecks.plan(tx, [(plain, NOW - 5), (flagged, NOW), (later, NOW + 1)])
    assert await rechecks.of_channel(tx, CHANNEL, until=NOW, limit=10) == (2, 1)
    assert await rechecks.of_channel(tx, CHANNEL, until=NOW + 1, limit=1) == (2,)


async def test_what_was_deleted_is_not_looked_up_again(tx: Connection) -> None:
    post_id = await put(tx, 1)
    await rechecks.plan(tx, [(post_id, NOW)])
    await posts.delete(tx, CHANNEL, [MessageId(1)], now=NOW)
    await rechecks.plan(tx, [(post_id, NOW)])
    assert await rechecks.due(tx, now=NOW) == ()


async def test_a_look_can_be_put_off_or_given_up(tx: Connection) -> None:
    one, other = await put(tx, 1), await put(tx, 2)
    await rechecks.plan(tx, [(one, NOW), (other, NOW)])
    await rechecks.postpone(tx, CHANNEL, [MessageId(1)], at=NOW + 9)
    await rechecks.plan(tx, [(other, None)])
    assert await rechecks.due(tx, now=NOW + 9) == (Due(channel_id=CHANNEL, at=NOW + 9, flagged=False),)


async def test_what_the_server_leaves_out_of_a_stretch_that_it_shows_is_looked_up(tx: Connection) -> None:
    await channels.follow(tx, channel_info(OTHER_CHANNEL), joined=True, now=NOW)
    for number in range(1, 8):
        await put(tx, number)
    await put(tx, 4, channel_id=OTHER_CHANNEL)
    await posts.delete(tx, CHANNEL, [MessageId(3)], now=NOW)
    await rechecks.doubt(tx, CHANNEL, (2, 6), [MessageId(2), MessageId(5)], at=NOW)
    assert await rechecks.of_channel(tx, CHANNEL, until=NOW, limit=10) == (6, 4)
    assert await rechecks.due(tx, now=NOW) == (Due(channel_id=CHANNEL, at=NOW, flagged=False),)
    await rechecks.doubt(tx, CHANNEL, (7, 7), [], at=NOW)
    assert await rechecks.of_channel(tx, CHANNEL, until=NOW, limit=10) == (7, 6, 4)
