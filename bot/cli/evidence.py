"""`homefront evidence LINK`: packs all that was captured of a post into a file."""

import argparse
import asyncio
from pathlib import Path

from bot import catalogues, evidence, folder
from bot.cli import clock, output, stored, terminal
from bot.cli.trouble import TroubleError
from bot.commands import linked
from bot.render import evidence as layout
from storage import database
from storage.document_models import Document

LANGUAGE = "en"
_MISSING: dict[linked.Missing, str] = {
    "how": "{link} is no link of a post. It looks like https://t.me/telegram/15",
    "no_channel": "The channel of {link} was never watched, so nothing was captured of it.",
    "no_post": "The post {link} is not held: it may be older than what was read, or a message without content.",
}


def run(arguments: argparse.Namespace) -> int:
    """Write the file; raises TroubleError when there is no such post or the file cannot be written."""
    local = stored.local(arguments, nothing="There is no evidence")
    path = folder.database(local.data_dir)
    packed = asyncio.run(_pack(path, arguments.link))
    to = arguments.output or Path(packed.name)
    with output.writing(to) as file:
        file.write(packed.content)
    terminal.say(f"{layout.sha256(packed)}  {to}")
    return 0


async def _pack(path: Path, link: str) -> Document:
    async with database.open_database(path, now=clock.now()) as opened, opened.reading() as connection:
        found = await linked.find(connection, link)
        if not isinstance(found, linked.Linked):
            raise TroubleError(_MISSING[found].format(link=link), code=2 if found == "how" else 1)
        case = await evidence.gather(connection, found.channel.info, found.post)
    return layout.pack(catalogues.load(LANGUAGE), case)
