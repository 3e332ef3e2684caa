"""Edits and replies as the server takes them: what is gone is told apart from what is refused."""

import asyncio

import pytest
from telethon.tl import types

from bot import delivery
from bot.sandbox import faults, server
from bot.sandbox.state import Account
from bot.sandbox.world import World
from bot.telegram import sender
from storage.models import ChatId, Message
from tests.served import running, world
from tests.telegram.test_sender import BOLD, bot, chat_of, ours, texts, user

__all__ = ["bot", "ours", "running", "user", "world"]


async def test_a_message_can_be_edited(world: World, ours: sender.Sender, user: Account, bot: Account) -> None:
    sent = await ours.send(chat_of(user), 77, Message(text="Before"))
    assert isinstance(sent, delivery.Sent)
    after = Message(text="After", entities=BOLD)
    assert await ours.edit(chat_of(user), sent.message_id, after) == sent
    assert await ours.edit(chat_of(user), sent.message_id, after) == sent
    assert texts(world, user, bot) == ["After"]


async def test_editing_what_is_gone_says_so(ours: sender.Sender, user: Account) -> None:
    result = await ours.edit(chat_of(user), 999, Message(text="After"))
    assert result == delivery.Gone(reason="MESSAGE_ID_INVALID")


async def test_an_edit_whose_looks_are_refused_says_it_plainly(
    world: World, ours: sender.Sender, user: Account, bot: Account
) -> None:
    sent = await ours.send(chat_of(user), 77, Message(text="Before"))
    assert isinstance(sent, delivery.Sent)
    world.faults.order("messages.editMessage", faults.RpcError(400, "ENTITY_BOUNDS_INVALID"))
    assert await ours.edit(chat_of(user), sent.message_id, Message(text="After", entities=BOLD)) == sent
    assert texts(world, user, bot) == ["After"]


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        (faults.Flood(33), delivery.RetryAfter(seconds=33)),
        (faults.RpcError(500, "INTERNAL"), delivery.Unknown(reason="INTERNAL")),
        (faults.RpcError(403, "MESSAGE_AUTHOR_REQUIRED"), delivery.Gone(reason="MESSAGE_AUTHOR_REQUIRED")),
    ],
)
async def test_what_the_server_says_of_an_edit_decides_what_comes_next(
    world: World, ours: sender.Sender, user: Account, fault: faults.Fault, result: delivery.Result
) -> None:
    world.faults.order("messages.editMessage", fault)
    assert await ours.edit(chat_of(user), 1, Message(text="After")) == result


async def test_a_reply_stands_under_what_it_answers_also_when_it_is_repeated(
    world: World, ours: sender.Sender, user: Account, bot: Account
) -> None:
    first = await ours.send(chat_of(user), 77, Message(text="Alert"))
    assert isinstance(first, delivery.Sent)
    for _ in range(2):
        await ours.send(chat_of(user), 78, Message(text="Follow-up"), reply_to=first.message_id)
    alert, reply = [letter for letter in world.chat(user, bot) if letter.sender == bot.id]
    assert reply.reply_to is alert


async def test_a_reply_to_what_the_user_deleted_says_so_and_sends_nothing(
    world: World, ours: sender.Sender, user: Account, bot: Account
) -> None:
    result = await ours.send(chat_of(user), 78, Message(text="Follow-up"), reply_to=999)
    assert result == delivery.Gone(reason="REPLY_MESSAGE_ID_INVALID")
    assert texts(world, user, bot) == []


@pytest.mark.parametrize(
    ("chat_id", "peer"),
    [
        (-77, types.InputPeerChat(77)),
        (-1000000000077, types.InputPeerChannel(77, 0)),
        (77, types.InputPeerUser(77, 0)),
    ],
)
def test_a_chat_that_was_never_seen_is_named_without_its_access_hash(chat_id: int, peer: object) -> None:
    assert sender.bare_peer(ChatId(chat_id)) == peer


async def test_an_edit_whose_answer_was_lost_does_not_come_again_after_a_newer_one(
    *,
    world: World,
    ours: sender.Sender,
    user: Account,
    bot: Account,
    running: server.Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sender, "ANSWER_SECONDS", 0.3)
    sent = await ours.send(chat_of(user), 77, Message(text="Before"))
    assert isinstance(sent, delivery.Sent)
    world.faults.order("messages.editMessage", faults.LoseReply())
    assert isinstance(await ours.edit(chat_of(user), sent.message_id, Message(text="Older")), delivery.Unknown)
    assert await ours.edit(chat_of(user), sent.message_id, Message(text="Newest")) == sent
    back = asyncio.Event()
    ours.client.on_reconnect.append(back.set)
    running.cut()
    await back.wait()
    other = await ours.send(chat_of(user), 78, Message(text="After"))
    assert isinstance(other, delivery.Sent)
    assert texts(world, user, bot) == ["Newest", "After"]
