"""`homefront report`: writes all that was flagged in a period into one HTML file, for a browser or for paper."""

import argparse
import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import catalogues, folder, periods, report, rulebook, settings
from bot.cli import bars, clock, output, stored, terminal, topic_files
from bot.cli.trouble import TroubleError
from storage.database import open_database

LANGUAGE = "en"


def run(arguments: argparse.Namespace) -> int:
    """Write the report; raises TroubleError when there is nothing to report, or no place for it."""
    local = stored.local(arguments, nothing="There is nothing to report")
    document = asyncio.run(_compose(local, " ".join(arguments.range), with_deleted=arguments.with_deleted)).document
    path = arguments.output or Path()
    if path.is_dir():
        path /= document.name
    with output.writing(path) as file:
        file.write(document.content)
    terminal.say(f"Report: {path}")
    return 0


async def _compose(local: settings.Local, asked: str, *, with_deleted: bool) -> report.Report:
    rules, texts, zone, now = (
        topic_files.rules(local.data_dir),
        catalogues.load(LANGUAGE),
        ZoneInfo(local.timezone),
        clock.now(),
    )
    async with open_database(folder.database(local.data_dir), now=now) as database:
        await rulebook.renew(rules, database)
        topics = [topic.name for topic in rulebook.topics(rules)]
        period = report.parse(asked, now=now, zone=zone, topics=topics)
        if isinstance(period, periods.Problem):
            raise TroubleError(periods.explain(texts, period, topics=topics), code=2)
        with bars.counting() as bar:
            task = bar.add_task("Reporting", total=None)
            return await report.compose(
                database,
                texts,
                period,
                topics=topics,
                now=now,
                zone=zone,
                with_deleted=with_deleted,
                shown=lambda done, everything: bar.update(task, completed=done, total=everything),
            )
