"""Answers that are longer than one message: a page at a time, turned by buttons, in the same place."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.commands.desk import Answer, Asked
from bot.render import text
from bot.render.text import Span
from storage.models import Button, Message

_NUMBER = re.compile(r"\d{1,4}", re.ASCII)


def first(items: Sequence[Sequence[Span]], *, word: str) -> Answer:
    """Answer a command with the first page of `items` (lines); `word` begins what the buttons carry."""
    return Answer(messages=(_page(items, 0, word),))


def turned(asked: Asked, items: Sequence[Sequence[Span]], *, word: str) -> Answer:
    """Answer a press that turns the page, which shows what the lines are now; forged numbers do nothing."""
    if _NUMBER.fullmatch(asked.args) is None:
        return Answer()
    return Answer(replace=_page(items, int(asked.args), word))


def _page(items: Sequence[Sequence[Span]], number: int, word: str) -> Message:
    pages = text.pack(items)
    # There may be fewer pages than when the button was made.
    number = min(number, len(pages) - 1)
    if len(pages) == 1:
        return pages[0]
    here = Button(label=f"{number + 1}/{len(pages)}", data=f"{word}:{number}")
    before = [Button(label="‹", data=f"{word}:{number - 1}")] if number else []
    after = [Button(label="›", data=f"{word}:{number + 1}")] if number + 1 < len(pages) else []
    return replace(pages[number], buttons=((*before, here, *after),))
