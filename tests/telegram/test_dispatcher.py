import asyncio
import sqlite3

import pytest

from bot.sandbox import faults, server
from bot.sandbox.state import Account, Behaviour
from bot.sandbox.world import World
from bot.telegram import errors, missed, progress
from storage import chats
from storage.models import ChatId
from tests import records
from tests.served import client, new_client, running, world
from tests.telegram import edge
from tests.telegram.listening import Stage, impatient, stage, user

__all__ = ["client", "impatient", "new_client", "running", "stage", "user", "world"]


async def test_a_command_is_answered_once(world: World, stage: Stage, user: Account) -> None:
    async with stage.listening():
        await stage.settled()
        letter = world.write(user, stage.bot, "/help")
        assert await stage.answered(1) == [f"reply:{letter.ids[stage.bot.id]}:0"]
        await stage.settled()
        assert len(await stage.keys()) == 1


async def test_what_was_sent_while_the_process_was_down_is_answered_once_at_start(
    world: World, stage: Stage, user: Account
) -> None:
    async with stage.listening():
        await stage.settled()
    letters = [world.write(user, stage.bot, text) for text in ("/help", "/topics", "what is this?")]
    expected = [f"reply:{letter.ids[stage.bot.id]}:0" for letter in letters]
    async with stage.listening():
        assert await stage.answered(3) == expected
        await stage.settled()
    async with stage.listening():
        await stage.settled()
        assert await stage.keys() == expected


async def test_what_was_sent_just_before_the_first_start_is_answered(world: World, stage: Stage, user: Account) -> None:
    world.write(user, stage.bot, "/help")
    async with stage.listening():
        assert len(await stage.answered(1)) == 1


async def test_what_was_sent_long_before_the_first_start_is_not(
    world: World, stage: Stage, user: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "FIRST_LOOK_BACK_SECONDS", -10)
    world.write(user, stage.bot, "/help")
    async with stage.listening():
        await stage.settled()
        assert await stage.keys() == []


async def test_many_pages_of_what_was_missed_are_read(world: World, stage: Stage, user: Account) -> None:
    async with stage.listening():
        await stage.settled()
    for _ in range(120):
        world.write(user, stage.bot, "/help")
    async with stage.listening():
        assert len(await stage.answered(120)) == 120


async def test_a_lost_push_is_made_up_for_after_a_reconnect(
    world: World, stage: Stage, user: Account, running: server.Server
) -> None:
    async with stage.listening():
        await stage.settled()
        world.faults.order(faults.PUSH, faults.LosePush(), times=1, account=stage.bot.id)
        world.write(user, stage.bot, "/help")
        running.cut()
        assert len(await stage.answered(1)) == 1


async def test_a_server_that_cannot_tell_differences_still_brings_what_is_sent_now(
    world: World, stage: Stage, user: Account
) -> None:
    async with stage.listening():
        await stage.settled()
    world.faults.order("updates.getDifference", faults.RpcError(500, "BROKEN"), times=faults.ALWAYS)
    async with stage.listening() as ours:
        assert await ours.catch_up() == 0
        world.write(user, stage.bot, "/help")
        assert len(await stage.answered(1)) == 1


