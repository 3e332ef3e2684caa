"""Pushes are lost, doubled, out of order, or nobody was there to hear them."""

import asyncio

import pytest

from bot.sandbox import faults
from tests.end_to_end import homefront as home
from tests.trials import proof, scene

MISSED = 500
LOAD_SECONDS = 60
CHANGED_WHILE_AWAY = 200

pytestmark = pytest.mark.trial


@pytest.mark.timeout(600)
async def test_too_long_after_many_missed_posts(stage: scene.Scene) -> None:
    stage.add_channels(2)
    long, other = stage.channels
    figures: list[str] = []
    with scene.telling(stage, f"TooLong after {MISSED} missed posts", figures):
        async with home.living(stage.found):
            for _ in range(20):
                stage.happen()
            assert (await proof.settled(stage, patience=60)).clean
        for number in range(MISSED):
            stage.post(channel=long, flagged=number % 20 == 0, push=False)
            stage.post(channel=other, push=False)
        stage.world.forget_events(long)
        calls = stage.world.state.calls["messages.getHistory"]
        async with home.living(stage.found):
            found = await proof.settled(stage, patience=120)
            stage.post(channel=long, flagged=True)
            found = await proof.settled(stage, patience=60)
        pages = stage.world.state.calls["messages.getHistory"] - calls
        figures += [f"{pages} pages of history read", *found.figures()]
    assert pages >= MISSED // 100
    assert found.failures == {}
    assert found.clean


@pytest.mark.timeout(600)
async def test_every_push_is_lost(stage: scene.Scene) -> None:
    """Commands still reach the bot: only what is pushed to the reader is lost."""
    stage.add_channels(5)
    figures: list[str] = []
    order = stage.world.faults.order(faults.PUSH, faults.LosePush(), times=faults.ALWAYS, account=stage.reader.id)
    with scene.telling(stage, "every push lost", figures):
        async with home.living(stage.found):
            async with scene.load(stage, per_second=10):
                await asyncio.sleep(LOAD_SECONDS)
            found = await proof.settled(stage, patience=240)
        figures += [f"{order.fired} pushes", *found.figures()]
    assert order.fired >= found.posts
    assert found.failures == {}
    assert found.clean


@pytest.mark.timeout(600)
async def test_pushes_come_twice_and_out_of_order(stage: scene.Scene) -> None:
    stage.add_channels(5)
    figures: list[str] = []
    orders = [
        stage.world.faults.order(faults.PUSH, fault, times=faults.ALWAYS, every=every, account=stage.reader.id)
        for fault, every in (
            (faults.RepeatPush(3), 3),
            (faults.HoldPush(4), 4),
            (faults.Delay(0.5), 5),
            (faults.HoldPush(1), 2),
        )
    ]
    with scene.telling(stage, "pushes doubled and reordered", figures):
        async with home.living(stage.found):
            async with scene.load(stage, per_second=30):
                await asyncio.sleep(LOAD_SECONDS)
            for order in orders:
                stage.world.faults.cancel(order)
            # What is held back comes after a later one.
            for channel in stage.channels:
                for _ in range(4):
                    stage.post(channel=channel)
            found = await proof.settled(stage, patience=60)
        repeated, *disordered = (order.fired for order in orders)
        figures += [f"{repeated} times three more, {sum(disordered)} late", *found.figures()]
    assert all(order.fired > LOAD_SECONDS for order in orders)
    assert found.failures == {}
    assert found.clean


@pytest.mark.timeout(600)
async def test_edits_and_deletions_while_homefront_is_down(stage: scene.Scene) -> None:
    stage.add_channels(5)
    figures: list[str] = []
    with scene.telling(stage, "edits and deletions while it was down", figures):
        async with home.homefront("run", env=stage.environment()):
            posts = [stage.post(flagged=number % 10 == 0) for number in range(2 * CHANGED_WHILE_AWAY)]
            assert (await proof.settled(stage, patience=120)).clean
        stage.draw.shuffle(posts)
        edited, deleted = posts[:CHANGED_WHILE_AWAY], posts[CHANGED_WHILE_AWAY:][: CHANGED_WHILE_AWAY // 2]
        for number, post in enumerate(edited):
            stage.edit(post, flagged=number % 10 == 0, push=False)
        for post in deleted:
            stage.delete(post, push=False)
        async with home.homefront("run", env=stage.environment()):
            found = await proof.settled(stage, patience=120)
        figures += [f"{len(edited)} edits, {len(deleted)} deletions", *found.figures()]
    assert found.failures == {}
    assert found.clean


@pytest.mark.timeout(600)
async def test_two_channels_with_the_same_message_ids(stage: scene.Scene) -> None:
    stage.add_channels(2)
    figures: list[str] = []
    with scene.telling(stage, "two channels with the same message ids", figures):
        async with home.living(stage.found):
            for number in range(100):
                twins = [stage.post(channel=channel, flagged=number % 10 == 0) for channel in stage.channels]
                assert twins[0].id == twins[1].id
                if number % 4 == 0:
                    stage.edit(twins[0])
                if number % 4 == 1:
                    stage.delete(twins[1])
                await asyncio.sleep(0.05)
            found = await proof.settled(stage, patience=60)
        figures += [*found.figures()]
    assert found.failures == {}
    assert found.clean
