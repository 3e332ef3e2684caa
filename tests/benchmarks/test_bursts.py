"""Many flagged posts at once: all are told, in summaries where single alerts would outrun the pace of the chat.

Measured is the time from the moment at which the server publishes a post to the moment at which the client of the bot's
owner hands out the first message that links to it, alone or in a summary. Server and owner's client share this
process; Homefront (`homefront run`, with its database) has its own.
"""

from pathlib import Path

import pytest

from bot.sandbox import server
from bot.sandbox.world import World
from tests.benchmarks import telling


@pytest.mark.benchmark
@pytest.mark.timeout(120)
async def test_of_twenty_flagged_posts_in_two_seconds_all_are_told(
    world: World, running: server.Server, tmp_path: Path
) -> None:
    async with telling.homefront(world, running, tmp_path / "data") as watched:
        told = await _flood(watched, count=20, per_second=10)
    assert len(told.delays) == 20


@pytest.mark.benchmark
@pytest.mark.timeout(180)
async def test_of_ten_flagged_posts_a_second_for_a_minute_none_is_unannounced_for_five_seconds(
    world: World, running: server.Server, tmp_path: Path
) -> None:
    async with telling.homefront(world, running, tmp_path / "data") as watched:
        told = await _flood(watched, count=600, per_second=10)
    assert len(told.delays) == 600
    assert told.summaries
    assert max(told.delays.values()) < 5


async def _flood(watched: telling.Watched, *, count: int, per_second: int) -> telling.Told:
    async for number in telling.at_rate(count, per_second):
        watched.post(f"{telling.FLAGGED} Обращение №{number}.")
    told = await watched.told()
    delays = list(told.delays.values())
    print(
        f"\n{count} flagged posts, {per_second} a second: {len(delays)} told in {told.singles} single alerts and "
        f"{told.summaries} summaries, edited {told.edits} times; from post to the first word of it: "
        f"median {telling.median(delays):.0f} ms, 95th percentile {telling.p95(delays):.0f} ms, "
        f"worst {1000 * max(delays):.0f} ms"
    )
    return told
