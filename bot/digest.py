"""The digest: what it tells of the days that were asked for, and which daily one is due."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from bot import audience, figures, periods, schedule
from bot.pipeline.days import Days
from bot.render import buttons, chart
from bot.render import digest as layout
from bot.render.catalogue import Catalogue
from bot.render.digest_data import Period
from storage import chats, outbox
from storage.database import Connection, Database
from storage.models import Chat, Message

MOST_DAYS = 7
"""A digest that makes up for missed ones tells of so many days at most."""
LATE_SECONDS = 600
"""So much after its time a digest says when it was due; before, it may have waited for what was posted meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A digest of days to send: of `period` to `chat`, due at `at` (UTC seconds), under `key` in the outbox."""

    chat: Chat
    period: Period
    key: str
    at: int


async def compose(
    database: Database,
    texts: Catalogue,
    period: Period,
    *,
    topics: Sequence[str],
    now: int,
    zone: ZoneInfo,
    paged: bool = True,
    due_at: int | None = None,
) -> tuple[Message, ...]:
    """Write the digest of `period` from what is stored.

    Args:
        database: where the posts are.
        texts: the catalogue of the chat's language.
        period: which days, and which topic or channel.
        topics: the names of all topics, in the order in which they are told.
        now: UTC seconds.
        zone: the chat's time zone.
        paged: what is longer than one message has pages that buttons turn; else all of it is given.
        due_at: when it should have been sent (UTC seconds); None: it was asked for.
    """
    async with database.reading() as connection:
        data = await figures.gather(connection, period, topics=topics, now=now, zone=zone)
    if due_at is not None and now - due_at >= LATE_SECONDS:
        data = replace(data, due_at=due_at)
    picture = None
    if data.flagged:
        # Drawing takes a third of a second, in which alerts must not wait.
        picture = await asyncio.to_thread(chart.daily_chart, data.daily, layout.labels(texts, data))
    return layout.digest(texts, data, zone=zone, picture=picture, word=_word(period) if paged else None)


async def turned(
    database: Database,
    texts: Catalogue,
    period: Period,
    number: int,
    *,
    topics: Sequence[str],
    now: int,
    zone: ZoneInfo,
) -> Message:
    """Write a page of the digest of `period` as it is now, from 0: what stands below the picture."""
    async with database.reading() as connection:
        data = await figures.gather(connection, period, topics=topics, now=now, zone=zone)
    return layout.page(texts, data, number, zone=zone, word=_word(period))


def _word(period: Period) -> str:
    return f"{buttons.DIGEST}{periods.code(period)}"


async def due(connection: Connection, *, at: time, now: int) -> tuple[Due, ...]:
    """Give the digests that should have been sent by `now` and are not in the outbox: at most one a chat.

    Each day's digest is due on the day after, that of a week on the Monday after, at the chat's own time or else at
    `at` (both local), so that no hour is left out: a day that was missed is told of in the next one, up to a week
    back. A chat gets none of the time before it was let in.
    """
    found = []
    for chat in await chats.all_chats(connection):
        zone = ZoneInfo(chat.timezone)
        last = schedule.last_monday_run if chat.weekly else schedule.last_run
        run = last(now, _clock(chat, at), zone)
        day = schedule.day_of(run, zone) - timedelta(days=1)
        key = f"digest:week:{day.isoformat()}" if chat.weekly else f"digest:{day.isoformat()}"
        period = _weekly(day, zone) if chat.weekly else _daily(day, zone, told_until=chat.digested_until)
        # Who has just moved to another time zone may have been told of all of it there.
        told = chat.digested_until is not None and period.end <= chat.digested_until
        if chat.paired_at <= run and not told and not await outbox.key_exists(connection, chat.id, key):
            found.append(Due(chat=chat, period=period, key=key, at=run))
    return tuple(found)


def _clock(chat: Chat, at: time) -> time:
    return at if chat.digest_at is None else schedule.of_minutes(chat.digest_at)


def _weekly(last: date, zone: ZoneInfo) -> Period:
    return periods.of_days(Days(first=last - timedelta(days=6), last=last), zone)


def _daily(day: date, zone: ZoneInfo, *, told_until: int | None) -> Period:
    # Who moved to another time zone, or had the process down, has untold hours or days before the last one.
    if told_until is None or told_until >= schedule.day_bounds(day, zone)[0]:
        return periods.of_day(day, zone)
    first = max(schedule.day_of(told_until, zone), day - timedelta(days=MOST_DAYS - 1))
    return periods.of_days(Days(first=first, last=day), zone)


async def queue(tx: Connection, due: Due, messages: Sequence[Message], *, now: int) -> bool:
    """Put such a digest into the outbox, all its messages or, if it is there already, none; say which.

    In the quiet hours of its chat it comes without a sound.
    """
    if await chats.get(tx, due.chat.id) is None:
        return False  # it was taken out while the digest was written
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
