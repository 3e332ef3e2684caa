"""Older history that is asked for."""

from dataclasses import replace

import pytest

from bot.sandbox import faults
from bot.sandbox.state import Channel
from storage import backfills, channels, waits
from storage.backfills import Backfill
from storage.models import ChannelId
from tests.telegram import edge
from tests.telegram.stage import SWIFT, Stage

DAY = 24 * 3600
QUICK = replace(SWIFT, recheck=0.05)
POSTS = 350


@pytest.fixture
def channel(stage: Stage) -> Channel:
    """A channel with a post every hour for two weeks."""
    made = stage.world.add_channel("Путь домой", "way_home")
    first = edge.now() - POSTS * 3600 + 1800
    for number in range(POSTS):
        stage.world.post(made, f"Запись {number}", date=first + number * 3600)
    return made


async def test_as_many_days_are_read_as_were_asked_for_and_the_owner_is_told(stage: Stage, channel: Channel) -> None:
    async with stage.reader("way_home", pace=QUICK) as reader:
        await stage.until(lambda: held(stage, channel, 168))
        since = edge.now() - 10 * DAY
        await reader.read_back(ChannelId(channel.id), since=since)
        await stage.until(lambda: ended(stage, channel))
        await stage.told.something()
        shown = {number for number, post in channel.posts.items() if post.date >= since}
        assert set(await stage.texts(channel)) == shown
        assert stage.told.texts == [
            "The older posts of Путь домой are read: 72 new ones. /digest shows what is flagged among them."
        ]
        assert (await stage.channel(channel)).held_from == since
        stage.told.spoken.clear()
        await reader.read_back(ChannelId(channel.id), since=0)
        await stage.told.something()
    assert set(await stage.texts(channel)) == set(channel.posts)


async def held(stage: Stage, channel: Channel, number: int) -> bool:
    return await known(stage, channel) and len(await stage.texts(channel)) >= number


async def known(stage: Stage, channel: Channel) -> bool:
    async with stage.watched.reading() as connection:
        return any(one.info.id == channel.id and one.held_from for one in await channels.followed(connection))


async def wanted(stage: Stage, channel: Channel) -> Backfill | None:
    async with stage.watched.reading() as connection:
        return await backfills.get(connection, ChannelId(channel.id))


async def ended(stage: Stage, channel: Channel) -> bool:
    found = await wanted(stage, channel)
    return found is not None and found.ended_at is not None


async def test_interrupted_it_goes_on_where_it_stood(stage: Stage, channel: Channel) -> None:
    async with stage.reader("way_home", pace=QUICK) as reader:
        await stage.until(lambda: known(stage, channel))
        stage.world.faults.order("messages.getHistory", faults.Flood(600), every=2)
        await reader.read_back(ChannelId(channel.id), since=0)
        await stage.until(lambda: reached(stage, channel))
    before = await wanted(stage, channel)
    assert before is not None
    assert before.ended_at is None
    stage.world.faults.clear()
    async with stage.database.transaction() as tx:
        await waits.forget(tx)
    calls = stage.world.state.calls["messages.getHistory"]
    async with stage.reader(pace=QUICK):
        await stage.until(lambda: ended(stage, channel))
    assert set(await stage.texts(channel)) == set(channel.posts)
    assert stage.world.state.calls["messages.getHistory"] - calls <= 3


async def reached(stage: Stage, channel: Channel) -> bool:
    found = await wanted(stage, channel)
    return found is not None and found.reached_id is not None


async def test_failures_of_the_server_are_borne(stage: Stage, channel: Channel) -> None:
    async with stage.reader("way_home", pace=QUICK) as reader:
        await stage.until(lambda: known(stage, channel))
        stage.world.faults.order("messages.getHistory", faults.RpcError(500, "WORKER_BUSY"), times=2)
        stage.world.faults.order("messages.getHistory", faults.Flood(1))
        await reader.read_back(ChannelId(channel.id), since=0)
        await stage.until(lambda: ended(stage, channel))
    assert set(await stage.texts(channel)) == set(channel.posts)


async def test_a_channel_that_the_server_fails_to_show_holds_up_no_other(stage: Stage, channel: Channel) -> None:
    other = stage.world.add_channel("Московский телеграф", "telegraph")
    old = stage.world.post(other, "Давно.", date=edge.now() - 20 * DAY)
    stage.world.post(other, "Только что.")
    async with stage.reader("way_home", "telegraph", pace=QUICK) as reader:
        await stage.until(lambda: known(stage, channel))
        await stage.until(lambda: known(stage, other))
        failing = faults.RpcError(500, "WORKER_BUSY")
        stage.world.faults.order("messages.getHistory", failing, times=faults.ALWAYS, channel=channel.id)
        await reader.read_back(ChannelId(channel.id), since=0)
        await reader.read_back(ChannelId(other.id), since=0)
        await stage.until(lambda: ended(stage, other))
        assert not await ended(stage, channel)
    assert old.id in await stage.texts(other)
