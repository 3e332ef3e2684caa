"""Older history from a server that lets one call a second through."""

import asyncio
import time
from collections.abc import Callable

import pytest

from bot.sandbox.state import Behaviour
from bot.sandbox.world import World
from tests.end_to_end import homefront as home
from tests.trials import proof, scene

SECONDS_A_CALL = 1.0
PAGES, PAGE = 300, 100
DAY = 24 * 3600
LEAST_OF_THE_PACE = 0.98

pytestmark = pytest.mark.trial


@pytest.mark.timeout(600)
async def test_older_posts_come_at_the_pace_that_the_server_allows(stage: scene.Scene, world: World) -> None:
    stage.add_channels(1)
    (channel,) = stage.channels
    begin = home.clock() - 300 * DAY
    for number in range(PAGES * PAGE):
        world.post(channel, f"Запись {number}", date=begin + number * 800, push=False)
    env = stage.environment()
    async with home.homefront("run", env=env) as process:
        await scene.at_work(process)
        stage.post(channel=channel)
        await _until(lambda: len(proof.prove(stage).lost) <= PAGES * PAGE, look=proof.LOOK_SECONDS)
    world.state.behaviour = Behaviour(intervals={"messages.getHistory": SECONDS_A_CALL})
    figures: list[str] = []
    before = world.state.calls["messages.getHistory"]
    with scene.telling(stage, "older posts from a server that lets one call a second through", figures):
        async with home.homefront("backfill", f"@{channel.username}", "400", env=env) as process:
            await _until(lambda: world.state.calls["messages.getHistory"] > before, look=0.01)
            begun = time.perf_counter()
            await process.process.wait()
        seconds = time.perf_counter() - begun
        calls = world.state.calls["messages.getHistory"] - before
        found = proof.prove(stage)
        pace = PAGES * SECONDS_A_CALL / seconds
        figures += [f"{PAGES} pages in {calls} calls", f"{pace:.3f} of the pace allowed", *found.figures()]
    assert process.process.returncode == 0, await scene.printed(process)
    assert found.failures == {}
    assert pace >= LEAST_OF_THE_PACE


async def _until(true: Callable[[], bool], *, look: float) -> None:
    while not true():  # noqa: ASYNC110 -- nobody tells it
        await asyncio.sleep(look)
