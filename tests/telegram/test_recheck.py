"""Posts that are looked up again: what no update told of them."""

import bisect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from bot import catalogues, ingest, rulebook
from bot.sandbox import faults, media
from bot.sandbox.state import Channel, Post
from bot.sandbox.world import World
from storage import database, holes, stats
from storage.holes import HoleCounts
from storage.models import ChannelId
from tests.telegram import edge
from tests.telegram.stage import SWIFT, Stage

HOUR = 3600
LOOKING = replace(SWIFT, recheck=0.02)


@dataclass(slots=True)
class Clock:
    """The server's clock, which a test puts forward; ours follows the server's."""

    ahead: int = 0

    def now(self) -> int:
        return edge.now() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def teller(rules: rulebook.Rulebook) -> ingest.Teller:
    return ingest.Teller(rules=rules, catalogues={"en": catalogues.load("en")}, wake=lambda: None)


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock.now)


@pytest.fixture
async def posted(stage: Stage) -> list[Post]:
    """Posts that are held, and about which the server told nothing since."""
    channel = stage.world.add_channel("Путь домой", "way_home")
    texts = ("Рынок открыт.", "Рынок закрыт.", "Родные требуют ротации: муж на передовой третий год.")
    found = [stage.world.post(channel, text, views=5) for text in texts]
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
    return found


def of(stage: Stage) -> Channel:
    (channel,) = stage.world.state.channels.values()
    return channel


def unnoticed(channel: Channel, post: Post) -> None:
    """Delete a post so that no update and no difference ever tells."""
    del channel.posts[post.id]
    del channel.order[bisect.bisect_left(channel.order, post.id)]


async def test_edits_deletions_and_views_that_no_update_told_are_found(
    stage: Stage, clock: Clock, posted: list[Post]
) -> None:
    edited, deleted, seen = posted
    edited.text, edited.edited_at = "Рынок открыт до ночи.", clock.now()
    seen.views, seen.forwards = 900, 40
    unnoticed(of(stage), deleted)
    clock.ahead = HOUR
    async with stage.reader(pace=LOOKING):
        await stage.until(lambda: gone(stage, deleted))
    held = await stage.held(of(stage))
    assert held[edited.id].post.text == "Рынок открыт до ночи."
    assert (held[seen.id].post.views, held[seen.id].post.forwards) == (900, 40)
    assert seen.views == 900
    assert held[deleted.id].post.text == "Рынок закрыт."
    assert [one.kind for one in await stage.revisions(of(stage), edited.id)] == ["posted", "edited"]


async def test_a_deletion_that_only_history_shows_is_found_however_old_the_post(
    stage: Stage, clock: Clock, posted: list[Post]
) -> None:
    first, deleted, last = posted
    channel = of(stage)
    clock.ahead = 30 * 24 * HOUR
    async with stage.reader(pace=LOOKING):
        await stage.until(nothing_due(stage))
    stage.world.delete(deleted, push=False)
    stage.world.post(channel, "между", push=False)
    stage.world.forget_events(channel)
    async with stage.reader(pace=LOOKING):
        await stage.until(lambda: gone(stage, deleted))
    assert not await gone(stage, first)
    assert not await gone(stage, last)


async def gone(stage: Stage, post: Post) -> bool:
    return (await stage.held(of(stage)))[post.id].deleted_at is not None


async def test_only_flagged_posts_are_looked_up_after_two_days(stage: Stage, clock: Clock, posted: list[Post]) -> None:
    for post in posted:
        post.views = 77
    clock.ahead = 50 * HOUR
    async with stage.reader(pace=LOOKING):
        await stage.until(lambda: seen(stage, posted[-1], 77))
        await stage.until(nothing_due(stage))
    for post in posted:
        post.views = 99
    clock.ahead = 80 * HOUR
    async with stage.reader(pace=LOOKING):
        await stage.until(lambda: seen(stage, posted[-1], 99))
    assert not await seen(stage, posted[0], 99)
    clock.ahead = 400 * HOUR
    async with stage.reader(pace=LOOKING):
        await stage.until(nothing_due(stage))


async def seen(stage: Stage, post: Post, views: int) -> bool:
    return (await stage.held(of(stage)))[post.id].post.views == views


def nothing_due(stage: Stage) -> Callable[[], Awaitable[bool]]:
    async def nothing() -> bool:
        now = stage.world.state.now()
        async with stage.watched.reading() as connection:
            return not await database.rows(connection, "SELECT 1 FROM posts WHERE recheck_at <= :now", {"now": now})

    return nothing


async def test_an_edit_that_brings_a_match_is_flagged(stage: Stage, clock: Clock, posted: list[Post]) -> None:
    posted[0].text, posted[0].edited_at = "Родные требуют ротации: сын на передовой второй год.", clock.now()
    clock.ahead = HOUR
    async with stage.reader(pace=LOOKING):

        async def flagged() -> bool:
            return bool((await stage.held(of(stage)))[posted[0].id].matches)

        await stage.until(flagged)


@pytest.mark.parametrize(
    "fault", [faults.RpcError(500, "WORKER_BUSY"), faults.Flood(1)], ids=["a failure", "a flood wait"]
)
async def test_it_goes_on_after(stage: Stage, clock: Clock, posted: list[Post], fault: faults.Fault) -> None:
    stage.world.faults.order("channels.getMessages", fault)
    posted[0].views = 77
    clock.ahead = HOUR
    async with stage.reader(pace=LOOKING):
        await stage.until(lambda: seen(stage, posted[0], 77))


async def test_a_server_without_that_call_is_not_pressed(stage: Stage, clock: Clock, posted: list[Post]) -> None:
    stage.world.faults.order("channels.getMessages", faults.RpcError(400, "METHOD_INVALID"), times=faults.ALWAYS)
    clock.ahead = HOUR
    async with stage.reader(pace=LOOKING) as reader:
        stage.world.post(of(stage), "дальше")
        await stage.settled(reader, of(stage))
    assert posted
    assert stage.world.state.calls["channels.getMessages"] <= 1


async def test_ids_that_were_passed_without_a_post_are_asked_for(stage: Stage, posted: list[Post]) -> None:
    channel = of(stage)
    async with stage.reader(pace=LOOKING) as reader:
        stage.world.service(channel, media.pinned())
        gone_at_once = stage.world.post(channel, "сразу удалено", push=False)
        stage.world.delete(gone_at_once, push=False)
        stage.world.post(channel, "дальше")
        await stage.settled(reader, channel)
        await stage.until(lambda: known(stage, channel))
    async with stage.watched.reading() as connection:
        (health,) = await stats.health(connection)
    assert (health.posts, health.empty, health.unknown) == (len(posted) + 1, 2, 0)


async def known(stage: Stage, channel: Channel) -> bool:
    async with stage.watched.reading() as connection:
        return (await holes.counts(connection)).get(ChannelId(channel.id)) == HoleCounts(empty=2, unknown=0)
