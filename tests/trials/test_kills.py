"""Homefront is killed as by a power cut, again and again, while posts come."""

import asyncio

import pytest

from tests.end_to_end import homefront as home
from tests.trials import proof, scene

RESTARTS = 200
ONE_WHILE_STARTING_IN = 4
LONGEST_START_SECONDS, LONGEST_WORK_SECONDS = 2.0, 3.0

pytestmark = pytest.mark.trial


@pytest.mark.timeout(3600)
async def test_killed_at_random_moments_under_load(stage: scene.Scene) -> None:
    stage.add_channels(8)
    figures: list[str] = []
    at_work = 0
    with scene.telling(stage, f"{RESTARTS} restarts by SIGKILL", figures):
        async with scene.load(stage, per_second=10):
            for _ in range(RESTARTS):
                async with home.homefront("run", env=stage.environment()) as terminal:
                    starting = stage.draw.randrange(ONE_WHILE_STARTING_IN) == 0
                    if not starting:
                        await scene.at_work(terminal)
                        at_work += 1
                    await asyncio.sleep(
                        stage.draw.uniform(0, LONGEST_START_SECONDS if starting else LONGEST_WORK_SECONDS)
                    )
        async with home.homefront("run", env=stage.environment()):
            found = await proof.settled(stage, patience=120)
        figures += [f"{at_work} of them at work", *found.figures()]
    assert found.failures == {}
    assert found.clean
    assert await proof.chains_hold(stage)
