"""Masks the numbers of persons in a text: of phones, bank cards, personal accounts and identity documents.

A text keeps its length in characters, so that what was found in it stays in its place. The last two digits stay, so
that two numbers can be told apart. Names cannot be masked reliably, and nothing here tries.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.render import personal_numbers
from bot.render.personal_numbers import SHORTEST, Candidate, Named

MASK = "•"
"""Stands for a digit that is not shown."""
KEPT = 2
"""Digits at the end of a number that stay."""

_MOST_GROUPS = 7
_LOOKED_BACK = 72
"""Characters before a number in which is looked for the word that says what it is."""

_JUNK = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0e\ufe0f\u20e3\ufeff"
_WORTH = re.compile(rf"\d(?:[^\d\n]{{0,6}}\d){{{SHORTEST - 1}}}")
_GROUP = re.compile(rf"\d(?:[{_JUNK}]*\d)*")
_GAP = re.compile(rf"(?:[ \t\u00a0\u2007\u2009\u202f\-\u2010-\u2015\u2212.()/№{_JUNK}]){{1,4}}")
_TIGHT = frozenset(".-\u2010\u2011\u2012\u2013/")
_LINK = re.compile(r"(?:https?://|tg://|www\.|t\.me/|telegram\.me/)\S+", re.IGNORECASE)
_CALLING_LINK = re.compile(r"(?:wa\.me/|t\.me/\+|phone=|number=)(?:\+|%2B)?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Digits without anything between, and where they stand."""

    start: int
    end: int
    digits: str


def masked(text: str, *, guess: bool = True) -> str:
    """Give `text` with the numbers of persons masked, in the same length.

    Args:
        text: as it was written; numbers may be taken apart by spaces, brackets and what is not seen.
        guess: whether ten digits that nothing names are taken for a Ukrainian tax number if their check digit says so.
    """
    if _WORTH.search(text) is None:
        return text
    links = [found.span() for found in _LINK.finditer(text)]
    groups = [_group(text, found.start(), found.end()) for found in _GROUP.finditer(text)]
    shown = list(text)
    number = 0
    while number < len(groups):
        last = _personal(text, groups, number, links, after_masked=_is_masked(shown, groups, number), guess=guess)
        if last is not None:
            _hide(shown, groups[number : last + 1])
        number = number + 1 if last is None else last + 1
    return "".join(shown)


def _group(text: str, start: int, end: int) -> _Group:
    digits = "".join(str(unicodedata.decimal(letter)) for letter in text[start:end] if letter.isdecimal())
    return _Group(start=start, end=end, digits=digits)


def _is_masked(shown: Sequence[str], groups: Sequence[_Group], number: int) -> bool:
    return number > 0 and shown[groups[number - 1].start] == MASK


def _hide(shown: list[str], groups: Sequence[_Group]) -> None:
    places = [place for group in groups for place in range(group.start, group.end) if shown[place].isdecimal()]
    for place in places[:-KEPT]:
        shown[place] = MASK


def _personal(
    text: str,
    groups: Sequence[_Group],
    number: int,
    links: Sequence[tuple[int, int]],
    *,
    after_masked: bool,
    guess: bool,
) -> int | None:
    """Say which group is the last of a person's number that begins with group `number`; None: none does."""
    first = groups[number]
    before = text[max(0, first.start - _LOOKED_BACK) : first.start]
    if any(start <= first.start < end for start, end in links) and _CALLING_LINK.search(before) is None:
        return None
    glued = before[-1:] in _TIGHT and before[-2:-1].isdecimal() and not after_masked
    reach = _reach(text, groups, number)
    named = personal_numbers.named(before) if reach > number and not glued else None
    for last in reversed(range(number, reach)):
        found = _candidate(text, groups[number : last + 1], before, named)
        if _ends(text, groups[last].end) and personal_numbers.is_personal(found, glued=glued, guess=guess):
            return last
    return None


def _reach(text: str, groups: Sequence[_Group], number: int) -> int:
    """Say up to where groups may belong to one number; `number` itself if they are too few digits for one."""
    end, length = number + 1, len(groups[number].digits)
    while end < min(number + _MOST_GROUPS, len(groups)):
        length += len(groups[end].digits)
        if length > personal_numbers.LONGEST or _GAP.fullmatch(text[groups[end - 1].end : groups[end].start]) is None:
            break
        end += 1
    return end if length >= SHORTEST else number


def _ends(text: str, end: int) -> bool:
    tail = text[end : end + 2]
    if tail[:1].isascii() and (tail[:1].isalpha() or tail[:1] == "_"):
        return False
    return not (tail[:1] in {"-", "."} and tail[1:].isdecimal())


def _candidate(text: str, groups: Sequence[_Group], before: str, named: Named | None) -> Candidate:
    stripped = before.rstrip(" (\u00a0" + "\u200b\u200e\u200f\u202a\u202c\u2060")
    return Candidate(
        text=text[groups[0].start : groups[-1].end],
        digits="".join(group.digits for group in groups),
        lengths=tuple(len(group.digits) for group in groups),
        before=before,
        named=named,
        plus=stripped.endswith("+") or before.upper().endswith("%2B"),
        bracket=before.endswith("("),
    )
