from datetime import date

import pytest

from bot.pipeline import days
from bot.pipeline.days import Days

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("today", TODAY, TODAY),
        ("Yesterday", date(2026, 11, 21), date(2026, 11, 21)),
        ("1d", TODAY, TODAY),
        ("12W", date(2026, 8, 31), TODAY),
        ("9999d", date(2013, 8, 14), TODAY),
        ("9999w", date(2013, 8, 14), TODAY),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2026-11-01..2026-11-21", date(2026, 11, 1), date(2026, 11, 21)),
        ("yesterday…2026-11-01", date(2026, 11, 1), date(2026, 11, 21)),
        ("30d..yesterday", date(2026, 10, 24), date(2026, 11, 21)),
        ("2026-11-01..", date(2026, 11, 1), TODAY),
    ],
)
def test_days_are_read(word: str, first: date, last: date) -> None:
    assert days.read(word, TODAY) == Days(first=first, last=last)


@pytest.mark.parametrize("word", ["", "7", "0d", "12345d", "2023-02-29", "20261121", "..", "..2026-11-21", "1d..x"])
def test_other_words_name_no_days(word: str) -> None:
    assert days.read(word, TODAY) is None


def test_of_several_days_the_first_is_meant_where_one_is_asked_for() -> None:
    assert days.day("7d", TODAY) == date(2026, 11, 16)
    assert days.day("2026-11-01..2026-11-21", TODAY) is None
