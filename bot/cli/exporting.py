"""`homefront export`: writes posts into a file for a spreadsheet or a program."""

import argparse
import asyncio
import sys
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from bot import export, folder, selection, settings
from bot.cli import asking, bars, clock, output, stored, topic_files
from bot.periods import Known, Problem
from bot.render import export as layout
from bot.render.export import Layout
from bot.selection import Selection
from storage import exports
from storage.database import Database, open_database

STANDARD_OUTPUT = Path("-")


@dataclass(slots=True, kw_only=True)
class _Sums:
    """How many posts were written, and of how many of them the text was left out."""

    posts: int = 0
    withheld: int = 0


def run(arguments: argparse.Namespace) -> int:
    """Write the file; raises TroubleError when there is nothing to export or it cannot be written."""
    local = stored.local(arguments, nothing="There is nothing to export")
    asyncio.run(_run(local, arguments))
    return 0


async def _run(local: settings.Local, arguments: argparse.Namespace) -> None:
    zone, rules = ZoneInfo(local.timezone), topic_files.rules(local.data_dir)
    async with open_database(folder.database(local.data_dir), now=clock.now()) as database:
        selected = _selected(arguments, await asking.known(database, rules, zone))
        to = arguments.output or Path(export.name(selected))
        written = Layout(
            form=selected.form,
            separator=layout.SEMICOLON if arguments.semicolons else layout.COMMA,
            with_deleted=selected.with_deleted,
        )
        wanted = export.wanted(selected)
        if to == STANDARD_OUTPUT:
            sums = await _write(database, sys.stdout.buffer, wanted, written)
        else:
            with output.writing(to) as file:
                sums = await _write(database, file, wanted, written)
    _say(sums, to)


def _selected(arguments: argparse.Namespace, known: Known) -> Selection:
    words = [
        *arguments.words,
        *(f"topic:{topic}" for topic in arguments.topic),
        *(["all"] if arguments.all else []),
        *(["with-deleted"] if arguments.with_deleted else []),
        *([arguments.format] if arguments.format else []),
    ]
    selected = selection.parse(" ".join(words), known)
    if isinstance(selected, Problem):
        raise asking.misuse(selected, known, command="export")
    return selected


async def _write(database: Database, file: BinaryIO, wanted: exports.Wanted, written: Layout) -> _Sums:
    sums = _Sums()
    async with database.reading() as connection:
        total = await exports.count(connection, wanted)
        with bars.counting() as bar:
            task = bar.add_task("Exporting", total=total)
            async with aclosing(export.pieces(connection, wanted, written)) as pieces:
                async for piece in pieces:
                    file.write(piece.content)
                    sums.posts += piece.posts
                    sums.withheld += piece.withheld
                    bar.update(task, completed=sums.posts)
    file.flush()
    return sums


def _say(sums: _Sums, to: Path) -> None:
    where = "" if to == STANDARD_OUTPUT else f" in {to}"
    left_out = (
        f" Of {sums.withheld} the text is left out, because their channels deleted them: --with-deleted puts it in."
        if sums.withheld
        else ""
    )
    # On standard output stands the export itself.
    print(f"{sums.posts:,} {'post' if sums.posts == 1 else 'posts'}{where}.{left_out}", file=sys.stderr)
