"""Homefront is asked to end."""

import asyncio
import sqlite3
import time
from contextlib import closing

import pytest

from bot import folder
from bot.cli import lock
from bot.sandbox import faults
from tests.end_to_end import homefront as home
from tests.trials import proof, scene

STOPS, STOPS_IN_SILENCE = 30, 10
ONE_WHILE_STARTING_IN = 3
LONGEST_START_SECONDS, LONGEST_WORK_SECONDS = 2.0, 2.0
TOLERATED_SECONDS = 5.0

pytestmark = pytest.mark.trial


@pytest.mark.timeout(900)
async def test_sigterm_ends_it_with_everything_settled(stage: scene.Scene) -> None:
    stage.add_channels(5)
    figures: list[str] = []
    took: list[float] = []
    claims = 0
    with scene.telling(stage, f"{STOPS} SIGTERMs under load", figures):
        async with scene.load(stage, per_second=15):
            for number in range(STOPS):
                async with home.homefront("run", env=stage.environment()) as terminal:
                    starting = number % ONE_WHILE_STARTING_IN == ONE_WHILE_STARTING_IN - 1
                    await (_locked(stage) if starting else scene.at_work(terminal))
                    longest = LONGEST_START_SECONDS if starting else LONGEST_WORK_SECONDS
                    await asyncio.sleep(stage.draw.uniform(0.1, longest))
                    took.append(await _end(terminal))
                claims += _claims(stage)
        async with home.homefront("run", env=stage.environment()):
            found = await proof.settled(stage, patience=120)
        figures += [f"ended after {max(took):.1f} s at most", f"{claims} messages left claimed", *found.figures()]
    assert found.failures == {}
    assert found.clean
    assert claims == 0
    assert max(took) < TOLERATED_SECONDS
    assert await proof.chains_hold(stage)


@pytest.mark.timeout(300)
async def test_sigterm_ends_it_while_the_server_says_nothing(stage: scene.Scene) -> None:
    stage.add_channels(2)
    figures: list[str] = []
    took: list[float] = []
    with scene.telling(stage, f"{STOPS_IN_SILENCE} SIGTERMs while the server says nothing", figures):
        for _ in range(STOPS_IN_SILENCE):
            async with home.homefront("run", env=stage.environment()) as terminal:
                working = stage.draw.random() < 0.5
                await (scene.at_work(terminal) if working else _locked(stage))
                stage.world.faults.order(faults.ANY, faults.LoseReply(), times=faults.ALWAYS)
                stage.post(flagged=True)
                await asyncio.sleep(stage.draw.uniform(0.1, LONGEST_START_SECONDS))
                took.append(await _end(terminal))
                stage.world.faults.clear()
        async with home.homefront("run", env=stage.environment()):
            found = await proof.settled(stage, patience=120)
        figures += [f"ended after {max(took):.1f} s at most", *found.figures()]
    assert found.failures == {}
    assert found.clean
    assert max(took) < TOLERATED_SECONDS


async def _locked(stage: scene.Scene) -> None:
    """Wait until a process has begun: before, Python is still starting, and a signal ends it in its own way."""
    while not lock.is_held(stage.found.data_dir):  # noqa: ASYNC110 -- nobody tells it
        await asyncio.sleep(0.05)


async def _end(terminal: home.Terminal) -> float:
    begun = time.perf_counter()
    terminal.process.terminate()
    code = await terminal.process.wait()
    took = time.perf_counter() - begun
    printed = await scene.printed(terminal)
    assert code == 0, printed
    assert "Stopped. All that was read is stored." in printed
    return took


def _claims(stage: scene.Scene) -> int:
    with closing(sqlite3.connect(folder.database(stage.found.data_dir))) as connection:
        found: int = connection.execute("SELECT count(*) FROM outbox WHERE state = 'claimed'").fetchone()[0]
    return found
