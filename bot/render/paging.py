"""Texts that are longer than one message: a page at a time, turned by buttons, in the same place."""

from collections.abc import Sequence
from dataclasses import replace

from bot.render import text
from bot.render.text import Span
from storage.models import Button, Message

Rows = tuple[tuple[Button, ...], ...]


def page(items: Sequence[Sequence[Span]], number: int, *, word: str, below: Rows = ()) -> Message:
    """Give page `number` (from 0) of `items` (lines), or the last one where there are fewer.

    Args:
        items: what is packed into pages; none is divided.
        number: which page.
        word: what begins the data of the buttons that turn it; the number of a page follows after a colon.
        below: rows of buttons that stand under every page.
    """
    pages = text.pack(items)
    number = min(number, len(pages) - 1)
    if len(pages) == 1:
        return replace(pages[0], buttons=below)
    here = Button(label=f"{number + 1}/{len(pages)}", data=f"{word}:{number}")
    before = [Button(label="‹", data=f"{word}:{number - 1}")] if number else []
    after = [Button(label="›", data=f"{word}:{number + 1}")] if number + 1 < len(pages) else []
    return replace(pages[number], buttons=((*before, here, *after), *below))
