"""Sends what the outbox holds: claim, send, settle. A crash repeats; the stored random_id makes the repeat harmless."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, assert_never

from bot import audience, pacing, schedule
from bot.render import alert
from bot.render.catalogue import Catalogue
from storage import channels, chats, outbox, posts, summaries
from storage.database import Connection, Database
from storage.models import Chat, ChatId, Message, OutboxId, OutboxKind, OutboxMessage

LEASE_SECONDS = 60
LONGEST_PAUSE_SECONDS = 60
_QUIET: frozenset[OutboxKind] = frozenset({"alert", "summary", "followup"})
"""What comes by itself, and therefore not in quiet hours."""
ENDING_SECONDS = 3
"""How long the end of the process waits for the answer to a message that is on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The server has the message, under this id in the chat."""

    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryAfter:
    """The server asks us to send nothing for so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may have been sent or not: again later, the same bytes under the same random_id."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The server will never take this message; `unreachable`: nor any other to this chat until its user writes."""

    reason: str
    unreachable: bool


Result = Sent | RetryAfter | Unknown | Refused


class Sender(Protocol):
    """Sends as the bot."""

    async def send(self, chat_id: ChatId, random_id: int, message: Message) -> Result:
        """Send `message`; the server answers a repeated `random_id` with the message it has."""
        ...


@dataclass(slots=True, kw_only=True)
class Delivery:
    """What delivering holds: the outbox, the sender, the pace. `owner` names this process in its claims.

    `clock` gives UTC seconds, `stopwatch` seconds that never jump. `catching_up` says whether the reader is still
    reading what was posted while nobody looked. Whoever stores something to send sets `work`.
    """

    database: Database
    sender: Sender
    catalogues: Mapping[str, Catalogue]
    owner: str
    clock: Callable[[], int]
    stopwatch: Callable[[], float]
    catching_up: Callable[[], bool]
    work: asyncio.Event = field(default_factory=asyncio.Event)
    paces: dict[ChatId, schedule.Bucket] = field(default_factory=dict)
    silent_until: float = 0.0
    _bells: dict[ChatId, asyncio.Event] = field(default_factory=dict)

    async def run(self) -> None:
        """Deliver until cancelled, each chat at its own pace, so that a slow one holds up no other."""
        async with self.database.transaction() as tx:
            await outbox.release(tx, owner=self.owner)
        async with asyncio.TaskGroup() as group:
            while True:
                self.work.clear()
                for bell in self._bells.values():
                    bell.set()
                async with self.database.reading() as connection:
                    for chat in await chats.all_chats(connection):
                        if chat.id not in self._bells:
                            self._bells[chat.id] = asyncio.Event()
                            group.create_task(self._serve(chat.id))
                await self.work.wait()

    async def _serve(self, chat_id: ChatId) -> None:
        bell = self._bells[chat_id]
        while True:
            bell.clear()
            pause = await step(self, chat_id)
            if pause is None or pause > 0:
                await _ring(bell, pause)


