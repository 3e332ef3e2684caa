"""How fast older history is read and held, beside a bare Telethon client that reads it and keeps nothing.

The sandbox without limits serves from this process. `homefront backfill` (language, topics, revisions, search index,
database) and the bare loop `client.iter_messages(channel, wait_time=0)` are each a process of their own; measured is
from the first call for history to the end of the process.
"""

import asyncio
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot import folder, rulebook
from bot.pipeline import classify
from bot.sandbox import server
from bot.sandbox.state import Account, Channel
from bot.sandbox.world import World
from tests.benchmarks import telling
from tests.end_to_end import homefront as home

POSTS, ONE_IN = 20_000, 20
DAY = 24 * 3600
LEAST_A_SECOND = 1_000
CALL = "messages.getHistory"


@pytest.mark.benchmark
@pytest.mark.timeout(300)
async def test_older_posts_are_read_and_held(world: World, running: server.Server, tmp_path: Path) -> None:
    reader = world.add_user(phone="79990000001", code="11111", first_name="Reader")
    world.add_bot(token="4242:homefront", username="homefront_bot")
    channel = _channel(world)
    env = home.environment(tmp_path / "data", running.address, token="4242:homefront", channels="@garrison_wire")
    await _follow(env, tmp_path / "data")
    async with home.homefront("backfill", "@garrison_wire", "400", env=env) as process:
        ours = await _seconds(world, process.process)
        printed = (await process.process.communicate())[0].decode()
    bare = await _bare(world, running, reader, channel)
    thinking = _classify(channel)
    print(
        f"\n{POSTS} older posts: {POSTS / ours:,.0f} a second held, {POSTS / bare:,.0f} a second read by a bare "
        f"client; Homefront takes {ours / bare:.2f} times as long\n  each takes {1e6 * ours / POSTS:.0f} µs: "
        f"reading as the bare client does {1e6 * bare / POSTS:.0f}, language and topics {1e6 * thinking / POSTS:.0f}, "
        f"the rest, storing {1e6 * (ours - bare - thinking) / POSTS:.0f}"
    )
    # The post of today may have been read at the start already.
    assert any(f"{count} older posts read" in printed for count in (POSTS, POSTS + 1))
    assert POSTS / ours >= LEAST_A_SECOND


def _channel(world: World) -> Channel:
    """A channel whose posts are months old, but for one of today, by which it is known to be followed."""
    channel = world.add_channel("Вести гарнизона", "garrison_wire")
    begin = home.clock() - 300 * DAY
    for number in range(POSTS):
        text = telling.FLAGGED if number % ONE_IN == 0 else telling.PLAIN[number % len(telling.PLAIN)]
        world.post(channel, f"{text} №{number}", date=begin + number * 1000, push=False)
    world.post(channel, "Сегодня.", push=False)
    return channel


async def _follow(env: dict[str, str], data_dir: Path) -> None:
    async with home.homefront("login", env=env, typed="+79990000001\n11111\n") as login:
        await login.until("Signed in")
    async with home.homefront("run", env=env) as run:
        await run.until("start=")
        await _until(lambda: _followed(data_dir))
        run.process.terminate()
        await run.process.wait()


def _followed(data_dir: Path) -> bool:
    with closing(sqlite3.connect(f"{folder.database(data_dir).as_uri()}?mode=ro", uri=True)) as connection:
        return bool(connection.execute("SELECT id FROM channels WHERE held_from IS NOT NULL").fetchall())


async def _seconds(world: World, process: asyncio.subprocess.Process) -> float:
    calls = world.state.calls[CALL]
    await _until(lambda: world.state.calls[CALL] > calls)
    begun = time.perf_counter()
    await process.wait()
    return time.perf_counter() - begun


async def _bare(world: World, running: server.Server, reader: Account, channel: Channel) -> float:
    arguments = [running.host, str(running.port), world.sign_in(reader).hex(), str(channel.username)]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.benchmarks.bare_history", *arguments)
    seconds = await _seconds(world, process)
    assert process.returncode == 0
    return seconds


def _classify(channel: Channel) -> float:
    classifier = rulebook.read().classifier
    begun = time.perf_counter()
    for post in channel.posts.values():
        classify.classify(classifier, post.text)
    return time.perf_counter() - begun


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(telling.PATIENCE_SECONDS):
        while not true():  # noqa: ASYNC110 -- nobody tells it
            await asyncio.sleep(0.005)
