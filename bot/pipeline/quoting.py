"""Which sentence of a post is quoted where there is room for one."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from bot.pipeline import tokens
from storage.models import Match

_SHORT = 40
"""Characters; what is shorter says little without the sentence after it."""


def sentence(text: str, matches: Sequence[Match]) -> tuple[int, int]:
    """Give start and end of the sentence of `text` that holds most of the matches, the first of equals."""
    ends = sorted({*tokens.sentence_ends(text), len(text)})
    starts = [0, *ends[:-1]]
    counts = Counter(min(bisect_right(starts, match.start), len(starts)) - 1 for match in matches)
    number = min(counts, key=lambda place: (-counts[place], place), default=0)
    short = len(text[starts[number] : ends[number]].strip()) < _SHORT
    return starts[number], ends[min(number + short, len(ends) - 1)]
