"""`homefront demo`: the whole of Homefront on invented posts, against a Telegram in miniature on this machine."""

import argparse
import asyncio
import logging
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import time as day_time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from bot import app, folder, log, settings
from bot.cli import chat_view, clock, lock
from bot.sandbox import keys, phone, script, server, stage
from bot.sandbox.phone import Phone, Shown
from bot.telegram import accounts, login
from storage import stats
from storage.database import open_database
from storage.models import Button

ANSWER_SECONDS = 10.0
QUIET_SECONDS = 1.5
"""An answer is over when nothing more has come for so long."""

_INTRODUCTION = (
    "This is Homefront on a Telegram in miniature on your own machine: no account, no internet. Channels, posts and "
    "people are invented; the program is the one that [bold]homefront run[/] runs. First the reading account signs in, "
    "then you make the bot yours.\n"
)
_PAIRING = re.compile(r"start=(\w+)")
_POST_LINK = re.compile(r"https://t\.me/(\w+)/(\d+)")
_END_WORDS = ("/quit", "/exit", "quit", "exit")


@dataclass(slots=True, kw_only=True)
class Show:
    """What the demo has at hand. `posted`: when each live post came out, by its link; `told`: when it was told of."""

    console: Console
    folder: Path
    script: script.Script
    stage: stage.Stage
    phone: Phone
    posted: dict[str, float] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)
    alerts: int = 0
    false: list[str] = field(default_factory=list)
    buttons: dict[int, tuple[int, str]] = field(default_factory=dict)
    last_shown: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, text: str, style: str = "grey62") -> None:
        """Print a line that is not part of the chat."""
        self.console.print(text, style=style, markup=False, highlight=False)


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the demo has no options and reads no settings
    """Show the demo; with a terminal on standard input the user may then type commands himself."""
    log.configure([])
    logging.getLogger().setLevel(logging.WARNING)
    data_dir = Path(tempfile.mkdtemp(prefix="homefront-demo-"))
    with lock.held(data_dir):
        return asyncio.run(_demo(data_dir, interactive=sys.stdin.isatty()))


async def _demo(data_dir: Path, *, interactive: bool) -> int:
    console = Console(highlight=False)
    console.print(_INTRODUCTION, style="grey62", width=chat_view.WIDTH)
    played = script.load()
    made = stage.build(played, now=clock.now())
    async with server.serve(made.world) as running:
        found = _settings(data_dir, running.address, played)
        await _sign_in(found, console)
        async with _homefront(found, console) as code, _phone(running.address) as screen:
            show = Show(console=console, folder=data_dir, script=played, stage=made, phone=screen)
            async with _screen(show):
                await _play(show, code)
                if interactive:
                    await _prompt(show)
    return await _report(show)


def _settings(data_dir: Path, address: str, played: script.Script) -> settings.Settings:
    host, _, port = address.partition(":")
    return settings.Settings(
        api_id=1,
        api_hash="0" * 32,
        bot_token=stage.TOKEN,
        data_dir=data_dir,
        channels=tuple(channel.username for channel in played.channels),
        allowed_users=(),
        timezone="UTC",
        digest_time=day_time(9),
        retention_days=365,
        server=settings.Server(host=host, port=int(port), key_pem=keys.PUBLIC_KEY.read_text()),
    )


async def _sign_in(found: settings.Settings, console: Console) -> None:
    place = accounts.Place(
        session=folder.reader_session(found.data_dir),
        api_id=found.api_id,
        api_hash=found.api_hash,
        server=found.server,
    )
    answers = iter([f"+{stage.PHONE_OF_READER}", stage.CODE])
    client = await accounts.open_for_login(place, clock=clock.now)
    try:
        await login.login(client, lambda _: next(answers), lambda text: console.print(text, style="grey62"))
    finally:
        await client.disconnect()


@asynccontextmanager
async def _homefront(found: settings.Settings, console: Console) -> AsyncIterator[str]:
    """Run Homefront itself, as `homefront run` does; yields the one-time code that it prints."""
    code: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def say(text: str) -> None:
        console.print(text, style="grey62", markup=False)
        if (pairing := _PAIRING.search(text)) and not code.done():
            code.set_result(pairing[1])

    stop = asyncio.Event()
    working = asyncio.create_task(app.run(found, clock=clock.now, say=say, stop=stop))
    try:
        first: set[asyncio.Future[Any]] = {working, code}
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()  # raises what went wrong
        yield code.result()
    finally:
        stop.set()
        await working


@asynccontextmanager
async def _phone(address: str) -> AsyncIterator[Phone]:
    async with phone.open_phone(
        address=address,
        key_pem=keys.PUBLIC_KEY.read_text(),
        number=stage.PHONE_OF_OWNER,
        code=stage.CODE,
        bot=stage.BOT,
    ) as opened:
        yield opened