async def _ring(bell: asyncio.Event, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        return


async def step(delivery: Delivery, chat_id: ChatId) -> float | None:
    """Do the next thing for one chat: send one message, fold alerts into a summary, or nothing.

    Returns the seconds until there is more to do: 0 at once, None when something new must be stored first.
    """
    now, at = delivery.clock(), delivery.stopwatch()
    async with delivery.database.reading() as connection:
        # Asked at once: each question by itself would be a trip of its own to the connection's thread.
        chat, pending = await asyncio.gather(
            chats.get(connection, chat_id), outbox.pending(connection, chat_id, now=now)
        )
    if chat is None or chat.unreachable_since is not None:
        return None
    over = audience.quiet_until(chat, now)
    if over is not None and await _hold(delivery, pending, until=over):
        return 0
    if at < delivery.silent_until:
        return delivery.silent_until - at
    bucket = delivery.paces.get(chat_id, schedule.full(at)).refill(at)
    delivery.paces[chat_id] = bucket
    todo = pacing.plan(pending, tokens=bucket.tokens, catching_up=delivery.catching_up(), now=now)
    match todo:
        case pacing.Rest():
            return todo.seconds if pending else await _until_due(delivery, chat_id, now=now)
        case pacing.Fold():
            await _fold(delivery, chat, todo, now=now)
        case pacing.Send():
            delivery.paces[chat_id] = bucket.take(1)
            await _to_its_end(_send(delivery, todo.message, now=now))
        case _:
            assert_never(todo)
    return 0


async def _hold(delivery: Delivery, pending: Sequence[OutboxMessage], *, until: int) -> bool:
    """Keep to the quiet hours also what was decided before they began; say whether there was any."""
    ids = [message.id for message in pending if message.kind in _QUIET]
    if ids:
        async with delivery.database.transaction() as tx:
            await outbox.hold(tx, ids, not_before=until, held="quiet")
    return bool(ids)


async def _until_due(delivery: Delivery, chat_id: ChatId, *, now: int) -> float | None:
    async with delivery.database.reading() as connection:
        due = await outbox.next_due(connection, chat_id)
    return None if due is None else float(max(1, due - now))


async def _to_its_end(sending: Coroutine[Any, Any, None]) -> None:
    """Let what is on its way be settled even when cancelled meanwhile, if that does not take long."""
    task = asyncio.ensure_future(sending)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=ENDING_SECONDS)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise


async def _send(delivery: Delivery, message: OutboxMessage, *, now: int) -> None:
    async with delivery.database.transaction() as tx:
        claimed = await outbox.claim(tx, (message.id,), owner=delivery.owner, now=now, lease=LEASE_SECONDS)
    if not claimed:
        return
    result = await delivery.sender.send(message.chat_id, message.random_id, message.message)
    async with delivery.database.transaction() as tx:
        await _settle(tx, claimed[0], result, now=delivery.clock())
    if isinstance(result, RetryAfter):
        delivery.silent_until = delivery.stopwatch() + result.seconds


async def _settle(tx: Connection, message: OutboxMessage, result: Result, *, now: int) -> None:
    match result:
        case Sent():
            await outbox.settle(tx, message.id, message_id=result.message_id, now=now)
        case RetryAfter():
            reason = f"Telegram asked for a pause of {result.seconds} s"
            await outbox.again(tx, message.id, not_before=now + result.seconds, error=reason)
        case Unknown():
            pause = min(2**message.attempts, LONGEST_PAUSE_SECONDS)
            await outbox.again(tx, message.id, not_before=now + pause, error=result.reason)
        case Refused(unreachable=True):
            await outbox.again(tx, message.id, not_before=now, error=result.reason)
            await chats.set_unreachable(tx, message.chat_id, now)
        case Refused():
            await outbox.refuse(tx, message.id, error=result.reason)
        case _:
            assert_never(result)


async def _fold(delivery: Delivery, chat: Chat, fold: pacing.Fold, *, now: int) -> None:
    async with delivery.database.transaction() as tx:
        # Asked again: meanwhile the chat may have set that it does not want them.
        told = [message for message in await outbox.by_ids(tx, fold.ids) if message.state == "waiting"]
        if not told:
            return
        entries = await _entries(tx, told)
        silent = all(message.message.silent for message in told)
        messages = alert.summary(
            delivery.catalogues[chat.language], entries=entries, timezone=chat.timezone, reason=fold.reason
        )
        first: OutboxId | None = None
        for number, message in enumerate(messages):
            added = await outbox.add(
                tx,
                chat_id=chat.id,
                kind="summary",
                key=f"summary:{fold.ids[0]}:{number}",
                random_id=outbox.new_random_id(),
                message=replace(message, silent=silent),
                now=now,
            )
            first = first or added
        if first is not None:
            await summaries.fold(tx, fold.ids, into=first, summary=first)


async def _entries(tx: Connection, told: Sequence[OutboxMessage]) -> list[alert.Entry]:
    found = {post.id: post for post in await posts.by_ids(tx, [m.subject.post_id for m in told if m.subject])}
    entries = []
    for message in told:
        if message.subject is None:
            continue
        post = found[message.subject.post_id]
        channel = await channels.get(tx, post.post.channel_id)
        if channel is not None:
            entries.append(alert.Entry(channel=channel.info, post=post, topics=message.subject.topics))
    return entries
