"""When a topic runs high."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline import spikes
from bot.pipeline.spikes import Spike

NOW = 1_795_000_000
CALM = [2, 3, 3, 4, 3, 2, 3, 3]


def decided(posts: int, before: list[int], *, told_at: int | None = None) -> Spike | None:
    return spikes.decide(posts, before, told_at=told_at, now=NOW)


def test_what_lies_far_above_the_usual_is_a_spike() -> None:
    assert decided(14, CALM) == Spike(posts=14, usual=3.0)
    assert decided(9, CALM) is None


def test_below_five_posts_nothing_is_said() -> None:
    assert decided(4, [0] * 8) is None
    assert decided(5, [0] * 8) == Spike(posts=5, usual=0.0)


def test_one_loud_week_before_hides_none() -> None:
    assert decided(14, [*CALM[:-1], 90]) == Spike(posts=14, usual=3.0)


def test_where_the_hour_scatters_anyway_more_is_needed() -> None:
    assert decided(60, [5, 40, 10, 30, 50, 8, 25, 35]) is None
    assert decided(60, [20, 21, 19, 20, 22, 20, 18, 20]) == Spike(posts=60, usual=20.0)


def test_with_few_weeks_held_nothing_is_usual() -> None:
    assert decided(50, [0, 0]) is None
    assert decided(50, [0, 0, 0]) is not None


@pytest.mark.parametrize(("held", "known"), [(3, 3), (4, 3), (5, 3), (6, 4), (8, 5)])
def test_a_channel_must_be_known_in_most_of_the_weeks_that_are_held(held: int, known: int) -> None:
    assert spikes.weeks_known(held) == known


@pytest.mark.parametrize(("ago", "told"), [(0, False), (6 * 3600 - 1, False), (6 * 3600, True)])
def test_it_is_not_told_again_within_six_hours(ago: int, *, told: bool) -> None:
    assert (decided(14, CALM, told_at=NOW - ago) is not None) == told


@given(st.integers(0, 10_000), st.lists(st.integers(0, 10_000), max_size=8))
def test_a_spike_lies_above_the_usual(posts: int, before: list[int]) -> None:
    found = decided(posts, before)
    assert found is None or found.posts > found.usual
