"""`homefront import FILE`: stores the public channels of a Telegram Desktop export."""

import argparse
import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

from rich import console

from bot import desktop_export, folder, ingest, rulebook, settings
from bot.cli import bars, clock, lock, terminal, topic_files
from bot.cli.trouble import TroubleError
from bot.render import phrases
from storage import database
from storage import settings as stored_settings


def run(arguments: argparse.Namespace) -> int:
    """Import the file; raises TroubleError when it is no sound export, with nothing stored."""
    local = settings.load_local(settings.process_environment(), settings.env_file(arguments.env))
    shown = console.Console(stderr=True)
    with lock.held(local.data_dir):
        chats = _read(arguments.file, ZoneInfo(local.timezone), shown)
        asyncio.run(_store(local, chats, shown))
    return 0


def _read(path: Path, zone: ZoneInfo, shown: console.Console) -> tuple[desktop_export.Chat, ...]:
    try:
        with shown.status("Reading the export …"):
            return desktop_export.read(path, zone=zone)
    except desktop_export.ExportError as error:
        raise TroubleError(str(error)) from None


async def _store(local: settings.Local, chats: tuple[desktop_export.Chat, ...], shown: console.Console) -> None:
    # Nobody is told of imported posts, so there is nothing to say and nobody to wake.
    teller = ingest.Teller(rules=topic_files.rules(local.data_dir), catalogues={}, wake=lambda: None)
    async with database.open_database(folder.database(local.data_dir), now=clock.now()) as opened:
        async with opened.transaction() as tx:
            await stored_settings.bind_server(tx, settings.fingerprint(local))
        await rulebook.renew(teller.rules, opened)
        for chat in chats:
            await _store_chat(opened, teller, chat, shown)


async def _store_chat(
    opened: database.Database, teller: ingest.Teller, chat: desktop_export.Chat, shown: console.Console
) -> None:
    title = phrases.title(chat.info)
    with bars.counting(shown) as bar:
        task = bar.add_task(title, total=len(chat.posts))
        imported = await desktop_export.store(
            opened, teller, chat, now=clock.now(), progress=lambda done: bar.advance(task, done)
        )
    terminal.say(
        f"{title}: {imported.new} new posts, {imported.edited} edited since they were held, "
        f"{imported.held} held already; {imported.flagged} of those stored now speak of a topic."
    )
