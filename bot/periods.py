"""Which days, topic and channel a digest is asked of, as people write it and as buttons carry it."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot import schedule
from bot.pipeline import topic_names
from bot.render import catalogue, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.digest_data import Period
from storage.models import Channel, ChannelInfo

LONGEST_DAYS = 92
"""Days that one digest may cover."""
TELEGRAM_BEGAN = date(2013, 8, 14)

_AGO = re.compile(r"([1-9]\d{0,3})d")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_RANGE = re.compile(r"(\S+?)(?:\.\.|…)(\S+)")
_CODE = re.compile(r"(?P<first>[1-9]\d{5}):(?P<days>\d{1,2}):(?P<of>t[^:]{1,20}|c\d{1,15}|)")
_LAST_ZONE = ZoneInfo("Etc/GMT+12")
"""Where a day ends last."""
_GIVEN_LIMIT = 40
_CHANNELS_NAMED = 5
_WORDS = {"today": 0, "yesterday": 1}
_DASHES = frozenset({"-", "–", "—", "..", "…"})

Reason = Literal["unknown", "future", "long_ago", "too_long", "twice", "several"]
Meant = Callable[[str], Sequence[Channel]]
"""Gives the channels that a name, a link or a title means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why `given` asks for no digest: `explain` says it in a sentence; `among`: the channels that fit it."""

    reason: Reason
    given: str
    among: tuple[str, ...] = ()


class _ProblemError(Exception):
    def __init__(self, reason: Reason, given: str, among: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.problem = Problem(reason=reason, given=given, among=among)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    first: date
    last: date
    asked: str


def of_day(day: date, zone: ZoneInfo, *, topic: str | None = None) -> Period:
    """Give the period of one day in `zone`."""
    return of_days(day, day, zone, asked=day.isoformat(), topic=topic)


def of_days(
    first: date, last: date, zone: ZoneInfo, *, asked: str, topic: str | None = None, channel: ChannelInfo | None = None
) -> Period:
    """Give the period of whole days in `zone`; see `Period`."""
    start, end = schedule.day_bounds(first, zone)[0], schedule.day_bounds(last, zone)[1]
    return Period(first=first, last=last, start=start, end=end, asked=asked, topic=topic, channel=channel)


def parse(
    args: str, *, now: int, zone: ZoneInfo, topics: Collection[str], meant: Meant, usual: int = 1
) -> Period | Problem:
    """Read what stands behind /digest: days, a topic and a channel, in any order; without days: today.

    Days are `today`, `yesterday`, `7d`, a date, or two of them with or without `..` between. What is neither a day
    nor a topic names a channel.

    Args:
        args: as typed.
        now: UTC seconds.
        zone: whose days are meant.
        topics: the names of the topics; so much of one as no other begins with is enough.
        meant: finds channels.
        usual: how many days up to today are meant where none are named.
    """
    try:
        return _read(args.split(), schedule.day_of(now, zone), zone, topics, meant, usual=usual)
    except _ProblemError as error:
        return error.problem


def _read(
    words: Sequence[str], today: date, zone: ZoneInfo, topics: Collection[str], meant: Meant, *, usual: int
) -> Period:
    days: list[_Days] = []
    of_topics: list[str] = []
    others: list[str] = []
    for word in words:
        if read := _read_days(word.lower(), today):
            days.append(_joined(days.pop(), read, word) if days else read)
        elif named := topic_names.meant(word, topics):
            of_topics.append(named)
        elif word not in _DASHES:
            others.append(word)
    if len(of_topics) > 1:
        raise _ProblemError("twice", of_topics[1])
    asked = days[0] if days else _up_to(today, usual, asked="today" if usual == 1 else f"{usual}d")
    if (asked.last - asked.first).days >= LONGEST_DAYS:
        raise _ProblemError("too_long", asked.asked)
    channel = _channel(" ".join(others), meant) if others else None
    only = of_topics[0] if of_topics else None
    return of_days(asked.first, asked.last, zone, asked=asked.asked, topic=only, channel=channel)


def _joined(one: _Days, other: _Days, word: str) -> _Days:
    """Make two single days a range; more than two, or one beside a stretch of days, say nothing clear."""
    if one.first != one.last or other.first != other.last or one.first == other.first:
        raise _ProblemError("twice", word)
    first, last = sorted((one.first, other.first))
    return _Days(first=first, last=last, asked=f"{first.isoformat()}..{last.isoformat()}")


def _up_to(today: date, count: int, *, asked: str) -> _Days:
    return _Days(first=today - timedelta(days=count - 1), last=today, asked=asked)


def _channel(name: str, meant: Meant) -> ChannelInfo:
    found = meant(name)
    if not found:
        raise _ProblemError("unknown", name)
    if len(found) > 1:
        raise _ProblemError("several", name, tuple(phrases.title(channel.info) for channel in found[:_CHANNELS_NAMED]))
    return found[0].info


def _read_days(word: str, today: date) -> _Days | None:
    if word in _WORDS:
        day = today - timedelta(days=_WORDS[word])
        return _Days(first=day, last=day, asked=word)
    if count := _AGO.fullmatch(word):
        if int(count[1]) > LONGEST_DAYS:
            raise _ProblemError("too_long", word)
        return _up_to(today, int(count[1]), asked=word)
    if between := _RANGE.fullmatch(word):
        one, other = (_read_days(end, today) for end in between.groups())
        return _joined(one, other, word) if one and other else None
    return _read_date(word, today) if _DATE.fullmatch(word) else None


def _read_date(word: str, today: date) -> _Days:
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise _ProblemError("unknown", word) from None
    if day < TELEGRAM_BEGAN:
        raise _ProblemError("long_ago", word)
    if day > today:
        raise _ProblemError("future", word)
    return _Days(first=day, last=day, asked=word)


def explain(texts: Catalogue, problem: Problem, *, topics: Collection[str]) -> str:
    """Say in a sentence what is wrong with what was asked for, and give an example."""
    return catalogue.text(
        texts,
        f"period.{problem.reason}",
        given=text.line(problem.given, _GIVEN_LIMIT),
        topics=", ".join(topics),
        days=LONGEST_DAYS,
        among=", ".join(problem.among),
    )


def code(period: Period) -> str:
    """Write a period as a button carries it, in at most 50 bytes."""
    of = f"c{period.channel.id}" if period.channel is not None else f"t{period.topic}" if period.topic else ""
    return f"{period.first.toordinal()}:{(period.last - period.first).days + 1}:{of}"


def may_tell_of(written: str, at: int) -> bool:
    """Say whether a digest under which a button carries `written` may tell of a post of `at` (UTC seconds).

    One of later days may tell that it was edited or deleted.
    """
    found = _CODE.fullmatch(written)
    return found is not None and schedule.day_of(at, _LAST_ZONE).toordinal() < int(found["first"]) + int(found["days"])


def decode(written: str, *, zone: ZoneInfo, channels: Sequence[Channel]) -> Period | None:
    """Read what `code` wrote; None: it is none, for buttons can be forged, or of a channel that is gone."""
    found = _CODE.fullmatch(written)
    if found is None or not 0 < int(found["days"]) <= LONGEST_DAYS:
        return None
    first, of = date.fromordinal(int(found["first"])), found["of"]
    last = first + timedelta(days=int(found["days"]) - 1)
    channel = next((one.info for one in channels if of == f"c{one.info.id}"), None)
    if of.startswith("c") and channel is None:
        return None
    asked = first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"
    return of_days(first, last, zone, asked=asked, topic=of[1:] if of.startswith("t") else None, channel=channel)
