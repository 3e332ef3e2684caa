"""Answers that are longer than one message: see `bot.render.paging`."""

import re
from collections.abc import Sequence

from bot.commands.desk import Answer, Asked
from bot.render import paging
from bot.render.text import Span

_NUMBER = re.compile(r"\d{1,4}", re.ASCII)


def first(items: Sequence[Sequence[Span]], *, word: str) -> Answer:
    """Answer a command with the first page of `items` (lines); `word` begins what the buttons carry."""
    return Answer(messages=(paging.page(items, 0, word=word),))


def turned(asked: Asked, items: Sequence[Sequence[Span]], *, word: str) -> Answer:
    """Answer a press that turns the page, which shows what the lines are now; forged numbers do nothing."""
    number = read(asked.args)
    return Answer() if number is None else Answer(replace=paging.page(items, number, word=word))


def read(written: str) -> int | None:
    """Read the number of a page from what a button carried; None: it is none, for buttons can be forged."""
    return int(written) if _NUMBER.fullmatch(written) else None
