"""`homefront digest`: prints the digest that the bot would send, and stores its chart as a picture."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import catalogues, digest, folder, periods, rulebook
from bot.cli import clock, pictures, stored, terminal, topic_files
from bot.cli.trouble import TroubleError
from bot.commands import removing
from bot.render import text
from bot.render.digest_data import Period
from storage import channels, database
from storage.models import Channel, Message

LANGUAGE = "en"


def run(arguments: argparse.Namespace) -> int:
    """Print the digest of `--day`, `--topic` and `--channel`; raises TroubleError when there is none."""
    local = stored.local(arguments, nothing="There is nothing to tell of")
    path = folder.database(local.data_dir)
    zone = ZoneInfo(local.timezone)
    topics, known = asyncio.run(_known(path, topic_files.rules(local.data_dir)))
    period = _period(arguments, topics, known, zone)
    messages = asyncio.run(_compose(path, period, topics, zone))
    terminal.say("\n\n".join(text.readable(message) for message in messages))
    pictures.store(messages, local.data_dir, name=f"digest-{period.first}")
    return 0


async def _known(path: Path, rules: rulebook.Rulebook) -> tuple[list[str], tuple[Channel, ...]]:
    async with database.open_database(path, now=clock.now()) as opened:
        await rulebook.renew(rules, opened)
        async with opened.reading() as connection:
            return [topic.name for topic in rulebook.topics(rules)], await channels.every(connection)


def _period(arguments: argparse.Namespace, topics: Sequence[str], known: Sequence[Channel], zone: ZoneInfo) -> Period:
    asked = " ".join(word for word in (arguments.day, arguments.topic, arguments.channel) if word)
    period = periods.parse(
        asked, now=clock.now(), zone=zone, topics=topics, meant=lambda name: removing.meant(known, name)
    )
    if isinstance(period, periods.Problem):
        raise TroubleError(periods.explain(catalogues.load(LANGUAGE), period, topics=topics), code=2)
    return period


async def _compose(path: Path, period: Period, topics: Sequence[str], zone: ZoneInfo) -> tuple[Message, ...]:
    now = clock.now()
    async with database.open_database(path, now=now) as opened:
        return await digest.compose(
            opened, catalogues.load(LANGUAGE), period, topics=topics, now=now, zone=zone, paged=False
        )
