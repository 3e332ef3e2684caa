"""What an edit changed: the words that went and those that came, with a little of what stands around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, groupby
from operator import itemgetter

from bot.render import text
from bot.render.text import Span
from storage.models import EntityKind

LIMIT = 900
"""Characters of changes and what stands around them that are shown."""
_CONTEXT = 60
_LONGEST = 320
_MOST_COMPARED = 360_000
"""Tokens of one text times tokens of the other from which on they are not compared one by one."""
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\s*(?:\w+(?:['’-]\w+)*|[^\w\s])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is shown of an edit; `left` changes found no room."""

    spans: tuple[Span, ...]
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both texts of an edit, whole: in one what went is struck, in the other what came is underlined."""

    before: tuple[Span, ...]
    after: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """Words that went and came, and the words that stay before them."""

    kept: str
    gone: str
    new: str


def is_trivial(before: str, after: str) -> bool:
    """Say whether two texts hold the same words, so that no more than punctuation, space or emoji changed."""
    return _WORD.findall(text.clean(before)) == _WORD.findall(text.clean(after))


def between(before: str, after: str) -> Changes:
    """Show what changed from one text to another: struck what went, underlined what came."""
    found, rest = _changes(_TOKEN.findall(text.tidy(before)), _TOKEN.findall(text.tidy(after)))
    spans: list[Span] = []
    room = LIMIT
    for number, change in enumerate(found):
        shown = list(_shown(change, first=not number))
        room -= sum(len(span.text) for span in shown)
        if room < 0 and number:
            return Changes(spans=(*spans, Span(text.ELLIPSIS, quoted="quote")), left=len(found) - number)
        spans += shown
    return Changes(spans=(*spans, Span(_head(rest), quoted="quote")), left=0)


def side_by_side(before: str, after: str) -> Sides:
    """Show both texts whole, the words that changed marked in each."""
    steps = list(_steps(_TOKEN.findall(text.tidy(before)), _TOKEN.findall(text.tidy(after))))
    return Sides(
        before=_side([(stays, old) for stays, old, _ in steps], "strike"),
        after=_side([(stays, new) for stays, _, new in steps], "underline"),
    )


def _side(steps: Sequence[tuple[bool, Sequence[str]]], style: EntityKind) -> tuple[Span, ...]:
    runs = groupby(steps, key=itemgetter(0))
    spans = (Span("".join(chain(*(tokens for _, tokens in run))), None if stays else style) for stays, run in runs)
    return tuple(span for span in spans if span.text)


def _changes(before: Sequence[str], after: Sequence[str]) -> tuple[list[_Change], str]:
    """Give the changes in their order, and what stays behind the last."""
    found: list[_Change] = []
    kept: list[str] = []
    gone: list[str] = []
    new: list[str] = []
    for is_kept, old, fresh in _steps(before, after):
        if is_kept and (gone or new):
            found.append(_Change(kept="".join(kept), gone="".join(gone), new="".join(new)))
            kept, gone, new = [], [], []
        if is_kept:
            kept += fresh
        else:
            gone += old
            new += fresh
    if gone or new:
        found.append(_Change(kept="".join(kept), gone="".join(gone), new="".join(new)))
        kept = []
    return found, "".join(kept)


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Walk through both texts: what stays, and what stands for what."""
    blocks = _blocks([token.strip() for token in before], [token.strip() for token in after])
    here = there = 0
    for start, other, size in chain(blocks, [(len(before), len(after), 0)]):
        lone_sign = size == 1 and not _WORD.search(after[other])
        changed = start > here or other > there
        if changed:
            yield False, before[here:start], after[there:other]
        # A comma that stays between two changed words would only tear them apart.
        ends = start + size == len(before) and other + size == len(after)
        if size:
            stays = not (lone_sign and changed and not ends)
            yield stays, before[start : start + size], after[other : other + size]
        here, there = start + size, other + size


def _blocks(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int, int]]:
    shorter = min(len(before), len(after))
    start = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    most = shorter - start
    end = next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    matching = matcher.get_matching_blocks() if len(old) * len(new) < _MOST_COMPARED else []
    middle = [(start + block.a, start + block.b, block.size) for block in matching if block.size]
    blocks = [(0, 0, start), *middle, (len(before) - end, len(after) - end, end)]
    return [block for block in blocks if block[2]]


def _shown(change: _Change, *, first: bool) -> Iterator[Span]:
    yield Span(_tail(change.kept) if first else _middle(change.kept), quoted="quote")
    if change.gone:
        yield Span(_cut(change.gone), "strike", quoted="quote")
    if change.gone and change.new and not change.new[0].isspace():
        yield Span(" ", quoted="quote")
    if change.new:
        yield Span(_cut(change.new), "underline", quoted="quote")


def _cut(changed: str) -> str:
    if len(changed) <= _LONGEST:
        return changed
    return changed[: text.end_before(changed, _LONGEST)] + text.ELLIPSIS


def _tail(kept: str) -> str:
    start = text.start_after(kept, len(kept) - _CONTEXT)
    return text.ELLIPSIS + kept[start:] if start else kept


def _head(kept: str) -> str:
    end = text.end_before(kept, _CONTEXT)
    return kept if end == len(kept) else kept[:end] + text.ELLIPSIS


def _middle(kept: str) -> str:
    return kept if len(kept) <= 2 * _CONTEXT + 1 else f"{_head(kept)} {_tail(kept)[1:]}"
