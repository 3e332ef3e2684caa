"""What the tests of delivery share: a server that answers as told, a clock that a test moves, a filled outbox."""

from dataclasses import dataclass, field

import pytest

from bot import catalogues, delivery
from storage import channels, chats, matches, outbox, posts
from storage.database import Database
from storage.models import Act, ChatId, Match, Message, OutboxId, OutboxKind, OutboxMessage, Subject
from tests import records

CHAT = ChatId(4001)
CHANNEL = records.channel_info()
NOW = 1_780_000_000


@dataclass(slots=True)
class Server:
    """What the chat holds, under which message what stands, and what the server answers next: a result, or as usual.

    `lost`: ids of messages that the user deleted. `times`: when something was asked of it.
    """

    answers: list[delivery.Result | None] = field(default_factory=list)
    held: dict[int, Message] = field(default_factory=dict)
    under: dict[int, int] = field(default_factory=dict)
    calls: list[tuple[int, Message]] = field(default_factory=list)
    edits: list[tuple[int, Message]] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    times: list[float] = field(default_factory=list)
    watch: "Watch | None" = None

    async def send(
        self, chat_id: ChatId, random_id: int, message: Message, *, reply_to: int | None = None
    ) -> delivery.Result:
        self.calls.append((random_id, message))
        self._note()
        answer = self.answers.pop(0) if self.answers else None
        if reply_to in self.lost:
            return delivery.Gone(reason="REPLY_MESSAGE_ID_INVALID")
        if answer is None or isinstance(answer, delivery.Unknown):
            self.held.setdefault(random_id, message)
        if reply_to is not None:
            self.under[self.id_of(random_id)] = reply_to
        return answer or delivery.Sent(message_id=self.id_of(random_id))

    async def edit(self, chat_id: ChatId, message_id: int, message: Message) -> delivery.Result:
        self.edits.append((message_id, message))
        self._note()
        answer = self.answers.pop(0) if self.answers else None
        if message_id in self.lost:
            return delivery.Gone(reason="MESSAGE_ID_INVALID")
        if answer is None or isinstance(answer, delivery.Unknown):
            self.held[list(self.held)[message_id - 1]] = message
        return answer or delivery.Sent(message_id=message_id)

    def id_of(self, random_id: int) -> int:
        return list(self.held).index(random_id) + 1

    def texts(self) -> list[str]:
        """What the user reads, from the top."""
        shown = enumerate(self.held.values(), start=1)
        return [message.text for number, message in shown if number not in self.lost]

    def _note(self) -> None:
        if self.watch is not None:
            self.times.append(self.watch.at)


@dataclass(slots=True)
class Watch:
    """Time that passes only when a test says so."""

    at: float = 0.0

    def clock(self) -> int:
        return NOW + int(self.at)

    def stopwatch(self) -> float:
        return self.at


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def server(watch: Watch) -> Server:
    return Server(watch=watch)


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


async def queue(
    database: Database,
    number: int,
    *,
    kind: OutboxKind = "reply",
    chat_id: ChatId = CHAT,
    act: Act = "send",
    on: OutboxId | None = None,
    now: int = NOW,
) -> OutboxId:
    async with database.transaction() as tx:
        queued = await outbox.add(
            tx,
            chat_id=chat_id,
            kind=kind,
            key=f"{kind}:{number}",
            random_id=outbox.new_random_id(),
            message=Message(text=f"text {number}"),
            now=now,
            act=act,
            depends_on=on,
        )
    assert queued is not None
    return queued


async def flag(database: Database, number: int, *, now: int = NOW, late: bool = False) -> OutboxId:
    """Store a flagged post and the alert that tells of it."""
    text = f"Ротация номер {number}"
    async with database.transaction() as tx:
        put = await posts.put(
            tx, records.post(message_id=number, text=text, channel_id=CHANNEL.id), language="ru", now=now
        )
        await matches.replace(
            tx, put.post_id, [Match(topic="rotation", start=0, end=7, term="ротация", rule="ротация")]
        )
        queued = await outbox.add(
            tx,
            chat_id=CHAT,
            kind="alert",
            key=f"alert:{number}",
            random_id=5000 + number,
            message=Message(text=f"alert {number}"),
            subject=Subject(post_id=put.post_id, topics=("rotation",), late=late),
            now=now,
        )
    assert queued is not None
    return queued


async def run_dry(telling: delivery.Delivery, chat_id: ChatId = CHAT) -> float | None:
    """Step until there is nothing to do now."""
    while (pause := await delivery.step(telling, chat_id)) == 0:
        pass
    return pause


async def get(database: Database, outbox_id: OutboxId) -> OutboxMessage:
    async with database.reading() as connection:
        (found,) = await outbox.by_ids(connection, [outbox_id])
    return found


def told_in(message: Message) -> set[int]:
    """The posts that a message tells: the alert of one, or the links of a summary."""
    if message.text.startswith("alert "):
        return {int(message.text.removeprefix("alert "))}
    links = [entity.url or "" for entity in message.entities]
    return {int(link.rpartition("/")[2]) for link in links if link.startswith("https://t.me/")}
