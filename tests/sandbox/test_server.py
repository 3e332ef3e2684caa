"""The server: on loopback alone, in every framing, restarted with the same world, and like other servers."""

import asyncio
import struct
from typing import Any

import pytest
from telethon import errors, events, functions, types
from telethon.network import ConnectionTcpAbridged, ConnectionTcpIntermediate

from bot.sandbox import clock, framing, media, server, thread
from bot.sandbox.state import Behaviour
from bot.sandbox.world import World
from tests.served import Clients, connected, make_client

ANOTHER = Behaviour(global_message_ids=True, sparse=True)


async def test_only_loopback_addresses_are_served() -> None:
    for host in ("0.0.0.0", "192.0.2.1"):
        with pytest.raises(ValueError, match="loopback"):
            async with server.serve(World(), host=host):
                pass
    async with server.serve(World(), host="127.0.0.2") as running:
        assert running.address == f"127.0.0.2:{running.port}"


@pytest.mark.parametrize("kind", [ConnectionTcpAbridged, ConnectionTcpIntermediate])
async def test_every_framing_is_understood(world: World, running: server.Server, kind: Any) -> None:
    channel = world.add_channel("Канал", "channel")
    for number in range(100):
        world.post(channel, f"{number} " + "длинный текст " * 40)
    reader = make_client(running, world.add_user())
    reader._connection = kind
    await reader.connect()
    assert len(await reader.get_messages("channel", limit=100)) == 100
    await reader.disconnect()


@pytest.mark.parametrize(
    "noise",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xee\xee\xee\xee" + struct.pack("<i", -5),
        struct.pack("<iii", 16, 0, 0) + b"\0\0\0\0",
        b"\xef\x0a" + struct.pack("<qqi", 0, 1, 4) + struct.pack("<I", 0x7ABE77EC) + bytes(16),
        b"\xef\x05" + bytes(20),
    ],
)
async def test_who_does_not_speak_the_protocol_is_cut_off(running: server.Server, noise: bytes) -> None:
    reader, writer = await asyncio.open_connection(running.host, running.port)
    writer.write(noise)
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def test_an_auth_key_of_another_server_is_unknown(world: World, running: server.Server) -> None:
    stranger = make_client(running, world.add_user())
    world.state.keys.clear()
    with pytest.raises((errors.AuthKeyNotFound, ConnectionError)):
        await stranger.connect()
    await stranger.disconnect()


async def test_a_restarted_server_knows_its_clients(world: World) -> None:
    user = world.add_user()
    channel = world.add_channel("Канал", "channel", members=(user,))
    told: asyncio.Queue[Any] = asyncio.Queue()
    async with server.serve(world) as first:
        reader = make_client(first, user)
        await reader.connect()
        reader.add_event_handler(told.put, events.NewMessage())
        world.post(channel, "раз")
        assert (await told.get()).raw_text == "раз"
    world.post(channel, "никому")
    async with server.serve(world, port=first.port) as second:
        assert second.port == first.port
        while not await reader.get_me():
            pass
        world.post(channel, "два")
        # The client asks for what it missed, and tells both.
        assert {(await told.get()).raw_text, (await told.get()).raw_text} == {"никому", "два"}
        await reader.disconnect()


async def test_many_clients_come_and_go_and_leave_nothing_behind(world: World, running: server.Server) -> None:
    user = world.add_user()
    channel = world.add_channel("Канал", "channel", members=(user,))

    async def come_and_go() -> None:
        async with connected(running, user) as reader:
            assert (await reader.get_me()).id == user.id
            world.post(channel, "пост")

    for _ in range(10):
        await asyncio.gather(*(come_and_go() for _ in range(20)))
    while running.connections:
        await asyncio.wait(tuple(running._connections))
    assert len(channel.posts) == 200
    assert not running.pusher._conversations


async def test_another_servers_messages_share_one_counter_and_leave_things_out(world: World, client: Clients) -> None:
    world.state.behaviour = ANOTHER
    user, bot = world.add_user(), world.add_bot()
    one, two = world.add_channel("Один", "one"), world.add_channel("Два", "two")
    ids = [world.post(channel, "текст").id for channel in (one, two, one)]
    letter = world.write(user, bot, "/start")
    assert (ids, letter.ids) == ([1, 2, 3], {user.id: 4, bot.id: 4})
    reader, writer = await client(user), await client(bot)
    post = (await reader.get_messages("one", limit=1))[0]
    assert (post.id, post.views, post.forwards) == (3, None, None)
    found = await reader.get_entity("two")
    assert (found.access_hash, found.participants_count) == (0, None)
    sent = await writer(functions.messages.SendMessageRequest(types.InputPeerUser(user.id, 0), "тревога", random_id=9))
    assert isinstance(sent, types.Updates)
    views = await reader(functions.messages.GetMessagesViewsRequest("one", [3], increment=False))
    assert views.views[0].views is None


