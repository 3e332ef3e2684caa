"""Cuts a folded text into words and numbers, and tells where its sentences end."""

import bisect
import re
from collections.abc import Sequence

Place = tuple[int, int]
"""Start and end of a word, in characters of the text it was cut from."""

# The alphabets of Europe by their ranges: twice as fast as "any letter", and rules are written in no other.
_LETTER = "a-zß-öø-ɏͰ-ϿЀ-ԯ"
WORD = re.compile(f"[{_LETTER}]+(?:'[{_LETTER}]+)*|[0-9]+")
_LINK = re.compile(r"(?:https?://|www\.|t\.me/)\S+|(?<!\w)@[a-z][a-z0-9_]{3,63}")
# A full stop ends a sentence unless it stands after an initial or an abbreviation, or a small letter follows.
_END = re.compile(r"[.!?…\n•▪●►▶](?<![.!?…]{2})(?:(?<=[\n•▪●►▶])|[.!?…]*[\"»”')\]*_]{0,3}[ \t\xa0]+)")
_ABBREVIATION = re.compile(
    r"(?:^|\W)(?:[^\W\d_]|ст|ул|им|гр|пос|обл|тыс|тис|руб|см|др|пр|вул|грн|бул|ч|п|mr|mrs|ms|dr|st|lt|sgt|capt|gen|vs)$"
)
_LONGEST_ABBREVIATION = 6


def without_links(folded: str) -> str:
    """Blank links and mentions, whose letters say nothing; the length stays."""
    if "@" not in folded and "/" not in folded and "www" not in folded:
        return folded
    return _LINK.sub(lambda link: " " * len(link.group()), folded)


def cut(folded: str) -> list[str]:
    """Cut a folded text into its words and numbers; a hyphen parts words, an apostrophe does not."""
    return WORD.findall(folded)


def places(folded: str) -> list[Place]:
    """Give the places of the words that `cut` finds."""
    return [found.span() for found in WORD.finditer(folded)]


def sentences(text: str, where: Sequence[Place]) -> list[int]:
    """Number the sentence of each word; `text` in its original case."""
    ends = sentence_ends(text)
    if not ends:
        return [0] * len(where)
    return [bisect.bisect_right(ends, start) for start, _ in where]


def sentence_ends(text: str) -> list[int]:
    """Give the places in `text` where a sentence is over and another one may begin."""
    return [found.end() for found in _END.finditer(text) if _is_end(text, found)]


def _is_end(text: str, found: re.Match[str]) -> bool:
    if not found.group().startswith("."):
        return True
    if text[found.end() : found.end() + 1].islower():
        return False
    before = text[max(0, found.start() - _LONGEST_ABBREVIATION) : found.start()].lower()
    return _ABBREVIATION.search(before) is None
