"""`homefront report`: writes all that was flagged in a period into one HTML file, for a browser or for paper."""

import argparse
import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import catalogues, folder, periods, report, rulebook, settings
from bot.cli import asking, bars, clock, output, stored, terminal, topic_files
from storage.database import open_database

LANGUAGE = "en"


def run(arguments: argparse.Namespace) -> int:
    """Write the report; raises TroubleError when there is nothing to report, or no place for it."""
    local = stored.local(arguments, nothing="There is nothing to report")
    made = asyncio.run(_compose(local, " ".join(arguments.range), with_deleted=arguments.with_deleted))
    path = arguments.output or Path()
    if path.is_dir():
        path /= made.document.name
    with output.writing(path) as file:
        file.write(made.document.content)
    terminal.say("\n".join(said for said in (f"Report: {path}", made.left_out) if said))
    return 0


async def _compose(local: settings.Local, asked: str, *, with_deleted: bool) -> report.Report:
    rules, zone = topic_files.rules(local.data_dir), ZoneInfo(local.timezone)
    async with open_database(folder.database(local.data_dir), now=clock.now()) as database:
        known = await asking.known(database, rules, zone)
        period = report.parse(asked, known)
        if isinstance(period, periods.Problem):
            raise asking.misuse(period, known, command="report")
        with bars.counting() as bar:
            task = bar.add_task("Reporting", total=None)
            return await report.compose(
                database,
                catalogues.load(LANGUAGE),
                period,
                topics=[topic.name for topic in rulebook.topics(rules)],
                now=known.now,
                zone=zone,
                with_deleted=with_deleted,
                shown=lambda done, everything: bar.update(task, completed=done, total=everything),
            )
