"""A served world, and factories of plain Telethon clients that are signed in on it; fixtures for several folders."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from telethon import TelegramClient
from telethon.crypto import AuthKey, rsa
from telethon.sessions import MemorySession

from bot.sandbox import keys, server
from bot.sandbox.state import Account
from bot.sandbox.world import World

API_ID, API_HASH = 1, "0" * 32
NewClient = Callable[..., Any]
"""Makes a client; with an account of the world, one that signed in before."""
Clients = Callable[[Account], Awaitable[Any]]
"""Connects a client that is signed in as an account of the world; it is disconnected when the test ends."""


@pytest.fixture
def world() -> World:
    """An empty world; a test may override it to give it a clock or a behaviour."""
    return World()


@pytest.fixture
async def running(world: World) -> AsyncIterator[server.Server]:
    """The world, served on a free port."""
    async with server.serve(world) as started:
        yield started


@pytest.fixture
def new_client(running: server.Server) -> NewClient:
    """Makes a client that knows where the server is, not yet connected."""
    return lambda account=None: make_client(running, account)


@pytest.fixture
async def client(running: server.Server) -> AsyncIterator[Clients]:
    """Connects clients that signed in before: a user's, or a bot's."""
    async with AsyncExitStack() as stack:
        yield lambda account: stack.enter_async_context(connected(running, account))


@asynccontextmanager
async def connected(running: server.Server, account: Account | None = None) -> AsyncIterator[Any]:
    """A connected client; with an account, one that signed in before."""
    made = make_client(running, account)
    await made.connect()
    try:
        yield made
    finally:
        await made.disconnect()


def make_client(running: server.Server, account: Account | None = None) -> Any:
    """Make a client that knows where the server is; with an account, one that signed in before."""
    rsa.add_key(keys.PUBLIC_KEY.read_text(), old=False)
    TelegramClient._config = None
    session = MemorySession()
    session.set_dc(2, running.host, running.port)
    session.auth_key = AuthKey(running.world.sign_in(account)) if account else None
    return TelegramClient(
        session,
        API_ID,
        API_HASH,
        connection_retries=None,
        retry_delay=0,
        flood_sleep_threshold=0,
        raise_last_call_error=True,
    )
