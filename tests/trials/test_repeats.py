"""A message is sent again under the random id that the server has seen, and the server answers in its own fashion."""

import asyncio
import math

import pytest

from bot.sandbox import faults
from bot.sandbox.state import Behaviour
from bot.sandbox.world import World
from tests.end_to_end import homefront as home
from tests.trials import proof, scene

FLAGGED_POSTS = 20
FASHIONS = {"the first message": 0.0, "RANDOM_ID_DUPLICATE for 60 s": 60.0, "RANDOM_ID_DUPLICATE for ever": math.inf}

pytestmark = pytest.mark.trial


@pytest.fixture
def world(fashion: str) -> World:
    return World(behaviour=Behaviour(duplicate_seconds=FASHIONS[fashion]))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("fashion", list(FASHIONS))
async def test_a_repeat_is_settled_right(stage: scene.Scene, fashion: str) -> None:
    stage.add_channels(2)
    figures: list[str] = []
    order = stage.world.faults.order("messages.sendMessage", faults.LoseReply(), times=faults.ALWAYS, every=3)
    with scene.telling(stage, f"repeats answered with {fashion}", figures):
        async with home.living(stage.found):
            for number in range(FLAGGED_POSTS):
                stage.post(flagged=number % 2 == 0)
                await asyncio.sleep(0.5)
            found = await proof.settled(stage, patience=600)
        figures += [f"{order.fired} replies lost", *found.figures()]
    assert order.fired
    assert found.failures == {}
    assert found.clean
