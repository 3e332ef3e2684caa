"""Every fault can be ordered, for whom and how often; the client meets it as it would meet Telegram's."""

import asyncio
import itertools
import random
from typing import Any

import pytest
from telethon import errors, events, functions, types

from bot.sandbox import faults, server, state
from bot.sandbox.state import Account, Channel
from bot.sandbox.world import World
from tests.served import Clients, connected

METHOD = "channels.getChannels"


@pytest.fixture
def user(world: World) -> Account:
    return world.add_user()


@pytest.fixture
def channel(world: World, user: Account) -> Channel:
    return world.add_channel("Канал", "channel", members=(user,))


async def ask(reader: Any, name: str = "channel") -> Any:
    return await reader(functions.channels.GetChannelsRequest([name]))


async def heard(reader: Any) -> asyncio.Queue[Any]:
    """Collects what a client is told about new posts, as it arrives: Telethon's own sorting is passed by."""
    queue: asyncio.Queue[Any] = asyncio.Queue()
    handle = reader._sender._handle_update

    async def note(message: Any) -> None:
        for update in message.obj.updates:
            if isinstance(update, types.UpdateNewChannelMessage):
                queue.put_nowait(update.message.message)
        await handle(message)

    reader._sender._handle_update = note
    return queue


async def test_a_flood_wait_strikes_as_often_as_ordered(
    world: World, client: Clients, user: Account, channel: Channel
) -> None:
    reader = await client(user)
    order = world.faults.order(METHOD, faults.Flood(2), times=2)
    for _ in range(2):
        with pytest.raises(errors.FloodWaitError) as caught:
            await ask(reader)
        assert caught.value.seconds == 2
    assert (await ask(reader)).chats[0].id == channel.id
    assert order.fired == 2


async def test_an_error_may_strike_one_account_or_channel_alone(
    world: World, client: Clients, user: Account, channel: Channel
) -> None:
    other = world.add_user(phone="2")
    world.add_channel("Второй", "second")
    one, two = await client(user), await client(other)
    world.faults.order(METHOD, faults.RpcError(400, "CHAT_ID_INVALID"), account=user.id, times=faults.ALWAYS)
    with pytest.raises(errors.ChatIdInvalidError):
        await ask(one)
    assert await ask(two)
    world.faults.clear()
    order = world.faults.order("contacts.resolveUsername", faults.RpcError(400, "USERNAME_INVALID"), channel=channel.id)
    assert await two(functions.contacts.ResolveUsernameRequest("second"))
    with pytest.raises(errors.UsernameInvalidError):
        await two(functions.contacts.ResolveUsernameRequest("channel"))
    world.faults.cancel(order)
    assert await two(functions.contacts.ResolveUsernameRequest("channel"))


async def test_every_third_call_may_be_struck_and_any_call(
    world: World, client: Clients, user: Account, channel: Channel
) -> None:
    reader = await client(user)
    await ask(reader)
    world.faults.order(faults.ANY, faults.RpcError(400, "CHAT_ID_INVALID"), every=3, times=faults.ALWAYS)
    outcomes = []
    for _ in range(6):
        try:
            outcomes.append(bool(await ask(reader)))
        except errors.ChatIdInvalidError:
            outcomes.append(False)
    assert outcomes == [True, True, False, True, True, False]


@pytest.mark.parametrize("executed", [False, True])
async def test_a_dropped_connection_leaves_the_call_done_or_not(
    world: World, client: Clients, user: Account, *, executed: bool
) -> None:
    bot = world.add_bot()
    world.write(user, bot, "/start")
    writer = await client(bot)
    world.faults.order("messages.sendMessage", faults.Drop(executed=executed))
    request = functions.messages.SendMessageRequest(types.InputPeerUser(user.id, 0), "раз", random_id=5)
    assert (await writer(request)).id == 2  # the client connects again and repeats it
    assert world.state.calls["messages.sendMessage"] == 2
    assert len(world.chat(user, bot)) == 2


async def test_a_lost_reply_never_comes_though_the_call_was_done(world: World, client: Clients, user: Account) -> None:
    channel = world.add_channel("Канал", "channel")
    reader = await client(user)
    await reader.get_input_entity("channel")
    world.faults.order("channels.joinChannel", faults.LoseReply())
    waiting = asyncio.ensure_future(reader(functions.channels.JoinChannelRequest("channel")))
    while not channel.members:
        await reader.get_me()
    assert not waiting.done()
    waiting.cancel()


