"""Groups as a bot and the members see them: small ones in the boxes of their members, large ones as channels."""

import asyncio
from typing import Any

import pytest
from telethon import Button, errors, events, functions, types

from bot.sandbox import state
from bot.sandbox.world import World
from tests.served import Clients, client, new_client, running, world

__all__ = ["client", "new_client", "running", "world"]

Group = state.Group | state.Channel


class Room:
    """A group with a user and a bot, of one kind or the other."""

    def __init__(self, world: World, kind: str, *, privacy_mode: bool = False) -> None:
        self.world = world
        self.user, self.bot = world.add_user(), world.add_bot(privacy_mode=privacy_mode)
        self.group: Group
        if kind == "small":
            self.group = world.add_group("Newsroom", self.user, self.bot)
        else:
            self.group = world.add_channel("Newsroom", kind="megagroup", members=(self.user, self.bot))

    @property
    def peer(self) -> Any:
        if isinstance(self.group, state.Group):
            return types.InputPeerChat(self.group.id)
        return types.InputPeerChannel(self.group.id, 0)

    def send(self, random_id: int, text: str = "тревога", **more: Any) -> Any:
        return functions.messages.SendMessageRequest(peer=self.peer, message=text, random_id=random_id, **more)


@pytest.fixture(params=["small", "large"])
def room(request: pytest.FixtureRequest, world: World) -> Room:
    return Room(world, request.param)


def sent_id(answer: Any) -> int:
    return int(next(update.id for update in answer.updates if isinstance(update, types.UpdateMessageID)))


async def test_a_bot_hears_members_and_is_heard_once(client: Clients, room: Room) -> None:
    ours = await client(room.bot)
    heard: asyncio.Queue[Any] = asyncio.Queue()
    ours.add_event_handler(heard.put, events.NewMessage(incoming=True))
    await ours.get_me()
    room.world.say(room.user, room.group, "/here")
    event = await asyncio.wait_for(heard.get(), 5)
    assert (event.raw_text, event.sender_id, event.is_private) == ("/here", room.user.id, False)
    first, again = await ours(room.send(77)), await ours(room.send(77, "другое"))
    if isinstance(room.group, state.Channel):
        assert sent_id(first) == sent_id(again)
    assert [said.text for said in room.world.heard(room.group, room.bot)] == ["тревога"]


async def test_what_was_said_can_be_changed_and_answered(client: Clients, room: Room) -> None:
    ours = await client(room.bot)
    keyboard = ours.build_reply_markup([[Button.inline("Save", data=b"save:1")]])
    number = sent_id(await ours(room.send(77, reply_markup=keyboard)))
    edit = functions.messages.EditMessageRequest(peer=room.peer, id=number, message="отбой")
    await ours(edit)
    with pytest.raises(errors.MessageNotModifiedError):
        await ours(edit)
    reply = types.InputReplyToMessage(reply_to_msg_id=number)
    assert sent_id(await ours(room.send(78, "дальше", reply_to=reply, reply_markup=keyboard))) > number
    with pytest.raises(errors.RPCError):
        await ours(room.send(79, reply_to=types.InputReplyToMessage(reply_to_msg_id=999)))
    assert [said.text for said in room.world.heard(room.group, room.bot)] == ["отбой", "дальше"]


async def test_a_member_presses_a_button(client: Clients, room: Room) -> None:
    ours, theirs = await client(room.bot), await client(room.user)

    async def answer(update: Any) -> None:
        assert update.user_id == room.user.id
        await ours(functions.messages.SetBotCallbackAnswerRequest(query_id=update.query_id, cache_time=0, message="ok"))

    ours.add_event_handler(answer, events.Raw(types.UpdateBotCallbackQuery))
    keyboard = ours.build_reply_markup([[Button.inline("Save", data=b"save:1")]])
    await ours(room.send(77, reply_markup=keyboard))
    (said,) = room.world.heard(room.group, room.bot)
    number = said.id if isinstance(said, state.Post) else said.ids[room.user.id]
    peer = room.peer
    if isinstance(room.group, state.Channel):
        peer = types.InputPeerChannel(room.group.id, room.world.state.access_hash(room.user.id, room.group.id))
    pressing = functions.messages.GetBotCallbackAnswerRequest(peer=peer, msg_id=number, data=b"save:1")
    assert (await theirs(pressing)).message == "ok"


async def test_who_is_no_member_may_not_write(client: Clients, world: World, room: Room) -> None:
    room.group.members.discard(room.bot.id)
    with pytest.raises(errors.RPCError):
        await (await client(room.bot))(room.send(77))


