"""What was said to the bot in large groups while nobody listened, or while its pushes were lost."""

import asyncio
from typing import Any

import pytest
from telethon import utils
from telethon.tl import types

from bot.sandbox import faults, server
from bot.sandbox.state import Account, Behaviour, Channel, Group
from bot.sandbox.world import World
from bot.telegram import missed
from storage import chats
from storage.models import ChatId
from tests.served import client, new_client, running, world
from tests.telegram import edge
from tests.telegram.listening import Stage, impatient, stage, user

__all__ = ["client", "impatient", "new_client", "running", "stage", "user", "world"]

DIFFERENCE = "updates.getChannelDifference"


def chat_of(group: Channel | Group) -> ChatId:
    peer = types.PeerChat(group.id) if isinstance(group, Group) else types.PeerChannel(group.id)
    return ChatId(utils.get_peer_id(peer))


async def let_in(stage: Stage, group: Channel | Group, *, pts: int | None = None, since: int = 1) -> None:
    """The owner called the bot into the group at `since`; up to `pts` all is answered."""
    async with stage.database.transaction() as tx:
        await chats.pair(tx, chat_id=chat_of(group), role="reader", language="en", timezone="UTC", now=since)
        if pts is not None:
            await chats.set_reached(tx, chat_of(group), pts, bot_id=stage.bot.id)


@pytest.fixture
async def group(world: World, stage: Stage, user: Account) -> Channel:
    """A large group that the bot was let into, of which it has answered all."""
    large = world.add_channel("Newsroom", kind="megagroup", members=(user, stage.bot))
    await let_in(stage, large, pts=large.journal.pts)
    return large


