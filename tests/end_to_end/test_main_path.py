"""The main job over real MTProto: a post in a public channel becomes an alert in a private chat."""

import asyncio
from pathlib import Path

from bot.sandbox import faults, server
from bot.sandbox.phone import Shown
from bot.sandbox.world import World
from tests.end_to_end import homefront as home

TOKEN, BOT = "4242:token-of-the-test", "watching_bot"
DAY = 24 * 3600
FLAGGED = "Жёны мобилизованных требуют ротации."


def bold(message: Shown) -> str:
    """What stands in bold in a message."""
    units = message.text.encode("utf-16-le")
    runs = [units[2 * e.start : 2 * (e.start + e.length)] for e in message.entities if e.kind == "bold"]
    return " ".join(run.decode("utf-16-le") for run in runs)


async def test_from_log_in_to_alert_and_digest_and_nothing_twice_after_a_restart(
    world: World, running: server.Server, tmp_path: Path
) -> None:
    reader = world.add_user(phone="79990000001", code="11111", password="a second secret", first_name="Reader")
    owner = world.add_user(phone="79990000002", code="22222", first_name="Owner")
    world.add_bot(token=TOKEN, username=BOT)
    channel = world.add_channel("Путь домой", "way_home", fake=True, subscribers=61_000)
    world.post(channel, "Слишком старая ротация.", date=home.clock() - 8 * DAY)
    world.post(channel, "Повестки раздавали у проходной.", date=home.clock() - 2 * DAY)
    found = home.settings_for(tmp_path / "data", running.address, token=TOKEN, channels=("way_home",))

    await home.sign_in(found, "+79990000001", "11111", "a second secret")
    async with home.phone_of(owner, running.address, BOT) as phone:
        async with home.living(found) as alive:
            await phone.write(f"/start {await alive.code}")
            await home.shown(phone, "sample")
            assert "FAKE" in (await home.follows(phone, "Путь домой")).text
            assert reader.id in channel.members

            post = world.post(channel, FLAGGED)
            alert = await home.shown(phone, f"https://t.me/way_home/{post.id}")
            assert "FAKE" in alert.text
            assert all(word in bold(alert) for word in ("мобилизованных", "ротации"))

            world.post(channel, "В повестке собрания: ремонт крыши.")
            await phone.write("/digest 7d")
            digest = await home.shown(phone, "проходной")
            assert "Жёны" in digest.text
            assert "Слишком старая" not in digest.text
            assert "ремонт крыши" not in digest.text
        before = len(world.chat(owner, world.state.accounts[4242]))

        async with home.living(found):
            post = world.post(channel, "Ещё один дезертир задержан.")
            await home.shown(phone, f"https://t.me/way_home/{post.id}")
    after = world.chat(owner, world.state.accounts[4242])[before:]
    assert [letter.text for letter in after if FLAGGED in letter.text] == []
    assert len(after) == 1


async def test_killed_between_post_and_alert_nothing_is_lost_and_nothing_doubled(
    world: World, running: server.Server, tmp_path: Path
) -> None:
    world.add_user(phone="79990000001", code="11111", first_name="Reader")
    owner = world.add_user(phone="79990000002", code="22222", first_name="Owner")
    bot = world.add_bot(token=TOKEN, username=BOT)
    channel = world.add_channel("Путь домой", "way_home")
    env = home.environment(tmp_path / "data", running.address, token=TOKEN, channels="@way_home")

    async with home.homefront("login", env=env, typed="+79990000001\n11111\n") as login:
        await login.until("Signed in as Reader")
    async with home.phone_of(owner, running.address, BOT) as phone:
        async with home.homefront("run", env=env) as process:
            await phone.write(f"/start {await process.code()}")
            await home.shown(phone, "sample")
            await home.follows(phone, "Путь домой")
            seen = world.post(channel, f"{FLAGGED} Один.")
            await home.shown(phone, f"https://t.me/way_home/{seen.id}")
            flying = world.post(channel, f"{FLAGGED} Два.")
            await process.kill()
        missed = world.post(channel, f"{FLAGGED} Три.")
        await phone.write("/topics")
        async with home.homefront("run", env=env):
            links = [f"https://t.me/way_home/{post.id}" for post in (flying, missed)]
            await home.all_shown(phone, *links, "I look for posts about:")
    letters = [letter.text for letter in world.chat(owner, bot) if letter.sender == bot.id]
    for post in (seen, flying, missed):
        assert sum(f"https://t.me/way_home/{post.id}" in text for text in letters) == 1
    assert sum("I look for posts about:" in text for text in letters) == 1


async def test_a_second_process_on_the_same_folder_is_turned_away(
    world: World, running: server.Server, tmp_path: Path
) -> None:
    world.add_user(phone="79990000001", code="11111", first_name="Reader")
    world.add_bot(token=TOKEN, username=BOT)
    env = home.environment(tmp_path / "data", running.address, token=TOKEN, channels="")
    async with home.homefront("login", env=env, typed="+79990000001\n11111\n") as login:
        await login.until("Signed in")
    async with home.homefront("run", env=env) as first:
        await first.code()
        async with home.homefront("run", env=env) as second:
            await second.until("Another Homefront is at work")
            assert await second.process.wait() == 1


async def test_a_process_that_is_asked_to_end_does_so_cleanly(
    world: World, running: server.Server, tmp_path: Path
) -> None:
    world.add_user(phone="79990000001", code="11111", first_name="Reader")
    world.add_bot(token=TOKEN, username=BOT)
    env = home.environment(tmp_path / "data", running.address, token=TOKEN, channels="")
    async with home.homefront("login", env=env, typed="+79990000001\n11111\n") as login:
        await login.until("Signed in")
    async with home.homefront("run", env=env) as process:
        await process.code()
        process.process.terminate()
        async with asyncio.timeout(5):
            assert await process.process.wait() == 0
        await process.until("All that was read is stored")


async def test_asked_to_end_while_the_server_says_nothing_it_ends_at_once(
    world: World, running: server.Server, tmp_path: Path
) -> None:
    world.add_user(phone="79990000001", code="11111", first_name="Reader")
    world.add_bot(token=TOKEN, username=BOT)
    found = home.settings_for(tmp_path / "data", running.address, token=TOKEN)
    await home.sign_in(found, "+79990000001", "11111")
    world.faults.order(faults.ANY, faults.LoseReply(), times=faults.ALWAYS)
    world.state.calls.clear()
    async with asyncio.timeout(home.PATIENCE_SECONDS), home.living(found):
        while not world.state.calls:  # noqa: ASYNC110 -- nobody tells it
            await asyncio.sleep(0)
