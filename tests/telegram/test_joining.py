"""Which channels are joined, and which are read from outside."""

import pytest

from bot.commands.reader import Candidates
from bot.sandbox.state import Behaviour, Channel
from bot.sandbox.world import World
from storage.models import ChannelInfo
from tests.telegram.stage import BUSY, Stage


@pytest.fixture
def world() -> World:
    return World(behaviour=Behaviour(channels_limit=1, channels_limit_premium=2))


async def info(reader: object, channel: Channel) -> ChannelInfo:
    found = await reader.find(f"@{channel.username}")  # type: ignore[attr-defined]
    assert isinstance(found, Candidates)
    return found.infos[0]


async def test_a_quiet_channel_is_never_joined_and_read_all_the_same(stage: Stage) -> None:
    channel = stage.world.add_channel("Путь домой", "way_home")
    stage.world.post(channel, "до нас")
    async with stage.reader(pace=BUSY) as reader:
        await stage.until_runs(reader)
        await reader.follow(await info(reader, channel), way="quiet")
        await stage.whole(channel)
    async with stage.reader(pace=BUSY):
        stage.world.post(channel, "никому не сказано")
        await stage.whole(channel)
    held = await stage.channel(channel)
    assert (held.quiet, held.joined) == (True, False)
    assert stage.world.state.calls["channels.joinChannel"] == 0
    assert channel.members == set()


async def test_beyond_the_limit_of_joined_channels_nothing_is_joined(stage: Stage) -> None:
    first, second = stage.world.add_channel("Первый", "first"), stage.world.add_channel("Второй", "second")
    for channel in (first, second):
        stage.world.post(channel, "до нас")
    async with stage.reader("first", pace=BUSY) as reader:
        await stage.settled(reader, first)
        await reader.follow(await info(reader, second))
        await stage.whole(second)
        stage.world.post(second, "никому не сказано")
        await stage.whole(second)
    assert stage.world.state.calls["channels.joinChannel"] == 1
    assert not (await stage.channel(second)).quiet


async def test_an_account_with_premium_joins_more(stage: Stage) -> None:
    stage.account.premium = True
    first, second, third = (stage.world.add_channel(name, name) for name in ("first", "second", "third"))
    async with stage.reader("first", "second", pace=BUSY) as reader:
        await stage.settled(reader, first, second)
        await stage.until(lambda: stage.joined(second))
        await reader.follow(await info(reader, third))
        await stage.whole(third)
    assert [bool(channel.members) for channel in (first, second, third)] == [True, True, False]
    assert stage.world.state.calls["channels.joinChannel"] == 2
