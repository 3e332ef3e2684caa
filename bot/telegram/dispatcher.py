"""Brings what is said to the bot to the commands, once each, also what was said while nobody listened."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from telethon import errors as refusals
from telethon import events
from telethon.tl import functions, types

from bot import delivery
from bot.commands import menu, reception
from bot.commands.desk import Desk
from bot.commands.requests import Command, Press
from bot.telegram import client, errors, incoming, menus, progress
from bot.telegram.sender import Sender
from storage import chats
from storage.database import Database
from storage.models import ChatId

PRESS_ANSWER_SECONDS = 3
"""Telegram shows a pressed button as busy until it is answered."""
ANSWER_SECONDS = 30
SETTLING_SECONDS = 5
LONGEST_REST_SECONDS = 15 * 60
FIRST_LOOK_BACK_SECONDS = 60
_FIRST_LOOK_BACK_PTS = 100
_FIRST_RETRY_SECONDS = 30
_REMEMBERED = 1000

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Dispatcher:
    """Listens to the connected client of the bot.

    Telethon's handlers only put what came into lanes, a lane per chat, which are worked off one thing after another.
    Up to where all is answered is kept in the database and moves by `updates.getDifference` alone, so that a crash
    at any moment brings again what it interrupted; `reception` answers a repeat no second time.
    """

    client: client.Client
    database: Database
    desk: Desk
    sender: Sender
    clock: Callable[[], int]
    _group: asyncio.TaskGroup = field(default_factory=asyncio.TaskGroup)
    _lanes: dict[tuple[ChatId, bool], deque[tuple[Command | Press, asyncio.Future[None]]]] = field(default_factory=dict)
    _seen: dict[tuple[str, int], asyncio.Future[None]] = field(default_factory=dict)
    _known: set[ChatId] = field(default_factory=set)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)
    _back: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Set the menus of commands, answer what waits, and listen until cancelled.

        Raises StorageError when an answer cannot be stored, and TelegramError when the bot is signed out; what was not
        answered then comes again at the next start.
        """
        self.client.add_event_handler(self._message, events.Raw(types.UpdateNewMessage))
        self.client.add_event_handler(self._short_message, events.Raw(types.UpdateShortMessage))
        self.client.add_event_handler(self._press, events.Raw(types.UpdateBotCallbackQuery))
        self.client.on_reconnect.append(self._reconnected)
        try:
            async with self._group:
                self._group.create_task(self._set_menus())
                await self._follow()
        except BaseExceptionGroup as failures:
            # The first ends the rest; a caller can do nothing with several.
            raise failures.exceptions[0] from None
        finally:
            self.client.on_reconnect.remove(self._reconnected)
            for handler in (self._message, self._short_message, self._press):
                self.client.remove_event_handler(handler)

    async def catch_up(self) -> float | None:
        """Take what came since the kept progress, wait until it is answered, and keep the new progress.

        Returns None, or the seconds to wait where Telegram asks for a pause, or 0 when it cannot tell at all.
        """
        try:
            start, since = await self._start()
            after: progress.Progress | None = start
            while after is not None:
                after = await self._page(after, since=since)
        except refusals.RPCError as error:
            if errors.ends_the_session(error):
                raise errors.sentence(error) from None
            _log.info("commands sent in the meantime cannot be asked for: %s", error)
            return float(errors.wait(error) or 0)
        except (OSError, *errors.GARBLED) as error:
            _log.info("commands sent in the meantime cannot be asked for: %s", error)
            return 0.0
        return None

    async def _start(self) -> tuple[progress.Progress, int]:
        # Where to begin, and the date before which nothing is answered.
        async with self.database.reading() as connection:
            kept = await progress.get(connection, bot_id=self.client.own_id)
        if kept is not None:
            return kept, 0
        here = _progress(await self._ask(functions.updates.GetStateRequest()))
        await self._keep(here)
        # Somebody may have written before this process came to listen.
        return replace(here, pts=max(1, here.pts - _FIRST_LOOK_BACK_PTS)), here.date - FIRST_LOOK_BACK_SECONDS

    async def _page(self, before: progress.Progress, *, since: int) -> progress.Progress | None:
        # None: that was the last page.
        try:
            found = await self._ask(
                functions.updates.GetDifferenceRequest(
                    pts=before.pts, qts=before.qts, date=datetime.fromtimestamp(before.date, UTC)
                )
            )
        except (refusals.PersistentTimestampInvalidError, refusals.PersistentTimestampEmptyError):
            # What we kept means nothing to this server: begin anew.
            await self._keep(_progress(await self._ask(functions.updates.GetStateRequest())))
            return None
        await self._answer_all(found, since=since)
        match found:
            case types.updates.DifferenceEmpty():
                after = replace(before, date=_seconds(found.date))
            case types.updates.DifferenceTooLong():
                after = replace(before, pts=found.pts)
            case types.updates.DifferenceSlice():
                after = _progress(found.intermediate_state)
            case _:
                after = _progress(found.state)
        await self._keep(after)
        goes_on = isinstance(found, types.updates.DifferenceTooLong | types.updates.DifferenceSlice)
        return after if goes_on and after != before else None

    async def _ask(self, request: Any) -> Any:
        # An answer that is lost would else be waited for until the connection breaks.
        async with asyncio.timeout(ANSWER_SECONDS):
            return await self.client(request)

    async def _answer_all(self, found: Any, *, since: int) -> None:
        users = incoming.by_id(getattr(found, "users", None) or [])
        messages = getattr(found, "new_messages", None) or []
        for message in sorted(messages, key=lambda message: int(message.id)):
            command = incoming.command(message, users)
            if command is not None and command.sent_at >= since:
                self._take(command)
        for update in getattr(found, "other_updates", None) or []:
            if isinstance(update, types.UpdateBotCallbackQuery):
                await self._press(update)
        if self._seen:
            # Not gather: when it is cancelled it cancels what it waits for, and that is still being answered.
            await asyncio.wait(set(self._seen.values()))

    async def _follow(self) -> None:
        retry = _FIRST_RETRY_SECONDS
        while True:
            wait = await self.catch_up()
            if wait is None:
                retry = _FIRST_RETRY_SECONDS
                await self._rest(LONGEST_REST_SECONDS)
            elif wait > 0:
                await asyncio.sleep(wait)
            else:
                await self._rest(retry)
                retry = min(2 * retry, LONGEST_REST_SECONDS)

    async def _rest(self, seconds: float) -> None:
        # A reconnect is followed at once; after a command the state may move a little later, several at a time.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._moved.wait()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLING_SECONDS):
                await self._back.wait()
        self._moved.clear()
        self._back.clear()

    def _reconnected(self) -> None:
        self._back.set()
        self._moved.set()

    async def _message(self, update: types.UpdateNewMessage) -> None:
        entities: Mapping[int, Any] = getattr(update, "_entities", None) or {}
        self._take(incoming.command(update.message, incoming.by_id(entities.values())))

    async def _short_message(self, update: types.UpdateShortMessage) -> None:
        self._take(incoming.short_command(update))

    async def _press(self, update: types.UpdateBotCallbackQuery) -> None:
        self._take(incoming.press(update))

    def _take(self, request: Command | Press | None) -> None:
        # The same may come twice, pushed and in a difference. The ids of what is written to one account are one
        # sequence, whatever the chat.
        if request is None:
            return
        key = ("press", request.query_id) if isinstance(request, Press) else ("command", request.request_id)
        if key in self._seen:
            return
        oldest = next(iter(self._seen), key)
        if len(self._seen) >= _REMEMBERED and self._seen[oldest].done():
            del self._seen[oldest]
        self._seen[key] = self._put(request)
        self._moved.set()

    def _put(self, request: Command | Press) -> asyncio.Future[None]:
        # Presses have a lane of their own: Telegram wants them answered while a long command is still at work.
        key = (request.chat_id, isinstance(request, Press))
        done = asyncio.get_running_loop().create_future()
        lane = self._lanes.setdefault(key, deque())
        lane.append((request, done))
        if len(lane) == 1:
            self._group.create_task(self._work(key))
        return done

    async def _work(self, key: tuple[ChatId, bool]) -> None:
        lane = self._lanes[key]
        while lane:
            request, done = lane[0]
            if isinstance(request, Press):
                await self._answer_press(request)
            else:
                await self._answer_command(request)
            done.set_result(None)
            lane.popleft()
        del self._lanes[key]

    async def _answer_command(self, command: Command) -> None:
        await reception.command(self.desk, command, now=self.clock())
        if command.chat_id not in self._known:
            # Telethon commits it once a minute, and without the access hash some servers take no answer.
            self._known.add(command.chat_id)
            self.client.session.save()
            self._group.create_task(self._show_menu(command.chat_id))

    async def _answer_press(self, press: Press) -> None:
        work = self._group.create_task(reception.press(self.desk, press, now=self.clock()))
        await asyncio.wait({work}, timeout=PRESS_ANSWER_SECONDS)
        if not work.done():
            await self.sender.answer(press.query_id, None)
            await work
            pressed = work.result()
        else:
            pressed = work.result()
            await self.sender.answer(press.query_id, pressed.notice if pressed else None)
        if pressed is not None and pressed.replace is not None:
            result = await self.desk.screen.edit(press.chat_id, press.message_id, pressed.replace)
            if not isinstance(result, delivery.Sent):
                _log.warning("a message could not be changed after a press: %s", result)

    async def _set_menus(self) -> None:
        texts = self.desk.catalogues
        await menus.set_for_all(self.client, {language: menu.entries(texts[language]) for language in texts})

    async def _show_menu(self, chat_id: ChatId) -> None:
        # Its language may be another one than its Telegram's.
        async with self.database.reading() as connection:
            chat = await chats.get(connection, chat_id)
        if chat is not None:
            await self.sender.set_menu(chat_id, menu.entries(self.desk.catalogues[chat.language]))

    async def _keep(self, reached: progress.Progress) -> None:
        async with self.database.transaction() as tx:
            await progress.put(tx, reached, bot_id=self.client.own_id)


def _progress(state: types.updates.State) -> progress.Progress:
    return progress.Progress(pts=state.pts, qts=state.qts, date=_seconds(state.date))


def _seconds(date: datetime | None) -> int:
    return int(date.timestamp()) if date else 0