@asynccontextmanager
async def _screen(show: Show) -> AsyncIterator[None]:
    """Show what the bot writes as it comes."""
    task = asyncio.create_task(_watch(show))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _watch(show: Show) -> None:
    while True:
        shown = await show.phone.shown.get()
        show.last_shown = time.perf_counter()
        note = _note(show, shown)
        numbered = _number(show, shown)
        show.console.print(chat_view.from_bot(shown.text, shown.entities, numbered, note=note))
        if shown.picture:
            path = await show.phone.save_picture(shown.message_id, show.folder / f"chart-{shown.message_id}.png")
            show.say(f"  The picture of this message: {path}")
        show.news.set()


def _note(show: Show, shown: Shown) -> str:
    """Say how long after its post an alert came, or that it changed because others tell the same; remember it."""
    link = _POST_LINK.search(shown.text)
    if link is None or not any((button.data or "").startswith("menu:") for row in shown.buttons for button in row):
        return ""
    if shown.edited:
        others = {entity.url for entity in shown.entities if entity.url} & show.posted.keys() - show.told.keys()
        show.told |= dict.fromkeys(others, shown.arrived)
        return "the alert from above, changed"
    if link[0] not in show.posted:
        show.false.append(link[0])
        return "FALSE ALARM"
    show.told[link[0]] = shown.arrived
    show.alerts += 1
    return f"{1000 * (shown.arrived - show.posted[link[0]]):.0f} ms after the post"


def _number(show: Show, shown: Shown) -> list[list[tuple[int, Button]]]:
    numbered: list[list[tuple[int, Button]]] = []
    for row in shown.buttons:
        numbered.append([])
        for button in row:
            if button.data is not None:
                number = len(show.buttons) + 1
                show.buttons[number] = (shown.message_id, button.data)
                numbered[-1].append((number, button))
    return [row for row in numbered if row]


async def _play(show: Show, code: str) -> None:
    await _ask(show, f"/start {code}")
    show.say("\nNow posts appear in the channels. Grey: what was posted. In a frame: what the bot tells you.\n")
    begun, now = time.perf_counter(), clock.now()
    for scene in show.script.live:
        await asyncio.sleep(max(0.0, begun + scene.at - time.perf_counter()))
        _perform(show, scene, date=clock.now())
    await _until_quiet(show, since=time.perf_counter())
    await _ask(show, "/digest today")
    show.say(f"\nThat was {clock.now() - now} seconds. Everything is in {show.folder}.")


def _perform(show: Show, scene: script.Scene, *, date: int) -> None:
    link_at = time.perf_counter()
    post = show.stage.play(scene, date=date)
    channel = show.stage.channels[scene.channel]
    if scene.topics:
        show.posted.setdefault(f"https://t.me/{channel.username}/{post.id}", link_at)
    what = {"post": "", "forward": "forwarded: ", "edit": "edited: ", "delete": "deleted: "}[scene.action]
    line = Text(f"  {channel.title} · {what}{post.text.partition(chr(10))[0]}", style="grey62")
    line.truncate(chat_view.WIDTH, overflow="ellipsis")
    show.console.print(line)


async def _ask(show: Show, text: str) -> None:
    show.console.print(chat_view.from_user(text))
    await show.phone.write(text)
    await _until_quiet(show, since=time.perf_counter())


async def _until_quiet(show: Show, *, since: float) -> None:
    """Wait for what comes after `since`, and then until nothing more does."""
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_SECONDS):
            while show.last_shown < since or time.perf_counter() - show.last_shown < QUIET_SECONDS:
                show.news.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(show.news.wait(), QUIET_SECONDS)


async def _prompt(show: Show) -> None:
    show.say("\nYour turn: type a command such as /help, /status or /digest 7d, the number of a button, or /quit.")
    loop = asyncio.get_running_loop()
    while (line := await loop.run_in_executor(None, _typed)) is not None:
        if line in _END_WORDS:
            return
        if line.isdecimal() and int(line) in show.buttons:
            message_id, data = show.buttons[int(line)]
            notice = await show.phone.press(message_id, data)
            if notice:
                show.say(f"  {notice}", style="bold cyan")
            await _until_quiet(show, since=time.perf_counter() - QUIET_SECONDS)
        elif line:
            await _ask(show, line)


def _typed() -> str | None:
    try:
        return input("you › ").strip()
    except EOFError:
        return None


async def _report(show: Show) -> int:
    """Print what was measured; the exit code is 1 if a post was not told of, or one was that should not have been."""
    async with open_database(folder.database(show.folder), now=clock.now()) as held, held.reading() as connection:
        read = sum(channel.posts for channel in await stats.health(connection))
    untold = show.posted.keys() - show.told.keys()
    for problem, links in (("Not told", sorted(untold)), ("False alarm", show.false)):
        if links:
            show.say(f"{problem}: {', '.join(links)}", style="bold red")
    delays = [1000 * (show.told[link] - show.posted[link]) for link in show.told] or [float("nan")]
    slowest = statistics.quantiles(delays, n=20, method="inclusive")[-1] if len(delays) > 1 else delays[0]
    print(
        f"Read {read} posts, sent {show.alerts} alerts; from post to alert: "
        f"median {statistics.median(delays):.0f} ms, 95th percentile {slowest:.0f} ms."
    )
    return 1 if untold or show.false else 0
