"""The digest: which days are asked for, what it tells of them, and which daily one is due."""

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot import audience, figures, schedule
from bot.render import catalogue, chart, text
from bot.render import digest as layout
from bot.render.catalogue import Catalogue
from bot.render.digest_data import Period
from storage import chats, outbox
from storage.database import Connection, Database
from storage.models import Chat, Message

LONGEST_DAYS = 92
"""Days that one digest may cover."""
TELEGRAM_BEGAN = date(2013, 8, 14)

_DAYS = re.compile(r"([1-9]\d{0,3})d")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_GIVEN_LIMIT = 40
_WORDS = {"today": 0, "yesterday": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why `given` asks for no digest: `explain` says it in a sentence."""

    reason: Literal["unknown", "future", "long_ago", "too_long", "twice"]
    given: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A daily digest to send: of `period` to `chat`, under `key` in the outbox."""

    chat: Chat
    period: Period
    key: str


def of_day(day: date, zone: ZoneInfo, *, topic: str | None = None) -> Period:
    """Give the period of one day in `zone`."""
    return _days(day, day, zone, asked=day.isoformat(), topic=topic)


def _days(first: date, last: date, zone: ZoneInfo, *, asked: str, topic: str | None) -> Period:
    start, end = schedule.day_bounds(first, zone)[0], schedule.day_bounds(last, zone)[1]
    return Period(first=first, last=last, start=start, end=end, asked=asked, topic=topic)


def parse_period(args: str, *, now: int, zone: ZoneInfo, topics: Collection[str]) -> Period | Problem:
    """Read what stands behind /digest: `[today|yesterday|7d|YYYY-MM-DD] [topic]`, in any order; without a day: today.

    Args:
        args: as typed.
        now: UTC seconds.
        zone: whose days are meant.
        topics: the names of the topics; so much of one as no other begins with is enough.
    """
    today = schedule.day_of(now, zone)
    days: tuple[date, date, str] | None = None
    topic: str | None = None
    for word in args.split():
        found = _read_days(word.lower(), today) or _topic(word, topics) or Problem(reason="unknown", given=word)
        match found:
            case Problem():
                return found
            case str() if topic is None:
                topic = found
            case tuple() if days is None:
                days = found
            case _:
                return Problem(reason="twice", given=word)
    first, last, asked = days or (today, today, "today")
    return _days(first, last, zone, asked=asked, topic=topic)


def _topic(word: str, topics: Collection[str]) -> str | None:
    fitting = [topic for topic in topics if topic.casefold().startswith(word.casefold())]
    exact = [topic for topic in fitting if topic.casefold() == word.casefold()]
    return (exact or fitting)[0] if len(exact or fitting) == 1 else None


def _read_days(word: str, today: date) -> tuple[date, date, str] | Problem | None:
    if word in _WORDS:
        day = today - timedelta(days=_WORDS[word])
        return day, day, word
    if count := _DAYS.fullmatch(word):
        if int(count[1]) > LONGEST_DAYS:
            return Problem(reason="too_long", given=word)
        return today - timedelta(days=int(count[1]) - 1), today, word
    return _read_date(word, today) if _DATE.fullmatch(word) else None


def _read_date(word: str, today: date) -> tuple[date, date, str] | Problem:
    try:
        day = date.fromisoformat(word)
    except ValueError:
        return Problem(reason="unknown", given=word)
    if day < TELEGRAM_BEGAN:
        return Problem(reason="long_ago", given=word)
    return (day, day, word) if day <= today else Problem(reason="future", given=word)


def explain(texts: Catalogue, problem: Problem, *, topics: Collection[str]) -> str:
    """Say in a sentence what is wrong with what was asked for, and give an example."""
    given = text.line(problem.given, _GIVEN_LIMIT)
    return catalogue.text(texts, f"period.{problem.reason}", given=given, topics=", ".join(topics), days=LONGEST_DAYS)


async def compose(
    database: Database, texts: Catalogue, period: Period, *, topics: Sequence[str], now: int, zone: ZoneInfo
) -> tuple[Message, ...]:
    """Write the digest of `period` from what is stored.

    Args:
        database: where the posts are.
        texts: the catalogue of the chat's language.
        period: which days, and which topic.
        topics: the names of all topics, in the order in which they are told.
        now: UTC seconds.
        zone: the chat's time zone.
    """
    async with database.reading() as connection:
        data = await figures.gather(connection, period, topics=topics, now=now, zone=zone)
    picture = None
    if data.flagged:
        # Drawing takes a third of a second, in which alerts must not wait.
        picture = await asyncio.to_thread(chart.daily_chart, data.daily, layout.labels(texts, data))
    return layout.digest(texts, data, zone=zone, picture=picture)


async def due(connection: Connection, *, at: time, now: int) -> tuple[Due, ...]:
    """Give the daily digests that should have been sent by `now` and are not in the outbox: at most one a chat.

    Each day's digest is due on the day after, at the chat's own time or else at `at` (both local), so that no hour of
    a day is left out. Of several that were missed only the last is due. A chat gets none of the time before it was
    let in.
    """
    found = []
    for chat in await chats.all_chats(connection):
        zone = ZoneInfo(chat.timezone)
        run = schedule.last_run(now, _clock(chat, at), zone)
        day = schedule.day_of(run, zone) - timedelta(days=1)
        key = f"digest:{day.isoformat()}"
        period = _daily(day, zone, told_until=chat.digested_until)
        # Who has just moved to another time zone may have been told of all of it there.
        told = chat.digested_until is not None and period.end <= chat.digested_until
        if chat.paired_at <= run and not told and not await outbox.key_exists(connection, chat.id, key):
            found.append(Due(chat=chat, period=period, key=key))
    return tuple(found)


def _clock(chat: Chat, at: time) -> time:
    return at if chat.digest_at is None else schedule.of_minutes(chat.digest_at)


def _daily(day: date, zone: ZoneInfo, *, told_until: int | None) -> Period:
    # Who moved to another time zone has hours between the last day there and the first one here.
    start = schedule.day_bounds(day, zone)[0]
    if told_until is None or not start - schedule.DAY < told_until < start:
        return of_day(day, zone)
    before = schedule.day_of(told_until, zone)
    if told_until == schedule.day_bounds(before, zone)[0]:
        return of_day(day, zone)
    # Today is the third of these days: what is not listed is found there.
    return _days(before, day, zone, asked="3d", topic=None)


async def next_due(connection: Connection, *, at: time, now: int) -> int | None:
    """Give the time (UTC seconds) at which the next daily digest falls due; None while nobody was let in."""
    runs = {(_clock(chat, at), ZoneInfo(chat.timezone)) for chat in await chats.all_chats(connection)}
    return min((schedule.next_run(now, clock, zone) for clock, zone in runs), default=None)


async def queue(tx: Connection, due: Due, messages: Sequence[Message], *, now: int) -> bool:
    """Put a daily digest into the outbox, all its messages or, if it is there already, none; say which.

    In the quiet hours of its chat it comes without a sound.
    """
    silent = audience.quiet_until(due.chat, now) is not None
    for number, message in enumerate(messages):
        added = await outbox.add(
            tx,
            chat_id=due.chat.id,
            kind="digest",
            key=due.key if number == 0 else f"{due.key}:{number + 1}",
            random_id=outbox.new_random_id(),
            message=replace(message, silent=silent),
            now=now,
        )
        if added is None:
            return False
    await chats.set_digested(tx, due.chat.id, due.period.end)
    return True
