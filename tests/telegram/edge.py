"""What tests of the client, the accounts, the sender and the dispatcher share: where a served world is, and a clock."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot import settings
from bot.sandbox import clock, keys, server
from bot.sandbox.state import Account
from bot.telegram import accounts, client

TOKEN = "4242:sandbox"


def now() -> int:
    return int(clock.real())


def server_of(running: server.Server) -> settings.Server:
    return settings.Server(host=running.host, port=running.port, key_pem=keys.PUBLIC_KEY.read_text())


def place(folder: Path, running: server.Server, name: str = "bot.session") -> accounts.Place:
    return accounts.Place(session=folder / "data" / name, api_id=1, api_hash="0" * 32, server=server_of(running))


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def open_bot(folder: Path, running: server.Server, bot: Account, said: list[str] | None = None) -> client.Client:
    """The bot's client, signed in, as `homefront run` opens it."""
    said = [] if said is None else said
    return await accounts.open_bot(place(folder, running), str(bot.token), clock=now, say=said.append)


async def until(happened: Callable[[], object]) -> None:
    """Let everything else go on until something has happened."""
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110 -- what is waited for has no event to set
            await asyncio.sleep(0)
