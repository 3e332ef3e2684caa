"""`homefront backfill CHANNEL DAYS`: reads a channel's older history while Homefront is stopped."""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rich import console, progress

from bot import catalogues, folder, ingest, log, rulebook, settings
from bot.cli import clock, lock, terminal, topic_files
from bot.cli.trouble import TroubleError
from bot.render import phrases
from bot.telegram import accounts, backfill, calls, client, errors, ledger, turns, waits
from bot.telegram.follower import INTERVAL_SECONDS, Pace
from storage import backfills, channels, database
from storage import settings as stored_settings
from storage.models import Channel

DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    teller: ingest.Teller
    channel: Channel
    since: int


def run(arguments: argparse.Namespace) -> int:
    """Read back; raises TroubleError when the channel is not held or Telegram cannot be used. It can be resumed."""
    found = settings.load(settings.process_environment(), settings.env_file(arguments.env))
    log.configure([found.api_hash, found.bot_token])
    if arguments.days < 1:
        raise TroubleError("DAYS must be a whole number, 1 or more.", code=2)
    if arguments.days > found.retention_days:
        terminal.say(
            f"Posts older than {found.retention_days} days stay only if a rule flags them: `homefront run` drops the "
            "texts of the others again (RETENTION_DAYS)."
        )
    with lock.held(found.data_dir):
        try:
            asyncio.run(_run(found, arguments.channel, arguments.days))
        except errors.TelegramError as error:
            raise TroubleError(f"{error} What was read so far is kept; the same command goes on from there.") from None
    return 0


async def _run(found: settings.Settings, name: str, days: int) -> None:
    rules = await asyncio.to_thread(topic_files.rules, found.data_dir)
    teller = ingest.Teller(rules=rules, catalogues={"en": catalogues.load("en")}, wake=lambda: None)
    async with database.open_database(folder.database(found.data_dir), now=clock.now()) as opened:
        await rulebook.renew(rules, opened)
        async with opened.transaction() as tx:
            await stored_settings.bind_server(tx, settings.fingerprint(found))
            channel = await channels.by_username(tx, name.removeprefix("@").rpartition("/")[2])
            if channel is None or channel.held_from is None:
                raise TroubleError(f"{name} is not held yet. Follow it first with /add in the chat.")
            since = clock.now() - days * DAY_SECONDS
            wanted = await backfills.begin(tx, channel.info.id, since=since, now=clock.now())
        reader = await accounts.open_reader(_place(found), clock=clock.now)
        try:
            reader.endure()
            await _read(found, reader, opened, _Held(teller=teller, channel=channel, since=wanted.since))
        finally:
            await reader.disconnect()


def _place(found: settings.Settings) -> accounts.Place:
    return accounts.Place(
        session=folder.reader_session(found.data_dir),
        api_id=found.api_id,
        api_hash=found.api_hash,
        server=found.server,
    )


async def _read(found: settings.Settings, reader: client.Client, opened: database.Database, held: _Held) -> None:
    pace = Pace(interval=0 if found.server else INTERVAL_SECONDS)
    pauses = waits.Waits(time.monotonic, database=opened, now=clock.now)
    await pauses.resume()
    order = turns.Turns(time.monotonic, at_once=1, interval=pace.interval)
    asking = calls.Calls(reader, pauses, order, urgency="backfill", limit=pace.limit)
    kept = ledger.Ledger(opened, held.teller, now=clock.now)
    track = await kept.begin(held.channel)
    top = held.channel.held_from or clock.now()
    with _bar() as bar:
        task = bar.add_task(phrases.title(held.channel.info), total=max(1, top - held.since), posts=0)

        def show(at: int, new: int) -> None:
            bar.update(task, completed=max(0, top - at), posts=bar.tasks[task].fields["posts"] + new)

        new = await _to_the_end(lambda: backfill.read_back(asking, kept, opened, track, show), pace)
    terminal.say(f"{phrases.title(held.channel.info)}: {new} older posts read.")


async def _to_the_end(read: Callable[[], Awaitable[int]], pace: Pace) -> int:
    failures = 0
    while True:
        try:
            return await read()
        except calls.FloodedError as error:
            await asyncio.sleep(error.left)
        except calls.CallFailedError as error:
            if not error.passing:
                raise TroubleError(f"Telegram refuses to show it: {error.name}. What was read is kept.") from None
            failures += 1
            await asyncio.sleep(pace.pause(failures))


def _bar() -> progress.Progress:
    return progress.Progress(
        progress.TextColumn("{task.description}", markup=False),  # a title is data, whatever brackets it has
        progress.BarColumn(),
        progress.TextColumn("{task.fields[posts]} posts", markup=False),
        progress.TimeRemainingColumn(),
        console=console.Console(stderr=True),
        transient=True,
    )
