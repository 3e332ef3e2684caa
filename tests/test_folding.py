"""Summaries that grow: what exceeds the pace is told once, in one message, whatever happens to it meanwhile."""

from collections import Counter

import pytest

from bot import delivery, folding
from storage import outbox
from storage.database import Database, rows
from storage.models import OutboxId, OutboxState
from tests.delivering import (
    CHAT,
    Server,
    Watch,
    flag,
    get,
    queue,
    restart,
    run_dry,
    server,
    telling,
    told_in,
    watch,
)

__all__ = ["server", "telling", "watch"]


@pytest.fixture
def short(telling: delivery.Delivery) -> delivery.Delivery:
    """A delivery with one token left, so that two alerts are one too many."""
    return shorten(telling)


def shorten(telling: delivery.Delivery) -> delivery.Delivery:
    lane = telling.lane(CHAT)
    lane.bucket = lane.bucket.take(lane.bucket.tokens - 1)
    return telling


async def burst(database: Database, telling: delivery.Delivery, watch: Watch, *numbers: int) -> None:
    """Flag posts at once when just one token was earned."""
    watch.at += 1
    shorten(telling)
    for number in numbers:
        await flag(database, number, now=watch.clock())
    await run_dry(telling)


def mentions(server: Server) -> Counter[int]:
    shown = [message for number, message in enumerate(server.held.values(), start=1) if number not in server.lost]
    return Counter(number for message in shown for number in told_in(message))


