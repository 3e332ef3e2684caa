"""The turns of calls: who comes first, and how fast."""

import asyncio
import time

import pytest

from bot.telegram.turns import CLEAN_CALLS, LONGEST_INTERVAL_SECONDS, MARGIN, MOST_CLEAN_CALLS, Rate, Turns, Urgency


async def taken(turns: Turns, order: list[str], urgency: Urgency, kind: str = "history") -> None:
    async with turns.turn(urgency, kind):
        order.append(urgency)


async def test_the_most_urgent_comes_first() -> None:
    turns, order = Turns(time.monotonic, at_once=1), list[str]()
    async with asyncio.TaskGroup() as group, turns.turn("gap", "history"):
        for urgency in ("backfill", "recheck", "live", "gap"):
            group.create_task(taken(turns, order, urgency))
        await asyncio.sleep(0)
        assert order == []
    assert order == ["gap", "live", "recheck", "backfill"]


async def test_whoever_asks_in_the_chat_does_not_wait_for_what_is_under_way() -> None:
    turns, order = Turns(time.monotonic, at_once=1), list[str]()
    async with turns.turn("gap", "history"):
        await taken(turns, order, "asked")
    assert order == ["asked"]


async def test_starts_are_an_interval_apart() -> None:
    turns, order = Turns(time.monotonic, at_once=4, interval=0.03), list[str]()
    before = time.monotonic()
    await asyncio.gather(*(taken(turns, order, "gap") for _ in range(4)))
    assert time.monotonic() - before >= 0.09


async def test_a_kind_that_was_slowed_down_holds_up_no_other() -> None:
    turns, order = Turns(time.monotonic, at_once=1), list[str]()
    turns.rate("history").interval = 600
    await taken(turns, order, "gap")
    held = asyncio.create_task(taken(turns, order, "gap"))
    await asyncio.sleep(0)
    await taken(turns, order, "backfill", "messages")
    assert order == ["gap", "backfill"]
    held.cancel()
    with pytest.raises(asyncio.CancelledError):
        await held


async def test_a_turn_that_was_given_to_somebody_cancelled_goes_to_the_next() -> None:
    turns, order = Turns(time.monotonic, at_once=1), list[str]()
    async with turns.turn("gap", "history"):
        first = asyncio.create_task(taken(turns, order, "gap"))
        second = asyncio.create_task(taken(turns, order, "live"))
        await asyncio.sleep(0)
    first.cancel()
    await second
    with pytest.raises(asyncio.CancelledError):
        await first
    assert order == ["live"]


def test_the_pace_that_the_server_bears_is_learned_from_its_pauses() -> None:
    rate = Rate(began=0)
    for _ in range(30):
        rate.succeed()
    rate.slow_down(3, 27)
    assert rate.interval == 1
    rate.start(50)
    assert rate.ready_at == 51


def test_a_pause_before_any_call_says_nothing_of_the_pace() -> None:
    rate = Rate(began=0)
    rate.slow_down(5, 30)
    assert rate.interval == 0
    rate.succeed()
    rate.slow_down(36, 3600)
    assert rate.interval == LONGEST_INTERVAL_SECONDS


def test_a_server_that_does_not_complain_is_asked_faster_again() -> None:
    rate = Rate(began=0, interval=1.0)
    for _ in range(CLEAN_CALLS):
        rate.succeed()
    assert rate.interval == pytest.approx(0.95)
    for _ in range(CLEAN_CALLS * 100):
        rate.succeed()
    assert rate.interval == 0


def refused(rate: Rate, *, after: int) -> float:
    """Let so many calls succeed and the next one be refused for a second; returns the interval it was refused at."""
    for _ in range(after):
        rate.succeed()
    tried = rate.interval
    rate.slow_down(0, 1)
    return tried


def test_a_pace_between_what_was_borne_and_what_was_not_is_tried_ever_more_rarely() -> None:
    rate = Rate(began=0, interval=1.02, borne=1.02)
    tried = [refused(rate, after=rate.needed) for _ in range(3)]
    assert tried == pytest.approx([0.969, 0.9945, 1.00725])
    assert (rate.interval, rate.needed) == (1.02, 8 * CLEAN_CALLS)


def test_the_pace_settles_near_what_the_server_bears_and_a_complaint_is_forgotten_after_a_long_while() -> None:
    rate = Rate(began=0, interval=1.0, borne=1.0)
    refused(rate, after=rate.needed)
    for _ in range(20 * CLEAN_CALLS):
        rate.succeed()
    assert 0.96 < rate.interval < 0.97
    assert (rate.refused, rate.needed) == (0.0, MOST_CLEAN_CALLS)


def test_a_complaint_at_a_pace_that_was_borne_slows_down_further() -> None:
    rate = Rate(began=0, interval=1.0, borne=1.0)
    for _ in range(10):
        rate.succeed()
    rate.slow_down(10, 5)
    assert rate.interval == 1.5


def test_a_server_that_complains_of_the_second_call_is_asked_as_often_as_it_says() -> None:
    rate = Rate(began=0)
    assert refused(rate, after=1) == 0
    assert rate.interval == pytest.approx(1.0 * MARGIN)
    for _ in range(10 * CLEAN_CALLS):
        rate.succeed()
    assert rate.interval == pytest.approx(1.0 * MARGIN)


def test_calls_that_came_a_little_unevenly_slow_down_a_little_and_more_where_that_does_not_help() -> None:
    rate = Rate(began=0, interval=1.0, borne=1.0)
    slowed = []
    for _ in range(3):
        refused(rate, after=1)
        slowed.append(rate.interval)
    assert slowed == pytest.approx([1.01, 1.01 * 1.02, 1.01 * 1.02 * 1.04])
