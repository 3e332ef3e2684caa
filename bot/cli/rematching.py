"""`homefront rematch`: flags what is stored anew after rules changed, without telling anybody."""

import argparse
import asyncio

from bot import folder, rematch, rulebook, settings
from bot.cli import bars, clock, lock, stored, terminal, topic_files
from storage import database


def run(arguments: argparse.Namespace) -> int:
    """Flag all posts again; raises TroubleError when there are none, or a topic file is wrong."""
    local = stored.local(arguments, nothing="There is nothing to flag")
    with lock.held(local.data_dir):
        done = asyncio.run(_rematch(local))
    terminal.say(
        f"{done.posts} posts looked at: {done.flagged} newly flagged, {done.cleared} no longer, "
        f"{done.changed} for other words or topics than before. Nobody was told."
    )
    return 0


async def _rematch(local: settings.Local) -> rematch.Progress:
    rules = topic_files.rules(local.data_dir)
    with bars.counting() as bar:
        task = bar.add_task("Flagging", total=None)

        def shown(at: rematch.Progress) -> None:
            bar.update(task, completed=at.reached, total=at.last)

        async with database.open_database(folder.database(local.data_dir), now=clock.now()) as opened:
            await rulebook.renew(rules, opened)
            return await rematch.run(opened, rules, shown=shown)
