"""A group as a team's chat: who is heard there, what is sent there, and where it goes on when it grows."""

import asyncio
from typing import Any

import pytest
from telethon import utils
from telethon.tl import functions, types

from bot import delivery
from bot.sandbox import state
from bot.sandbox.state import Account
from bot.sandbox.world import World
from storage import chats
from storage.models import Button, ChatId, Message
from tests.served import Clients, client, new_client, running, world
from tests.telegram import edge
from tests.telegram.listening import Stage, impatient, stage, user

__all__ = ["client", "impatient", "new_client", "running", "stage", "user", "world"]

Group = state.Group | state.Channel


def chat_of(group: Group) -> ChatId:
    peer = types.PeerChat(group.id) if isinstance(group, state.Group) else types.PeerChannel(group.id)
    return ChatId(utils.get_peer_id(peer))


@pytest.fixture(params=["small", "large"])
def group(request: pytest.FixtureRequest, world: World, stage: Stage, user: Account) -> Group:
    """A group of the owner, a stranger and the bot."""
    members = (user, world.add_user(phone="79990000009"), stage.bot)
    if request.param == "small":
        return world.add_group("Newsroom", *members)
    return world.add_channel("Newsroom", kind="megagroup", members=members)


def stranger_of(group: Group, user: Account, stage: Stage) -> Account:
    return stage.running.world.state.accounts[next(iter(group.members - {user.id, stage.bot.id}))]


async def answers(stage: Stage, group: Group, count: int) -> list[str]:
    stage.user_id = chat_of(group)
    return await stage.answered(count)


async def test_the_bot_is_off_until_the_owner_calls_and_then_hears_him_alone(
    world: World, stage: Stage, user: Account, group: Group
) -> None:
    async with stage.listening():
        await stage.settled()
        world.say(user, group, "/digest")
        world.say(stranger_of(group, user, stage), group, "/here")
        world.say(user, group, "/here@homefront_bot")
        assert len(await answers(stage, group, 1)) == 1
        world.say(stranger_of(group, user, stage), group, "/status")
        world.say(user, group, "/status@other_bot")
        world.say(user, group, "what do you think?")
        world.say(user, group, "/help")
        assert len(await answers(stage, group, 2)) == 2
    async with stage.database.reading() as connection:
        chat = await chats.get(connection, chat_of(group))
    assert chat is not None
    assert (chat.label, chat.role) == ("Newsroom", "reader")


async def test_messages_arrive_and_are_changed_and_answered(
    world: World, stage: Stage, user: Account, group: Group
) -> None:
    async with stage.listening() as ours:
        world.say(user, group, "/here")
        await answers(stage, group, 1)
        message = Message(text="A post speaks of rotation.", buttons=((Button(label="Saved", data="saved:0"),),))
        sent = await ours.sender.send(chat_of(group), 77, message)
        assert isinstance(sent, delivery.Sent)
        assert await ours.sender.send(chat_of(group), 77, message) == sent
        edited = await ours.sender.edit(chat_of(group), sent.message_id, Message(text="It does."))
        assert edited == sent
        reply = await ours.sender.send(chat_of(group), 78, Message(text="Deleted."), reply_to=sent.message_id)
        assert isinstance(reply, delivery.Sent)
    assert [said.text for said in world.heard(group, stage.bot)] == ["It does.", "Deleted."]


async def test_those_who_may_ask_press_buttons_and_others_in_vain(
    world: World, stage: Stage, user: Account, group: Group, client: Clients
) -> None:
    stranger = stranger_of(group, user, stage)
    theirs = {account.id: await client(account) for account in (user, stranger)}
    async with stage.listening() as ours:
        world.say(user, group, "/here")
        await answers(stage, group, 1)
        message = Message(text="x", buttons=((Button(label="Mute", data="mute:t:rotation:1d"),),))
        assert isinstance(await ours.sender.send(chat_of(group), 77, message), delivery.Sent)
        notices = [await press(theirs[one.id], world, group, stage.bot, one) for one in (stranger, user)]
    assert notices[0] is None
    assert str(notices[1]).startswith("Muted until")
    async with stage.database.reading() as connection:
        assert [mute.chat_id for mute in await chats.mutes(connection, now=edge.now())] == [chat_of(group)]


async def press(theirs: Any, world: World, group: Group, bot: Account, by: Account) -> str | None:
    said = world.heard(group, bot)[-1]
    number = said.id if isinstance(said, state.Post) else said.ids[by.id]
    peer: Any = types.InputPeerChat(group.id)
    if isinstance(group, state.Channel):
        peer = types.InputPeerChannel(group.id, world.state.access_hash(by.id, group.id))
    request = functions.messages.GetBotCallbackAnswerRequest(peer=peer, msg_id=number, data=b"mute:t:rotation:1d")
    notice: str | None = (await theirs(request)).message
    return notice


async def test_a_group_that_grows_is_followed_to_its_new_id(world: World, stage: Stage, user: Account) -> None:
    small = world.add_group("Newsroom", user, stage.bot)
    async with stage.listening():
        world.say(user, small, "/here")
        await answers(stage, small, 1)
        large = world.grow(small)
        await moved(stage, chat_of(large))
        world.say(user, large, "/help")
        assert len(await answers(stage, large, 2)) == 2


async def test_a_group_that_grew_while_nobody_listened_is_followed_at_start(
    world: World, stage: Stage, user: Account
) -> None:
    small = world.add_group("Newsroom", user, stage.bot)
    async with stage.listening():
        world.say(user, small, "/here")
        await answers(stage, small, 1)
        await stage.settled()
    large = world.grow(small)
    async with stage.listening() as ours:
        await moved(stage, chat_of(large))
        assert isinstance(await ours.sender.send(chat_of(large), 77, Message(text="Here.")), delivery.Sent)


async def test_a_command_in_a_group_and_one_in_private_with_the_same_number_are_both_answered(
    world: World, stage: Stage, user: Account
) -> None:
    large = world.add_channel("Newsroom", kind="megagroup", members=(user, stage.bot))
    async with stage.listening():
        await stage.settled()
        world.say(user, large, "/here")
        letter = world.write(user, stage.bot, "/help")
        assert letter.ids[stage.bot.id] == large.last_id
        assert len(await stage.answered(1)) == 1
        assert len(await answers(stage, large, 1)) == 1


async def moved(stage: Stage, chat_id: ChatId) -> None:
    async with asyncio.timeout(10):
        while True:
            async with stage.database.reading() as connection:
                if await chats.get(connection, chat_id) is not None:
                    return
            await asyncio.sleep(0)
