"""Which days of a row stand out above what was usual before them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

USUAL_DAYS = 28
"""Days before a day whose median is what is usual for it."""
LEAST_DAYS = 5
"""With fewer of those held, the median of all days is taken."""
MOST = 3
_LEAST_POSTS = 2
_CLEAR = 1.0
"""How far a day must lie above the usual, in units of what chance does to such a count: its square root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """A day that stands out: its place in the row of `name`, what was counted and what was usual."""

    name: str
    place: int
    count: int
    usual: float


def days(rows: Mapping[str, Sequence[int]], *, first: int, held: int) -> tuple[Outlier, ...]:
    """Choose the days that stand out most, three at most, in the order of time.

    Args:
        rows: counts of days by name, oldest first, all of one length.
        first: the place of the first day that is chosen from; those before only say what was usual.
        held: the place of the first day of which everything is held.
    """
    found = []
    for name, row in rows.items():
        known = row[held:]
        for place in range(max(first, held), len(row)):
            before = row[max(held, place - USUAL_DAYS) : place]
            usual = float(median(before if len(before) >= LEAST_DAYS else known))
            strength = (row[place] - usual) / math.sqrt(max(1.0, usual))
            if row[place] >= _LEAST_POSTS and strength > _CLEAR:
                found.append((strength, Outlier(name=name, place=place, count=row[place], usual=usual)))
    found.sort(key=lambda one: (-one[0], -one[1].place, one[1].name))
    return tuple(sorted((outlier for _, outlier in found[:MOST]), key=lambda one: (one.place, one.name)))
