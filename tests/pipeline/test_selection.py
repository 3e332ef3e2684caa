from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline import selection
from bot.pipeline.selection import Selection, SelectionError

TODAY = date(2026, 11, 22)
TOPICS = ("mobilization", "rotation", "desertion", "Mothers")


def parsed(typed: str) -> Selection:
    return selection.parse(typed, today=TODAY, topics=TOPICS)


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
        ("to:2026-11-01", date(2000, 1, 1), date(2026, 11, 1)),
    ],
)
def test_days_are_read(typed: str, first: date, last: date) -> None:
    found = parsed(typed)
    assert (found.first, found.last) == (first, last)
    assert (found.flagged, found.with_deleted, found.form) == (True, False, "csv")


def test_words_come_in_any_order() -> None:
    asked = Selection(
        first=TODAY, last=TODAY, topics=("rotation", "Mothers"), flagged=False, with_deleted=True, form="jsonl"
    )
    assert parsed("today topic:rotation all --with-deleted jsonl topic:mot topic:ROT") == asked
    assert parsed("—with-deleted JSON topic:Rotation topic:mothers ALL today") == asked
    assert parsed("jsonl csv").form == "csv"


@pytest.mark.parametrize(
    ("typed", "problem", "found"),
    [
        ("rotation", "word", "rotation"),
        ("channel:@garrison_news", "word", "channel:@garrison_news"),
        ("2026-02-30", "day", "2026-02-30"),
        ("7", "day", "7"),
        ("9999d", "day", "9999d"),
        ("to:1999-12-31", "day", "1999-12-31"),
        ("9999-12-31", "day", "9999-12-31"),
        ("from:", "day", ""),
        ("to:someday", "day", "someday"),
        ("..2026-11-01", "day", ""),
        ("2026-11-21..2026-11-01", "order", "2026-11-21..2026-11-01"),
        ("to:2026-11-01 from:today", "order", "2026-11-22..2026-11-01"),
        ("topic:weather", "topic", "weather"),
        ("topic:mo", "topic", "mo"),
        ("topic:", "topic", ""),
    ],
)
def test_what_cannot_be_read_is_named(typed: str, problem: str, found: str) -> None:
    with pytest.raises(SelectionError) as raised:
        parsed(typed)
    assert (raised.value.problem, raised.value.found) == (problem, found)


@given(st.text(alphabet="0123456789d-.:fromt—lj ", max_size=40))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        found = parsed(typed)
    except SelectionError:
        return
    assert date(2000, 1, 1) <= found.first
    assert found.first <= found.last
