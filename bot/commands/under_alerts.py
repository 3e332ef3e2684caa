"""What the buttons under an alert share: which alert of this chat a press is about, and that it is drawn anew."""

import re

from bot import dressing
from bot.commands.desk import Answer, Asked
from bot.dressing import Told
from bot.render import buttons, catalogue
from storage.database import Connection
from storage.models import PostId

_POST = re.compile(r"[1-9]\d{0,14}", re.ASCII)

SILENT = Answer()
"""The answer to a press that nobody can have made here: nothing is said, nothing done."""


async def pressed_under(connection: Connection, asked: Asked, post_id: str) -> Told | Answer:
    """Return the alert that a button with this post belongs to, or what is answered instead.

    A post that this chat was never told of was not on any button here: the press is forged.
    """
    if not _POST.fullmatch(post_id):
        return SILENT
    return await dressing.told(connection, asked.chat.id, PostId(int(post_id))) or SILENT


def redrawn(asked: Asked, key: str | None = None, *, rows: str = buttons.MAIN, **values: str | int) -> Answer:
    """Answer by drawing the alert anew, with a notice from the catalogue if there is something to say."""
    return Answer(notice=catalogue.text(asked.texts, key, **values) if key else None, rows=rows)


def notice(asked: Asked, key: str, **values: str | int) -> Answer:
    """Answer with a notice alone."""
    return Answer(notice=catalogue.text(asked.texts, key, **values))