async def test_the_servers_date_may_be_apart_from_the_clients(client: Clients, world: World) -> None:
    world.state.clock = lambda: clock.real() + 7200
    channel = world.add_channel("Канал", "channel")
    post = world.post(channel, "через два часа")
    reader = await client(world.add_user())
    seen = (await reader.get_messages("channel", limit=1))[0]
    assert int(seen.date.timestamp()) == post.date
    state = await reader(functions.updates.GetStateRequest())
    config = await reader(functions.help.GetConfigRequest())
    assert abs(state.date.timestamp() - config.date.timestamp()) <= 2
    assert config.date.timestamp() - clock.real() > 7000
    assert (config.dc_options[0].port, (await reader(functions.help.GetNearestDcRequest())).this_dc) == (
        reader.session.port,
        2,
    )


async def test_members_hear_of_edits_deletions_and_changes_of_the_channel(world: World, client: Clients) -> None:
    user = world.add_user()
    channel = world.add_channel("Канал", "channel", members=(user,))
    reader = await client(user)
    told: asyncio.Queue[Any] = asyncio.Queue()
    reader.add_event_handler(told.put, events.Raw())
    post = world.post(channel, "было", media=media.photo())
    world.edit(post, "стало", edited_at=1_700_000_000)
    world.delete(post)
    world.delete(post)
    world.change(channel, title="Новый", fake=True)
    new, edited, deleted, changed = [await told.get() for _ in range(4)]
    assert isinstance(new, types.UpdateNewChannelMessage)
    assert (edited.message.message, int(edited.message.edit_date.timestamp())) == ("стало", 1_700_000_000)
    assert [edited.pts - new.pts, deleted.pts - edited.pts] == [1, 1]
    assert deleted.messages == [post.id]
    assert isinstance(changed, types.UpdateChannel)
    assert (changed._entities[-1_000_000_000_000 - channel.id].title) == "Новый"


async def test_a_client_that_wants_no_updates_gets_none(world: World, running: server.Server) -> None:
    user = world.add_user()
    quiet = make_client(running, user)
    quiet._no_updates = True
    await quiet.connect()
    assert await quiet.get_me()
    assert not any(conversation.listening for conversation in running.pusher._conversations)
    await quiet.disconnect()


async def test_pings_and_salts_are_answered(world: World, client: Clients) -> None:
    reader = await client(world.add_user())
    pong = await reader._sender.send(functions.PingRequest(5))
    assert pong.ping_id == 5
    assert (await reader._sender.send(functions.PingDelayDisconnectRequest(6, 60))).ping_id == 6
    assert (await reader._sender.send(functions.GetFutureSaltsRequest(1))).salts[0].salt == reader._sender._state.salt
    gone = await reader._sender.send(functions.DestroySessionRequest(7))
    assert isinstance(gone, types.DestroySessionNone)
    assert len(await reader([functions.updates.GetStateRequest() for _ in range(3)], ordered=True)) == 3


def test_a_server_in_a_thread_serves_and_is_changed_from_outside() -> None:
    world = World()
    user = world.add_user()
    channel = world.add_channel("Канал", "channel", members=(user,))

    async def look(remote: thread.Remote) -> list[str]:
        async with connected(remote.running, user) as reader:
            with pytest.raises(RuntimeError, match="thread"):
                world.post(channel, "из чужого потока")
            remote.do(lambda: world.post(channel, "из своего"))
            return [post.raw_text for post in await reader.get_messages("channel", limit=2)]

    with thread.serve(world) as remote:
        assert remote.address.startswith("127.0.0.1:")
        assert asyncio.run(look(remote)) == ["из своего", "из чужого потока"]
        with pytest.raises(ZeroDivisionError):
            remote.do(lambda: 1 // 0)
        with pytest.raises(OSError, match="in use"), thread.serve(world, port=remote.running.port):
            pass


async def test_framings_pack_short_and_long_packets_alike() -> None:
    for kind in (framing.Abridged(), framing.Intermediate(), framing.Full(head=b"")):
        for size in (4, 504, 508, 512, 70_000):
            reader = asyncio.StreamReader()
            reader.feed_data(kind.pack(bytes(size)))
            assert await kind.read(reader) == bytes(size)
