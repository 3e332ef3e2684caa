"""The reading account is lost: the owner is told, and the bot stays up."""

from pathlib import Path

from bot.sandbox import server
from bot.sandbox.world import World
from tests.end_to_end import homefront as home

TOKEN, BOT = "4242:secret-of-the-bot", "homefront_bot"


async def test_a_session_that_was_ended_stops_the_reading_and_not_the_bot_also_after_a_restart(
    world: World, running: server.Server, tmp_path: Path
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
            await phone.write("/status")
            await home.shown(phone, "Путь домой")
            world.sign_out(reader)
            await phone.write("/add @way_home_2")
            await home.shown(phone, "Reading has stopped")
            await phone.write("/channels")
            await home.shown(phone, "I watch 1 channel")
        before = len(world.chat(owner, world.state.accounts[4242]))
        async with home.living(found):
            await phone.write("/topics")
            await home.shown(phone, "I look for posts about")
    after = [letter.text for letter in world.chat(owner, world.state.accounts[4242])[before:]]
    assert any("Reading has stopped" in text for text in after)