@pytest.fixture
def short_of_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up a lost answer soon."""
    monkeypatch.setattr(missed, "ANSWER_SECONDS", 0.2)


async def reached(stage: Stage, group: Channel) -> int | None:
    async with stage.database.reading() as connection:
        return await chats.reached(connection, chat_of(group), bot_id=stage.bot.id)


async def settled(stage: Stage, *groups: Channel) -> None:
    """Wait until all that was said is answered and known to be."""
    await stage.settled()
    async with asyncio.timeout(10):
        while [await reached(stage, one) for one in groups] != [one.journal.pts for one in groups]:  # noqa: ASYNC110 -- the database sets no event
            await asyncio.sleep(0)


async def answers(stage: Stage, group: Channel) -> list[int]:
    """The numbers of the messages that were answered."""
    stage.user_id = chat_of(group)
    return [int(key.split(":")[2]) for key in await stage.keys()]


def said(world: World, who: Account, group: Channel, *texts: str, **more: Any) -> list[int]:
    return [world.say(who, group, text, **more).id for text in texts]  # type: ignore[union-attr]


async def test_what_was_said_while_the_process_was_down_is_answered_once_at_start(
    world: World, stage: Stage, user: Account, group: Channel
) -> None:
    stage.bot.privacy_mode = True
    async with stage.listening():
        await settled(stage, group)
    said(world, user, group, "what do you think?", "/help@another_bot")
    asked = said(world, user, group, "/help", "/topics@homefront_bot")
    for _ in range(2):
        async with stage.listening():
            await settled(stage, group)
            assert await answers(stage, group) == asked


async def test_what_the_pushes_did_not_bring_is_answered_once_after_a_cut(
    world: World, stage: Stage, user: Account, group: Channel, running: server.Server
) -> None:
    async with stage.listening():
        await settled(stage, group)
        world.faults.order(faults.PUSH, faults.LosePush(), times=1, account=stage.bot.id)
        asked = said(world, user, group, "/help")
        running.cut()
        await settled(stage, group)
        assert await answers(stage, group) == asked


async def test_what_is_pushed_and_told_again_is_answered_once(
    world: World, stage: Stage, user: Account, group: Channel
) -> None:
    async with stage.listening():
        await settled(stage, group)
        asked = said(world, user, group, "/help", "/topics")
        await settled(stage, group)
        assert await answers(stage, group) == asked


async def test_a_process_killed_before_it_noted_an_answer_does_not_give_it_again(
    world: World, stage: Stage, user: Account, group: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, answered = group.journal.pts, asyncio.Event()

    async def hang(*_: object, **__: object) -> None:
        answered.set()
        await asyncio.Event().wait()

    asked = said(world, user, group, "/help")
    with monkeypatch.context() as patched:
        patched.setattr(chats, "set_reached", hang)
        async with stage.listening():
            await asyncio.wait_for(answered.wait(), 10)
    assert (await answers(stage, group), await reached(stage, group)) == (asked, before)
    asked += said(world, user, group, "/topics")
    async with stage.listening():
        await settled(stage, group)
        assert await answers(stage, group) == asked


async def test_a_process_killed_while_it_answered_answers_the_rest_at_its_next_start(
    world: World, stage: Stage, user: Account, group: Channel
) -> None:
    asked = said(world, user, group, "/help", "/add Путь домой", "/topics")
    async with stage.listening():
        await asyncio.wait_for(stage.reader.asked_for.wait(), 10)
        assert await answers(stage, group) == asked[:1]
    stage.reader.may_go_on.set()
    async with stage.listening():
        await settled(stage, group)
        assert await answers(stage, group) == asked


async def test_many_pages_of_what_was_missed_are_read(
    world: World, stage: Stage, user: Account, group: Channel
) -> None:
    world.state.behaviour = Behaviour(slice=2)
    asked = said(world, user, group, *["/help"] * 5)
    async with stage.listening():
        await settled(stage, group)
        assert await answers(stage, group) == asked


async def test_of_what_is_too_long_to_tell_the_newest_is_answered_but_nothing_from_before_the_bot_was_called(
    world: World, stage: Stage, user: Account
) -> None:
    group = world.add_channel("Newsroom", kind="megagroup", members=(user, stage.bot))
    said(world, user, group, "/leave", date=edge.now() - 100)
    await let_in(stage, group, pts=group.journal.pts, since=edge.now() - 50)
    asked = said(world, user, group, "/help")
    world.forget_events(group)
    async with stage.listening():
        await settled(stage, group)
        assert await answers(stage, group) == asked
        asked += said(world, user, group, "/topics")
        await settled(stage, group)
        assert await answers(stage, group) == asked


async def test_where_nothing_is_known_of_a_group_what_was_said_just_now_is_answered(
    world: World, stage: Stage, user: Account
) -> None:
    group = world.add_channel("Newsroom", kind="megagroup", members=(user, stage.bot))
    await let_in(stage, group)
    said(world, user, group, "/help", date=edge.now() - missed.FIRST_LOOK_BACK_SECONDS - 10)
    asked = said(world, user, group, "/topics")
    async with stage.listening():
        await settled(stage, group)
        assert await answers(stage, group) == asked


@pytest.mark.parametrize("times", [1, 2])
async def test_where_the_server_does_not_know_how_far_we_were_it_is_begun_anew(
    world: World, stage: Stage, user: Account, group: Channel, times: int
) -> None:
    said(world, user, group, "/help", date=edge.now() - missed.FIRST_LOOK_BACK_SECONDS - 10)
    world.faults.order(DIFFERENCE, faults.RpcError(400, "PERSISTENT_TIMESTAMP_INVALID"), times=times)
    async with stage.listening():
        await settled(stage, group)
        asked = said(world, user, group, "/topics")
        await settled(stage, group)
        assert await answers(stage, group) == asked


async def test_a_group_that_lets_in_the_bot_while_it_listens_is_asked_from_then_on(
    world: World, stage: Stage, user: Account
) -> None:
    group = world.add_channel("Newsroom", kind="megagroup", members=(user, stage.bot))
    said(world, user, group, "/topics", date=edge.now() - 5)
    async with stage.listening():
        await stage.settled()
        asked = said(world, user, group, "/here")
        await settled(stage, group)
    asked += said(world, user, group, "/help")
    async with stage.listening():
        await settled(stage, group)
        assert await answers(stage, group) == asked


async def test_a_group_that_shut_the_bot_out_holds_up_nobody(
    world: World, stage: Stage, user: Account, group: Channel
) -> None:
    shut = world.add_channel("Closed", kind="megagroup", members=(user, stage.bot))
    await let_in(stage, shut, pts=1, since=0)
    async with stage.listening() as ours:
        await settled(stage, group, shut)
        world.ban(shut, stage.bot)
        assert await ours.catch_up() is None
    asked = said(world, user, group, "/help")
    letter = world.write(user, stage.bot, "/help")
    async with stage.listening():
        await settled(stage, group)
        assert await stage.keys() == [f"reply:{letter.ids[stage.bot.id]}:0"]
        assert await answers(stage, group) == asked


@pytest.mark.parametrize(
    ("fault", "wait"), [(faults.Flood(30), 30), (faults.RpcError(500, "BROKEN"), 0), (faults.LoseReply(), 0)]
)
@pytest.mark.usefixtures("short_of_patience")
async def test_a_group_that_cannot_be_asked_holds_up_nobody_and_is_asked_again(
    stage: Stage, user: Account, group: Channel, fault: faults.Fault, wait: float
) -> None:
    world = stage.running.world
    async with stage.listening():
        await settled(stage, group)
    asked = said(world, user, group, "/help")
    letter = world.write(user, stage.bot, "/help")
    order = world.faults.order(DIFFERENCE, fault)
    async with stage.listening() as ours:
        await stage.settled()
        assert await stage.keys() == [f"reply:{letter.ids[stage.bot.id]}:0"]
        await edge.until(lambda: order.fired)
        if wait:
            assert wait - 2 <= (await ours.catch_up() or 0) <= wait
            assert await answers(stage, group) == []
        else:
            assert await ours.catch_up() is None
            assert await answers(stage, group) == asked


class TestAGroupThatGrows:
    @pytest.fixture
    async def small(self, world: World, stage: Stage, user: Account) -> Group:
        small = world.add_group("Newsroom", user, stage.bot)
        await let_in(stage, small)
        return small

    async def test_while_nobody_listens_is_answered_once_wherever_it_was_asked(
        self, world: World, stage: Stage, user: Account, small: Group
    ) -> None:
        async with stage.listening():
            await stage.settled()
        letter = world.say(user, small, "/help")
        large = world.grow(small)
        # So long ago that one who looked back a little from now would not see it.
        asked = said(world, user, large, "/topics", date=edge.now() - missed.FIRST_LOOK_BACK_SECONDS - 10)
        for _ in range(2):
            async with stage.listening():
                await settled(stage, large)
                assert await answers(stage, large) == [letter.ids[stage.bot.id], *asked]  # type: ignore[union-attr]

    async def test_is_answered_what_it_asked_before_we_heard_that_it_had_grown(
        self, world: World, stage: Stage, user: Account, small: Group
    ) -> None:
        async with stage.listening():
            await stage.settled()
            world.faults.order(faults.PUSH, faults.LosePush(), times=2, account=stage.bot.id)
            large = world.grow(small)
            asked = said(world, user, large, "/help")
            await settled(stage, large)
            assert await answers(stage, large) == asked
