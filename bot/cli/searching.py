"""`homefront search`: prints the posts that hold the words, as /search does in the chat."""

import argparse
import asyncio
from collections.abc import Callable
from zoneinfo import ZoneInfo

from rich import progress

from bot import catalogues, folder, indexing, rulebook, schedule, search, settings
from bot.cli import bars, clock, lock, stored, terminal, topic_files
from bot.cli.trouble import TroubleError
from bot.commands import removing
from bot.pipeline.searching import SearchError
from bot.render import catalogue, text
from bot.render import hits as layout
from storage import channels, hits
from storage.database import Database, open_database

LANGUAGE = "en"
MOST = 1000
"""Hits that are printed at most."""


def run(arguments: argparse.Namespace) -> int:
    """Print what is found; raises TroubleError when nothing can be searched, or the search cannot be read."""
    if not 1 <= arguments.limit <= MOST:
        raise TroubleError(f"--limit takes a number from 1 to {MOST}.", code=2)
    local = stored.local(arguments, nothing="There is nothing to search")
    asyncio.run(_search(local, " ".join(arguments.words), limit=arguments.limit, relevance=arguments.relevance))
    return 0


async def _search(local: settings.Local, typed: str, *, limit: int, relevance: bool) -> None:
    rules, texts, zone = topic_files.rules(local.data_dir), catalogues.load(LANGUAGE), ZoneInfo(local.timezone)
    order: hits.Order = "relevance" if relevance else "newest"
    now = clock.now()
    async with open_database(folder.database(local.data_dir), now=now) as database:
        await rulebook.renew(rules, database)
        missing = await _indexed(local, database)
        async with database.reading() as connection:
            known = search.Known(rules=rules, channels=await channels.every(connection), meant=removing.meant)
            try:
                read = search.read(typed, known, today=schedule.day_of(now, zone), zone=zone)
            except SearchError as error:
                raise TroubleError(_explained(texts, error, rules), code=2) from None
            found = await search.find(connection, read, order=order, limit=limit)
    sums = search.sums(typed, found.total, order=order, missing=missing)
    items = layout.hit_list(texts, sums, found.hits, zone=zone, now=now)
    terminal.say("\n".join(text.readable(message) for message in text.pack(items)))


async def _indexed(local: settings.Local, database: Database) -> int:
    """Bring the rest of the posts into the index, unless `homefront run` is doing that; return how many are left."""
    left = await indexing.behind(database)
    if not left or lock.is_held(local.data_dir):
        return left
    with lock.held(local.data_dir), bars.counting() as bar:
        task = bar.add_task("Indexing", total=left)
        await indexing.fill(database, shown=_shown(bar, task, left))
    return 0


def _shown(bar: progress.Progress, task: progress.TaskID, of: int) -> Callable[[int], None]:
    return lambda left: bar.update(task, completed=of - left)


def _explained(texts: catalogue.Catalogue, error: SearchError, rules: rulebook.Rulebook) -> str:
    said = search.explained(texts, error, rules)
    return text.readable(text.message(said)).replace("/search ", "homefront search ")
