"""What the reader does while the server does not answer when asked what it missed."""

from dataclasses import replace

import pytest

from bot.sandbox import faults
from bot.sandbox.state import Channel, Post
from tests.telegram.stage import SWIFT, Stage, news


async def follow(stage: Stage, channel: Channel) -> None:
    """The channel is followed, the reader has ended."""
    async with stage.reader(str(channel.username)) as reader:
        await stage.settled(reader, channel)


async def holds(stage: Stage, channel: Channel, post: Post) -> bool:
    return post.id in await stage.held(channel)


@pytest.mark.parametrize(
    ("code", "error"),
    [(400, "PERSISTENT_TIMESTAMP_INVALID"), (500, "PERSISTENT_TIMESTAMP_OUTDATED"), (400, "METHOD_INVALID")],
)
async def test_where_differences_are_refused_history_must_do(stage: Stage, code: int, error: str) -> None:
    channel = news(stage.world)
    await follow(stage, channel)
    stage.world.post(channel, "между")
    order = stage.world.faults.order("updates.getChannelDifference", faults.RpcError(code, error), times=faults.ALWAYS)
    async with stage.reader() as reader:
        await stage.settled(reader, channel)
        assert order.fired == 3
        stage.world.post(channel, "дальше")
        await stage.settled(reader, channel)
        assert order.fired == 3


async def test_a_difference_that_fails_once_is_asked_for_again_so_that_deletions_are_not_missed(stage: Stage) -> None:
    channel = news(stage.world, posts=2)
    await follow(stage, channel)
    stage.world.post(channel, "между")
    stage.world.delete(channel.posts[1])
    stage.world.faults.order("updates.getChannelDifference", faults.RpcError(400, "PERSISTENT_TIMESTAMP_INVALID"))
    async with stage.reader() as reader:
        await stage.settled(reader, channel)


@pytest.mark.parametrize("fault", [faults.RpcError(500, "HISTORY_GET_FAILED"), faults.LoseReply()])
async def test_differences_that_fail_in_an_outage_are_asked_for_until_they_tell_all(
    stage: Stage, fault: faults.Fault
) -> None:
    channel = news(stage.world, posts=2)
    await follow(stage, channel)
    stage.world.post(channel, "между")
    stage.world.edit(channel.posts[1], "правка")
    stage.world.delete(channel.posts[2])
    order = stage.world.faults.order("updates.getChannelDifference", fault, times=5)
    async with stage.reader(pace=replace(SWIFT, limit=0.2)) as reader:
        await stage.settled(reader, channel)
    assert order.fired == 5
    assert (await stage.held(channel))[2].deleted_at is not None


async def test_posts_come_while_differences_fail_and_the_cursor_stays(stage: Stage) -> None:
    channel = news(stage.world)
    await follow(stage, channel)
    stood = (await stage.channel(channel)).cursor.pts
    missed = stage.world.post(channel, "между", push=False)
    error = faults.RpcError(500, "HISTORY_GET_FAILED")
    order = stage.world.faults.order("updates.getChannelDifference", error, times=faults.ALWAYS)
    async with stage.reader() as reader:
        await stage.until(lambda: holds(stage, channel, missed))
        await stage.until(lambda: struck(order, 5))
        assert (await stage.channel(channel)).cursor.pts == stood
        assert reader.state().catching_up == (channel.id,)


async def struck(order: faults.Order, times: int) -> bool:
    return order.fired >= times
