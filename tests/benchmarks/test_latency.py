"""From post to alert, beside a bare Telethon client.

Measured is the time from the moment at which the server publishes a flagged post to the moment at which the client of
the bot's owner, a plain Telethon client, hands out the message that links to it. Server and owners' clients share
this process; Homefront (`homefront run`, with its database) and the bare client are each a process of their own. Both
see the same posts at the same rate in channels of their own, the bare client half an interval later, so that neither
waits for the processor that the other uses.
"""

from pathlib import Path

import pytest

from bot.sandbox import server
from bot.sandbox.world import World
from tests.benchmarks import telling

SECONDS, PER_SECOND, ONE_IN = 60, 10, 20
WAITING = 200


@pytest.mark.benchmark
@pytest.mark.timeout(SECONDS + 120)
async def test_an_alert_comes_within_the_blink_of_an_eye(world: World, running: server.Server, tmp_path: Path) -> None:
    async with (
        telling.homefront(world, running, tmp_path / "data") as ours,
        telling.bare_client(world, running) as bare,
    ):
        async for number in telling.at_rate(2 * SECONDS * PER_SECOND, 2 * PER_SECOND):
            turn, of_bare = divmod(number, 2)
            plain = telling.PLAIN[turn % len(telling.PLAIN)]
            (bare if of_bare else ours).post(telling.FLAGGED if turn % ONE_IN == 0 else plain)
        told, told_bare = await ours.told(), await bare.told()

    assert told.singles == told_bare.singles == SECONDS * PER_SECOND // ONE_IN
    delays, delays_bare = list(told.delays.values()), list(told_bare.delays.values())
    middle, high = telling.median(delays), telling.p95(delays)
    middle_bare, high_bare = telling.median(delays_bare), telling.p95(delays_bare)
    print(
        f"\nFrom post to alert, {PER_SECOND} posts a second, 1 in {ONE_IN} flagged, {len(delays)} alerts:"
        f"\n  Homefront    median {middle:5.1f} ms, 95th percentile {high:5.1f} ms"
        f"\n  bare client  median {middle_bare:5.1f} ms, 95th percentile {high_bare:5.1f} ms"
        f"\n  ratio        median {middle / middle_bare:5.2f},    95th percentile {high / high_bare:5.2f}"
    )
    assert middle < 100
    assert high < 300


@pytest.mark.benchmark
@pytest.mark.timeout(SECONDS + 120)
async def test_an_alert_comes_as_fast_while_two_hundred_other_messages_wait_for_their_pace(
    world: World, running: server.Server, tmp_path: Path
) -> None:
    async with telling.homefront(world, running, tmp_path / "data", waiting=WAITING) as ours:
        async for number in telling.at_rate(SECONDS * PER_SECOND, PER_SECOND):
            plain = telling.PLAIN[number % len(telling.PLAIN)]
            ours.post(telling.FLAGGED if number % ONE_IN == 0 else plain)
        told = await ours.told()
    assert told.singles == SECONDS * PER_SECOND // ONE_IN
    delays = list(told.delays.values())
    print(
        f"\nFrom post to alert, {PER_SECOND} posts a second, 1 in {ONE_IN} flagged, while {WAITING} other messages "
        f"wait, {told.others} of which came meanwhile: median {telling.median(delays):.1f} ms, "
        f"95th percentile {telling.p95(delays):.1f} ms, worst {1000 * max(delays):.1f} ms"
    )
    assert telling.p95(delays) < 300
