"""Telegram asks for a pause."""

import asyncio
import time

import pytest

from bot.sandbox import faults
from tests.end_to_end import homefront as home
from tests.trials import proof, scene

OTHERS = 20
PAUSE_SECONDS = 30
TOLERATED_SECONDS = 1.0

pytestmark = pytest.mark.trial


@pytest.mark.timeout(300)
async def test_a_flood_wait_of_one_channel_holds_up_no_other(stage: scene.Scene) -> None:
    stage.add_channels(1 + OTHERS)
    flooded, *others = stage.channels
    figures: list[str] = []
    with scene.telling(stage, f"FloodWait of {PAUSE_SECONDS} s on one channel, {OTHERS} others go on", figures):
        async with home.living(stage.found):
            for channel in stage.channels:
                stage.post(channel=channel)
            assert (await proof.settled(stage, patience=60)).clean
            calls = ("updates.getChannelDifference", "messages.getHistory")
            orders = [stage.world.faults.order(call, faults.Flood(PAUSE_SECONDS), channel=flooded.id) for call in calls]
            begun = time.perf_counter()
            stage.post(channel=flooded, push=False)
            stage.post(channel=flooded)
            delays = []
            while time.perf_counter() - begun < PAUSE_SECONDS - 2 * TOLERATED_SECONDS:
                channel = stage.draw.choice(others)
                delays.append(await _seconds_until_held(stage, stage.post(channel=channel).id, channel.username))
            missed = [place for place in proof.prove(stage).lost if place[0] == flooded.username]
            found = await proof.settled(stage, patience=60)
            pause = time.perf_counter() - begun
        figures += [
            f"{len(delays)} posts of the others held after {max(delays):.2f} s at most",
            f"the one whole after {pause:.0f} s",
            *found.figures(),
        ]
    assert sum(order.fired for order in orders) >= 1
    assert len(missed) == 1
    assert max(delays) < TOLERATED_SECONDS
    assert found.failures == {}
    assert found.clean


async def _seconds_until_held(stage: scene.Scene, number: int, username: str | None) -> float:
    begun = time.perf_counter()
    while (str(username), number) in proof.prove(stage).lost:  # noqa: ASYNC110 -- nobody tells it
        await asyncio.sleep(0.02)
    return time.perf_counter() - begun
