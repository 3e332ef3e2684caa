"""How one asks for a digest: days and topics in any order, and a sentence for what cannot be read."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import catalogues, digest, schedule
from bot.render.digest_data import Period

KYIV = ZoneInfo("Europe/Kyiv")
TOPICS = ("mobilization", "rotation", "desertion")
ENGLISH = catalogues.load("en")
NOON = int(datetime(2026, 11, 22, 12, tzinfo=KYIV).timestamp())


def parsed(args: str) -> Period | digest.Problem:
    return digest.parse_period(args, now=NOON, zone=KYIV, topics=TOPICS)


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
        ("tomorrow", "unknown", "“tomorrow” is neither a day nor a topic (mobilization, rotation, desertion)."),
        ("2026-02-30", "unknown", "“2026-02-30” is neither a day nor a topic"),
        ("0d", "unknown", "“0d” is neither a day nor a topic"),
        ("93d", "too_long", "a digest covers at most 92 days"),
        ("2026-11-23", "future", "2026-11-23 has not begun yet."),
        ("0001-01-01", "long_ago", "Telegram began in August 2013"),
        ("today yesterday", "twice", "“yesterday” is one too many"),
        ("rotation desertion", "twice", "“desertion” is one too many"),
        ("x" * 5000, "unknown", "xxx…” is neither"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_with_an_example(args: str, reason: str, sentence: str) -> None:
    problem = parsed(args)
    assert isinstance(problem, digest.Problem)
    assert problem.reason == reason
    said = digest.explain(ENGLISH, problem, topics=TOPICS)
    assert sentence in said
    assert "/digest" in said
    assert len(said) < 300


def test_so_much_of_a_topic_as_two_begin_with_names_neither() -> None:
    found = digest.parse_period("mo", now=NOON, zone=KYIV, topics=("mobilization", "mothers"))
    assert isinstance(found, digest.Problem)
    whole = digest.parse_period("MO", now=NOON, zone=KYIV, topics=("mobilization", "mo"))
    assert isinstance(whole, Period)
    assert whole.topic == "mo"


@given(st.text(max_size=40), st.integers(1_400_000_000, 2_200_000_000))
def test_whatever_is_typed_is_answered(args: str, now: int) -> None:
    found = digest.parse_period(args, now=now, zone=KYIV, topics=TOPICS)
    if isinstance(found, digest.Problem):
        assert digest.explain(ENGLISH, found, topics=TOPICS)
    else:
        assert found.start < found.end


# What is stored
