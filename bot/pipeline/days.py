"""Days as people write them, in every command alike.

today, yesterday, 2026-11-21    one day
7d, 12w                         so many days or weeks up to and with today
2026-11-01..2026-11-21          from one day to another, in either order; with nothing behind the dots: up to today
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

TELEGRAM_BEGAN = date(2013, 8, 14)
"""No post is older."""

_BACK = re.compile(r"([1-9]\d{0,3})([dw])", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_RANGE = re.compile(r"(\S+?)(?:\.\.|…)(\S*)")
_NAMED = {"today": 0, "yesterday": 1}
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """All days from `first` to `last`."""

    first: date
    last: date


def read(word: str, today: date) -> Days | None:
    """Read the days that a word names; None: it names none."""
    if between := _RANGE.fullmatch(word):
        one, other = day(between[1], today), day(between[2] or "today", today)
        return None if one is None or other is None else Days(first=min(one, other), last=max(one, other))
    found = day(word, today)
    return None if found is None else Days(first=found, last=found if back(word) is None else today)


def day(word: str, today: date) -> date | None:
    """Read a single day; of 7d it is the first, and never before Telegram began. None: the word names none."""
    low = word.lower()
    count = back(low)
    if low in _NAMED or count is not None:
        return max(TELEGRAM_BEGAN, today - timedelta(days=_NAMED[low] if count is None else count - 1))
    try:
        return date.fromisoformat(low) if _DATE.fullmatch(low) else None
    except ValueError:
        return None


def back(word: str) -> int | None:
    """Read how many days 7d or 12w are; None: the word says neither."""
    found = _BACK.fullmatch(word)
    return None if found is None else int(found[1]) * (_WEEK if found[2].lower() == "w" else 1)
