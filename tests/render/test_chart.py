"""The chart: a PNG of a phone's width that never fails, whatever a topic is called."""

import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render import chart
from tests.render import hostile


def labels(*topics: str, days: list[str]) -> chart.Labels:
    return chart.Labels(
        title="Flagged posts a day",
        usual="usual",
        unread="not held",
        topics={topic: topic for topic in topics},
        days=days,
    )


def drawn(
    counts: dict[str, list[int]], *, marked: int = 1, unread: int = 0, usual: dict[str, float] | None = None
) -> tuple[int, int]:
    """The width and height of the picture."""
    daily = chart.Daily(counts=counts, marked=marked, unread=unread, usual=usual or {})
    days = [f"{number} Nov" for number in range(len(next(iter(counts.values()))))]
    picture = chart.daily_chart(daily, labels(*counts, days=days))
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_a_picture_is_as_wide_as_a_phone_and_grows_with_its_topics() -> None:
    one = drawn({"rotation": [1] * 29})
    three = drawn({name: [2] * 29 for name in ("mobilization", "rotation", "desertion")}, usual={"rotation": 1.5})
    assert one[0] == three[0] == chart.WIDTH_PIXELS
    assert one[1] < three[1] < 2 * chart.WIDTH_PIXELS


def test_of_many_topics_those_with_the_most_posts_are_shown() -> None:
    counts = {f"topic{number}": [number] * 29 for number in range(9)}
    assert drawn(counts) == drawn(dict(list(counts.items())[-chart.STRIPS :]))


@pytest.mark.parametrize("unread", [0, 3, 28, 29])
def test_days_of_which_nothing_is_held_are_shown_as_such(unread: int) -> None:
    assert drawn({"rotation": [0] * 29}, unread=unread, usual={"rotation": 0.0}, marked=7)


def test_three_months_have_labels_that_keep_apart() -> None:
    assert drawn({"rotation": list(range(120))}, marked=92)


def test_what_the_font_cannot_draw_is_left_out() -> None:
    assert chart.drawable("🎖 Ротація 中文 $x_1$") == "Ротація  $x_1$"


@pytest.mark.parametrize("days", [2, 30, 101, 366])
@pytest.mark.parametrize("peaks", [(), (0, 1), (1,)])
def test_days_that_stand_out_are_named_in_a_trend(days: int, peaks: tuple[int, ...]) -> None:
    counts = {"rotation": list(range(days))}
    daily = chart.Daily(
        counts=counts, marked=0, unread=0, usual={"rotation": 1.0}, peaks={"rotation": (*peaks, days - 1)}
    )
    names = [f"{number} Nov" for number in range(days)]
    alone = chart.daily_chart(daily, labels("rotation", days=names))
    assert alone.startswith(b"\x89PNG")
    both = replace(daily, counts={**counts, "desertion": [0] * days})
    assert chart.daily_chart(both, labels("rotation", "desertion", days=names)) != alone


@settings(max_examples=8)
@given(hostile.texts)
def test_no_name_of_a_topic_breaks_the_picture(name: str) -> None:
    assert drawn({name: [3] * 29})


@given(st.lists(st.integers(0, 10**7), min_size=29, max_size=29))
@settings(max_examples=8)
def test_no_counts_break_the_picture(counts: list[int]) -> None:
    assert drawn({"rotation": counts}, marked=3, unread=2, usual={"rotation": 0.5})
