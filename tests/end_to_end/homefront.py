"""Homefront as its user runs it, in a process of its own, and in this one; and the chat as the user sees it."""

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import time as day_time
from pathlib import Path

from bot import app, folder, settings
from bot.sandbox import keys
from bot.sandbox.phone import Phone, Shown, open_phone
from bot.sandbox.state import Account, Push
from bot.sandbox.world import World
from bot.telegram import accounts, login

PATIENCE_SECONDS = 40.0
_PAIRING = re.compile(r"start=(\w+)")


def clock() -> int:
    return int(time.time())  # noqa: TID251 -- here a test stands for the process


def settings_for(
    data_dir: Path, address: str, *, token: str, channels: tuple[str, ...] = (), allowed: tuple[int, ...] = ()
) -> settings.Settings:
    host, _, port = address.partition(":")
    return settings.Settings(
        api_id=1,
        api_hash="0" * 32,
        bot_token=token,
        data_dir=data_dir,
        channels=channels,
        allowed_users=allowed,
        timezone="UTC",
        retention_days=365,
        digest_time=day_time(9),
        server=settings.Server(host=host, port=int(port), key_pem=keys.PUBLIC_KEY.read_text()),
    )


async def sign_in(found: settings.Settings, *answers: str) -> None:
    """Do what `homefront login` does with these answers typed."""
    place = accounts.Place(
        session=folder.reader_session(found.data_dir),
        api_id=found.api_id,
        api_hash=found.api_hash,
        server=found.server,
    )
    typed = iter(answers)
    client = await accounts.open_for_login(place, clock=clock)
    try:
        await login.login(client, lambda _: next(typed), lambda _: None)
    finally:
        await client.disconnect()


@dataclass(slots=True, kw_only=True)
class Living:
    """Homefront at work in this process. `code`: the one-time code once it was printed."""

    said: list[str] = field(default_factory=list)
    code: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def say(self, text: str) -> None:
        self.said.append(text)
        if (pairing := _PAIRING.search(text)) and not self.code.done():
            self.code.set_result(pairing[1])


@asynccontextmanager
async def living(found: settings.Settings) -> AsyncIterator[Living]:
    """Let Homefront run, and end it as SIGTERM does."""
    stop = asyncio.Event()
    alive = Living()
    async with asyncio.TaskGroup() as group:
        group.create_task(app.run(found, clock=clock, say=alive.say, stop=stop))
        try:
            yield alive
        finally:
            stop.set()


@asynccontextmanager
async def phone_of(owner: Account, address: str, bot: str) -> AsyncIterator[Phone]:
    """Open the owner's own Telegram."""
    async with open_phone(
        address=address,
        key_pem=keys.PUBLIC_KEY.read_text(),
        number=str(owner.phone),
        code=owner.code,
        bot=bot,
    ) as phone:
        yield phone


async def shown(phone: Phone, words: str) -> Shown:
    """Wait for the next message of the bot that holds `words`; what comes before it is passed over."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while words not in (message := await phone.shown.get()).text:
            pass
    return message


async def follows(phone: Phone, title: str) -> Shown:
    """Ask for /status until it names a channel: one of the settings is looked up after the start."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            await phone.write("/status")
            if title in (message := await phone.shown.get()).text:
                return message


async def all_shown(phone: Phone, *wanted: str) -> None:
    """Wait until each of `wanted` was in a message of the bot, in any order."""
    missing = set(wanted)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while missing:
            text = (await phone.shown.get()).text
            missing = {words for words in missing if words not in text}


@dataclass(slots=True, kw_only=True)
class Terminal:
    """A process of `homefront`, with what it printed so far."""

    process: asyncio.subprocess.Process
    printed: str = ""

    async def until(self, words: str) -> str:
        """Read what is printed until `words` come; returns all of it."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while words not in self.printed:
                line = await self.process.stdout.readline()
                assert line, f"the process ended; it printed:\n{self.printed}"
                self.printed += line.decode()
        return self.printed

    async def code(self) -> str:
        """Wait for the one-time code."""
        found = _PAIRING.search(await self.until("start="))
        assert found is not None
        return found[1]

    async def kill(self) -> None:
        """End the process as a power cut would."""
        self.process.kill()
        await self.process.wait()


def environment(data_dir: Path, address: str, *, token: str, channels: str) -> dict[str, str]:
    """Give the settings as variables, and nothing else of this process's settings."""
    ours = {
        "TELEGRAM_API_ID": "1",
        "TELEGRAM_API_HASH": "0" * 32,
        "TELEGRAM_BOT_TOKEN": token,
        "DATA_DIR": str(data_dir),
        "CHANNELS": channels,
        "TELEGRAM_SERVER": address,
        "TELEGRAM_SERVER_KEY": str(keys.PUBLIC_KEY),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TELEGRAM_")}  # noqa: TID251
    return kept | ours


@asynccontextmanager
async def homefront(*arguments: str, env: dict[str, str], typed: str = "") -> AsyncIterator[Terminal]:
    """Start `homefront ARGUMENTS`, with `typed` on its standard input; it is killed when the test leaves it running."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        env=env,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdin is not None
    process.stdin.write(typed.encode())
    process.stdin.close()
    terminal = Terminal(process=process)
    try:
        yield terminal
    finally:
        if process.returncode is None:
            await terminal.kill()


@asynccontextmanager
async def eventually(world: World) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    """Yield a function that waits for the next thing to happen in the world; all of it may not take too long."""
    happened = asyncio.Event()

    def note(_: Push) -> None:
        happened.set()

    async def changed() -> None:
        await happened.wait()
        happened.clear()

    world.listen(note)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield changed
    finally:
        world.state.listeners.remove(note)
