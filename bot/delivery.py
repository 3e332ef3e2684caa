"""Sends what the outbox holds: claim, send, settle. A crash repeats; the stored random_id makes the repeat harmless."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any, assert_never

from bot import audience, dressing, folding, pacing, schedule, settling
from bot.render.catalogue import Catalogue
from bot.settling import Gone, Refused, Result, RetryAfter, Sender, Sent, Unknown, Unsent
from storage import chats, outbox
from storage.database import Database
from storage.models import Chat, ChatId, Message, OutboxMessage

__all__ = ["Delivery", "Gone", "Refused", "Result", "RetryAfter", "Sender", "Sent", "Unknown", "Unsent", "step"]

LEASE_SECONDS = 60
OFFLINE_SECONDS = 0.5
"""How long to wait when the bot is not connected."""
ENDING_SECONDS = 3
"""How long the end of the process waits for the answer to a message that is on its way."""


@dataclass(slots=True, kw_only=True)
class Lane:
    """What is known of the sending to one chat.

    `bucket`: its pace. `served_at`: when something that waits behind alerts was last sent. `growing`: the summary that
    may grow. `bell`: rings when there may be work. `sending`: held from the claim of a message until it is settled.
    """

    bucket: schedule.Bucket
    served_at: float
    growing: folding.Growing | None = None
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True, kw_only=True)
class Delivery:
    """What delivering holds: the outbox, the sender, the pace. `owner` names this process in its claims.

    `clock` gives UTC seconds, `stopwatch` seconds that never jump. `catching_up` says whether the reader is still
    reading what was posted while nobody looked. Whoever stores something to send sets `work`. `silent`: until when by
    the stopwatch Telegram wants no message, or no edit, of ours. `turns`: of all that changes messages.
    """

    database: Database
    sender: Sender
    catalogues: Mapping[str, Catalogue]
    owner: str
    clock: Callable[[], int]
    stopwatch: Callable[[], float]
    catching_up: Callable[[], bool]
    work: asyncio.Event = field(default_factory=asyncio.Event)
    turns: dressing.Turns = field(default_factory=dressing.Turns)
    together: schedule.Window = field(default_factory=schedule.Window)
    lanes: dict[ChatId, Lane] = field(default_factory=dict)
    silent: dict[settling.Call, float] = field(default_factory=lambda: {"send": 0.0, "edit": 0.0})

    async def run(self) -> None:
        """Deliver until cancelled, each chat at its own pace, so that a slow one holds up no other."""
        await self.take_up()
        served: set[ChatId] = set()
        async with asyncio.TaskGroup() as group:
            while True:
                self.work.clear()
                for lane in self.lanes.values():
                    lane.bell.set()
                async with self.database.reading() as connection:
                    for chat in await chats.all_chats(connection):
                        if chat.id not in served:
                            served.add(chat.id)
                            group.create_task(self._serve(chat.id))
                await self.work.wait()

    def lane(self, chat_id: ChatId) -> Lane:
        """Give the lane of a chat, its pace as it now stands."""
        at = self.stopwatch()
        if chat_id not in self.lanes:
            self.lanes[chat_id] = Lane(bucket=schedule.full_of(chat_id, at), served_at=at)
        lane = self.lanes[chat_id]
        lane.bucket = lane.bucket.refill(at)
        return lane

    async def edit(self, chat_id: ChatId, message_id: int, message: Message) -> Result:
        """Make a message of ours say something else at once, not through the outbox: somebody waits with his finger.

        The chat's pace pays for it. It is not tried while Telegram wants no edits.
        """
        at = self.stopwatch()
        if at < self.silent["edit"]:
            return RetryAfter(seconds=ceil(self.silent["edit"] - at))
        lane = self.lane(chat_id)
        lane.bucket = lane.bucket.take(1)
        self.together = self.together.note(at)
        result = await self.sender.edit(chat_id, message_id, message)
        if isinstance(result, RetryAfter):
            self.silent["edit"] = self.stopwatch() + result.seconds
        return result

    async def settled(self, chat_id: ChatId) -> None:
        """Wait until it is noted under which id the server holds what is being sent to a chat now."""
        async with self.lane(chat_id).sending:
            return

    async def take_up(self) -> None:
        """Take up what a process before this one left: what it had claimed, and the pauses that it was asked for."""
        async with self.database.transaction() as tx:
            await outbox.release(tx, owner=self.owner)
            for call in self.silent:
                self.silent[call] = self.stopwatch() + await settling.silence(tx, call, now=self.clock())

    async def _serve(self, chat_id: ChatId) -> None:
        bell = self.lane(chat_id).bell
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
    chat, pending = await _read(delivery, chat_id, now=now)
    if chat is None or chat.unreachable_since is not None:
        return None
    if at < delivery.silent["send"]:
        return delivery.silent["send"] - at
    if at < delivery.silent["edit"]:
        pending = tuple(message for message in pending if message.act != "edit")
    lane = delivery.lane(chat_id)
    todo = pacing.plan(pending, _allowance(delivery, lane, at=at), catching_up=delivery.catching_up(), now=now)
    match todo:
        case pacing.Rest():
            return todo.seconds if pending else await _until_due(delivery, chat_id, now=now)
        case pacing.Fold():
            await _fold(delivery, lane, chat, todo, now=now)
        case pacing.Send():
            _note(delivery, lane, todo, at=at)
            await _to_its_end(_send(delivery, lane, todo.message, now=now))
        case _:
            assert_never(todo)
    return 0


def _note(delivery: Delivery, lane: Lane, todo: pacing.Send, *, at: float) -> None:
    if todo.behind:
        lane.served_at = at
    lane.bucket = lane.bucket.take(1)
    delivery.together = delivery.together.note(at)


def _allowance(delivery: Delivery, lane: Lane, *, at: float) -> pacing.Allowance:
    bucket = lane.bucket
    return pacing.Allowance(
        tokens=bucket.tokens,
        burst=bucket.burst,
        pace=bucket.pace,
        room=delivery.together.room(at),
        rested=at - lane.served_at,
    )


async def _read(delivery: Delivery, chat_id: ChatId, *, now: int) -> tuple[Chat | None, tuple[OutboxMessage, ...]]:
    """Give a chat and what waits for it; in quiet hours what comes by itself is held back, whenever it was decided."""
    async with delivery.database.reading() as connection:
        # Asked at once: each question by itself would be a trip of its own to the connection's thread.
        chat, pending = await asyncio.gather(
            chats.get(connection, chat_id), outbox.pending(connection, chat_id, now=now)
        )
    over = None if chat is None else audience.quiet_until(chat, now)
    ids = [message.id for message in pending if message.kind in audience.BY_ITSELF]
    if over is None or not ids:
        return chat, pending
    async with delivery.database.transaction() as tx:
        await outbox.hold(tx, ids, not_before=over, held="quiet")
    return chat, tuple(message for message in pending if message.id not in ids)


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


async def _send(delivery: Delivery, lane: Lane, message: OutboxMessage, *, now: int) -> None:
    async with lane.sending:
        await _send_and_settle(delivery, lane, message, now=now)


async def _send_and_settle(delivery: Delivery, lane: Lane, message: OutboxMessage, *, now: int) -> None:
    parent: tuple[OutboxMessage, ...] = ()
    async with delivery.database.transaction() as tx:
        claimed = await outbox.claim(tx, (message.id,), owner=delivery.owner, now=now, lease=LEASE_SECONDS)
        if message.depends_on is not None:
            parent = await outbox.by_ids(tx, (message.depends_on,))
    if not claimed:
        return
    result = await _perform(delivery, claimed[0], parent[0] if parent else None)
    async with delivery.database.transaction() as tx:
        await settling.settle(tx, delivery.catalogues, claimed[0], result, now=delivery.clock())
    if isinstance(result, RetryAfter):
        delivery.silent[settling.call_of(message)] = delivery.stopwatch() + result.seconds
    elif isinstance(result, Unsent):
        delivery.silent["send"] = delivery.stopwatch() + OFFLINE_SECONDS
        lane.bucket = lane.bucket.take(-1)


async def _perform(delivery: Delivery, message: OutboxMessage, parent: OutboxMessage | None) -> Result:
    """Send or edit; `parent` is what is answered or changed."""
    chat_id, random_id, sender = message.chat_id, message.random_id, delivery.sender
    parent_id = None if parent is None else parent.sent_message_id
    if message.act == "edit":
        return await _edit(delivery, message, parent) if parent and parent_id else Gone(reason="its id is not known")
    result = await sender.send(chat_id, random_id, message.message, reply_to=parent_id or None)
    if isinstance(result, Gone):
        # It is worth saying even where nobody sees what it answers.
        return await sender.send(chat_id, random_id, message.message)
    return result


async def _edit(delivery: Delivery, message: OutboxMessage, parent: OutboxMessage) -> Result:
    """Make `parent` say what `message` does, and keep what its chat asked for under it: votes, mutes, a translation."""
    message_id = parent.sent_message_id or 0
    async with delivery.turns.of(message.chat_id, message_id):
        async with delivery.database.reading() as connection:
            chat = await chats.get(connection, message.chat_id)
            if chat is None:
                return Gone(reason="the chat was removed")
            texts = delivery.catalogues[chat.language]
            text = await dressing.dressed(connection, texts, parent, message.message, now=delivery.clock())
        return await delivery.sender.edit(message.chat_id, message_id, text)


async def _fold(delivery: Delivery, lane: Lane, chat: Chat, fold: pacing.Fold, *, now: int) -> None:
    texts = delivery.catalogues[chat.language]
    # What is told in an edit would wait until Telegram wants edits again.
    growing = lane.growing if delivery.silent["edit"] <= delivery.stopwatch() else None
    async with delivery.database.transaction() as tx:
        lane.growing = await folding.fold(tx, texts, chat, fold, growing=growing, now=now)
