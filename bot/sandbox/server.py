"""Runs a Telegram server in miniature on loopback, for unmodified Telethon clients over real MTProto.

A test arranges a `world.World`, serves it, and lets real clients connect:

    from bot.sandbox import faults, keys, media, server
    from bot.sandbox.world import World

    world = World()
    reader = world.add_user(phone="79990000001", code="12345", password=None)
    bot = world.add_bot(token="4242:sandbox", username="homefront_bot")
    channel = world.add_channel("Путь домой", "way_home", fake=True, subscribers=61_000)
    world.post(channel, "Верните мужей", date=..., media=media.photo())           # before anybody looks: history

    async with server.serve(world) as running:                   # port=0: any free one
        running.address                                          # "127.0.0.1:PORT"; clients trust keys.PUBLIC_KEY
        post = world.post(channel, "Повестка")                   # members are told at once
        world.edit(post, "Повестки"); world.delete(post)
        world.album(channel, [media.photo(), media.video()], "…")
        world.forward(post, other_channel); world.service(channel, media.pinned())
        world.change(channel, title="…", username="…", fake=False)
        world.write(user, bot, "/start"); world.chat(user, bot)  # private messages, oldest first
        world.faults.order("messages.getHistory", faults.Flood(30), times=1, account=reader.id, channel=channel.id)
        world.faults.order("messages.sendMessage", faults.Drop(executed=True))  # done, but never answered
        world.faults.order("push", faults.LosePush(), times=faults.ALWAYS, every=10)
        running.cut()                                            # all connections, now
        world.state.calls["messages.getHistory"]                 # how often it was called

    async with server.serve(world, port=running.port): ...       # restarted: same world, same keys

`World(behaviour=state.Behaviour(global_message_ids=True, sparse=True, missing_calls=…, broken_calls=…))` is a server
unlike this one. `World(clock=…)` sets its date apart. Plain clients for tests: the fixtures of tests/end_to_end.

The world may only be changed in the thread whose loop runs the server; `thread.serve` runs one in its own thread.
"""

import asyncio
import ipaddress
import secrets
import struct
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.sandbox import clock, envelope, framing, handshake, keys, pushing
from bot.sandbox.calls.caller import Caller
from bot.sandbox.conversation import Conversation
from bot.sandbox.state import Key
from bot.sandbox.world import World

UNKNOWN_KEY = struct.pack("<i", -404)


@dataclass(slots=True, kw_only=True, eq=False)
class Server:
    """A running server. `failures`: errors of the sandbox itself, raised when it ends."""

    world: World
    host: str
    port: int
    pusher: pushing.Pusher
    key: keys.ServerKey = field(default_factory=keys.load)
    _connections: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where to connect, as "host:port"."""
        return f"{self.host}:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections there are."""
        return len(self._connections)

    def cut(self) -> None:
        """Cut all connections; clients may connect again at once."""
        for writer in tuple(self._connections.values()):
            writer.transport.abort()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it ends."""
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._connections[task] = writer
        task.add_done_callback(self._ended)

    async def close(self) -> None:
        """End all connections.

        Raises:
            ExceptionGroup: Connections ended by errors of the sandbox itself.
        """
        self.cut()
        tasks = tuple(self._connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.pusher.close()
        if self.failures:
            raise ExceptionGroup("the sandbox failed", self.failures)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._connections[task]
        failure = None if task.cancelled() else task.exception()
        if isinstance(failure, Exception):
            self.failures.append(failure)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(server=self, writer=writer)
        try:
            connection.cut = await framing.detect(reader)
            while connection.take(await connection.cut.read(reader)):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, *_BROKEN):
            pass  # the client went away, or does not speak the protocol: neither is the server's business
        finally:
            connection.close()
            writer.close()


_BROKEN = (framing.FramingError, envelope.EnvelopeError, handshake.HandshakeError)


@dataclass(slots=True, kw_only=True)
class _Connection:
    """One connection: first perhaps the key exchange, then one encrypted conversation."""

    server: Server
    writer: asyncio.StreamWriter
    cut: framing.Framing | None = None
    exchange: handshake.Handshake | None = None
    conversation: Conversation | None = None

    def take(self, packet: bytes) -> bool:
        """Take a packet; says whether to go on."""
        key_id = envelope.key_id(packet)
        if key_id == 0:
            self._exchange(packet)
            return True
        if self.conversation is None or self.conversation.caller.key_id != key_id:
            key = self.server.world.state.keys.get(key_id)
            if key is None:
                self._write(UNKNOWN_KEY)
                return False
            self._converse(key, key_id)
        if self.conversation is not None:
            self.conversation.receive(packet)
        return not self.writer.is_closing()

    def close(self) -> None:
        """End the conversation."""
        if self.conversation is not None:
            self.server.pusher.leave(self.conversation)
            self.conversation.close()

    def _exchange(self, packet: bytes) -> None:
        self.exchange = self.exchange or handshake.Handshake(server_key=self.server.key)
        body = self.exchange.answer(packet[20:])
        message_id = envelope.MessageIds(clock=clock.real).next(reply=True)
        self._write(struct.pack("<qqi", 0, message_id, len(body)) + body)
        if self.exchange.agreed:
            agreed, self.exchange = self.exchange.agreed, None
            key = Key(data=agreed, salt=secrets.randbits(63))
            self.server.world.state.keys[envelope.id_of(agreed)] = key

    def _converse(self, key: Key, key_id: int) -> None:
        self.close()
        world = self.server.world
        self.conversation = Conversation(
            caller=Caller(state=world.state, key=key, key_id=key_id, host=self.server.host, port=self.server.port),
            orders=world.faults,
            write=self._write,
            cut=self.writer.transport.abort,
            failed=self.server.failures.append,
        )
        self.server.pusher.enter(self.conversation)

    def _write(self, packet: bytes) -> None:
        if self.cut is not None and not self.writer.is_closing():
            self.writer.write(self.cut.pack(packet))


@asynccontextmanager
async def serve(world: World, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Server]:
    """Serve `world` while the context lasts.

    Args:
        world: what there is; it may have been served before.
        host: a loopback address: the key is published, so nobody else may be asked to trust it.
        port: 0: any free one.

    Raises:
        ValueError: `host` is not a loopback address.
        OSError: The port is taken.
    """
    if not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"the sandbox serves loopback addresses alone, not {host}")
    pusher = pushing.Pusher(state=world.state, orders=world.faults, thread=threading.get_ident())
    running = Server(world=world, host=host, port=port, pusher=pusher)
    listening = await asyncio.start_server(running.accept, host, port)
    running.port = listening.sockets[0].getsockname()[1]
    world.state.listeners.append(pusher.push)
    try:
        yield running
    finally:
        world.state.listeners.remove(pusher.push)
        listening.close()
        await running.close()
        await listening.wait_closed()
