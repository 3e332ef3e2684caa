"""The pace of sending: what each chat and all chats may get, alerts first, and nothing unsaid for long."""

from bot import delivery
from storage import chats
from storage.database import Database
from storage.models import ChatId
from tests.delivering import NOW, Server, Watch, flag, queue, run_dry, server, telling, told_in, watch

__all__ = ["server", "telling", "watch"]

GROUP = ChatId(-4003)


async def test_alerts_go_first_while_two_hundred_others_wait(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    for number in range(200):
        await queue(database, number, kind=("reply", "notice", "digest", "followup")[number % 4], now=NOW - 60)
    await run_dry(telling)
    delays, alerts = [], 0
    for tick in range(300):
        watch.at += 0.1
        if tick % 20 == 0:
            alerts += 1
            await flag(database, alerts, now=watch.clock())
        await run_dry(telling)
        delays.append(f"alert {alerts}" in server.texts())
    assert all(delays)
    assert 25 <= len(server.held) - alerts <= 35


async def test_a_group_gets_no_more_than_twenty_messages_in_any_minute(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=GROUP, role="reader", language="en", timezone="UTC", now=NOW)
    for number in range(60):
        await queue(database, number, chat_id=GROUP)
    for _ in range(300):
        await run_dry(telling, GROUP)
        watch.at += 0.5
    times = server.times
    assert len(times) > 36
    assert all(sum(start <= at < start + 60 for at in times) <= 20 for start in times)


async def test_all_chats_together_get_no_more_than_thirty_in_any_second(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    many = [ChatId(5000 + number) for number in range(8)]
    async with database.transaction() as tx:
        for chat_id in many:
            await chats.pair(tx, chat_id=chat_id, role="reader", language="en", timezone="UTC", now=NOW)
    for chat_id in many:
        for number in range(10):
            await queue(database, number, chat_id=chat_id)
    for _ in range(100):
        for chat_id in many:
            await run_dry(telling, chat_id)
        watch.at += 0.05
    times = server.times
    assert len(times) == 80
    assert all(sum(start <= at < start + 1 for at in times) <= 30 for start in times)


async def test_a_burst_of_twenty_is_told_one_by_one(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    for number in range(1, 21):
        await flag(database, number, now=NOW)
    await run_dry(telling)
    assert server.texts() == [f"alert {number}" for number in range(1, 21)]


async def test_ten_a_second_for_a_minute_leave_nothing_unsaid_for_a_second_and_a_half(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    told_after: dict[int, float] = {}
    for tick in range(650):
        watch.at = tick / 10
        if tick < 600:
            await flag(database, tick + 1, now=watch.clock())
        await run_dry(telling)
        for number in set[int]().union(*map(told_in, server.held.values())):
            told_after.setdefault(number, watch.at - (number - 1) / 10)
    assert len(told_after) == 600
    assert max(told_after.values()) <= 1.5
    mentions = [number for message in server.held.values() for number in told_in(message)]
    assert len(mentions) == 600
    assert len(server.held) <= 20 + 35
    for start in range(60):
        assert sum(start <= at < start + 1 for at in server.times[20:]) <= 2
