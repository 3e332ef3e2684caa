"""Homefront is killed as by a power cut, again and again, while posts come."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from bot import folder
from bot.sandbox import faults
from tests.end_to_end import homefront as home
from tests.trials import proof, scene

RESTARTS = 200
ONE_WHILE_STARTING_IN = 4
LONGEST_START_SECONDS, LONGEST_WORK_SECONDS = 2.0, 3.0
KILLS_WHILE_TELLING = 100
LONGEST_TELLING_SECONDS = 0.15

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


@pytest.mark.timeout(3600)
async def test_killed_between_the_match_and_the_settling_while_replies_are_lost(stage: scene.Scene) -> None:
    stage.add_channels(3)
    figures: list[str] = []
    kills, between = 0, 0
    stage.world.faults.order("messages.sendMessage", faults.LoseReply(), times=faults.ALWAYS, every=2)
    with scene.telling(stage, "SIGKILL between match and settling, every second reply lost", figures):
        while between < KILLS_WHILE_TELLING:
            async with home.homefront("run", env=stage.environment()) as terminal:
                await scene.at_work(terminal)
                await asyncio.sleep(stage.draw.uniform(0, 0.3))
                stage.post(flagged=True)
                await asyncio.sleep(stage.draw.uniform(0, LONGEST_TELLING_SECONDS))
            kills += 1
            between += unsettled(stage) > 0
        stage.world.faults.clear()
        async with home.homefront("run", env=stage.environment()):
            found = await proof.settled(stage, patience=120)
        figures += [f"{kills} kills, {between} of them between", *found.figures()]
    assert found.failures == {}
    assert found.clean


def unsettled(stage: scene.Scene) -> int:
    """Count the alerts that are stored and not settled."""
    with closing(sqlite3.connect(folder.database(stage.found.data_dir))) as connection:
        found: int = connection.execute(
            "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'claimed') AND kind IN ('alert', 'summary')"
        ).fetchone()[0]
    return found
