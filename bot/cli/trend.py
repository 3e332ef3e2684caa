"""`homefront trend`: prints the trend that /trend tells, and stores its chart as a picture."""

import argparse
import asyncio
from zoneinfo import ZoneInfo

from bot import catalogues, folder, rulebook, schedule, search, settings, trends
from bot.cli import clock, pictures, stored, terminal, topic_files
from bot.cli.trouble import TroubleError
from bot.commands import removing
from bot.pipeline.searching import SearchError
from bot.render import catalogue, text
from storage import channels
from storage.database import open_database
from storage.models import Message

LANGUAGE = "en"


def run(arguments: argparse.Namespace) -> int:
    """Print a trend; raises TroubleError when there is none, or what was asked for cannot be read."""
    local = stored.local(arguments, nothing="There is nothing to tell of")
    messages = asyncio.run(_compose(local, " ".join(arguments.of)))
    terminal.say("\n\n".join(text.readable(message) for message in messages))
    pictures.store(messages, local.data_dir, name="trend")
    return 0


async def _compose(local: settings.Local, typed: str) -> tuple[Message, ...]:
    rules, texts, zone = topic_files.rules(local.data_dir), catalogues.load(LANGUAGE), ZoneInfo(local.timezone)
    now = clock.now()
    async with open_database(folder.database(local.data_dir), now=now) as database:
        await rulebook.renew(rules, database)
        async with database.reading() as connection:
            known = search.Known(rules=rules, channels=await channels.every(connection), meant=removing.meant)
        topics = [topic.name for topic in rulebook.topics(rules)]
        try:
            asked = trends.read(typed, topics=topics, known=known, today=schedule.day_of(now, zone), zone=zone)
        except trends.SpanError:
            raise _misuse(catalogue.text(texts, "trend.too_long", n=trends.LONGEST_DAYS)) from None
        except SearchError as error:
            raise _misuse(text.readable(text.message(search.explained(texts, error, rules)))) from None
        return await trends.compose(database, texts, asked, now=now, zone=zone)


def _misuse(said: str) -> TroubleError:
    for command in ("trend", "search"):
        said = said.replace(f"/{command} ", f"homefront {command} ")
    return TroubleError(said, code=2)
