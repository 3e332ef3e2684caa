"""Which days, topic and channel something is asked of, as people write it and as buttons carry it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot import schedule
from bot.pipeline import days, topic_names
from bot.pipeline.days import Days
from bot.render import catalogue, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.digest_data import Period
from storage.models import Channel, ChannelInfo

LONGEST_DAYS = 92
"""Days that one digest may cover."""

_CODE = re.compile(r"(?P<first>[1-9]\d{5}):(?P<days>\d{1,2}):(?P<of>t[^:]{1,20}|c\d{1,15}|)")
_LAST_ZONE = ZoneInfo("Etc/GMT+12")
"""Where a day ends last."""
_GIVEN_LIMIT = 40
_CHANNELS_NAMED = 5
_DASHES = frozenset({"-", "–", "—", "..", "…"})

Reason = Literal["unknown", "future", "long_ago", "too_long", "twice", "several"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What words can mean: days of `zone` up to `now` (UTC seconds), `topics` by their names, and `channels`.

    `meant` picks the channels that a name, a link or a title means.
    """

    now: int
    zone: ZoneInfo
    topics: Sequence[str]
    channels: Sequence[Channel]
    meant: Callable[[Sequence[Channel], str], Sequence[Channel]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why `given` names nothing: `explain` says it in a sentence; `among`: the channels that fit it."""

    reason: Reason
    given: str
    among: tuple[str, ...] = ()


class _ProblemError(Exception):
    def __init__(self, reason: Reason, given: str, among: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.problem = Problem(reason=reason, given=given, among=among)


def of_day(day: date, zone: ZoneInfo, *, topic: str | None = None) -> Period:
    """Give the period of one day in `zone`."""
    return of_days(Days(first=day, last=day), zone, topic=topic)


def of_days(told: Days, zone: ZoneInfo, *, topic: str | None = None, channel: ChannelInfo | None = None) -> Period:
    """Give the period of whole days in `zone`; see `Period`."""
    start, end = schedule.day_bounds(told.first, zone)[0], schedule.day_bounds(told.last, zone)[1]
    return Period(first=told.first, last=told.last, start=start, end=end, topic=topic, channel=channel)


def parse(args: str, known: Known, *, usual: int = 1, longest: int | None = LONGEST_DAYS) -> Period | Problem:
    """Read days (see `bot.pipeline.days`; also two in words of their own), a topic and a channel, in any order.

    So much of a topic's name as no other begins with is enough. What is neither a day nor a topic names a channel.

    Args:
        args: as typed.
        known: what it can mean.
        usual: how many days up to today are meant where none are named.
        longest: how many days there may be; None: any number.
    """
    today = schedule.day_of(known.now, known.zone)
    try:
        told, topic, channel = _read(args.split(), known, today)
    except _ProblemError as error:
        return error.problem
    if told is None:
        told = Days(first=today - timedelta(days=usual - 1), last=today)
    period = of_days(told, known.zone, topic=topic, channel=channel)
    if longest is not None and (period.last - period.first).days >= longest:
        return Problem(reason="too_long", given=period.asked)
    return period


def _read(words: Sequence[str], known: Known, today: date) -> tuple[Days | None, str | None, ChannelInfo | None]:
    told, topic = None, None
    others: list[str] = []
    for word in words:
        if read := days.read(word, today):
            told = _within(read if told is None else _joined(told, read, word), word, today)
        elif named := topic_names.meant(word, known.topics):
            if topic is not None:
                raise _ProblemError("twice", named)
            topic = named
        elif word not in _DASHES:
            others.append(word)
    return told, topic, _channel(" ".join(others), known) if others else None


def _joined(one: Days, other: Days, word: str) -> Days:
    """Make two single days a range; more than two, or one beside a stretch of days, say nothing clear."""
    if one.first != one.last or other.first != other.last or one.first == other.first:
        raise _ProblemError("twice", word)
    return Days(first=min(one.first, other.first), last=max(one.first, other.first))


def _within(told: Days, word: str, today: date) -> Days:
    if told.first < days.TELEGRAM_BEGAN:
        raise _ProblemError("long_ago", word)
    if told.last > today:
        raise _ProblemError("future", word)
    return told


def _channel(name: str, known: Known) -> ChannelInfo:
    found = known.meant(known.channels, name)
    if not found:
        raise _ProblemError("unknown", name)
    if len(found) > 1:
        raise _ProblemError("several", name, tuple(phrases.title(channel.info) for channel in found[:_CHANNELS_NAMED]))
    return found[0].info


def explain(texts: Catalogue, problem: Problem, known: Known, *, command: str) -> str:
    """Say in a sentence what is wrong with what was asked for behind `command`, and give examples of it."""
    return catalogue.text(
        texts,
        f"period.{problem.reason}",
        given=text.line(problem.given, _GIVEN_LIMIT),
        command=command,
        topics=", ".join(known.topics),
        days=LONGEST_DAYS,
        among=", ".join(problem.among),
    )


def file_name(period: Period, of: Sequence[str], ending: str) -> str:
    """Name a file by what it tells of: homefront-2026-11-01-2026-11-21-rotation-market_square.csv."""
    days = dict.fromkeys((period.first.isoformat(), period.last.isoformat()))
    channel = () if period.channel is None else (phrases.username(period.channel)[1:] or str(period.channel.id),)
    return "-".join(("homefront", *days, *of, *channel)) + f".{ending}"


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
    told = Days(first=first, last=first + timedelta(days=int(found["days"]) - 1))
    channel = next((one.info for one in channels if of == f"c{one.info.id}"), None)
    if of.startswith("c") and channel is None:
        return None
    return of_days(told, zone, topic=of[1:] if of.startswith("t") else None, channel=channel)
