"""Which posts an export is asked for, as one types it: words in any order.

7d, today, yesterday, 2026-11-21    the days; without any: the last seven
2026-11-01..2026-11-21              from that day up to and with that day; also from:… and to:…
topic:rotation                      flagged for this topic; so much of its name as no other begins with is enough
all                                 also posts that were not flagged
with-deleted                        with the texts of posts that their channels deleted
csv, jsonl                          the form of the file
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.pipeline import topic_names

USUAL_DAYS = 7
Form = Literal["csv", "jsonl"]
Problem = Literal["word", "day", "order", "topic"]

_FIRST = date(2000, 1, 1)
"""Earlier than any post."""
_LAST_YEAR = 2999
_FORMS: dict[str, Form] = {"csv": "csv", "jsonl": "jsonl", "json": "jsonl"}
_NAMED_DAYS = {"today": 0, "yesterday": 1}
_BACK = re.compile(r"([1-9]\d{0,3})d")
_DASHES = "-–—−"
"""What phones make of two hyphens."""
_ANY_DAY = re.compile(r"[\d-]*\d")


class SelectionError(ValueError):
    """What was typed selects nothing: `problem` says why, `found` is the word that cannot be read."""

    def __init__(self, problem: Problem, found: str) -> None:
        """Keep what was found."""
        super().__init__(f"{problem}: {found}")
        self.problem, self.found = problem, found


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Posts of the days `first` to `last`, of one of `topics` (none: of any), and how they are written.

    `flagged`: only those that were flagged. `with_deleted`: with the texts of deleted ones.
    """

    first: date
    last: date
    topics: tuple[str, ...] = ()
    flagged: bool = True
    with_deleted: bool = False
    form: Form = "csv"


@dataclass(slots=True, kw_only=True)
class _Read:
    first: date | None = None
    last: date | None = None
    topics: list[str]
    words: set[str]
    form: Form = "csv"


def parse(typed: str, *, today: date, topics: Collection[str]) -> Selection:
    """Read a selection.

    Args:
        typed: the words.
        today: the day it is where they were typed.
        topics: the names of the topics there are.

    Raises:
        SelectionError: A word cannot be read.
    """
    read = _Read(topics=[], words=set())
    for word in typed.split():
        _take(read, word, today, topics)
    last = read.last or today
    first = read.first or (today - timedelta(days=USUAL_DAYS - 1) if read.last is None else _FIRST)
    if first > last:
        raise SelectionError("order", f"{first}..{last}")
    return Selection(
        first=first,
        last=last,
        topics=tuple(dict.fromkeys(read.topics)),
        flagged="all" not in read.words,
        with_deleted="with-deleted" in read.words,
        form=read.form,
    )


def _take(read: _Read, word: str, today: date, topics: Collection[str]) -> None:
    low = word.lower()
    name, colon, value = low.partition(":")
    bare = low.strip(_DASHES)
    if bare in _FORMS:
        read.form = _FORMS[bare]
    elif bare in {"all", "with-deleted"}:
        read.words.add(bare)
    elif colon and name == "topic":
        read.topics.append(_topic(value, topics))
    elif colon and name in {"from", "to"}:
        day = _day(value, today)
        read.first, read.last = (day, read.last) if name == "from" else (read.first, day)
    elif ".." in low:
        start, _, end = low.partition("..")
        read.first, read.last = _day(start, today), _day(end, today) if end else today
    else:
        _take_days(read, word, today)


def _take_days(read: _Read, word: str, today: date) -> None:
    low = word.lower()
    if not (low in _NAMED_DAYS or _BACK.fullmatch(low) or _ANY_DAY.fullmatch(low)):
        raise SelectionError("word", word)
    read.first = _day(low, today)
    read.last = today if _BACK.fullmatch(low) else read.first


def _day(written: str, today: date) -> date:
    if written in _NAMED_DAYS:
        return today - timedelta(days=_NAMED_DAYS[written])
    back = _BACK.fullmatch(written)
    try:
        day = today - timedelta(days=int(back[1]) - 1) if back else date.fromisoformat(written)
    except ValueError:
        raise SelectionError("day", written) from None
    if day < _FIRST or day.year > _LAST_YEAR:
        raise SelectionError("day", written)
    return day


def _topic(written: str, topics: Collection[str]) -> str:
    meant = topic_names.meant(written, topics)
    if meant is None:
        raise SelectionError("topic", written)
    return meant
