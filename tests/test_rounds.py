"""What is done by the clock, one round at a time."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot import catalogues, rounds, rulebook
from bot.rounds import Rounds
from storage import chats, outbox
from storage.database import Database
from storage.models import ChatId
from tests import records, test_spikes

EIGHT = test_spikes.NOON - 4 * 3600 - 7 * 60
"""8:00 of that day in Kyiv."""


class Clock:
    """A clock that is set by hand; `settled` counts down how often somebody has to ask."""

    def __init__(self, now: int, *, asked: int = 0) -> None:
        self.now, self.asked, self.woken = now, asked, 0

    def __call__(self) -> int:
        return self.now

    def settled(self) -> bool:
        self.asked -= 1
        return self.asked < 0

    def wake(self) -> None:
        self.woken += 1


def going(database: Database, rules: rulebook.Rulebook, clock: Clock) -> Rounds:
    return Rounds(
        database=database,
        catalogues={"en": catalogues.load("en")},
        rules=rules,
        digest_time=time(8),
        zone=ZoneInfo("Europe/Kyiv"),
        clock=clock,
        settled=clock.settled,
        wake=clock.wake,
    )


@pytest.mark.parametrize(
    ("late", "said"), [(300, ": /add"), (14_820, ": /add\n⏰ Due 18 Nov 08:00, sent 18 Nov 12:07")]
)
async def test_after_a_sleep_it_says_when_it_was_due(
    database: Database, rules: rulebook.Rulebook, late: int, said: str
) -> None:
    await test_spikes.let_in(database)
    assert await rounds.days(going(database, rules, Clock(EIGHT + late))) == 1
    async with database.reading() as connection:
        (queued,) = await outbox.pending(connection, test_spikes.OWNER, now=EIGHT + late)
    assert (
        queued.message.text.removeprefix("Tue 17 Nov 2026: nothing was read, because no channel is followed yet")
        == said
    )


async def test_a_digest_is_queued_when_it_is_due_and_once(database: Database, rules: rulebook.Rulebook) -> None:
    await test_spikes.let_in(database)
    clock = Clock(EIGHT)
    round_ = going(database, rules, clock)
    assert [await rounds.days(round_) for _ in range(2)] == [1, 0]
    assert clock.woken == 1
    async with database.reading() as connection:
        (queued,) = await outbox.pending(connection, test_spikes.OWNER, now=EIGHT)
    assert queued.kind == "digest"
    assert queued.message.text.startswith("Tue 17 Nov 2026: nothing was read")


async def test_a_digest_waits_for_what_is_being_read_but_not_for_ever(
    database: Database, rules: rulebook.Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    await test_spikes.let_in(database)
    monkeypatch.setattr(rounds, "PATIENCE_SECONDS", 0.01)
    clock = Clock(EIGHT, asked=1000)
    assert await rounds.days(going(database, rules, clock)) == 1


@pytest.mark.parametrize("asked", [1, 1000], ids=["is read", "is not read for long"])
async def test_a_topic_that_runs_high_is_told_once_what_was_posted(
    database: Database, rules: rulebook.Rulebook, monkeypatch: pytest.MonkeyPatch, asked: int
) -> None:
    await test_spikes.let_in(database)
    await test_spikes.speak(database, await test_spikes.watch(database), *test_spikes.burst())
    monkeypatch.setattr(rounds, "PATIENCE_SECONDS", 0.01)
    clock = Clock(test_spikes.NOON, asked=asked)
    round_ = going(database, rules, clock)
    assert [await rounds.high(round_) for _ in range(2)] == [("rotation",), ()]
    assert clock.asked < asked
    assert clock.woken == 1


async def test_nobody_let_in_is_told_nothing(database: Database, rules: rulebook.Rulebook) -> None:
    clock = Clock(EIGHT)
    assert await rounds.days(going(database, rules, clock)) == 0
    assert await rounds.high(going(database, rules, clock)) == ()
    async with database.reading() as connection:
        assert await chats.get(connection, ChatId(records.CHAT)) is None
