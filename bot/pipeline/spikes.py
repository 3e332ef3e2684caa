"""Whether a topic runs above what is usual for the hour of the week."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

LEAST_POSTS = 5
"""With fewer posts in the hour nothing is said."""
WEEKS, LEAST_WEEKS = 8, 3
"""So many weeks back the same hour is looked at; with fewer than the least held, nothing is called usual."""
PAUSE_SECONDS = 6 * 3600
"""For so long the same topic is not told again."""
_CLEAR = 4.0
"""How far above the median an hour must lie, in units of the usual spread: some 500 are looked at in a week."""
_DEVIATION = 1.4826
"""Turns a median absolute deviation into the standard deviation of as wide a spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """An hour with `posts` of a topic where `usual` are usual."""

    posts: int
    usual: float


def weeks_known(weeks: int) -> int:
    """Say in how many of the weeks that are held a channel must be known, for the median of all to know it as well."""
    return max(LEAST_WEEKS, weeks // 2 + 1)


def decide(posts: int, before: Sequence[int], *, told_at: int | None, now: int) -> Spike | None:
    """Say whether a topic runs high, and is to be told.

    Median and median absolute deviation are not moved by a week in which it ran high before. Small counts scatter by
    chance as their square root does, whatever eight of them show.

    Args:
        posts: in the last hour.
        before: in the same hour of the weeks before.
        told_at: when it was told last, in UTC seconds; None: never.
        now: UTC seconds.
    """
    if posts < LEAST_POSTS or len(before) < LEAST_WEEKS:
        return None
    if told_at is not None and now < told_at + PAUSE_SECONDS:
        return None
    usual = float(median(before))
    deviation = median(abs(count - usual) for count in before)
    spread = max(1.0, math.sqrt(usual), _DEVIATION * deviation)
    return Spike(posts=posts, usual=usual) if posts > usual + _CLEAR * spread else None
