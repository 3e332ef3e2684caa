"""The main job on servers unlike ours: global message ids, objects without optional fields, calls that fail."""

import re
from pathlib import Path

import pytest

from bot.sandbox import dispatch, server
from bot.sandbox.state import Behaviour
from bot.sandbox.world import World
from tests.end_to_end import homefront as home

TOKEN, BOT = "4242:token-of-the-test", "watching_bot"
NEEDED = {
    "auth.sendCode",
    "auth.signIn",
    "auth.importBotAuthorization",
    "channels.joinChannel",
    "contacts.resolveUsername",
    "messages.getHistory",
    "messages.sendMessage",
}
"""Without these there is no main job; all others may fail."""
OPTIONAL = frozenset(dispatch.CALLS) - NEEDED
OFTEN_THERE = {"users.getUsers", "updates.getState", "help.getConfig", "updates.getDifference"}

BEHAVIOURS = {
    "global ids and sparse objects": Behaviour(global_message_ids=True, sparse=True),
    "optional calls answer 500": Behaviour(broken_calls=OPTIONAL - OFTEN_THERE),
    "no optional call is there": Behaviour(missing_calls=OPTIONAL, global_message_ids=True, sparse=True),
}


@pytest.fixture(params=list(BEHAVIOURS))
def world(request: pytest.FixtureRequest) -> World:
    return World(behaviour=BEHAVIOURS[request.param])


async def test_a_post_becomes_an_alert_and_a_missed_one_is_made_up_for(
    world: World, running: server.Server, tmp_path: Path
) -> None:
    world.add_user(phone="79990000001", code="11111", first_name="Reader")
    owner = world.add_user(phone="79990000002", code="22222", first_name="Owner")
    bot = world.add_bot(token=TOKEN, username=BOT)
    channel = world.add_channel("Путь домой", "way_home")
    other = world.add_channel("Другие вести", "other_news")
    old = world.post(channel, "Повестки раздавали у проходной.", date=home.clock() - 3600)
    found = home.settings_for(
        tmp_path / "data", running.address, token=TOKEN, channels=("way_home", "other_news"), allowed=(owner.id,)
    )
    await home.sign_in(found, "+79990000001", "11111")
    told = Told(world, owner.id, bot.id)
    async with home.living(found):
        world.write(owner, bot, "/start")
        await told.link("way_home", old.id)
        first = world.post(other, "Жёны мобилизованных требуют ротации.")
        await told.link("other_news", first.id)
        world.write(owner, bot, "/topics")
        await told.text("I look for posts about")
    missed = world.post(channel, "Дезертира задержали на вокзале.")
    async with home.living(found):
        await told.link("way_home", missed.id)
        last = world.post(channel, "Дембель снова отложили.")
        await told.link("way_home", last.id)
    for name, post in (("way_home", old), ("other_news", first), ("way_home", missed), ("way_home", last)):
        assert told.count(f"https://t.me/{name}/{post.id}") == 1


class Told:
    """What the owner's chat holds, as the world knows it; waits by listening to the world."""

    def __init__(self, world: World, owner_id: int, bot_id: int) -> None:
        self._world = world
        self._owner = world.state.accounts[owner_id]
        self._bot = world.state.accounts[bot_id]

    def count(self, words: str) -> int:
        letters = self._world.chat(self._owner, self._bot)
        whole = re.compile(re.escape(words) + r"(?!\d)")
        return sum(bool(whole.search(f"{letter.text}{letter.entities}")) for letter in letters)

    async def link(self, username: str, number: int) -> None:
        await self.text(f"https://t.me/{username}/{number}")

    async def text(self, words: str) -> None:
        async with home.eventually(self._world) as changed:
            while not self.count(words):
                await changed()
