"""Delivery from the outbox: exactly once, at the chat's pace, and nothing left unsaid."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot import catalogues, delivery
from storage import backlog, channels, chats, matches, outbox, posts
from storage.database import Database
from storage.models import ChatId, Match, Message, OutboxKind, Subject
from tests import records

CHAT = ChatId(4001)
CHANNEL = records.channel_info()
NOW = 1_780_000_000


@dataclass(slots=True)
class Server:
    """What the chat holds, and what the server answers next: a result, or nothing unusual."""

    answers: list[delivery.Result] = field(default_factory=list)
    held: dict[int, Message] = field(default_factory=dict)
    calls: list[tuple[int, Message]] = field(default_factory=list)

    async def send(self, chat_id: ChatId, random_id: int, message: Message) -> delivery.Result:
        assert chat_id == CHAT
        self.calls.append((random_id, message))
        answer = self.answers.pop(0) if self.answers else None
        if answer is None or isinstance(answer, delivery.Unknown):
            self.held.setdefault(random_id, message)
        return answer or delivery.Sent(message_id=list(self.held).index(random_id) + 1)


@dataclass(slots=True)
class Watch:
    """Time that passes only when a test says so."""

    at: float = 0.0

    def clock(self) -> int:
        return NOW + int(self.at)

    def stopwatch(self) -> float:
        return self.at


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def telling(database: Database, server: Server, watch: Watch) -> delivery.Delivery:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=CHAT, role="owner", language="en", timezone="UTC", now=NOW)
        await channels.follow(tx, CHANNEL, joined=True, now=NOW)
    return restart(database, server, watch)


def restart(database: Database, server: Server, watch: Watch, *, catching_up: bool = False) -> delivery.Delivery:
    return delivery.Delivery(
        database=database,
        sender=server,
        catalogues={"en": catalogues.load("en")},
        owner="this process",
        clock=watch.clock,
        stopwatch=watch.stopwatch,
        catching_up=lambda: catching_up,
    )


async def queue(database: Database, number: int, *, kind: OutboxKind = "reply") -> None:
    async with database.transaction() as tx:
        await outbox.add(
            tx,
            chat_id=CHAT,
            kind=kind,
            key=f"{kind}:{number}",
            random_id=1000 + number,
            message=Message(text=f"text {number}"),
            now=NOW,
        )


async def flag(database: Database, number: int, *, now: int, late: bool = False) -> None:
    """Store a flagged post and the alert that tells of it."""
    text = f"Ротация номер {number}"
    async with database.transaction() as tx:
        put = await posts.put(
            tx, records.post(message_id=number, text=text, channel_id=CHANNEL.id), language="ru", now=now
        )
        await matches.replace(
            tx, put.post_id, [Match(topic="rotation", start=0, end=7, term="ротация", rule="ротация")]
        )
        await outbox.add(
            tx,
            chat_id=CHAT,
            kind="alert",
            key=f"alert:{number}",
            random_id=5000 + number,
            message=Message(text=f"alert {number}"),
            subject=Subject(post_id=put.post_id, topics=("rotation",), late=late),
            now=now,
        )


async def run_dry(telling: delivery.Delivery) -> float | None:
    """Step until there is nothing to do now."""
    while (pause := await delivery.step(telling, CHAT)) == 0:
        pass
    return pause


def texts(server: Server) -> Sequence[str]:
    return [message.text for message in server.held.values()]


async def test_what_waits_is_sent_once_and_settled(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    await queue(database, 1)
    assert await run_dry(telling) is None
    assert await run_dry(telling) is None
    assert server.calls == [(1001, Message(text="text 1"))]


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
    assert server.calls == [(1001, Message(text="text 1"))] * 2
    assert texts(server) == ["text 1"]
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
    assert texts(server) == ["text 1"]
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
    assert sorted(texts(server)) == ["text 1", "text 2"]


async def test_a_message_that_is_refused_is_a_dead_letter_and_the_next_one_goes(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    server.answers = [delivery.Refused(reason="MESSAGE_TOO_LONG", unreachable=False)]
    await queue(database, 1)
    await queue(database, 2)
    await run_dry(telling)
    assert texts(server) == ["text 2"]
    async with database.reading() as connection:
        (dead,) = await backlog.dead_letters(connection, limit=5)
    assert (dead.key, dead.error) == ("reply:1", "MESSAGE_TOO_LONG")


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
    assert sorted(texts(server)) == ["text 1", "text 2"]


async def test_what_is_on_its_way_is_settled_before_the_end(database: Database, telling: delivery.Delivery) -> None:
    asked, answered = asyncio.Event(), asyncio.Event()

    class Slow:
        async def send(self, chat_id: ChatId, random_id: int, message: Message) -> delivery.Result:
            asked.set()
            await answered.wait()
            return delivery.Sent(message_id=7)

    telling.sender = Slow()
    await queue(database, 1)
    running = asyncio.create_task(telling.run())
    await asked.wait()
    running.cancel()
    await asyncio.sleep(0)
    answered.set()
    await asyncio.wait({running})
    assert running.cancelled()
    async with database.reading() as connection:
        sent = await outbox.by_sent(connection, CHAT, 7)
    assert sent is not None
    assert sent.message == Message(text="text 1")


async def test_a_burst_of_twenty_is_told_one_by_one(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    for number in range(1, 21):
        await flag(database, number, now=NOW)
    await run_dry(telling)
    assert texts(server) == [f"alert {number}" for number in range(1, 21)]


async def test_ten_a_second_for_a_minute_leave_nothing_unsaid_for_five_seconds(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    told_after: dict[int, float] = {}
    for tick in range(650):
        watch.at = tick / 10
        if tick < 600:
            await flag(database, tick + 1, now=watch.clock())
        await run_dry(telling)
        said = "\n".join(f"{m.text} {[e.url for e in m.entities]}" for m in server.held.values())
        for number in range(1, min(tick, 599) + 2):
            if number not in told_after and (f"/{number}'" in said or f"alert {number} " in said):
                told_after[number] = watch.at - (number - 1) / 10
    assert len(told_after) == 600
    assert max(told_after.values()) <= 5
    assert len(server.held) <= 20 + 65


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
