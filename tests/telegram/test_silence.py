"""The alarm when nothing comes any more."""

import itertools
import json
from dataclasses import replace

from bot.sandbox import faults
from bot.telegram.silence import LONGEST_SECONDS, PAUSES_LEAST, SHORTEST_SECONDS, Pauses
from storage import settings
from tests.telegram import edge
from tests.telegram.stage import SWIFT, Stage

PROBING = replace(SWIFT, probe=0.02, limit=0.5)
NOW = 1_780_000_000


async def test_a_server_that_does_not_answer_is_told_and_so_is_its_return(stage: Stage) -> None:
    async with stage.reader(pace=PROBING) as reader:
        await stage.until_runs(reader)
        order = stage.world.faults.order("updates.getState", faults.RpcError(500, "DOWN"), times=faults.ALWAYS)
        await stage.told.something()
        assert stage.told.texts[0].startswith("⚠️ We are blind since ")
        assert "UTC" in stage.told.texts[0]
        stage.told.spoken.clear()
        stage.world.faults.cancel(order)
        await stage.told.something()
    assert [text[:10] for text in stage.told.texts] == ["⚠️ We are ", "✅ All clea"]


async def test_an_alarm_that_lasts_when_the_process_ends_is_called_off_after_the_next_start(stage: Stage) -> None:
    async with stage.reader(pace=PROBING) as reader:
        await stage.until_runs(reader)
        order = stage.world.faults.order("updates.getState", faults.RpcError(500, "DOWN"), times=faults.ALWAYS)
        await stage.until(lambda: kept(stage, alarm="blind"))
    stage.told.spoken.clear()
    stage.world.faults.cancel(order)
    async with stage.reader(pace=PROBING):
        await stage.told.something()
    assert [text[:10] for text in stage.told.texts] == ["⚠️ We are ", "✅ All clea"]


async def test_a_process_that_is_started_into_a_silence_knows_what_is_usual(stage: Stage) -> None:
    channel = stage.world.add_channel("Путь домой", "way_home")
    async with stage.reader("way_home", pace=PROBING) as reader:
        await stage.settled(reader, channel)
        for _ in range(PAUSES_LEAST):
            stage.world.post(channel, "дальше")
        await stage.until(lambda: kept(stage, pauses=PAUSES_LEAST))
    minutes = itertools.count()
    stage.world.state.clock = lambda: edge.now() + 60 * next(minutes)
    async with stage.reader(pace=replace(PROBING, clock=0.02)):
        await stage.until(lambda: kept(stage, alarm="silent"))
    assert "⚠️ Nothing was pushed since" in stage.told.texts[-1]


async def test_a_silence_lasts_over_restarts_until_something_is_heard(stage: Stage) -> None:
    channel = stage.world.add_channel("Путь домой", "way_home")
    async with stage.reader("way_home", pace=PROBING) as reader:
        await stage.settled(reader, channel)
    async with stage.watched.transaction() as tx:
        silence = {"alarm": "silent", "pauses": [60] * PAUSES_LEAST, "silent_since": NOW}
        await settings.put(tx, "silence", json.dumps(silence))
    async with stage.reader(pace=PROBING) as reader:
        probes = stage.world.state.calls["updates.getState"]
        order = stage.world.faults.order("updates.getState", faults.RpcError(500, "DOWN"), times=2)
        await stage.until(lambda: kept(stage, alarm="blind", pauses=PAUSES_LEAST))
        await stage.until(lambda: kept(stage, alarm="silent", pauses=PAUSES_LEAST))
        assert order.fired == 2
        assert stage.world.state.calls["updates.getState"] > probes
        assert not any("All clear" in text for text in stage.told.texts)
        stage.world.post(channel, "дальше")
        await stage.until(lambda: kept(stage, pauses=PAUSES_LEAST))
    assert "All clear" in stage.told.texts[-1]


async def kept(stage: Stage, *, alarm: str | None = None, pauses: int = 0) -> bool:
    """Whether this alarm is kept, with so many pauses."""
    async with stage.watched.reading() as connection:
        found = json.loads(await settings.get(connection, "silence") or "{}")
    return found != {} and found["alarm"] == alarm and len(found["pauses"]) >= pauses


async def test_a_server_that_refuses_the_question_is_there(stage: Stage) -> None:
    stage.world.faults.order("updates.getState", faults.RpcError(400, "METHOD_INVALID"), times=2)
    stage.world.faults.order("updates.getState", faults.RpcError(500, "DOWN"))
    channel = stage.world.add_channel("Путь домой", "way_home")
    async with stage.reader("way_home", pace=PROBING) as reader:
        stage.world.post(channel, "дальше")
        await stage.settled(reader, channel)
    assert stage.told.texts == []


def heard(every: int) -> Pauses:
    pauses = Pauses(heard_at=NOW)
    for number in range(1, PAUSES_LEAST + 1):
        pauses.hear(NOW + number * every)
    return pauses


def test_a_silence_much_longer_than_usual_is_noticed() -> None:
    pauses = heard(3600)
    assert not pauses.unusual(pauses.heard_at + 3 * 3600)
    assert pauses.unusual(pauses.heard_at + 3 * 3600 + 1)


def test_short_silences_are_never_told_and_a_day_always_is() -> None:
    assert not heard(1).unusual(NOW + PAUSES_LEAST + SHORTEST_SECONDS)
    pauses = heard(86_400)
    assert pauses.unusual(pauses.heard_at + LONGEST_SECONDS + 1)


def test_before_anything_is_known_no_silence_is_unusual() -> None:
    assert not Pauses(heard_at=NOW).unusual(NOW + 10 * LONGEST_SECONDS)