async def test_a_delayed_answer_comes_after_later_ones(
    world: World, client: Clients, user: Account, channel: Channel
) -> None:
    reader = await client(user)
    await ask(reader)
    order = world.faults.order(METHOD, faults.Delay(0.05))
    late = asyncio.ensure_future(ask(reader))
    while not order.fired:
        await reader.get_me()
    assert not late.done()
    assert (await late).chats


async def test_pushes_are_lost_repeated_and_reordered(
    world: World, client: Clients, user: Account, channel: Channel
) -> None:
    told = await heard(await client(user))
    world.faults.order(faults.PUSH, faults.LosePush(), channel=channel.id)
    world.faults.order(faults.PUSH, faults.RepeatPush(2))
    world.faults.order(faults.PUSH, faults.HoldPush(2))
    for text in ("потерян", "трижды", "задержан", "обогнал", "тоже"):
        world.post(channel, text)
    assert [await told.get() for _ in range(6)] == ["трижды"] * 3 + ["обогнал", "тоже", "задержан"]


async def test_a_delayed_push_comes_later(world: World, client: Clients, user: Account, channel: Channel) -> None:
    told = await heard(await client(user))
    world.faults.order(faults.PUSH, faults.Delay(0.05))
    world.post(channel, "поздно")
    world.post(channel, "сразу")
    assert [await told.get(), await told.get()] == ["сразу", "поздно"]


async def test_what_was_to_come_later_is_forgotten_when_the_server_ends(
    world: World, client: Clients, user: Account, channel: Channel
) -> None:
    reader = await client(user)
    await ask(reader)
    world.faults.order(METHOD, faults.Delay(3600))
    world.faults.order(faults.PUSH, faults.Delay(3600))
    world.faults.order(faults.PUSH, faults.HoldPush(9))
    waiting = asyncio.ensure_future(ask(reader))
    while world.state.calls[METHOD] != 2:
        await reader.get_me()
    world.post(channel, "раз")
    world.post(channel, "два")
    waiting.cancel()


async def test_a_cut_client_connects_again_and_hears_of_what_comes(
    world: World, running: server.Server, client: Clients, user: Account, channel: Channel
) -> None:
    reader = await client(user)
    told: asyncio.Queue[Any] = asyncio.Queue()
    reader.add_event_handler(told.put, events.NewMessage())
    for number in range(20):
        running.cut()
        await ask(reader)
        world.post(channel, str(number))
        assert (await told.get()).raw_text == str(number)
    assert running.connections == 1


async def meet_an_error_of_the_sandbox(world: World) -> None:
    user, channel = world.add_user(), world.add_channel("Канал", "channel")
    async with server.serve(world) as running, connected(running, user) as reader:
        world.post(channel, media=object())
        with pytest.raises(errors.BadRequestError, match="SANDBOX_FAILED"):
            await reader.get_messages("channel", limit=1)


async def test_an_error_of_the_sandbox_itself_is_answered_and_raised_at_the_end() -> None:
    with pytest.raises(ExceptionGroup, match="the sandbox failed"):
        await meet_an_error_of_the_sandbox(World())


async def test_calls_may_be_missing_or_broken_on_another_server(world: World, client: Clients, user: Account) -> None:
    world.state.behaviour = state.Behaviour(
        missing_calls=frozenset({"contacts.search"}), broken_calls=frozenset({METHOD})
    )
    world.add_channel("Канал", "channel")
    reader = await client(user)
    with pytest.raises(errors.BadRequestError, match="METHOD_NOT_IMPLEMENTED"):
        await reader(functions.contacts.SearchRequest("канал", 1))
    peer = await reader.get_input_entity("channel")
    with pytest.raises(errors.ServerError):
        await reader._sender.send(
            functions.channels.GetChannelsRequest([types.InputChannel(peer.channel_id, peer.access_hash)])
        )


async def test_a_server_may_bear_one_call_of_a_kind_in_a_while(
    world: World, client: Clients, user: Account, channel: Channel
) -> None:
    world.state.behaviour = state.Behaviour(intervals={METHOD: 1.5})
    reader = await client(user)
    assert (await ask(reader)).chats[0].id == channel.id
    with pytest.raises(errors.FloodWaitError) as caught:
        await ask(reader)
    assert caught.value.seconds == 2
    world.state.called_at.clear()
    assert (await ask(reader)).chats[0].id == channel.id


def test_a_fault_may_strike_at_random() -> None:
    order = faults.Faults().order(faults.ANY, faults.LoseReply(), times=20, every=10, draw=random.Random(7))
    struck = [number for number in range(1000) if order.strikes(METHOD, None, None)]
    assert len(struck) == order.fired == 20
    assert len({after - before for before, after in itertools.pairwise(struck)}) > 5
