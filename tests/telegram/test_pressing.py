"""Buttons pressed by a user's own client, from the press to the message that changed."""

import asyncio
from typing import Any

import pytest
from telethon.tl import functions

from bot import delivery
from bot.commands.reader import Untranslated
from bot.sandbox import faults, server
from bot.sandbox.state import Account
from bot.sandbox.world import World
from bot.telegram import dispatcher
from storage import backlog, channels, chats, outbox, posts
from storage.models import Button, ChatId, Message, Subject
from tests import records
from tests.commands import chatting
from tests.served import Clients, client, new_client, running, world
from tests.telegram import edge
from tests.telegram.listening import Stage, impatient, stage, user

__all__ = ["client", "impatient", "new_client", "running", "stage", "user", "world"]


async def press(theirs: Any, bot: Account, label: str) -> Any:
    (message,) = await theirs.get_messages(bot.username, limit=1)
    data = next(b.data for row in message.buttons for b in row if b.text == label)
    return await theirs(functions.messages.GetBotCallbackAnswerRequest(peer=bot.username, msg_id=message.id, data=data))


async def offer(ours: dispatcher.Dispatcher, user: Account, data: str) -> None:
    """Have the bot send an alert with one button, by way of the outbox."""
    message, chat_id = Message(text="Choose", buttons=((Button(label=data, data=data),),)), ChatId(user.id)
    result = await ours.sender.send(chat_id, 99, message)
    assert isinstance(result, delivery.Sent)
    async with ours.database.transaction() as tx:
        await chats.pair(tx, chat_id=chat_id, role="owner", language="en", timezone="UTC", now=records.NOW)
        await channels.follow(tx, records.channel_info(), joined=True, now=records.NOW)
        put = await posts.put(tx, records.post(), language="ru", now=records.NOW)
        row = await outbox.add(
            tx,
            chat_id=chat_id,
            kind="alert",
            key="alert:1",
            random_id=99,
            message=message,
            subject=Subject(post_id=put.post_id, topics=("rotation",)),
            now=records.NOW,
        )
        assert row is not None
        await outbox.settle(tx, row, message_id=result.message_id, now=records.NOW)


async def test_a_press_is_answered_and_changes_its_message(
    world: World, stage: Stage, user: Account, client: Clients
) -> None:
    theirs = await client(user)
    world.write(user, stage.bot, "/start")
    async with stage.listening() as ours:
        await offer(ours, user, "mute:t:rotation:1d")
        answer = await press(theirs, stage.bot, "mute:t:rotation:1d")
        assert answer.message
        letter = world.chat(user, stage.bot)[-1]
        await edge.until(lambda: letter.edited_at)
    async with stage.database.reading() as connection:
        (mute,) = await chats.mutes(connection, now=edge.now())
    assert mute.subject == "rotation"


async def test_a_press_that_takes_long_is_answered_before_it_is_done(
    world: World, stage: Stage, user: Account, client: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "PRESS_ANSWER_SECONDS", 0.1)
    theirs = await client(user)
    world.write(user, stage.bot, "/start")
    async with stage.listening() as ours:
        await offer(ours, user, "find:Путь домой")
        answer = await press(theirs, stage.bot, "find:Путь домой")
        assert answer.message is None
        stage.reader.may_go_on.set()


async def test_a_translation_that_takes_long_holds_up_no_press_elsewhere_and_its_failure_is_told(
    world: World, stage: Stage, user: Account, client: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "PRESS_ANSWER_SECONDS", 0.1)
    stage.reader.translation = Untranslated(reason="TRANSLATE_REQ_FAILED")
    theirs = await client(user)
    world.write(user, stage.bot, "/start")
    async with stage.listening() as ours:
        await offer(ours, user, "translate:1")
        assert (await press(theirs, stage.bot, "translate:1")).message is None
        await ours.sender.send(
            ChatId(user.id), 100, Message(text="x", buttons=((Button(label="saved:0", data="saved:0"),),))
        )
        await press(theirs, stage.bot, "saved:0")
        letter = world.chat(user, stage.bot)[-1]
        await edge.until(lambda: letter.edited_at)
        assert letter.text.startswith("Nothing is saved")
        stage.woken.clear()
        stage.reader.may_go_on.set()
        await stage.woken.wait()
    async with stage.database.reading() as connection:
        *_, told = await backlog.unsent(connection, ChatId(user.id))
    assert told.message.text.startswith("Telegram does not translate this post just now.")


