"""The reading account is lost: the owner is told, and the bot stays up."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.sandbox import faults, server
from bot.sandbox.state import Account
from bot.sandbox.world import World
from tests.end_to_end import homefront as home

TOKEN, BOT = "4242:secret-of-the-bot", "homefront_bot"


Loss = Callable[[World, Account], None]


def end_session(world: World, reader: Account) -> None:
    world.sign_out(reader)


def ban(world: World, reader: Account) -> None:
    refusal = faults.RpcError(401, "USER_DEACTIVATED_BAN")
    world.faults.order(faults.ANY, refusal, times=faults.ALWAYS, account=reader.id)


def freeze(world: World, reader: Account) -> None:
    """A frozen account may still say who it is, but neither find nor read anything."""
    for call in ("contacts.resolveUsername", "updates.getChannelDifference", "messages.getHistory"):
        refusal = faults.RpcError(420, "FROZEN_METHOD_INVALID")
        world.faults.order(call, refusal, times=faults.ALWAYS, account=reader.id)


@pytest.mark.parametrize(
    ("lose", "reason"),
    [(end_session, "signed out"), (ban, "has closed the reading account"), (freeze, "has frozen the reading account")],
)
async def test_an_account_that_is_lost_stops_the_reading_and_not_the_bot_also_after_a_restart(
    world: World, running: server.Server, tmp_path: Path, lose: Loss, reason: str
) -> None:
    reader = world.add_user(phone="79990000001", code="11111", first_name="Reader")
    owner = world.add_user(phone="79990000002", code="22222", first_name="Owner")
    world.add_bot(token=TOKEN, username=BOT)
    channel = world.add_channel("Путь домой", "way_home")
    world.post(channel, "До нас.")
    found = home.settings_for(tmp_path / "data", running.address, token=TOKEN, channels=("way_home",))
    await home.sign_in(found, "+79990000001", "11111")
    async with home.phone_of(owner, running.address, BOT) as phone:
        async with home.living(found) as alive:
            await phone.write(f"/start {await alive.code}")
            await home.shown(phone, "sample")
            await home.follows(phone, "Путь домой")
            lose(world, reader)
            await phone.write("/add @way_home_2")
            assert reason in (await home.shown(phone, "Reading has stopped")).text
            await phone.write("/channels")
            await home.shown(phone, "I watch 1 channel")
        async with home.living(found):
            await phone.write("/status")
            await home.shown(phone, "The reading account is not connected")