async def test_a_lost_answer_is_given_up(world: World, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage.listening() as ours:
        await stage.settled()
        world.faults.order("updates.getDifference", faults.LoseReply(), times=faults.ALWAYS)
        monkeypatch.setattr(missed, "ANSWER_SECONDS", 0.1)
        assert await ours.catch_up() == 0


async def test_a_pause_before_the_difference_is_told(world: World, stage: Stage, user: Account) -> None:
    async with stage.listening() as ours:
        await stage.settled()
        world.faults.order("updates.getDifference", faults.Flood(30))
        assert await ours.catch_up() == 30


async def test_a_pause_before_the_difference_is_waited(world: World, stage: Stage, user: Account) -> None:
    async with stage.listening():
        await stage.settled()
    world.write(user, stage.bot, "/help")
    world.faults.order("updates.getDifference", faults.Flood(1), times=3)
    async with stage.listening():
        assert len(await stage.answered(1)) == 1


async def test_progress_that_the_server_does_not_know_is_begun_anew(world: World, stage: Stage, user: Account) -> None:
    async with stage.database.transaction() as tx:
        await progress.put(tx, progress.Progress(pts=999, qts=0, date=edge.now()), bot_id=stage.bot.id)
    async with stage.listening():
        await stage.settled()
        world.write(user, stage.bot, "/help")
        assert len(await stage.answered(1)) == 1


async def test_a_difference_too_long_to_tell_is_skipped(world: World, stage: Stage, user: Account) -> None:
    async with stage.listening():
        await stage.settled()
    world.write(user, stage.bot, "/help")
    stage.bot.journal.forgotten = stage.bot.journal.pts
    async with stage.listening():
        await stage.settled()
        world.write(user, stage.bot, "/help")
        assert len(await stage.answered(1)) == 1


async def test_progress_of_another_bot_is_not_taken_for_ours(world: World, stage: Stage) -> None:
    async with stage.database.transaction() as tx:
        await progress.put(tx, progress.Progress(pts=7, qts=0, date=edge.now()), bot_id=1)
    assert await stage.kept_pts() is None
    async with stage.listening():
        await stage.settled()


async def test_a_slow_answer_holds_up_no_other_chat(world: World, stage: Stage, user: Account) -> None:
    other = world.add_user(phone="79990000002")
    async with stage.database.transaction() as tx:
        await chats.pair(tx, chat_id=ChatId(other.id), role="reader", language="en", timezone="UTC", now=records.NOW)
    async with stage.listening():
        await stage.settled()
        world.write(user, stage.bot, "/add Путь домой")
        await stage.reader.asked_for.wait()
        world.write(user, stage.bot, "/help")
        stage.user_id = other.id
        world.write(other, stage.bot, "/help")
        assert len(await stage.answered(1)) == 1
        stage.user_id = user.id
        assert await stage.keys() == []
        stage.reader.may_go_on.set()
        assert len(await stage.answered(2)) == 2


async def test_strangers_are_not_answered(world: World, stage: Stage) -> None:
    stranger = world.add_user()
    async with stage.listening():
        await stage.settled()
        world.write(stranger, stage.bot, "/help")
        await stage.settled()
        stage.user_id = stranger.id
        assert await stage.keys() == []


async def test_a_session_that_ended_ends_the_listening(world: World, stage: Stage) -> None:
    with pytest.RaisesGroup(errors.SignedOutError, flatten_subgroups=True):
        async with stage.listening() as ours:
            await stage.settled()
            world.sign_out(stage.bot)
            for call in ours.client.on_reconnect:
                call()
            await asyncio.Event().wait()


async def test_after_a_crash_the_bot_still_knows_how_to_reach_whom_it_answered(
    world: World, stage: Stage, user: Account
) -> None:
    async with stage.listening() as ours:
        world.write(user, stage.bot, "/help")
        await stage.answered(1)
        await stage.settled()
        # As another connection to the file sees it, so what a crash would leave.
        with sqlite3.connect(f"file:{ours.client.session.filename}?mode=ro", uri=True) as other:
            assert other.execute("SELECT hash FROM entities WHERE id = ?", (user.id,)).fetchone()
        other.close()


class TestAnotherServer:
    @pytest.fixture
    def world(self) -> World:
        return World(behaviour=Behaviour(global_message_ids=True, sparse=True))

    async def test_is_listened_to_as_well(self, world: World, stage: Stage, user: Account) -> None:
        async with stage.listening():
            await stage.settled()
            world.write(user, stage.bot, "/help")
            assert len(await stage.answered(1)) == 1
        world.write(user, stage.bot, "/help")
        async with stage.listening():
            assert len(await stage.answered(2)) == 2
