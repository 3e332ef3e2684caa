"""`homefront check`: a line for each thing that must work, with what to do where it does not."""

import argparse
import asyncio
import stat
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import catalogues, folder, log, settings
from bot.cli import clock, lock, proof, terminal
from bot.cli.trouble import TroubleError
from bot.render import phrases
from bot.telegram import accounts, client, errors
from storage import channels, chats, database, stats
from storage import settings as stored_settings
from storage.errors import StorageError
from storage.health_models import ChannelHealth

TOLERATED_CLOCK_OFFSET_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was found of one thing; where it is not `fine`, the text says what to do."""

    fine: bool
    text: str


def run(arguments: argparse.Namespace) -> int:
    """Print the lines; the exit code is 1 if something is wrong."""
    try:
        found = settings.load(settings.process_environment(), settings.env_file(arguments.env))
    except settings.SettingsError as error:
        for problem in error.problems:
            _show(Line(fine=False, text=f"Settings: {problem}"))
        return 1
    log.configure([found.api_hash, found.bot_token])
    if arguments.channels:
        return _check_channels(found)
    _show(Line(fine=True, text="Settings: complete."))
    return asyncio.run(_check(found))


def _check_channels(found: settings.Settings) -> int:
    path = folder.database(found.data_dir)
    if not path.exists():
        raise TroubleError("There is no database yet; `homefront run` makes it.")
    return 1 if asyncio.run(proof.show(path, ZoneInfo(found.timezone), now=clock.now())) else 0


async def _check(found: settings.Settings) -> int:
    wrong = 0
    # Closed by hand all the way down: a reader such as `| head` may have had enough of it.
    async with aclosing(_lines(found)) as lines:
        async for line in lines:
            _show(line)
            wrong += not line.fine
    terminal.say("All is well." if not wrong else f"{wrong} of these need you.")
    return 1 if wrong else 0


async def _lines(found: settings.Settings) -> AsyncGenerator[Line, None]:
    if lock.is_held(found.data_dir):
        yield Line(fine=True, text="Accounts: Homefront is running on this folder, so they are not tried here.")
    else:
        try:
            with lock.held(found.data_dir):
                yield _folder(found.data_dir)
                async with aclosing(_accounts(found)) as lines:
                    async for line in lines:
                        yield line
        except TroubleError as error:
            yield Line(fine=False, text=f"Data folder: {error}")
            return
    async with aclosing(_database(found)) as lines:
        async for line in lines:
            yield line


def _folder(data_dir: Path) -> Line:
    if stat.S_IMODE(data_dir.stat().st_mode) & 0o077:
        return Line(fine=False, text=f"Data folder: others can look into it. Close it: chmod 700 '{data_dir}'")
    return Line(fine=True, text=f"Data folder: {data_dir}, for you alone.")


async def _accounts(found: settings.Settings) -> AsyncGenerator[Line, None]:
    try:
        async with _closing(await accounts.open_reader(_place(found, "reader"), clock=clock.now)) as reader:
            offset = reader.clock_offset
    except (errors.UnreachableError, errors.WrongKeyError) as error:
        yield Line(fine=False, text=f"Server: {error}")
        return
    except errors.TelegramError as error:
        yield Line(fine=False, text=f"Reading account: {error}")
    else:
        yield _clock(offset)
        yield Line(fine=True, text="Reading account: signed in.")
    try:
        bot = await accounts.open_bot(
            _place(found, "bot"), found.bot_token, clock=clock.now, say=terminal.say, pause=_no_pause
        )
        async with _closing(bot):
            account = await accounts.who(bot)
    except errors.TelegramError as error:
        yield Line(fine=False, text=f"Bot: {error}")
    else:
        yield Line(fine=True, text=f"Bot: @{account.username}." if account and account.username else "Bot: signed in.")


@asynccontextmanager
async def _closing(opened: client.Client) -> AsyncIterator[client.Client]:
    try:
        yield opened
    finally:
        await opened.disconnect()


async def _no_pause(seconds: float) -> None:
    raise errors.WaitError(int(seconds))


def _place(found: settings.Settings, name: str) -> accounts.Place:
    sessions = {"reader": folder.reader_session, "bot": folder.bot_session}
    return accounts.Place(
        session=sessions[name](found.data_dir), api_id=found.api_id, api_hash=found.api_hash, server=found.server
    )


def _clock(offset: int) -> Line:
    if abs(offset) > TOLERATED_CLOCK_OFFSET_SECONDS:
        return Line(
            fine=False,
            text=f"Server: answers, but this machine's clock is {abs(offset)} s off. "
            "Let it be set by the network: timedatectl set-ntp true",
        )
    return Line(fine=True, text="Server: answers.")


async def _database(found: settings.Settings) -> AsyncGenerator[Line, None]:
    path = folder.database(found.data_dir)
    if not path.exists():
        yield Line(fine=True, text="Database: none yet; `homefront run` makes it.")
        return
    try:
        async with database.open_database(path, now=clock.now()) as opened:
            async with opened.transaction() as tx:
                await stored_settings.bind_server(tx, settings.fingerprint(found))
            async with aclosing(_stored(found, opened)) as lines:
                async for line in lines:
                    yield line
    except StorageError as error:
        yield Line(fine=False, text=f"Database: {error}")


async def _stored(found: settings.Settings, opened: database.Database) -> AsyncGenerator[Line, None]:
    async with opened.reading() as conn:
        health = await stats.health(conn)
        paired = await chats.all_chats(conn)
        known = [await channels.by_username(conn, name) for name in found.channels]
    yield Line(fine=True, text=f"Database: {sum(one.posts for one in health)} posts of {len(health)} channels.")
    if not paired:
        yield Line(fine=True, text="Chats: none yet; `homefront run` prints how to become the bot's owner.")
    for chat in paired:
        if chat.unreachable_since is not None:
            yield Line(fine=False, text=f"Chat {chat.id}: Telegram refuses our messages. Write /start to the bot.")
    for name, channel in zip(found.channels, known, strict=True):
        if channel is None:
            yield Line(
                fine=False, text=f"{name}: named in CHANNELS, but not read. `homefront run` follows it or says why not."
            )
    for one in health:
        yield _channel(one, ZoneInfo(found.timezone))


def _channel(health: ChannelHealth, zone: ZoneInfo) -> Line:
    channel = health.channel
    name = " ".join(filter(None, (phrases.title(channel.info), phrases.username(channel.info))))
    trouble = phrases.trouble(catalogues.load("en"), channel.info, channel.trouble or "")
    if channel.state == "lost":
        return Line(fine=False, text=f"{name}: lost ({trouble}). What is held stays; /remove takes it off.")
    if channel.trouble is not None:
        return Line(fine=False, text=f"{name}: {trouble} It is tried again by itself while Homefront runs.")
    checked = "not checked yet" if channel.checked_at is None else f"complete as of {_moment(channel.checked_at, zone)}"
    way = "pushed by Telegram" if channel.joined else "not joined, read every few minutes"
    return Line(fine=True, text=f"{name}: {health.posts} posts, {checked}, {way}.")


def _moment(at: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M}"


def _show(line: Line) -> None:
    terminal.say(f"{'✓' if line.fine else '✗'} {line.text}")
