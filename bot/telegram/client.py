"""Telethon's client as Homefront needs it: our files, our server if there is one, a sentence for what goes wrong."""

import asyncio
import contextlib
import ipaddress
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

from telethon import TelegramClient
from telethon import errors as refusals
from telethon._updates import SessionState
from telethon.client.telegrambaseclient import DEFAULT_DC_ID, DEFAULT_IPV4_IP, DEFAULT_PORT
from telethon.crypto import rsa
from telethon.tl import functions, types

from bot import settings
from bot.telegram import connection, errors
from bot.telegram.session import Session

OPENING_SECONDS = 30
LOOP_ANSWER_SECONDS = 15
"""Telethon waits no longer for an answer from which it wants to learn what it missed, but asks again."""
TOLERATED_CLOCK_OFFSET_SECONDS = 20
"""Telethon bears a clock that is 30 s slow."""

_OWN_SERVER_DC = 2
_HEARING_SECONDS = 1


class Client(TelegramClient):  # type: ignore[misc] # Telethon offers these hooks to subclasses only
    """Telethon's client that says when it is back, and does not need the calls that a server may leave out.

    `on_reconnect` are called after a lost connection was mended; they must not wait. `clock_offset` is the
    server's clock minus ours in seconds, as measured when the client connected.
    """

    on_reconnect: list[Callable[[], None]]
    clock_offset: int = 0
    _receive: Callable[[Any], None] | None = None
    _updates_handle: asyncio.Task[None] | None
    _me: Any = None

    @property
    def linked(self) -> bool:
        """Whether the connection stands now. A request made while it does not waits inside Telethon."""
        return bool(self._sender._transport_connected())  # noqa: SLF001 -- Telethon has no public way to ask

    @property
    def own_id(self) -> int:
        """The id of the account that is signed in, 0 before anybody is."""
        return int(self._self_id or 0)

    def endure(self) -> None:
        """From now on mend a broken connection for ever, and leave it to the caller to repeat a call that fails."""
        self._request_retries = 0
        self._sender._retries = None  # noqa: SLF001 -- Telethon takes it for the first connection as well

    def trust_clock(self, offset: int) -> None:
        """Take the server's clock for Telethon's, where ours is so wrong that it would drop every answer."""
        self.clock_offset = offset
        if abs(offset) > TOLERATED_CLOCK_OFFSET_SECONDS:
            self._sender._state.time_offset = offset  # noqa: SLF001 -- Telethon learns it only from a new key

    def divert(self, receive: Callable[[Any], None]) -> None:
        """Hand what the server pushes to `receive`, untouched and at once, instead of to event handlers.

        Telethon's own loop fetches what it misses with calls that hold up every channel while they wait, and
        hides the gaps. Whoever keeps a cursor of his own needs the pushes as they come.
        """
        self._receive = receive
        if self._updates_handle is not None:
            self._updates_handle.cancel()
            self._updates_handle = self.loop.create_task(self._update_loop())

    async def _update_loop(self) -> None:
        if self._receive is None:
            await super()._update_loop()
            return
        while True:
            self._receive(await self._updates_queue.get())

    async def __call__(self, request: Any, ordered: bool = False, flood_sleep_threshold: int | None = None) -> Any:  # noqa: FBT001, FBT002 -- as Telethon has it
        """Make a call as Telethon does, within bounds where its own loop makes it.

        While the loop waits it hands on nothing of what is pushed, and an answer that is lost never comes. It takes
        a TimeoutError for a network that is down.
        """
        inside = self._updates_handle is not None and asyncio.current_task() is self._updates_handle
        async with asyncio.timeout(LOOP_ANSWER_SECONDS if inside else None):
            return await super().__call__(request, ordered, flood_sleep_threshold)

    async def until_lost(self) -> NoReturn:
        """Wait until the client has given up for good or was closed, and raise TelegramError for it.

        Whoever waits for an answer of the client then is cancelled, not failed: wait for this beside them.
        """
        try:
            await self.disconnected
        except refusals.AuthKeyNotFound:
            raise errors.SignedOutError("The server does not know this session any more: sign in anew.") from None
        if isinstance(self._updates_error, refusals.RPCError):
            raise errors.sentence(self._updates_error) from None
        raise errors.TelegramError("The connection to Telegram was closed.") from self._updates_error

    async def connect(self) -> None:
        """Connect as Telethon does; a server that refuses help.getConfig does not end it."""
        try:
            await super().connect()
        except refusals.RPCError as error:
            if not self.is_connected() or errors.ends_the_session(error):
                raise
            await self._begin()

    async def get_me(self, input_peer: bool = False) -> Any:  # noqa: FBT001, FBT002 -- as Telethon has it
        """Return who is signed in; where the server cannot say, who signed in here, or the id the session remembers.

        Raises UnreachableError when its answer does not come.
        """
        try:
            async with asyncio.timeout(OPENING_SECONDS):
                return await super().get_me(input_peer)
        except TimeoutError:
            raise errors.UnreachableError("The server is there but gives no answer. Try again later.") from None
        except refusals.RPCError as error:
            if errors.ends_the_session(error) or errors.wait(error) is not None:
                raise
            return self._me or (types.User(id=self.own_id) if self.own_id else None)

    async def _begin(self) -> None:
        # What connect() leaves undone when its first call is refused.
        if self._message_box.is_empty():
            me = await self.get_me()
            if me:
                await self._on_login(me)
        self._updates_handle = self.loop.create_task(self._update_loop())
        self._keepalive_handle = self.loop.create_task(self._keepalive_loop())

    async def _on_login(self, user: Any) -> Any:
        self._me = user
        try:
            return await super()._on_login(user)
        except refusals.RPCError as error:
            if errors.ends_the_session(error):
                raise
            # Without a state Telethon takes it from the first update that comes.
            state = await optional(self, functions.updates.GetStateRequest())
            if isinstance(state, types.updates.State):
                self._message_box.load(
                    SessionState(0, 0, 0, state.pts, state.qts, int(state.date.timestamp()), state.seq, 0), []
                )
            return user

    async def _handle_auto_reconnect(self) -> None:
        await super()._handle_auto_reconnect()
        for call in self.on_reconnect:
            call()


