from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import periods, selection
from bot.selection import Selection
from tests import asked, records

TODAY = date(2026, 11, 22)
KNOWN = asked.known(
    now=int(datetime(2026, 11, 22, 12, tzinfo=asked.KYIV).timestamp()),
    topics=(*asked.TOPICS, "Mothers"),
    channels=(records.channel(),),
)


def parsed(typed: str) -> Selection:
    found = selection.parse(typed, KNOWN)
    assert isinstance(found, Selection)
    return found


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("", date(2026, 11, 16), TODAY),
        ("topic:rotation", date(2026, 11, 16), TODAY),
        ("today", TODAY, TODAY),
        ("Yesterday", date(2026, 11, 21), date(2026, 11, 21)),
        ("30D", date(2026, 10, 24), TODAY),
        ("2026-11-01", date(2026, 11, 1), date(2026, 11, 1)),
        ("2026-11-01..2026-11-21", date(2026, 11, 1), date(2026, 11, 21)),
        ("2026-11-01..", date(2026, 11, 1), TODAY),
        ("30d..yesterday", date(2026, 10, 24), date(2026, 11, 21)),
        ("from:2026-11-01", date(2026, 11, 1), TODAY),
        ("from:7d to:yesterday", date(2026, 11, 16), date(2026, 11, 21)),
        ("to:2026-11-01", date(2013, 8, 14), date(2026, 11, 1)),
        ("to:2026-11-01 from:2026-11-21", date(2026, 11, 1), date(2026, 11, 21)),
        ("2026-11-21..2026-11-01", date(2026, 11, 1), date(2026, 11, 21)),
        ("52w", date(2025, 11, 24), TODAY),
    ],
)
def test_days_are_read(typed: str, first: date, last: date) -> None:
    found = parsed(typed)
    assert (found.period.first, found.period.last) == (first, last)
    assert (found.flagged, found.with_deleted, found.form) == (True, False, "csv")


def test_words_come_in_any_order() -> None:
    whole = Selection(
        period=periods.of_day(TODAY, asked.KYIV),
        topics=("rotation", "Mothers"),
        flagged=False,
        with_deleted=True,
        form="jsonl",
    )
    assert parsed("today topic:rotation all --with-deleted jsonl topic:mot topic:ROT") == whole
    assert parsed("—with-deleted JSON topic:Rotation topic:mothers ALL today") == whole
    assert parsed("jsonl csv").form == "csv"


def test_a_topic_and_a_channel_are_named_as_for_a_digest() -> None:
    of_topic = replace(periods.of_day(TODAY, asked.KYIV), topic="rotation")
    assert parsed("today rot") == Selection(period=of_topic, topics=("rotation",))
    assert parsed("rotation topic:mothers").topics == ("rotation", "Mothers")
    assert parsed("@garrison_news").period.channel == records.channel_info()


@pytest.mark.parametrize(
    ("typed", "reason", "given"),
    [
        ("weather", "unknown", "weather"),
        ("2026-02-30", "unknown", "2026-02-30"),
        ("7", "unknown", "7"),
        ("1999-12-31", "long_ago", "1999-12-31"),
        ("9999-12-31", "future", "9999-12-31"),
        ("from:", "unknown", "from:"),
        ("to:someday", "unknown", "2013-08-14..someday"),
        ("topic:weather", "unknown", "weather"),
        ("topic:mo", "unknown", "mo"),
        ("topic:", "unknown", "topic:"),
    ],
)
def test_what_cannot_be_read_is_named(typed: str, reason: str, given: str) -> None:
    problem = selection.parse(typed, KNOWN)
    assert isinstance(problem, periods.Problem)
    assert (problem.reason, problem.given) == (reason, given)


@given(st.text(alphabet="0123456789d-.:fromt—lj ", max_size=40))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    found = selection.parse(typed, KNOWN)
    assert isinstance(found, periods.Problem) or date(2013, 8, 14) <= found.period.first <= found.period.last
