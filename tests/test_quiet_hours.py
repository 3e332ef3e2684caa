"""What a chat sets holds for all that it is told, whatever else happens, and nothing is lost by it."""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import audience, delivery, ingest
from bot.commands import settings as setting
from bot.commands.access import Door
from bot.commands.desk import Asked, Desk
from storage import backlog, channels, chats
from storage.database import Database, open_database
from storage.models import Chat
from tests.commands import chatting
from tests.delivering import CHANNEL, CHAT, NOW, Server, Watch, run_dry, told_in
from tests.records import post

TEXTS = {"rotation": "Родные требуют ротации", "desertion": "Он дезертир", "none": "Солнечно"}
HOUR = 3600
CHANGES = st.one_of(
    st.sampled_from(["mode:instant", "mode:hourly", "quiet:off", "topics:", "topics:rotation", "sound:desertion"]),
    st.sampled_from(["tz:Europe/Kyiv", "tz:America/Los_Angeles", "tz:Asia/Kathmandu", "mode:digest"]),
    st.tuples(st.integers(0, 1439), st.integers(0, 1439)).map(lambda hours: f"quiet:{hours[0]}-{hours[1]}"),
)
STEPS = st.lists(
    st.one_of(
        st.sampled_from(sorted(TEXTS)).map(lambda text: ("post", text)),
        CHANGES.map(lambda change: ("set", change)),
        st.integers(1, 9 * HOUR).map(lambda seconds: ("wait", seconds)),
        st.integers(1, 9 * HOUR).map(lambda seconds: ("away", seconds)),
        st.just(("restart", "")),
        st.sampled_from([("fail", "pause"), ("fail", "lost")]),
    ),
    max_size=30,
)


class House:
    """Posts come in, a chat changes what it set, and what it is told is delivered, with time that a test moves."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.watch = Watch()
        self.server = Server(watch=self.watch)
        self.rules = chatting.rules()
        self.teller = ingest.Teller(rules=self.rules, catalogues=chatting.ALL, wake=lambda: None)
        self.desk = Desk(
            database=database,
            reader=chatting.FakeReader(database),
            catalogues=chatting.ALL,
            rules=self.rules,
            door=Door(),
            timezone="UTC",
            digest_time=chatting.NINE,
            wake=lambda: None,
            screen=chatting.FakeScreen(),
            menus=chatting.FakeScreen(),
            username="homefront_bot",
        )
        self.delivery = self.started()
        self.wanted: set[int] = set()
        self.dropped: set[int] = set()
        self.topic: dict[int, str] = {}
        self.number = 0
        self.seen = 0

    def started(self) -> delivery.Delivery:
        return delivery.Delivery(
            database=self.database,
            sender=self.server,
            catalogues=chatting.ALL,
            owner="this process",
            clock=self.watch.clock,
            stopwatch=self.watch.stopwatch,
            catching_up=lambda: False,
        )

    async def chat(self) -> Chat:
        async with self.database.reading() as connection:
            chat = await chats.get(connection, CHAT)
        assert chat is not None
        return chat

    async def posts(self, text: str) -> None:
        self.number += 1
        now = self.watch.clock()
        found = post(self.number, f"{TEXTS[text]} {self.number}", channel_id=CHANNEL.id, date=now)
        batch = ingest.Batch(channel_id=CHANNEL.id, posts=(found,), source="live")
        stored = await ingest.store(self.database, self.teller, batch, now=now)
        chat = await self.chat()
        wanted = text != "none" and chat.mode != "digest" and (not chat.topics or text in chat.topics)
        assert stored.told == int(wanted)
        if wanted:
            self.wanted.add(self.number)
            self.topic[self.number] = text

    async def sets(self, change: str) -> None:
        before = await self.waiting()
        await setting.press(
            Asked(desk=self.desk, chat=await self.chat(), role="owner", args=change, now=self.watch.clock())
        )
        chat, dropped = await self.chat(), before - await self.waiting()
        assert all(chat.mode == "digest" or (chat.topics and self.topic[one] not in chat.topics) for one in dropped)
        self.dropped |= dropped

    async def waiting(self) -> set[int]:
        async with self.database.reading() as connection:
            unsent = await backlog.unsent(connection, CHAT)
        return {int(one.key.rpartition(":")[2]) for one in unsent if one.kind == "alert"}

    async def deliver(self) -> float | None:
        pause = await run_dry(self.delivery)
        chat, now = await self.chat(), self.watch.clock()
        if len(self.server.held) > self.seen:
            assert audience.quiet_until(chat, now) is None
            assert chat.mode != "digest"
        self.seen = len(self.server.held)
        return pause

    async def passes(self, seconds: int) -> None:
        """Let time pass, and deliver whenever there is something to."""
        end = self.watch.at + seconds
        while True:
            pause = await self.deliver()
            if pause is None or self.watch.at + pause >= end:
                self.watch.at = end
                await self.deliver()
                return
            self.watch.at += pause

    async def restarts(self) -> None:
        self.delivery = self.started()
        await self.delivery.take_up()

    def mentions(self) -> Counter[int]:
        return Counter(number for message in self.server.held.values() for number in told_in(message))


async def live(folder: Path, steps: list[tuple[str, str | int]]) -> None:
    async with open_database(folder / "homefront.db", now=NOW) as database:
        async with database.transaction() as tx:
            await chats.pair(tx, chat_id=CHAT, role="owner", language="en", timezone="UTC", now=NOW)
            await channels.follow(tx, CHANNEL, joined=True, now=NOW)
        house = House(database)
        for kind, what in steps:
            await do(house, kind, what)
        await house.passes(3 * 24 * HOUR)
        # Told once each: what was wanted when it came, but for what was unwanted before it could be told. Of what was
        # tried and then unwanted nobody knows whether it arrived.
        told = house.mentions()
        assert house.wanted - house.dropped <= set(told) <= house.wanted
        assert set(told.values()) <= {1}


async def do(house: House, kind: str, what: str | int) -> None:
    match kind:
        case "post":
            await house.posts(str(what))
        case "set":
            await house.sets(str(what))
        case "wait":
            await house.passes(int(what))
        case "away":
            house.watch.at += int(what)
        case "restart":
            await house.restarts()
        case _:
            answer = delivery.RetryAfter(seconds=90) if what == "pause" else delivery.Unknown(reason="no answer")
            house.server.answers.append(answer)


@example([("set", "quiet:1260-420"), ("post", "rotation"), ("away", HOUR), ("wait", 1)])
@example([("set", "quiet:1260-420"), *[("post", "rotation")] * 30, ("wait", 1), ("away", HOUR), ("restart", "")])
@example([("set", "quiet:1200-420"), *[("post", "rotation")] * 90, ("restart", ""), ("wait", 12 * HOUR)])
@example([("set", "mode:hourly"), ("post", "rotation"), ("post", "desertion"), ("set", "topics:rotation")])
@given(STEPS)
@settings(max_examples=25)
def test_an_alert_is_never_told_outside_what_the_chat_set_and_none_is_lost(steps: list[tuple[str, str | int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(live(Path(folder), steps))
