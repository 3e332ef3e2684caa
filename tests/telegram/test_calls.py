"""What holds for every call of the reader."""

from bot.commands.reader import Wait
from bot.sandbox import faults
from bot.sandbox.state import Channel
from bot.sandbox.world import World
from bot.telegram.waits import Waits
from storage.database import Database
from storage.models import ChannelId
from tests import records
from tests.telegram.stage import BUSY, Stage

HISTORY = "messages.GetHistoryRequest"


def quiet_channel(world: World) -> Channel:
    channel = world.add_channel("Путь домой", "way_home", subscribers=61_000)
    world.post(channel, "до нас")
    return channel


async def test_a_pause_is_kept_across_a_restart_and_shown(stage: Stage) -> None:
    channel = quiet_channel(stage.world)
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
        stage.world.faults.order("updates.getChannelDifference", faults.Flood(600), channel=channel.id)
        stage.world.post(channel, "неслышно", push=False)
        stage.world.post(channel, "слышно")

        async def waiting() -> bool:
            return bool(reader.state().waiting)

        await stage.until(waiting)
    calls = stage.world.state.calls["updates.getChannelDifference"]
    async with stage.reader("way_home") as reader:
        await stage.until(waiting)
        (wait,) = reader.state().waiting
        assert 500 < wait.seconds <= 600
        assert wait.channel_id == ChannelId(channel.id)
        assert stage.world.state.calls["updates.getChannelDifference"] == calls


async def test_a_pause_for_one_kind_of_call_stops_no_pushes_and_no_other_kind(stage: Stage) -> None:
    channel = quiet_channel(stage.world)
    other = stage.world.add_channel("Московский телеграф", "telegraph")
    async with stage.reader("way_home", pace=BUSY) as reader:
        await stage.settled(reader, channel)
        stage.world.faults.order("updates.getChannelDifference", faults.Flood(600))
        await stage.until(lambda: flooded(reader))
        stage.world.post(channel, "слышно")
        await stage.whole(channel)
        stage.world.post(other, "тоже")
        assert (await reader.find("@telegraph")).infos  # type: ignore[union-attr]


async def flooded(reader: object) -> bool:
    return bool(reader.state().waiting)  # type: ignore[attr-defined]


async def test_another_account_keeps_no_pauses_of_the_one_before(stage: Stage) -> None:
    channel = quiet_channel(stage.world)
    stage.world.faults.order("channels.joinChannel", faults.Flood(600))
    async with stage.reader("way_home") as reader:
        await stage.whole(channel)
        assert await flooded(reader)
    stage.place().session.unlink()
    stage.account = stage.world.add_user(phone="79990000002")
    await stage.sign_in()
    async with stage.reader("way_home") as reader:
        await stage.until(lambda: joined(stage, channel))
        assert reader.state().waiting == ()


async def joined(stage: Stage, channel: Channel) -> bool:
    return (await stage.channel(channel)).joined


async def test_a_shorter_pause_ends_no_longer_one(database: Database) -> None:
    clock = [100.0]
    held = Waits(lambda: clock[0], database=database, now=lambda: records.NOW)
    await held.note(HISTORY, 300, records.CHANNEL)
    await held.note(HISTORY, 5, None)
    assert held.left(HISTORY) == 300
    assert held.all() == (Wait(seconds=300, channel_id=records.CHANNEL),)
    resumed = Waits(lambda: clock[0], database=database, now=lambda: records.NOW)
    await resumed.resume()
    assert resumed.left(HISTORY) == 300
    clock[0] += 298
    await held.note(HISTORY, 5, None)
    assert held.left(HISTORY) == 5
