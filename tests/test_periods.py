"""How one asks for a digest: days, topic and channel in any order, and a sentence for what cannot be read."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import catalogues, periods, schedule
from bot.render.digest_data import Period
from tests import asked, records

KYIV = asked.KYIV
ENGLISH = catalogues.load("en")
NOON = int(datetime(2026, 11, 22, 12, tzinfo=KYIV).timestamp())

HOME, POST = (
    records.channel(records.channel_info(number, username=name, title=title))
    for number, name, title in ((101, "way_home", "Путь домой"), (102, "way_post", "Путь и почта"))
)


KNOWN = asked.known(now=NOON, channels=(HOME, POST))


def parsed(args: str) -> Period | periods.Problem:
    return periods.parse(args, KNOWN)


@pytest.mark.parametrize(
    ("args", "first", "last", "topic"),
    [
        ("", date(2026, 11, 22), date(2026, 11, 22), None),
        ("today", date(2026, 11, 22), date(2026, 11, 22), None),
        (" Yesterday ", date(2026, 11, 21), date(2026, 11, 21), None),
        ("1d", date(2026, 11, 22), date(2026, 11, 22), None),
        ("7d", date(2026, 11, 16), date(2026, 11, 22), None),
        ("92D rotation", date(2026, 8, 23), date(2026, 11, 22), "rotation"),
        ("2026-11-21", date(2026, 11, 21), date(2026, 11, 21), None),
        ("Desertion yesterday", date(2026, 11, 21), date(2026, 11, 21), "desertion"),
        ("mob", date(2026, 11, 22), date(2026, 11, 22), "mobilization"),
        ("2026-11-03..2026-11-05", date(2026, 11, 3), date(2026, 11, 5), None),
        ("2026-11-05 – 2026-11-03 rot", date(2026, 11, 3), date(2026, 11, 5), "rotation"),
        ("2026-10-03..yesterday", date(2026, 10, 3), date(2026, 11, 21), None),
        ("4w", date(2026, 10, 26), date(2026, 11, 22), None),
        ("7d..yesterday", date(2026, 11, 16), date(2026, 11, 21), None),
        ("2026-11-20…", date(2026, 11, 20), date(2026, 11, 22), None),
    ],
)
def test_days_and_topics_are_read_in_any_order(args: str, first: date, last: date, topic: str | None) -> None:
    period = parsed(args)
    assert isinstance(period, Period)
    assert (period.first, period.last, period.topic) == (first, last, topic)
    assert period.start == schedule.day_bounds(first, KYIV)[0]
    assert period.end == schedule.day_bounds(last, KYIV)[1]


@pytest.mark.parametrize(
    ("args", "reason", "sentence"),
    [
        ("tomorrow", "unknown", "“tomorrow” is neither a day nor a topic (mobilization, rotation, desertion)"),
        ("2026-02-30", "unknown", "“2026-02-30” is neither a day nor a topic"),
        ("0d", "unknown", "“0d” is neither a day nor a topic"),
        ("93d", "too_long", "a digest covers at most 92 days"),
        ("2026-11-23", "future", "2026-11-23 has not begun yet."),
        ("0001-01-01", "long_ago", "Telegram began in August 2013"),
        ("today today", "twice", "“today” is one too many"),
        ("7d yesterday", "twice", "“yesterday” is one too many"),
        ("2026-11-01 2026-11-02 2026-11-03", "twice", "“2026-11-03” is one too many"),
        ("2026-01-01..2026-11-03", "too_long", "a digest covers at most 92 days"),
        ("1..2", "unknown", "“1..2” is neither"),
        ("Путь", "several", "“Путь” fits more than one channel: Путь домой, Путь и почта."),
        ("rotation desertion", "twice", "“desertion” is one too many"),
        ("x" * 5000, "unknown", "xxx…” is neither"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_with_an_example(args: str, reason: str, sentence: str) -> None:
    problem = parsed(args)
    assert isinstance(problem, periods.Problem)
    assert problem.reason == reason
    said = periods.explain(ENGLISH, problem, KNOWN, command="/report")
    assert sentence in said
    assert "For example: /report" in said or "/report 7d @name" in said
    assert len(said) < 400


def test_so_much_of_a_topic_as_two_begin_with_names_neither() -> None:
    found = periods.parse("mo", replace(KNOWN, topics=("mobilization", "mothers")))
    assert isinstance(found, periods.Problem)
    whole = periods.parse("MO", replace(KNOWN, topics=("mobilization", "mo")))
    assert isinstance(whole, Period)
    assert whole.topic == "mo"


def test_any_number_of_days_may_be_allowed() -> None:
    year = periods.parse("52w", KNOWN, longest=None)
    assert isinstance(year, Period)
    assert (year.first, year.last) == (date(2025, 11, 24), date(2026, 11, 22))
    everything = periods.parse("9999d", KNOWN, longest=None)
    assert isinstance(everything, Period)
    assert everything.first == date(2013, 8, 14)


@given(st.text(max_size=40), st.integers(1_400_000_000, 2_200_000_000))
def test_whatever_is_typed_is_answered(args: str, now: int) -> None:
    found = periods.parse(args, replace(KNOWN, now=now))
    if isinstance(found, periods.Problem):
        assert periods.explain(ENGLISH, found, KNOWN, command="/digest")
    else:
        assert found.start < found.end


@pytest.mark.parametrize("args", ["@way_home", "7d Путь домой", "rotation https://t.me/way_home"])
def test_what_is_neither_day_nor_topic_names_a_channel(args: str) -> None:
    period = parsed(args)
    assert isinstance(period, Period)
    assert period.channel == HOME.info


@pytest.mark.parametrize("args", ["", "92d rotation", "2026-11-03..2026-11-05", "7d @way_home", "today desertion"])
def test_a_button_carries_what_was_asked_for(args: str) -> None:
    period = parsed(args)
    assert isinstance(period, Period)
    code = periods.code(period)
    assert len(f"digest:{code}:999".encode()) <= 64
    again = periods.decode(code, zone=KYIV, channels=(HOME, POST))
    assert again is not None
    assert (again.start, again.end, again.topic, again.channel) == (
        period.start,
        period.end,
        period.topic,
        period.channel,
    )


def test_the_longest_name_of_a_topic_fits_a_button() -> None:
    period = periods.of_day(date(2026, 11, 22), KYIV, topic="ы" * 20)
    assert len(f"digest:{periods.code(period)}:999".encode()) <= 64


@pytest.mark.parametrize("forged", ["", "1:1:", "739942:0:", "739942:93:", "739942:1:x", "739942:1:c7", "999999999:1:"])
def test_a_forged_button_asks_for_nothing(forged: str) -> None:
    assert periods.decode(forged, zone=KYIV, channels=(HOME,)) is None


@given(st.text("0123456789:tc-", max_size=30))
def test_whatever_a_button_carries_is_read_or_not(forged: str) -> None:
    period = periods.decode(forged, zone=KYIV, channels=(HOME,))
    assert period is None or period.start < period.end


@pytest.mark.parametrize(
    ("code", "tells"),
    [("739942:1:", True), ("739941:1:", True), ("739940:1:", False), ("739936:7:tx", True), ("x", False)],
)
def test_a_digest_may_tell_of_posts_of_its_days_and_of_those_before(code: str, *, tells: bool) -> None:
    assert periods.may_tell_of(code, int(datetime(2026, 11, 22, 3, tzinfo=UTC).timestamp())) == tells
