"""The connection breaks, the server is away, its replies are lost."""

import asyncio
import math
import random
import time
from pathlib import Path

import pytest

from bot.sandbox import faults, server
from bot.sandbox.world import World
from tests.end_to_end import homefront as home
from tests.trials import proof, scene

CUTS = 200
LONGEST_BETWEEN_CUTS_SECONDS = 1.0
AWAY_SECONDS = 300
BEFORE_AND_AFTER_SECONDS = 20
REPLIES_LOST_ONE_IN = 10
LOSING_SECONDS = 120
TOPICS_SAID = "I look for posts about"

pytestmark = pytest.mark.trial


@pytest.mark.timeout(900)
async def test_connections_are_cut(stage: scene.Scene, running: server.Server) -> None:
    stage.add_channels(8)
    figures: list[str] = []
    cut = 0
    with scene.telling(stage, f"connections cut {CUTS} times", figures):
        async with home.living(stage.found):
            async with scene.load(stage, per_second=10):
                for _ in range(CUTS):
                    await asyncio.sleep(stage.draw.uniform(0, LONGEST_BETWEEN_CUTS_SECONDS))
                    cut += running.connections
                    running.cut()
            found = await proof.settled(stage, patience=120)
        figures += [f"{cut} connections", *found.figures()]
    assert cut >= CUTS // 2
    assert found.failures == {}
    assert found.clean


@pytest.mark.timeout(AWAY_SECONDS + 600)
async def test_the_server_is_away(world: World, tmp_path: Path) -> None:
    figures: list[str] = []
    async with server.serve(world) as first:
        stage = await scene.build(world, first.address, tmp_path)
        stage.add_channels(8)
        port = first.port
    with scene.telling(stage, f"server away for {AWAY_SECONDS} s", figures):
        async with home.homefront("run", env=stage.environment()) as terminal:
            async with server.serve(world, port=port), scene.load(stage, per_second=3):
                await scene.at_work(terminal)
                await asyncio.sleep(BEFORE_AND_AFTER_SECONDS)
            async with scene.load(stage, per_second=3):
                await asyncio.sleep(AWAY_SECONDS)
            async with server.serve(world, port=port):
                first_alert = await _until_told(stage)
                async with scene.load(stage, per_second=3):
                    await asyncio.sleep(BEFORE_AND_AFTER_SECONDS)
                found = await proof.settled(stage, patience=120)
        figures += [f"first alert {first_alert:.0f} s after it came back", *found.figures()]
    assert found.failures == {}
    assert found.clean


@pytest.mark.timeout(1200)
async def test_one_reply_in_ten_is_lost(stage: scene.Scene) -> None:
    stage.add_channels(5)
    figures: list[str] = []
    asked = math.ceil(LOSING_SECONDS / 10)
    what = f"each reply lost with a chance of 1 in {REPLIES_LOST_ONE_IN}, and every push to the reader"
    with scene.telling(stage, what, figures):
        async with home.living(stage.found):
            stage.post(flagged=True)
            await proof.settled(stage, patience=60)
            ordered = stage.world.faults
            # Drawn, as strictly every tenth would strike the same kinds of calls again and again, and others never.
            replies = ordered.order(
                faults.ANY,
                faults.LoseReply(),
                times=faults.ALWAYS,
                every=REPLIES_LOST_ONE_IN,
                draw=random.Random(stage.seed),
            )
            # While all is pushed there is nothing to ask for.
            pushes = ordered.order(faults.PUSH, faults.LosePush(), times=faults.ALWAYS, account=stage.reader.id)
            async with scene.load(stage, per_second=3):
                for _ in range(asked):
                    await asyncio.sleep(LOSING_SECONDS / asked)
                    stage.world.write(stage.owner, stage.bot, "/topics")
            ordered.cancel(pushes)
            for channel in stage.channels:
                stage.post(channel=channel)
            found = await proof.settled(stage, patience=420)
            answered = await _until_answered(stage, asked, patience=60)
        lost = f"{replies.fired} of {replies.seen} replies and {pushes.fired} pushes"
        figures += [lost, f"{answered} of {asked} commands answered", *found.figures()]
    assert replies.fired > 0
    assert pushes.fired > LOSING_SECONDS
    assert found.failures == {}
    assert found.clean
    assert answered == asked


async def _until_answered(stage: scene.Scene, asked: int, *, patience: float) -> int:
    """Wait until so many commands are answered, or `patience` (seconds) is over; returns how many are."""
    until = time.perf_counter() + patience
    while (answered := proof.answers(stage, TOPICS_SAID)) < asked and time.perf_counter() < until:  # noqa: ASYNC110
        await asyncio.sleep(proof.LOOK_SECONDS)
    return answered


async def _until_told(stage: scene.Scene) -> float:
    """Wait for the next alert; returns the seconds that it took."""
    begun, before = time.perf_counter(), len(proof.told_of(stage))
    while len(proof.told_of(stage)) == before:  # noqa: ASYNC110 -- nobody tells it
        await asyncio.sleep(proof.LOOK_SECONDS)
    return time.perf_counter() - begun