async def test_a_summary_grows_instead_of_being_followed_by_another(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await burst(database, short, watch, 1, 2, 3)
    await burst(database, short, watch, 4, 5)
    await burst(database, short, watch, 6, 7)
    (summary,) = server.held.values()
    assert told_in(summary) == set(range(1, 8))
    assert "7 flagged posts" in summary.text
    assert len(server.calls) == 1
    assert len(server.edits) == 2


async def test_a_full_summary_is_followed_by_another(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    for start in range(1, 100, 10):
        await burst(database, short, watch, *range(start, start + 10))
    for _ in range(5):
        watch.at += 1
        await run_dry(short)
    assert mentions(server) == Counter(range(1, 101))
    assert len(server.held) == 3
    assert len(server.calls) + len(server.edits) == 10


async def test_more_than_one_message_holds_is_told_in_several(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await burst(database, short, watch, *range(1, 101))
    for _ in range(5):
        watch.at += 1
        await run_dry(short)
    assert mentions(server) == Counter(range(1, 101))
    assert len(server.held) <= 4


async def test_after_some_quiet_another_summary_begins(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await burst(database, short, watch, 1, 2)
    watch.at += folding.QUIET_SECONDS
    await burst(database, short, watch, 3, 4)
    assert [told_in(message) for message in server.held.values()] == [{1, 2}, {3, 4}]


async def test_after_a_restart_another_summary_begins(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await burst(database, short, watch, 1, 2)
    await burst(database, shorten(restart(database, server, watch)), watch, 3, 4)
    assert mentions(server) == Counter(range(1, 5))


@pytest.mark.parametrize("state", ["waiting", "claimed"])
async def test_a_crash_after_the_folding_tells_it_with_the_edit_that_was_stored(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch, state: OutboxState
) -> None:
    await burst(database, short, watch, 1, 2)
    await flag(database, 3, now=watch.clock())
    await flag(database, 4, now=watch.clock())
    shorten(short)
    assert await delivery.step(short, CHAT) == 0  # folded; the process dies before the edit is sent, or settled
    async with database.transaction() as tx:
        (edit,) = await outbox.pending(tx, CHAT, now=watch.clock())
        if state == "claimed":
            await outbox.claim(tx, (edit.id,), owner="this process", now=watch.clock(), lease=60)
    if state == "claimed":
        await server.edit(CHAT, 1, edit.message)
    again = restart(database, server, watch)
    await again.take_up()
    await run_dry(again)
    assert mentions(server) == Counter(range(1, 5))
    assert len(server.held) == 1


async def test_a_summary_that_may_not_have_arrived_grows_once_it_has(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    server.answers = [delivery.Unknown(reason="no answer")]
    await burst(database, short, watch, 1, 2)
    await burst(database, short, watch, 3, 4, 5)
    for _ in range(9):
        watch.at += 1
        await run_dry(short)
    assert mentions(server) == Counter(range(1, 6))
    assert len({random_id for random_id, _ in server.calls}) == 1


async def test_an_alert_that_may_have_arrived_is_told_by_no_summary(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    server.answers = [delivery.Unknown(reason="no answer")]
    await burst(database, short, watch, 1)
    watch.at += 1
    await burst(database, short, watch, 2, 3, 4)
    for _ in range(9):
        watch.at += 1
        await run_dry(short)
    assert mentions(server) == Counter(range(1, 5))


async def test_what_was_added_to_a_summary_that_the_user_deleted_is_told_anew(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await burst(database, short, watch, 1, 2)
    server.lost.add(1)
    await burst(database, short, watch, 3, 4)
    watch.at += 1
    await run_dry(short)
    await burst(database, short, watch, 5, 6)
    assert mentions(server) == Counter(range(3, 7))


async def test_what_another_edit_took_over_from_one_that_adds_is_told_anew_as_well(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await burst(database, short, watch, 1, 2)
    (summary,) = await sent_summaries(database)
    server.answers = [delivery.RetryAfter(seconds=9)]
    await burst(database, short, watch, 3, 4)
    await queue(database, 9, kind="update", act="edit", on=summary)
    server.lost.add(1)
    for _ in range(30):
        watch.at += 1
        await run_dry(short)
    assert mentions(server) == Counter((3, 4))


async def sent_summaries(database: Database) -> list[OutboxId]:
    async with database.reading() as connection:
        found = await rows(connection, "SELECT id FROM outbox WHERE kind = 'summary' AND act = 'send'")
    return [row["id"] for row in found]


async def test_what_a_refused_edit_would_have_added_is_told_anew(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await burst(database, short, watch, 1, 2)
    server.answers = [delivery.Refused(reason="MESSAGE_TOO_LONG", unreachable=False)]
    await burst(database, short, watch, 3, 4)
    for _ in range(3):
        watch.at += 1
        await run_dry(short)
    assert mentions(server) == Counter(range(1, 5))


async def test_a_long_pause_of_edits_holds_up_no_alert(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await burst(database, short, watch, 1, 2)
    server.answers = [delivery.RetryAfter(seconds=600)]
    await burst(database, short, watch, 3, 4)
    watch.at += 1
    await run_dry(short)
    assert mentions(server) == Counter(range(1, 5))
    await burst(database, short, watch, 5, 6)
    assert mentions(server) == Counter(range(1, 7))
    watch.at += 700
    await run_dry(short)
    assert mentions(server) == Counter(range(1, 7))
    assert len(server.edits) == 1


async def test_what_an_edit_may_have_told_already_waits_out_the_pause(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await burst(database, short, watch, 1, 2)
    server.answers = [delivery.Unknown(reason="no answer"), delivery.RetryAfter(seconds=600)]
    await burst(database, short, watch, 3, 4)
    watch.at += 10
    await run_dry(short)
    watch.at += 700
    await run_dry(short)
    assert mentions(server) == Counter(range(1, 5))
    assert len(server.held) == 1


async def test_a_follow_up_of_what_a_summary_tells_stands_under_the_summary(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await burst(database, short, watch, 1, 2)
    alert = await flag(database, 3, now=watch.clock())
    before = await queue(database, 1, kind="followup", act="reply", on=alert, now=watch.clock())
    await flag(database, 4, now=watch.clock())
    watch.at += 1
    await run_dry(short)
    after = await queue(database, 2, kind="followup", act="reply", on=alert, now=watch.clock())
    watch.at += 10
    await run_dry(short)
    ids = [(await get(database, one)).sent_message_id for one in (before, after)]
    assert [server.under[number] for number in ids if number] == [1, 1]


async def test_late_alerts_have_a_summary_of_their_own_that_does_not_grow(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await flag(database, 1, late=True)
    await run_dry(telling)
    await flag(database, 2, late=True)
    await run_dry(telling)
    assert [told_in(message) for message in server.held.values()] == [{1}, {2}]


async def test_nothing_is_told_where_all_was_taken_meanwhile(
    database: Database, short: delivery.Delivery, server: Server, watch: Watch
) -> None:
    ids = tuple([await flag(database, number) for number in (1, 2)])
    async with database.transaction() as tx:
        await outbox.cancel(tx, ids)
    assert await run_dry(short) is None
    assert server.calls == []
