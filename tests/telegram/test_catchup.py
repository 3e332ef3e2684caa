"""Whatever is lost, repeated or cut, what is held is in the end what the server shows."""

import asyncio
import math
import random
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.sandbox import faults
from bot.sandbox.state import Behaviour, Channel, Post
from bot.sandbox.world import World
from bot.telegram.reader import Reader
from storage import channels
from tests.telegram.stage import BUSY, SWIFT, Stage, news

MANY = 250
"""More than two pages."""


async def followed(stage: Stage, channel: Channel) -> None:
    """The channel is followed, the reader has ended."""
    async with stage.reader(str(channel.username)) as reader:
        await stage.settled(reader, channel)


def changes(world: World, channel: Channel, number: int, *, push: bool = True) -> None:
    posts = [world.post(channel, f"новость {n}", push=push) for n in range(number)]
    world.edit(posts[0], "правка", push=push)
    world.delete(posts[-1], push=push)


async def test_what_happened_while_away_is_read_by_differences(stage: Stage) -> None:
    channel = news(stage.world, posts=3)
    await followed(stage, channel)
    old = channel.posts[1]
    stage.world.edit(old, "правка старого")
    stage.world.delete(channel.posts[2])
    changes(stage.world, channel, MANY)
    histories = stage.world.state.calls["messages.getHistory"]
    async with stage.reader() as reader:
        await stage.settled(reader, channel)
    assert stage.world.state.calls["messages.getHistory"] == histories
    assert (await stage.held(channel))[2].deleted_at is not None
    assert [one.kind for one in await stage.revisions(channel, 1)] == ["posted", "edited"]


async def test_a_gap_that_the_server_cannot_tell_is_read_from_history(stage: Stage) -> None:
    channel = news(stage.world)
    await followed(stage, channel)
    changes(stage.world, channel, MANY)
    stage.world.forget_events(channel)
    async with stage.reader() as reader:
        await stage.settled(reader, channel)
        stage.world.post(channel, "дальше")
        await stage.settled(reader, channel)


async def test_a_server_whose_counter_began_anew_is_followed_on(stage: Stage) -> None:
    channel = news(stage.world, posts=5)
    await followed(stage, channel)
    channel.journal.pts = 1
    channel.journal.events.clear()
    stage.world.post(channel, "дальше")
    async with stage.reader() as reader:
        await stage.settled(reader, channel)
        stage.world.post(channel, "и дальше")
        await stage.settled(reader, channel)


