"""The times of digests over changes of the clock, and the pace of sending."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import schedule

KYIV = ZoneInfo("Europe/Kyiv")
ZONES = ("UTC", "Europe/Kyiv", "Europe/Moscow", "America/New_York", "America/Havana", "Asia/Beirut", "Asia/Kathmandu")


def at(zone: ZoneInfo, *parts: int, fold: int = 0) -> int:
    year, month, day, hour, minute = parts
    return int(datetime(year, month, day, hour, minute, tzinfo=zone, fold=fold).timestamp())


def test_the_next_run_is_later_today_or_else_tomorrow() -> None:
    assert schedule.next_run(at(KYIV, 2026, 11, 21, 7, 0), time(8), KYIV) == at(KYIV, 2026, 11, 21, 8, 0)
    assert schedule.next_run(at(KYIV, 2026, 11, 21, 8, 0), time(8), KYIV) == at(KYIV, 2026, 11, 22, 8, 0)


def test_the_last_run_may_be_this_very_second() -> None:
    eight = at(KYIV, 2026, 11, 21, 8, 0)
    assert schedule.last_run(eight, time(8), KYIV) == eight
    assert schedule.last_run(eight - 1, time(8), KYIV) == at(KYIV, 2026, 11, 20, 8, 0)


def test_a_time_that_the_clock_skips_comes_as_long_after_midnight_as_ever() -> None:
    # In Kyiv 29 March 2026 goes from 02:59 to 04:00.
    run = schedule.next_run(at(KYIV, 2026, 3, 29, 0, 0), time(3, 30), KYIV)
    assert datetime.fromtimestamp(run, KYIV).strftime("%d %H:%M") == "29 04:30"


def test_a_time_that_the_clock_shows_twice_comes_once() -> None:
    # In Kyiv 25 October 2026 goes from 03:59 back to 03:00.
    first = at(KYIV, 2026, 10, 25, 3, 30)
    second = at(KYIV, 2026, 10, 25, 3, 30, fold=1)
    assert second - first == 3600
    assert schedule.next_run(first - 1, time(3, 30), KYIV) == first
    assert schedule.next_run(first, time(3, 30), KYIV) == at(KYIV, 2026, 10, 26, 3, 30)
    assert schedule.last_run(second, time(3, 30), KYIV) == first


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Kyiv", date(2026, 3, 29), 23),
        ("Europe/Kyiv", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Europe/Moscow", date(2026, 3, 29), 24),
        ("America/Havana", date(2026, 3, 8), 23),  # midnight itself is skipped
        ("America/Havana", date(2026, 11, 1), 25),  # midnight comes twice
        ("Europe/Kyiv", date(2028, 2, 29), 24),
    ],
)
def test_a_day_is_as_long_as_the_clock_makes_it(zone: str, day: date, hours: int) -> None:
    start, end = schedule.day_bounds(day, ZoneInfo(zone))
    assert end - start == hours * 3600
    assert schedule.day_of(start, ZoneInfo(zone)) == schedule.day_of(end - 1, ZoneInfo(zone)) == day


@given(st.sampled_from(ZONES), st.dates(date(2015, 1, 1), date(2040, 1, 1)), st.times())
def test_every_day_has_one_run_and_belongs_to_one_day(name: str, day: date, clock: time) -> None:
    zone, clock = ZoneInfo(name), clock.replace(second=0, microsecond=0)
    start, end = schedule.day_bounds(day, zone)
    assert schedule.day_bounds(day + timedelta(days=1), zone)[0] == end
    run = schedule.next_run(start - 1, clock, zone)
    assert start <= run < end
    assert schedule.last_run(end - 1, clock, zone) == run
    assert schedule.last_run(run, clock, zone) == run
    assert schedule.next_run(run, clock, zone) >= end


@given(st.sampled_from(ZONES), st.integers(1_400_000_000, 2_200_000_000), st.times())
def test_no_run_lies_between_the_last_and_the_next(name: str, now: int, clock: time) -> None:
    zone, clock = ZoneInfo(name), clock.replace(microsecond=0)
    last, following = schedule.last_run(now, clock, zone), schedule.next_run(now, clock, zone)
    assert last <= now < following
    assert schedule.next_run(last, clock, zone) == following


def test_the_zone_of_the_time_given_plays_no_part() -> None:
    assert schedule.next_run(0, time(8, tzinfo=UTC), KYIV) == schedule.next_run(0, time(8), KYIV)


def test_a_full_bucket_lets_a_burst_through_and_then_one_a_second() -> None:
    bucket = schedule.full(100.0)
    for _ in range(20):
        assert bucket.wait() == 0
        bucket = bucket.take(1)
    assert bucket.wait() == 1
    bucket = bucket.refill(100.25)
    assert bucket.wait() == 0.75
    assert bucket.refill(101.0).wait() == 0


def test_a_bucket_fills_no_higher_than_its_burst() -> None:
    assert schedule.full(0.0).refill(3600.0).tokens == schedule.CHAT_BURST


def test_a_stopwatch_that_stands_still_gives_nothing() -> None:
    bucket = schedule.full(10.0).take(3)
    assert bucket.refill(10.0) == bucket.refill(9.0) == bucket


def test_a_debt_is_worked_off_at_the_pace() -> None:
    assert schedule.full(0.0, burst=30, pace=schedule.ALL_PACE).take(60).wait() == pytest.approx(31 / 30)


@given(st.lists(st.tuples(st.floats(0, 5), st.booleans()), max_size=200))
def test_no_stretch_of_time_gets_more_than_burst_and_pace_allow(steps: list[tuple[float, bool]]) -> None:
    bucket, now, taken = schedule.full(0.0), 0.0, 0
    for pause, wanted in steps:
        now += pause
        bucket = bucket.refill(now)
        if wanted and bucket.wait() == 0:
            bucket, taken = bucket.take(1), taken + 1
        assert taken <= schedule.CHAT_BURST + now * schedule.CHAT_PACE + 1e-6


@pytest.mark.parametrize(("chat_id", "seconds", "most"), [(7, 60, 80), (-7, 60, 20), (7, 0, 20)])
def test_a_chat_gets_no_more_than_telegram_allows(chat_id: int, seconds: int, most: int) -> None:
    bucket, taken = schedule.full_of(chat_id, 0.0), 0
    for tick in range(seconds * 10 + 1):
        bucket = bucket.refill(tick / 10)
        while bucket.wait() == 0:
            bucket, taken = bucket.take(1), taken + 1
    assert taken == most


def test_in_any_second_no_more_go_than_there_is_room_for() -> None:
    window = schedule.Window(most=3)
    for at in (0.0, 0.5, 0.9):
        assert window.room(at) > 0
        window = window.note(at)
    assert [window.room(at) for at in (0.9, 0.99, 1.0, 1.5, 2.0)] == [0, 0, 1, 2, 3]
    assert window.note(1.0).room(1.4) == 0
    assert window.note(1.0).room(1.5) == 1


@pytest.mark.parametrize(
    ("age", "flagged", "next_age"),
    [
        (0, False, 600),
        (0, True, 120),
        (600, False, 3600),
        (2 * 86400, False, None),
        (2 * 86400, True, 3 * 86400),
        (14 * 86400, True, None),
        (-5000, False, 600),
    ],
)
def test_a_post_is_looked_up_again_at_rising_ages(age: int, *, flagged: bool, next_age: int | None) -> None:
    date = 1_780_000_000
    found = schedule.next_look(date, flagged=flagged, now=date + age)
    assert found == (None if next_age is None else date + next_age)


@pytest.mark.parametrize(
    ("at", "weeks", "before"),
    [
        ("2026-11-18T12:07+02:00", 1, "2026-11-11T12:07+02:00"),
        ("2026-11-18T12:07+02:00", 4, "2026-10-21T12:07+03:00"),
        ("2026-03-31T03:30+03:00", 1, "2026-03-24T03:30+02:00"),
        ("2026-04-05T03:30+03:00", 1, "2026-03-29T04:30+03:00"),  # skipped that night
        ("2026-11-01T03:30+02:00", 1, "2026-10-25T03:30+03:00"),  # twice that night: the first
    ],
)
def test_the_same_time_of_weeks_before_is_that_of_the_clock(at: str, weeks: int, before: str) -> None:
    found = schedule.weeks_before(int(datetime.fromisoformat(at).timestamp()), weeks, ZoneInfo("Europe/Kyiv"))
    assert found == int(datetime.fromisoformat(before).timestamp())


def quiet(moment: int, begin: time, end: time, zone: ZoneInfo = KYIV) -> int | None:
    return schedule.quiet_until(moment, begin, end, zone)


@pytest.mark.parametrize(
    ("begin", "end", "hour", "over"),
    [
        (time(22), time(7), 21, None),
        (time(22), time(7), 22, (22, 7)),
        (time(22), time(7), 23, (22, 7)),
        (time(22), time(7), 6, (21, 7)),
        (time(22), time(7), 7, None),
        (time(0), time(8), 0, (21, 8)),
        (time(13), time(14), 13, (21, 14)),
        (time(13), time(14), 14, None),
    ],
)
def test_quiet_hours_hold_from_their_first_minute_to_the_last(
    begin: time, end: time, hour: int, over: tuple[int, int] | None
) -> None:
    expected = None if over is None else at(KYIV, 2026, 11, *over, 0)
    assert quiet(at(KYIV, 2026, 11, 21, hour, 0), begin, end) == expected


@pytest.mark.parametrize(
    ("evening", "hours"), [((2026, 3, 28, 22, 0), 8), ((2026, 10, 24, 22, 0), 10), ((2026, 11, 21, 22, 0), 9)]
)
def test_a_night_in_which_the_clock_is_changed_is_an_hour_shorter_or_longer(
    evening: tuple[int, int, int, int, int], hours: int
) -> None:
    begin = at(KYIV, *evening)
    over = begin + hours * schedule.HOUR
    assert quiet(begin, time(22), time(7)) == over
    assert quiet(over - 1, time(22), time(7)) == over
    assert quiet(over, time(22), time(7)) is None


def test_quiet_hours_in_the_hour_that_the_clock_skips_or_shows_twice_come_once() -> None:
    spring = at(KYIV, 2026, 3, 29, 2, 59) + 60
    assert quiet(spring, time(3, 10), time(3, 40)) is None
    assert quiet(spring + 10 * 60, time(3, 10), time(3, 40)) == spring + 40 * 60
    autumn = at(KYIV, 2026, 10, 25, 3, 10)
    assert quiet(autumn, time(3, 10), time(3, 40)) == autumn + 30 * 60
    assert quiet(autumn + schedule.HOUR, time(3, 10), time(3, 40)) is None


def test_quiet_hours_that_begin_in_the_hour_that_the_clock_skips_and_end_right_after_it_last_no_day() -> None:
    spring = at(KYIV, 2026, 3, 29, 4, 30)
    assert [quiet(spring + hours * schedule.HOUR, time(3, 30), time(4, 0)) for hours in (-1, 0, 1, 12)] == [None] * 4
    assert quiet(spring, time(3, 30), time(5, 0)) == spring + 30 * 60


@given(
    st.sampled_from(ZONES),
    st.integers(1_700_000_000, 1_900_000_000),
    st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
)
def test_quiet_hours_end_within_a_day_and_the_moment_of_their_end_is_loud(
    zone: str, moment: int, begin: time, end: time
) -> None:
    if begin == end:
        return
    over = quiet(moment, begin, end, ZoneInfo(zone))
    if over is not None:
        assert moment < over <= moment + 26 * schedule.HOUR
        assert quiet(over - 1, begin, end, ZoneInfo(zone)) == over
        assert quiet(over, begin, end, ZoneInfo(zone)) is None


@pytest.mark.parametrize("zone", ZONES)
def test_the_next_full_hour_is_that_of_the_clock(zone: str) -> None:
    for moment in range(1_790_000_000, 1_790_000_000 + 400 * 86_400, 86_400 + 977):
        found = schedule.next_hour(moment, ZoneInfo(zone))
        assert moment < found <= moment + schedule.HOUR
        assert datetime.fromtimestamp(found, ZoneInfo(zone)).minute == 0
    assert schedule.next_hour(found, ZoneInfo(zone)) == found + schedule.HOUR


def test_minutes_of_a_day_are_a_time() -> None:
    assert schedule.of_minutes(545) == time(9, 5)
