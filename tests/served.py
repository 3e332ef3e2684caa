"""A served world, and factories of plain Telethon clients that are signed in on it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.sessions import MemorySession

from bot.sandbox import keys, server
from bot.sandbox.state import Account
from bot.sandbox.world import World

API_ID, API_HASH = 1, "0" * 32
Clients = Callable[[Account], Awaitable[Any]]
"""Signs a client in as an account of the world; it is disconnected when the test ends."""


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
def new_client(running: server.Server) -> Callable[[], Any]:
    """Makes a client that knows where the server is, not yet connected."""
    rsa.add_key(keys.PUBLIC_KEY.read_text(), old=False)
    TelegramClient._config = None

    def make() -> Any:
        session = MemorySession()
        session.set_dc(2, running.host, running.port)
        return TelegramClient(session, API_ID, API_HASH, connection_retries=None, retry_delay=0)

    return make


@pytest.fixture
async def user_client(new_client: Callable[[], Any]) -> AsyncIterator[Clients]:
    """Signs users in, by phone, code and password."""
    async with AsyncExitStack() as stack:

        async def sign_in(account: Account) -> Any:
            client = new_client()
            await client.connect()
            stack.push_async_callback(client.disconnect)
            await client.send_code_request(account.phone)
            if account.password is None:
                await client.sign_in(account.phone, account.code)
                return client
            with pytest.raises(Exception, match="password"):
                await client.sign_in(account.phone, account.code)
            await client.sign_in(password=account.password)
            return client

        yield sign_in


@pytest.fixture
async def bot_client(new_client: Callable[[], Any]) -> AsyncIterator[Clients]:
    """Signs bots in, by token."""
    async with AsyncExitStack() as stack:

        async def sign_in(account: Account) -> Any:
            client = new_client()
            await client.connect()
            stack.push_async_callback(client.disconnect)
            await client.sign_in(bot_token=account.token)
            return client

        yield sign_in
