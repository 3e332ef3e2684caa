"""When things happen: the digest and quiet hours of a day in a time zone, its bounds, the pace of sending. All pure."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHAT_BURST = 20
"""Messages that a chat may get at once before the steady pace holds."""
CHAT_PACE = 1.0
"""Messages a second to one chat in the long run: https://core.telegram.org/bots/faq"""
GROUP_BURST, GROUP_PACE = 5, 0.25
"""The same for a group, which may get 20 messages in any minute."""
ALL_PACE = 30
"""Messages to all chats together in any second."""
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
LOOKS = (10 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY)
"""Ages at which a post is looked up again; most are edited or deleted soon, if at all."""
LOOKS_FLAGGED = (
    *(2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR),
    *(DAY, 36 * HOUR, 2 * DAY, 3 * DAY, 4 * DAY, 6 * DAY, 8 * DAY, 11 * DAY, 14 * DAY),
)


def next_look(date: int, *, flagged: bool, now: int) -> int | None:
    """Say when a post is looked up again; None: no more.

    Args:
        date: of the post, UTC seconds.
        flagged: it has matches, so it was alerted or would be.
        now: UTC seconds; what it was then is known.
    """
    ages = LOOKS_FLAGGED if flagged else LOOKS
    return next((date + age for age in ages if date + age > now), None)


def changes_expected_from(checked_at: int) -> int:
    """Say from which date on (UTC seconds) posts may well have changed since a channel was checked at `checked_at`."""
    return checked_at - LOOKS_FLAGGED[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """What may still be sent at once. It fills by `pace` a second up to `burst`; `at` are seconds that never jump."""

    burst: float
    pace: float
    tokens: float
    at: float

    def refill(self, at: float) -> "Bucket":
        """Give the bucket as it is at `at`; a time that lies before the last one changes nothing."""
        if at <= self.at:
            return self
        return replace(self, tokens=min(self.burst, self.tokens + (at - self.at) * self.pace), at=at)

    def take(self, count: float) -> "Bucket":
        """Take `count` messages; below zero the debt is worked off before the next one goes."""
        return replace(self, tokens=self.tokens - count)

    def wait(self) -> float:
        """Seconds after `at` until one message may go: 0 if it may now."""
        return max(0.0, (1 - self.tokens) / self.pace)


def full(at: float, *, burst: float = CHAT_BURST, pace: float = CHAT_PACE) -> Bucket:
    """Give a full bucket at monotonic seconds `at`: one chat's, unless `burst` and `pace` say otherwise."""
    return Bucket(burst=burst, pace=pace, tokens=burst, at=at)


def full_of(chat_id: int, at: float) -> Bucket:
    """Give the full bucket of a chat; the ids of groups are negative."""
    if chat_id < 0:
        return full(at, burst=GROUP_BURST, pace=GROUP_PACE)
    return full(at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """At most `most` messages in any `seconds`; `times`: when the latest of them went, in seconds that never jump."""

    most: int = ALL_PACE
    seconds: float = 1.0
    times: tuple[float, ...] = ()

    def room(self, at: float) -> int:
        """How many messages may go at `at`."""
        return self.most - sum(at - time < self.seconds for time in self.times)

    def note(self, at: float) -> "Window":
        """Note that a message goes at `at`."""
        return replace(self, times=(*self.times, at)[-self.most :])


def day_bounds(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Give the first second of `day` in `zone` and that of the next day: 23, 24 or 25 hours apart, in UTC seconds."""
    return _instant(day, time(0), zone), _instant(day + timedelta(days=1), time(0), zone)


def day_of(at: int, zone: ZoneInfo) -> date:
    """Give the day that the calendar in `zone` shows at `at` (UTC seconds)."""
    return datetime.fromtimestamp(at, zone).date()


def next_run(after: int, at: time, zone: ZoneInfo) -> int:
    """Give the first time after `after` (UTC seconds) at which the clock in `zone` comes to `at`, once a day.

    Where the clock skips `at` that day, it is as long after midnight as on other days; where the clock shows `at`
    twice, it is the first.
    """
    day = day_of(after, zone) - timedelta(days=1)
    while (run := _instant(day, at, zone)) <= after:
        day += timedelta(days=1)
    return run


def last_run(until: int, at: time, zone: ZoneInfo) -> int:
    """Give the last time up to and including `until` (UTC seconds) at which the clock in `zone` came to `at`."""
    day = day_of(until, zone) + timedelta(days=1)
    while (run := _instant(day, at, zone)) > until:
        day -= timedelta(days=1)
    return run


def last_monday_run(until: int, at: time, zone: ZoneInfo) -> int:
    """Give the last time up to and including `until` at which that was on a Monday; see `last_run`."""
    run = last_run(until, at, zone)
    day = day_of(run, zone)
    return _instant(day - timedelta(days=day.weekday()), at, zone)


def weeks_before(at: int, weeks: int, zone: ZoneInfo) -> int:
    """Give the time so many weeks before `at` (UTC seconds) at which the clock in `zone` showed the same."""
    local = datetime.fromtimestamp(at, zone)
    return _instant(local.date() - timedelta(weeks=weeks), local.time(), zone)


def quiet_until(at: int, begin: time, end: time, zone: ZoneInfo) -> int | None:
    """Say when the quiet hours end that `at` (UTC seconds) lies in; None: it lies in none.

    They begin each day when the clock in `zone` comes to `begin` and last until it next comes to `end`, so that they
    are an hour longer or shorter in a night in which the clock is changed.

    Args:
        at: UTC seconds.
        begin: the first quiet minute.
        end: the first minute that is not; another one than `begin`.
        zone: whose clock is meant.
    """
    begun = last_run(at, begin, zone)
    over = next_run(begun, end, zone)
    minutes = (end.hour - begin.hour) * 60 + end.minute - begin.minute
    if over - begun > minutes * MINUTE % DAY + 2 * HOUR:
        return None  # the clock skipped `begin` and came to it only after `end`
    return over if at < over else None


def next_hour(after: int, zone: ZoneInfo) -> int:
    """Give the first time after `after` (UTC seconds) at which the clock in `zone` has counted an hour to its end."""
    shift = datetime.fromtimestamp(after, zone).utcoffset() or timedelta()
    return after + HOUR - (after + int(shift.total_seconds())) % HOUR


def of_minutes(minutes: int) -> time:
    """Give the time of day that is so many minutes after midnight: 545 is 09:05."""
    return time(*divmod(minutes, 60))


def _instant(day: date, at: time, zone: ZoneInfo) -> int:
    # fold=0: of two equal times the first; in a gap the offset from before it, so the time is not lost.
    local = datetime.combine(day, at.replace(fold=0, tzinfo=None), tzinfo=zone)
    return int(local.astimezone(UTC).timestamp())
