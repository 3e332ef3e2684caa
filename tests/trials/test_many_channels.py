"""As many channels as an account may join, and posts without end: nothing is lost, late or piled up in memory."""

import asyncio
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import folder
from tests.end_to_end import homefront as home
from tests.trials import proof, scene

CHANNELS, SECONDS = 500, 600
HAPPENINGS_A_SECOND = 65
"""Posts are 78 % of what happens, so that 50 a second come out."""
LEAST_A_SECOND, LEAST_SEEN = 49.0, 0.99
"""Less would prove nothing: posts that were not watched, or not as many as shall be borne."""
LOOK_SECONDS, SAMPLE_SECONDS, WARM_UP_SECONDS = 0.02, 5, 120
P95_SECONDS, MOST_MB, GROWTH_MB_A_MINUTE = 0.5, 350, 1.0

pytestmark = pytest.mark.trial


@dataclass(slots=True, kw_only=True)
class Watch:
    """What is seen of a process from outside. `held`: when a post was first seen in its database, by its ids.

    `memory`: its resident size in MB, with the seconds (by perf_counter) at which it was that.
    """

    held: dict[tuple[int, int], float] = field(default_factory=dict)
    memory: list[tuple[float, float]] = field(default_factory=list)


@pytest.mark.timeout(SECONDS + 900)
async def test_five_hundred_channels_with_fifty_posts_a_second(stage: scene.Scene) -> None:
    stage.add_channels(CHANNELS)
    figures: list[str] = []
    with scene.telling(stage, f"{CHANNELS} channels, {SECONDS} s under load", figures):
        async with home.homefront("run", env=stage.environment()) as process:
            await scene.at_work(process)
            for channel in stage.channels:
                stage.post(channel=channel)
            assert (await proof.settled(stage, patience=600)).clean
            stage.posted.clear()
            async with _watching(folder.database(stage.found.data_dir), process.process.pid) as watch:
                begun = time.perf_counter()
                async with scene.load(stage, per_second=HAPPENINGS_A_SECOND):
                    await asyncio.sleep(SECONDS)
                ended = time.perf_counter()
                found = await proof.settled(stage, patience=900)
        delays = [watch.held[place] - at for place, at in stage.posted.items() if place in watch.held]
        late = statistics.quantiles(delays, n=20)[-1]
        most = max(megabytes for _, megabytes in watch.memory)
        growth = _slope([(at, mb) for at, mb in watch.memory if begun + WARM_UP_SECONDS < at < ended])
        pace, seen = len(stage.posted) / (ended - begun), len(delays) / len(stage.posted)
        figures += [
            f"{pace:.1f} posts a second",
            f"held after {1000 * statistics.median(delays):.0f} ms in the median, 95 % within {1000 * late:.0f} ms",
            f"{most:.0f} MB at most, growing by {60 * growth:.2f} MB a minute",
            *found.figures(),
        ]
    assert found.failures == {}
    assert found.clean
    assert pace >= LEAST_A_SECOND
    assert seen >= LEAST_SEEN
    assert late < P95_SECONDS
    assert most < MOST_MB
    assert 60 * growth < GROWTH_MB_A_MINUTE


@asynccontextmanager
async def _watching(path: Path, pid: int) -> AsyncIterator[Watch]:
    watch = Watch()
    tasks = [asyncio.create_task(_watch_posts(path, watch)), asyncio.create_task(_watch_memory(pid, watch))]
    try:
        yield watch
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for one in ended:
        if isinstance(one, Exception):
            raise one


async def _watch_posts(path: Path, watch: Watch) -> None:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        (last,) = connection.execute("SELECT max(id) FROM posts").fetchone()
        while True:
            found = connection.execute(
                "SELECT id, channel_id, message_id FROM posts WHERE id > ? ORDER BY id", (last,)
            ).fetchall()
            now = time.perf_counter()
            for row, channel_id, message_id in found:
                watch.held[channel_id, message_id], last = now, row
            await asyncio.sleep(LOOK_SECONDS)


async def _watch_memory(pid: int, watch: Watch) -> None:
    while True:
        watch.memory.append((time.perf_counter(), _resident(pid)))
        await asyncio.sleep(SAMPLE_SECONDS)


def _resident(pid: int) -> float:
    """The resident size of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1024


def _slope(points: list[tuple[float, float]]) -> float:
    """How fast the second grows with the first, by least squares."""
    return statistics.linear_regression([x for x, _ in points], [y for _, y in points]).slope
