"""Flattens the blocks of a rich message into the lines that a reader sees, one a block, row or list item."""

from collections.abc import Iterator, Sequence
from typing import Any

from telethon.tl import types

DEPTH = 40
"""Blocks may hold blocks. What is nested deeper than this is no text that anybody wrote by hand."""

_RICH_TEXT = types.TextPlain.SUBCLASS_OF_ID
_LIST_ITEMS = (
    types.PageListItemText,
    types.PageListItemBlocks,
    types.PageListOrderedItemText,
    types.PageListOrderedItemBlocks,
)
# An author's line names a person; buttons and anchors are no text; a channel block is a link to another channel.
_UNTOLD = (
    types.PageBlockAuthorDate,
    types.PageBlockButtonRow,
    types.PageBlockAnchor,
    types.PageBlockChannel,
    types.PageBlockUnsupported,
)
# In the order in which they are shown. `author` and `credit` are left out: they name persons.
_SHOWN = ("cover", "title", "text", "source", "description", "blocks", "items", "rows", "articles", "caption")


def flatten(blocks: Sequence[Any]) -> str:
    """Give the text of page blocks, in reading order.

    Args:
        blocks: Telethon's PageBlock objects; kinds that are not known give the text they carry.
    """
    return "\n".join(_lines(blocks, DEPTH))


def _lines(node: Any, depth: int) -> Iterator[str]:
    if node is None or depth == 0 or isinstance(node, _UNTOLD):
        return
    if isinstance(node, str):
        yield from filter(None, (node.strip(),))
    elif isinstance(node, list | tuple):
        for child in node:
            yield from _lines(child, depth - 1)
    else:
        yield from _lines_of_object(node, depth)


def _lines_of_object(node: Any, depth: int) -> Iterator[str]:
    if node.SUBCLASS_OF_ID == _RICH_TEXT:
        yield from _lines(_inline(node, depth), depth)
    elif isinstance(node, types.PageTableRow):
        yield from _lines(" | ".join(_inline(cell.text, depth) for cell in node.cells), depth)
    elif isinstance(node, _LIST_ITEMS):
        mark = f"{node.num}. " if getattr(node, "num", None) else "• "
        for number, line in enumerate(_lines([_shown(node)], depth)):
            yield line if number else mark + line
    else:
        yield from _lines(_shown(node), depth)


def _shown(node: Any) -> list[Any]:
    return [getattr(node, name, None) for name in _SHOWN]


def _inline(text: Any, depth: int) -> str:
    if text is None or depth == 0:
        return ""
    if isinstance(text, str):
        return text
    if isinstance(text, types.TextConcat):
        return "".join(_inline(part, depth - 1) for part in text.texts)
    if isinstance(text, types.TextCustomEmoji):
        return str(text.alt)
    return _inline(getattr(text, "text", None) or getattr(text, "source", None), depth - 1)
