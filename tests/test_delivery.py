"""Delivery from the outbox: exactly once, at the chat's pace, and nothing left unsaid."""

import asyncio

from bot import delivery
from storage import backlog, chats, outbox
from storage.database import Database
from storage.models import ChatId, Entity, Message
from tests.delivering import (
    CHANNEL,
    CHAT,
    NOW,
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

READER = ChatId(4002)


async def test_what_waits_is_sent_once_and_settled(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    await queue(database, 1)
    assert await run_dry(telling) is None
    assert await run_dry(telling) is None
    assert [message for _, message in server.calls] == [Message(text="text 1")]


async def test_a_lost_reply_is_repeated_with_the_same_id_and_bytes_and_doubles_nothing(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    server.answers = [delivery.Unknown(reason="no answer in 10 s")]
    await queue(database, 1)
    pause = await run_dry(telling)
    assert pause is not None
    assert pause >= 1
    watch.at += pause
    await run_dry(telling)
    assert server.calls == [server.calls[0]] * 2
    assert server.calls[0][1] == Message(text="text 1")
    assert server.texts() == ["text 1"]
    async with database.reading() as connection:
        assert (await backlog.counts(connection)).waiting == 0


async def test_a_crash_between_send_and_settle_repeats_harmlessly(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await queue(database, 1)
    async with database.transaction() as tx:
        (row,) = await outbox.pending(tx, CHAT, now=NOW)
        await outbox.claim(tx, (row.id,), owner="this process", now=NOW, lease=60)
    await server.send(CHAT, row.random_id, row.message)  # and here the process died
    again = restart(database, server, watch)
    async with database.transaction() as tx:
        assert await outbox.release(tx, owner="this process") == 1
    await run_dry(again)
    assert server.texts() == ["text 1"]
    assert len(server.calls) == 2


async def test_a_flood_wait_silences_the_bot_for_as_long_as_the_server_says(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    server.answers = [delivery.RetryAfter(seconds=30)]
    await queue(database, 1)
    await queue(database, 2)
    await run_dry(telling)
    watch.at = 29
    await run_dry(telling)
    assert len(server.calls) == 1
    watch.at = 31
    await run_dry(telling)
    assert sorted(server.texts()) == ["text 1", "text 2"]


async def test_a_message_that_is_refused_is_a_dead_letter_and_the_next_one_goes(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    server.answers = [delivery.Refused(reason="MESSAGE_TOO_LONG", unreachable=False)]
    await queue(database, 1)
    await queue(database, 2)
    await run_dry(telling)
    second, notice = server.texts()
    assert second == "text 2"
    assert "MESSAGE_TOO_LONG" in notice
    assert "“text 1”" in notice
    async with database.reading() as connection:
        (dead,) = await backlog.dead_letters(connection, limit=5)
    assert (dead.key, dead.error) == ("reply:1", "MESSAGE_TOO_LONG")


async def test_what_a_channel_wrote_is_not_told_of_a_message_that_is_refused(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    server.answers = [delivery.Refused(reason=reason, unreachable=False) for reason in ("TOO_LONG", "TOO_SHORT")]
    quoted = Message(text="Rotation 🪖\nВести\nИванов", entities=(Entity(kind="quote", start=18, length=6),))
    for number, (kind, message) in enumerate([("alert", quoted), ("reply", Message(text="Found 1\nИванов"))]):
        async with database.transaction() as tx:
            await outbox.add(
                tx,
                chat_id=CHAT,
                kind="alert" if kind == "alert" else "reply",
                key=f"{number}",
                random_id=outbox.new_random_id(),
                message=message,
                now=NOW,
            )
    await run_dry(telling)
    told = "".join(server.texts())
    assert "“Rotation 🪖 Вести”" in told
    assert "“Found 1”" in told
    assert "Иванов" not in told


async def test_what_a_blocked_bot_has_to_say_waits_until_the_user_is_back(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    server.answers = [delivery.Refused(reason="USER_IS_BLOCKED", unreachable=True)]
    await queue(database, 1)
    await queue(database, 2)
    assert await run_dry(telling) is None
    assert len(server.calls) == 1
    async with database.transaction() as tx:
        await chats.set_unreachable(tx, CHAT, None)
    watch.at += 5
    await run_dry(telling)
    assert sorted(server.texts()) == ["text 1", "text 2"]


async def test_the_owner_learns_that_a_reader_cannot_be_reached(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=READER, role="reader", language="en", timezone="UTC", now=NOW)
    server.answers = [delivery.Refused(reason="USER_IS_BLOCKED", unreachable=True)]
    await queue(database, 1, chat_id=READER)
    assert await run_dry(telling, READER) is None
    await run_dry(telling)
    (notice,) = server.texts()
    assert "chat 4002 (USER_IS_BLOCKED)" in notice


async def test_a_notice_that_is_refused_is_not_told_of_by_another(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    server.answers = [delivery.Refused(reason="MESSAGE_TOO_LONG", unreachable=False)] * 9
    await queue(database, 1, kind="notice")
    await run_dry(telling)
    assert len(server.calls) == 1


async def test_a_pause_that_telegram_asked_for_outlives_the_process(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    server.answers = [delivery.RetryAfter(seconds=30)]
    await queue(database, 1)
    await run_dry(telling)
    watch.at = 10
    again = restart(database, server, watch)
    await again.take_up()
    assert again.silent == {"send": 30, "edit": 10}
    assert await run_dry(again) == 20
    watch.at = 31
    await again.take_up()
    assert again.silent == {"send": 31, "edit": 31}


async def test_without_a_connection_nothing_is_tried_and_the_pace_is_not_used_up(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    server.answers = [delivery.Unsent(reason="not connected")] * 60
    alert = await flag(database, 1)
    while server.answers:
        pause = await run_dry(telling)
        assert pause is not None
        watch.at += pause
    assert (await get(database, alert)).attempts == 0
    for number in range(2, 40):
        await flag(database, number)
    await run_dry(telling)
    assert set[int]().union(*map(told_in, server.held.values())) == set(range(1, 40))
    assert server.texts()[0] == "alert 1"
    assert len(server.held) == 20


class Slow:
    """A server that answers when it is told to."""

    def __init__(self) -> None:
        self.asked, self.answered = asyncio.Event(), asyncio.Event()

    async def send(
        self, chat_id: ChatId, random_id: int, message: Message, *, reply_to: int | None = None
    ) -> delivery.Result:
        self.asked.set()
        await self.answered.wait()
        return delivery.Sent(message_id=7)

    async def edit(self, chat_id: ChatId, message_id: int, message: Message) -> delivery.Result:
        raise AssertionError


async def test_what_is_on_its_way_is_settled_before_the_end(database: Database, telling: delivery.Delivery) -> None:
    telling.sender = slow = Slow()
    await queue(database, 1)
    running = asyncio.create_task(telling.run())
    await slow.asked.wait()
    running.cancel()
    await asyncio.sleep(0)
    slow.answered.set()
    await asyncio.wait({running})
    assert running.cancelled()
    async with database.reading() as connection:
        sent = await outbox.by_sent(connection, CHAT, 7)
    assert sent is not None
    assert sent.message == Message(text="text 1")


async def test_who_waits_for_what_is_on_its_way_finds_it_noted(database: Database, telling: delivery.Delivery) -> None:
    telling.sender = slow = Slow()
    await queue(database, 1)
    running = asyncio.create_task(delivery.step(telling, CHAT))
    await slow.asked.wait()
    waiting = asyncio.create_task(telling.settled(CHAT))
    await asyncio.sleep(0)
    assert not waiting.done()
    slow.answered.set()
    await waiting
    async with database.reading() as connection:
        assert await outbox.by_sent(connection, CHAT, 7) is not None
    await running


async def test_late_posts_come_in_one_summary_when_the_catching_up_is_over(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    for number in (1, 2, 3):
        await flag(database, number, now=NOW, late=True)
    busy = restart(database, server, watch, catching_up=True)
    assert await run_dry(busy) == 1.0
    assert server.held == {}
    await run_dry(telling)
    (summary,) = server.held.values()
    links = {entity.url for entity in summary.entities}
    assert {f"https://t.me/{CHANNEL.username}/{number}" for number in (1, 2, 3)} <= links


async def test_folded_alerts_are_not_told_again(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await flag(database, 1, now=NOW, late=True)
    await run_dry(telling)
    await run_dry(restart(database, server, watch))
    assert len(server.held) == 1
