"""`homefront digest`: prints the digest that the bot would send, and stores its chart as a picture."""

import argparse
import asyncio
from zoneinfo import ZoneInfo

from bot import catalogues, digest, folder, periods, rulebook, settings
from bot.cli import asking, clock, pictures, stored, terminal, topic_files
from bot.render import text
from bot.render.digest_data import Period
from storage import database
from storage.models import Message

LANGUAGE = "en"


def run(arguments: argparse.Namespace) -> int:
    """Print the digest of what is asked for; raises TroubleError when there is none."""
    local = stored.local(arguments, nothing="There is nothing to tell of")
    words = (*arguments.words, arguments.day, arguments.topic, arguments.channel)
    period, messages = asyncio.run(_compose(local, " ".join(word for word in words if word)))
    terminal.say("\n\n".join(text.readable(message) for message in messages))
    pictures.store(messages, local.data_dir, name=f"digest-{period.first}")
    return 0


async def _compose(local: settings.Local, asked: str) -> tuple[Period, tuple[Message, ...]]:
    rules, zone = topic_files.rules(local.data_dir), ZoneInfo(local.timezone)
    async with database.open_database(folder.database(local.data_dir), now=clock.now()) as opened:
        known = await asking.known(opened, rules, zone)
        period = periods.parse(asked, known)
        if isinstance(period, periods.Problem):
            raise asking.misuse(period, known, command="digest")
        topics = [topic.name for topic in rulebook.topics(rules)]
        messages = await digest.compose(
            opened, catalogues.load(LANGUAGE), period, topics=topics, now=known.now, zone=zone, paged=False
        )
        return period, messages