async def test_lost_repeated_and_reordered_pushes_leave_no_hole(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
        stage.world.faults.order(faults.PUSH, faults.LosePush(), times=10, every=3)
        stage.world.faults.order(faults.PUSH, faults.RepeatPush(), times=10, every=2)
        stage.world.faults.order(faults.PUSH, faults.HoldPush(2), times=5, every=5)
        changes(stage.world, channel, 60)
        stage.world.faults.clear()
        stage.world.post(channel, "последнее")
        await stage.settled(reader, channel)
    kinds = {number: len(await stage.revisions(channel, number)) for number in channel.posts}
    assert max(kinds.values()) <= 2


async def test_when_no_push_comes_the_timer_finds_everything(stage: Stage) -> None:
    channel = news(stage.world)
    stage.world.faults.order(faults.PUSH, faults.LosePush(), times=faults.ALWAYS)
    async with stage.reader("way_home", pace=BUSY):
        await stage.whole(channel)
        changes(stage.world, channel, 20)
        await stage.whole(channel)


async def test_after_a_cut_what_was_missed_is_read_at_once(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
        for _ in range(5):
            stage.running.cut()
            changes(stage.world, channel, 5)
            await stage.settled(reader, channel)


async def test_lost_answers_are_asked_for_again(stage: Stage) -> None:
    channel = news(stage.world)
    await followed(stage, channel)
    changes(stage.world, channel, MANY)
    stage.world.faults.order("updates.getChannelDifference", faults.LoseReply())
    stage.world.faults.order("messages.getHistory", faults.LoseReply())
    async with stage.reader(pace=replace(SWIFT, limit=0.5)) as reader:
        await stage.settled(reader, channel)


async def test_a_wait_holds_for_its_kind_of_call_and_the_others_go_on(stage: Stage) -> None:
    slow, other = news(stage.world), news(stage.world, "telegraph", "Московский телеграф")
    async with stage.reader("way_home", "telegraph") as reader:
        await stage.settled(reader, slow, other)
        stage.world.faults.order("updates.getChannelDifference", faults.Flood(4), channel=slow.id)
        stage.world.post(slow, "потеряно", push=False)
        stage.world.post(slow, "после дыры")
        stage.world.post(other, "дальше")

        async def only_the_slow_one_waits() -> bool:
            return await stage.agrees(other) and [wait.channel_id for wait in reader.state().waiting] == [slow.id]

        await stage.until(only_the_slow_one_waits)
        assert not await stage.agrees(slow)
        await stage.settled(reader, slow, other)
        assert reader.state().waiting == ()


async def test_live_posts_are_taken_while_the_history_is_read_and_move_no_cursor(stage: Stage) -> None:
    channel = news(stage.world, posts=MANY)
    stage.world.faults.order("messages.getHistory", faults.Delay(0.3), times=3)
    async with stage.reader("way_home") as reader:
        await stage.until(lambda: listed(stage))
        live = stage.world.post(channel, "живое")
        await stage.until(lambda: has(stage, channel, live))
        assert (await stage.channel(channel)).cursor.pts is None
        await stage.settled(reader, channel)


async def listed(stage: Stage) -> bool:
    async with stage.watched.reading() as connection:
        return bool(await channels.followed(connection))


async def has(stage: Stage, channel: Channel, post: Post) -> bool:
    return await stage.knows(channel) and post.id in await stage.held(channel)


class TestInterrupted:
    """The process dies anywhere, as often as it likes."""

    async def test_the_first_reading_resumes_without_a_hole_or_a_double(self, stage: Stage) -> None:
        channel = news(stage.world, posts=MANY)
        for commits in range(1, 12):
            await self.die_after(stage, commits, "way_home")
        async with stage.reader("way_home") as reader:
            await stage.settled(reader, channel)
        await self.all_once(stage, channel)

    async def test_catching_up_resumes_without_a_hole_or_a_double(self, stage: Stage) -> None:
        channel = news(stage.world)
        await followed(stage, channel)
        for commits in range(1, 12):
            changes(stage.world, channel, 120)
            if commits % 4 == 0:
                stage.world.forget_events(channel)
            await self.die_after(stage, commits)
        async with stage.reader() as reader:
            await stage.settled(reader, channel)
        await self.all_once(stage, channel)

    async def test_what_is_deleted_while_a_reading_is_interrupted_is_told_all_the_same(self, stage: Stage) -> None:
        channel = news(stage.world, posts=MANY)
        stage.world.faults.order("messages.getHistory", faults.Delay(60), times=faults.ALWAYS, every=2)
        async with stage.client() as client:
            run = asyncio.create_task(stage.make(client, ["way_home"]).run(asyncio.Event()))
            await stage.until(lambda: has(stage, channel, channel.posts[MANY]))
            run.cancel()
            await asyncio.wait({run})
        stage.world.faults.clear()
        stage.world.delete(channel.posts[MANY])
        async with stage.reader() as reader:
            await stage.settled(reader, channel)
        assert (await stage.held(channel))[MANY].deleted_at is not None

    async def die_after(self, stage: Stage, commits: int, *names: str) -> None:
        async with stage.client() as client:
            reader: Reader = stage.make(client, names)
            run = asyncio.create_task(reader.run(asyncio.Event()))
            with suppress(TimeoutError):  # it may be done before
                for _ in range(commits):
                    async with asyncio.timeout(0.5):
                        await stage.watched.committed.wait()
                    stage.watched.committed.clear()
            run.cancel()
            await asyncio.wait({run})

    async def all_once(self, stage: Stage, channel: Channel) -> None:
        for number, post in (await stage.held(channel)).items():
            kinds = [one.kind for one in await stage.revisions(channel, number)]
            assert kinds.count("posted") == 1, post
            assert kinds.count("deleted") == (post.deleted_at is not None)


class TestWithEverythingAtOnce:
    """A server that pages small, loses and cuts, and perhaps gives up early, while channels are busy."""

    @pytest.fixture(params=[math.inf, 40])
    def world(self, request: pytest.FixtureRequest) -> World:
        return World(behaviour=Behaviour(slice=7, too_long=request.param))

    async def test_nothing_is_lost_and_nothing_is_double(self, stage: Stage) -> None:
        dice = random.Random(20261121)
        world = stage.world
        busy = [news(world, f"channel_{n}", f"Канал {n}", posts=10) for n in range(6)]
        names = [str(channel.username) for channel in busy]
        for fault, every in ((faults.LosePush(), 6), (faults.RepeatPush(), 7), (faults.HoldPush(), 11)):
            world.faults.order(faults.PUSH, fault, times=faults.ALWAYS, every=every)
        error = faults.RpcError(400, "PERSISTENT_TIMESTAMP_INVALID")
        world.faults.order("updates.getChannelDifference", error, times=faults.ALWAYS, every=9)
        world.faults.order("messages.getHistory", faults.Drop(executed=True), times=5, every=4)
        for _ in range(4):
            async with stage.reader(*names):
                await self.have_a_day(stage, busy, dice)
            for channel in busy:
                changes(world, channel, dice.randint(1, 50))
        world.faults.clear()
        async with stage.reader(*names):
            for channel in busy:
                world.post(channel, "последнее")
            await stage.until(lambda: self.all_held(stage, busy))
        for channel in busy:
            await TestInterrupted().all_once(stage, channel)

    async def have_a_day(self, stage: Stage, busy: list[Channel], dice: random.Random) -> None:
        for step in range(120):
            self.happen(stage.world, dice.choice(busy), dice)
            if step % 50 == 49:
                stage.running.cut()
            if step % 10 == 9:
                await self.breathe(stage)

    def happen(self, world: World, channel: Channel, dice: random.Random) -> None:
        event = dice.random()
        post = channel.posts[dice.choice(list(channel.posts))] if channel.posts else None
        if event < 0.7 or post is None:
            world.post(channel, f"новость {event}")
        elif event < 0.85:
            world.edit(post, f"правка {event}")
        else:
            world.delete(post)

    async def breathe(self, stage: Stage) -> None:
        """Let the reader come to a commit."""
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await stage.watched.committed.wait()
        stage.watched.committed.clear()

    async def all_held(self, stage: Stage, busy: list[Channel]) -> bool:
        if stage.world.state.behaviour.too_long == math.inf:
            return all([await stage.agrees(channel) for channel in busy])
        # Edits and deletions that fell into a gap that the server cannot tell are not known.
        return all([set(channel.posts) <= set(await stage.held(channel)) for channel in busy])