async def test_a_vote_and_news_of_the_story_at_the_same_moment_both_stay(
    world: World, stage: Stage, user: Account, client: Clients
) -> None:
    theirs = await client(user)
    world.write(user, stage.bot, "/start")
    async with stage.listening() as ours:
        telling = delivery.Delivery(
            database=stage.database,
            sender=ours.sender,
            catalogues=chatting.ALL,
            owner="test",
            clock=edge.now,
            stopwatch=lambda: 0.0,
            catching_up=lambda: False,
            turns=ours.turns,
        )
        await stage.answered(1)
        while await delivery.step(telling, ChatId(user.id)) == 0:
            pass
        await offer(ours, user, "vote:1:1")
        async with stage.database.transaction() as tx:
            alert = await outbox.by_key(tx, ChatId(user.id), "alert:1")
            assert alert is not None
            await outbox.add(
                tx,
                chat_id=ChatId(user.id),
                kind="update",
                key="update:1",
                random_id=outbox.new_random_id(),
                message=Message(text="Choose\nalso: Channel B", buttons=alert.message.buttons),
                now=records.NOW,
                act="edit",
                depends_on=alert.id,
            )
        world.faults.order("messages.editMessage", faults.Delay(0.05), times=faults.ALWAYS)
        await asyncio.gather(delivery.step(telling, ChatId(user.id)), press(theirs, stage.bot, "vote:1:1"))
        letter = world.chat(user, stage.bot)[-1]
        await edge.until(lambda: "👍 ✓" in {button.text for row in letter.buttons.rows for button in row.buttons})
        assert letter.text == "Choose\nalso: Channel B"


async def test_a_vote_while_telegram_wants_no_edits_is_shown_afterwards(
    world: World, stage: Stage, user: Account, client: Clients
) -> None:
    theirs = await client(user)
    world.write(user, stage.bot, "/start")
    async with stage.listening() as ours:
        await stage.answered(1)
        await offer(ours, user, "vote:1:1")
        stage.woken.clear()
        world.faults.order("messages.editMessage", faults.Flood(30))
        await press(theirs, stage.bot, "vote:1:1")
        await stage.woken.wait()
        async with stage.database.reading() as connection:
            *_, edit = await outbox.pending(connection, ChatId(user.id), now=edge.now())
        assert (edit.act, edit.message.text, edit.key.partition(":")[0]) == ("edit", "Choose", "redraw")


async def test_a_press_of_a_stranger_is_answered_without_words(world: World, stage: Stage, client: Clients) -> None:
    stranger = world.add_user()
    theirs = await client(stranger)
    world.write(stranger, stage.bot, "/start")
    async with stage.listening() as ours:
        await offer(ours, stranger, "mute:t:rotation:1d")
        async with stage.database.transaction() as tx:
            await chats.remove(tx, ChatId(stranger.id))
        answer = await press(theirs, stage.bot, "mute:t:rotation:1d")
        assert answer.message is None


async def test_a_press_that_no_push_told_of_is_found(
    world: World, stage: Stage, user: Account, client: Clients, running: server.Server
) -> None:
    theirs = await client(user)
    world.write(user, stage.bot, "/start")
    async with stage.listening() as ours:
        await stage.settled()
        await offer(ours, user, "mute:t:rotation:1d")
        world.faults.order(faults.PUSH, faults.LosePush(), account=stage.bot.id)
        pressing = asyncio.ensure_future(press(theirs, stage.bot, "mute:t:rotation:1d"))
        await edge.until(lambda: world.state.presses)
        assert await ours.catch_up() is None
        assert (await pressing).message
