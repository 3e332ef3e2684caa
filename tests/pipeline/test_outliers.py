"""Days that stand out."""

from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline import outliers
from bot.pipeline.outliers import Outlier

FLAT = [4] * 28


def places(row: list[int], *, first: int = 28, held: int = 0) -> list[int]:
    return [one.place for one in outliers.days({"rotation": row}, first=first, held=held)]


def test_three_days_that_lie_furthest_above_the_usual_stand_out_in_the_order_of_time() -> None:
    row = [*FLAT, 4, 30, 5, 12, 4, 20, 9, 4]
    assert places(row) == [29, 31, 33]
    assert outliers.days({"rotation": row}, first=28, held=0)[0] == Outlier(
        name="rotation", place=29, count=30, usual=4.0
    )


def test_what_chance_does_to_a_count_is_nothing() -> None:
    assert places([*FLAT, 5, 6, 5, 4]) == []
    assert places([*[100] * 28, 109]) == []
    assert places([*[100] * 28, 111]) == [28]


def test_a_single_post_never_stands_out() -> None:
    assert places([*[0] * 28, 1]) == []
    assert places([*[0] * 28, 2]) == [28]


def test_days_before_those_asked_for_and_days_not_held_are_not_chosen() -> None:
    assert places([*FLAT[:-1], 50, 4, 4]) == []
    assert places([*[0] * 20, 50, *[4] * 10], first=15, held=21) == []


def test_with_few_days_held_before_it_a_day_is_set_against_all() -> None:
    assert places([0, 0, 0, 9, 2, 2, 2, 2], first=0, held=3) == [3]


def test_what_was_usual_follows_the_last_weeks() -> None:
    assert places([*[0] * 60, *[10] * 30, 30], first=75) == [90]


@given(st.lists(st.integers(0, 500), max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_any_row_can_be_looked_at(row: list[int], first: int, held: int) -> None:
    found = outliers.days({"a": row, "b": row[::-1]}, first=first, held=held)
    assert len(found) <= outliers.MOST
    assert all(one.place >= max(first, held) and one.count > one.usual for one in found)