def open_client(*, session: Path, api_id: int, api_hash: str, server: settings.Server | None) -> Client:
    """Return a client, not yet connected, whose session is kept in `session` (made 0600, its folder 0700).

    Raises SessionFileError, and WrongKeyError when the key of `server` cannot be read.
    """
    if server is not None:
        _trust(server)
    client = Client(
        _session(session, server),
        api_id,
        api_hash,
        connection=connection.PatientConnection,
        use_ipv6=server is not None and ":" in server.host,
        request_retries=1,
        connection_retries=1,
        retry_delay=0,  # the connection itself makes the pauses
        flood_sleep_threshold=0,
        raise_last_call_error=True,
        sequential_updates=True,
        device_model="Homefront",
        app_version="1",
    )
    client.on_reconnect = []
    return client


async def connect(client: Client, *, clock: Callable[[], int]) -> None:
    """Connect, or raise TelegramError within seconds; `clock` gives UTC seconds."""
    host, port = client.session.server_address, client.session.port
    answer = await connection.ask(host, port, clock=clock)
    if not answer.trusted:
        raise errors.WrongKeyError(
            f"The server at {host}:{port} does not hold the key that we know for it. "
            "Check TELEGRAM_SERVER and TELEGRAM_SERVER_KEY: they must belong together."
        )
    client.trust_clock(answer.clock_offset)
    try:
        async with asyncio.timeout(OPENING_SECONDS):
            await client.connect()
    except refusals.RPCError as error:
        raise errors.sentence(error) from None
    except refusals.AuthKeyNotFound:
        await _hear_out(client)
        raise errors.SignedOutError("The server does not know this session: sign in anew.") from None
    except (OSError, TimeoutError, EOFError, BufferError):
        await _hear_out(client)
        raise errors.UnreachableError(
            f"The server at {host}:{port} answers, but a connection to it does not last. Try again later."
        ) from None


@asynccontextmanager
async def connected(client: Client, *, clock: Callable[[], int]) -> AsyncIterator[Client]:
    """Connect for the time of the block, and close the client after it; raises as `connect`."""
    try:
        await connect(client, clock=clock)
        yield client
    finally:
        await client.disconnect()


async def optional(client: Client, request: Any) -> Any:
    """Make a call that we can do without: None when the server refuses it, fails, or asks for a pause."""
    try:
        return await client(request)
    except refusals.RPCError as error:
        if errors.ends_the_session(error):
            raise
        return None
    except errors.GARBLED:
        return None


async def _hear_out(client: Client) -> None:
    # Telethon keeps the error here as well, and asyncio complains of errors that nobody has heard of.
    with contextlib.suppress(refusals.AuthKeyNotFound, OSError, BufferError):
        async with asyncio.timeout(_HEARING_SECONDS):
            await client.disconnected


def _trust(server: settings.Server) -> None:
    address = ipaddress.ip_address(server.host)
    if not address.is_loopback:
        raise errors.WrongKeyError(f"TELEGRAM_SERVER {server.host} is not on this machine: use 127.0.0.1.")
    try:
        rsa.add_key(server.key_pem, old=False)
    except ValueError:
        raise errors.WrongKeyError(
            "The file in TELEGRAM_SERVER_KEY holds no public key in PKCS#1 (-----BEGIN RSA PUBLIC KEY-----)."
        ) from None


def _session(path: Path, server: settings.Server | None) -> Session:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = os.umask(0o077)
    try:
        # Telethon leaves the file open when it cannot read it, so it is looked at before.
        with contextlib.closing(sqlite3.connect(path)) as looked_at:
            looked_at.execute("SELECT name FROM sqlite_master").fetchone()
        session = Session(str(path))
        path.chmod(0o600)
    except sqlite3.OperationalError as error:
        raise errors.SessionFileError(
            f"{path} cannot be opened ({error}). Is another Homefront running on this folder?"
        ) from None
    except sqlite3.DatabaseError as error:
        raise errors.SessionFileError(f"{path} is damaged ({error}). Remove it and sign in anew.") from None
    finally:
        os.umask(before)
    _point(session, path, server)
    return session


def _point(session: Session, path: Path, server: settings.Server | None) -> None:
    ours = bool(session.server_address) and ipaddress.ip_address(session.server_address).is_loopback
    if bool(session.server_address) and session.auth_key and ours != (server is not None):
        session.close()
        raise errors.SessionFileError(
            f"{path} belongs to another server than the one that is set. Use another DATA_DIR for it."
        )
    if server is not None:
        session.set_dc(_OWN_SERVER_DC, server.host, server.port)
    elif not session.server_address or ours:
        session.set_dc(DEFAULT_DC_ID, DEFAULT_IPV4_IP, DEFAULT_PORT)
    session.save()