async def test_others_may_not_change_what_a_member_said(client: Clients, world: World) -> None:
    room = Room(world, "large")
    theirs = world.say(room.user, room.group, "моё")
    assert isinstance(theirs, state.Post)
    ours = await client(room.bot)
    for number, refusal in ((theirs.id, errors.MessageAuthorRequiredError), (99, errors.MessageIdInvalidError)):
        with pytest.raises(refusal):
            await ours(functions.messages.EditMessageRequest(peer=room.peer, id=number, message="чужое"))


async def test_a_small_group_that_grows_goes_on_under_another_id(client: Clients, world: World) -> None:
    room = Room(world, "small")
    assert isinstance(room.group, state.Group)
    ours = await client(room.bot)
    before = await ours(functions.updates.GetStateRequest())
    large = world.grow(room.group)
    found = await ours(functions.updates.GetDifferenceRequest(pts=before.pts, qts=0, date=before.date))
    (service,) = found.new_messages
    assert service.action == types.MessageActionChatMigrateTo(channel_id=large.id)
    with pytest.raises(errors.ChatIdInvalidError):
        await ours(room.send(77))
    room.group = large
    await ours(room.send(78))
    assert [said.text for said in world.heard(large, room.bot)] == ["тревога"]


async def test_a_large_group_answers_a_repeated_message_as_the_server_does(client: Clients, world: World) -> None:
    room = Room(world, "large")
    ours = await client(room.bot)
    ours._request_retries = 0
    world.state.behaviour = state.Behaviour(duplicate_seconds=60)
    await ours(room.send(77))
    with pytest.raises(errors.RandomIdDuplicateError):
        await ours(room.send(77))
    with pytest.raises(errors.RandomIdEmptyError):
        await ours(room.send(0))
    channel = world.add_channel("Путь домой", "way_home", members=(room.bot,))
    room.group = channel
    with pytest.raises(errors.ChatWriteForbiddenError):
        await ours(room.send(78))


async def test_the_list_of_chats_leaves_groups_out_of_private_ones(world: World) -> None:
    room = Room(world, "small")
    world.write(room.user, room.bot, "/start")
    world.say(room.user, room.group, "/here")
    assert [letter.text for letter in world.chat(room.bot, room.user)] == ["/start"]


async def test_telegram_translates_bare_words(client: Clients, world: World) -> None:
    theirs = await client(world.add_user())
    world.state.translations["en", "вода"] = "water"

    async def translated(*texts: str, to: str = "en") -> list[str]:
        pieces = [types.TextWithEntities(text=text, entities=[]) for text in texts]
        answer = await theirs(functions.messages.TranslateTextRequest(to_lang=to, text=pieces))
        return [piece.text for piece in answer.result]

    assert await translated("вода", "хлеб") == ["water", "[en] хлеб"]
    for wrong in ({"to": "12"}, {}):
        with pytest.raises(errors.RPCError):
            await translated(*(["вода"] if wrong else []), **wrong)
    with pytest.raises(errors.RPCError):
        await translated("a" * 5000)


class TestABotInPrivacyMode:
    @pytest.fixture
    def room(self, request: pytest.FixtureRequest, world: World) -> Room:
        return Room(world, request.param, privacy_mode=True)

    @pytest.mark.parametrize("room", ["small", "large"], indirect=True)
    async def test_hears_what_is_meant_for_it_and_is_told_of_nothing_else_later(
        self, client: Clients, room: Room
    ) -> None:
        ours = await client(room.bot)
        heard: asyncio.Queue[Any] = asyncio.Queue()
        ours.add_event_handler(heard.put, events.NewMessage(incoming=True))
        before = await ours(functions.updates.GetStateRequest())
        await ours(room.send(77))
        (said,) = room.world.heard(room.group, room.bot)
        room.world.say(room.user, room.group, "that is sad")
        room.world.say(room.user, room.group, "/help@another_bot")
        room.world.say(room.user, room.group, "/help@homefront_bot")
        assert (await asyncio.wait_for(heard.get(), 5)).raw_text == "/help@homefront_bot"
        answered = said.id if isinstance(said, state.Post) else said
        room.world.say(room.user, room.group, "why?", reply_to=answered)
        request: Any = functions.updates.GetDifferenceRequest(pts=before.pts, qts=0, date=before.date)
        if isinstance(room.group, state.Channel):
            every = types.ChannelMessagesFilterEmpty()
            channel = types.InputChannel(room.group.id, 0)
            request = functions.updates.GetChannelDifferenceRequest(channel=channel, filter=every, pts=1, limit=1000)
        found = await ours(request)
        assert [message.message for message in found.new_messages] == ["тревога", "/help@homefront_bot", "why?"]
