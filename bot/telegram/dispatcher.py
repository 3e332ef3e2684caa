"""Brings what is said to the bot to the commands, once each, also what was said while nobody listened."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from telethon import errors as refusals
from telethon import events
from telethon.tl import functions, types

from bot import delivery, dressing
from bot.commands import menu, reception
from bot.commands.desk import Desk
from bot.commands.requests import Command, Moved, Press, Pressed
from bot.telegram import client, errors, incoming, menus, progress
from bot.telegram.sender import Sender
from storage import chats
from storage.database import Database
from storage.models import ChatId

PRESS_ANSWER_SECONDS = 1
"""Telegram shows a pressed button as busy until it is answered. What takes longer shows in the message later."""
ANSWER_SECONDS = 30
SETTLING_SECONDS = 5
LONGEST_REST_SECONDS = 15 * 60
FIRST_LOOK_BACK_SECONDS = 60
_FIRST_LOOK_BACK_PTS = 100
_FIRST_RETRY_SECONDS = 30
_REMEMBERED = 1000

Lane = tuple[ChatId, int | None]
"""A chat and, for presses, the message pressed under: what is pressed elsewhere waits for none of it."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Dispatcher:
    """Listens to the connected client of the bot.

    Telethon's handlers only put what came into lanes, which are worked off one thing after another.
    Up to where all is answered is kept in the database and moves by `updates.getDifference` alone, so that a crash
    at any moment brings again what it interrupted; `reception` answers a repeat no second time.
    """

    client: client.Client
    database: Database
    desk: Desk
    sender: Sender
    clock: Callable[[], int]
    turns: dressing.Turns = field(default_factory=dressing.Turns)
    _group: asyncio.TaskGroup = field(default_factory=asyncio.TaskGroup)
    _lanes: dict[Lane, deque[tuple[incoming.Request, asyncio.Future[None]]]] = field(default_factory=dict)
    _seen: dict[tuple[object, ...], asyncio.Future[None]] = field(default_factory=dict)
    _known: set[ChatId] = field(default_factory=set)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)
    _back: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Set the menus of commands, answer what waits, and listen until cancelled.

        Raises StorageError when an answer cannot be stored, and TelegramError when the bot is signed out; what was not
        answered then comes again at the next start.
        """
        news = (types.UpdateNewMessage, types.UpdateNewChannelMessage)
        self.client.add_event_handler(self._message, events.Raw(news))
        self.client.add_event_handler(
            self._short_message, events.Raw((types.UpdateShortMessage, types.UpdateShortChatMessage))
        )
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
        here = progress.of(await self._ask(functions.updates.GetStateRequest()))
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
            await self._keep(progress.of(await self._ask(functions.updates.GetStateRequest())))
            return None
        await self._answer_all(found, since=since)
        match found:
            case types.updates.DifferenceEmpty():
                after = replace(before, date=progress.seconds(found.date))
            case types.updates.DifferenceTooLong():
                after = replace(before, pts=found.pts)
            case types.updates.DifferenceSlice():
                after = progress.of(found.intermediate_state)
            case _:
                after = progress.of(found.state)
        await self._keep(after)
        goes_on = isinstance(found, types.updates.DifferenceTooLong | types.updates.DifferenceSlice)
        return after if goes_on and after != before else None

    async def _ask(self, request: Any) -> Any:
        # An answer that is lost would else be waited for until the connection breaks.
        async with asyncio.timeout(ANSWER_SECONDS):
            return await self.client(request)

    async def _answer_all(self, found: Any, *, since: int) -> None:
        known = incoming.known([*(getattr(found, "users", None) or []), *(getattr(found, "chats", None) or [])])
        messages = getattr(found, "new_messages", None) or []
        for message in sorted(messages, key=lambda message: int(message.id)):
            request = self._request(message, known)
            if not isinstance(request, Command) or request.sent_at >= since:
                self._take(request)
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

    async def _message(self, update: types.UpdateNewMessage | types.UpdateNewChannelMessage) -> None:
        spoken_of = (getattr(update, "_entities", None) or {}).values()
        self._take(self._request(update.message, incoming.known(spoken_of)))

    async def _short_message(self, update: types.UpdateShortMessage | types.UpdateShortChatMessage) -> None:
        if isinstance(update, types.UpdateShortChatMessage):
            self._take(incoming.short_group_command(update, username=self.desk.username))
        else:
            self._take(incoming.short_command(update))

    def _request(self, message: Any, known: incoming.Known) -> incoming.Request | None:
        return incoming.moved(message) or incoming.command(message, known, username=self.desk.username)

    async def _press(self, update: types.UpdateBotCallbackQuery) -> None:
        self._take(incoming.press(update))

    def _take(self, request: incoming.Request | None) -> None:
        # The same may come twice, pushed and in a difference.
        if request is None:
            return
        key = incoming.name(request)
        if key in self._seen:
            return
        oldest = next(iter(self._seen), key)
        if len(self._seen) >= _REMEMBERED and self._seen[oldest].done():
            del self._seen[oldest]
        self._seen[key] = self._put(request)
        self._moved.set()

    def _put(self, request: incoming.Request) -> asyncio.Future[None]:
        # Presses have lanes of their own: Telegram wants them answered while a long command is still at work.
        key = (request.chat_id, request.message_id if isinstance(request, Press) else None)
        done = asyncio.get_running_loop().create_future()
        lane = self._lanes.setdefault(key, deque())
        lane.append((request, done))
        if len(lane) == 1:
            self._group.create_task(self._work(key))
        return done

    async def _work(self, key: Lane) -> None:
        lane = self._lanes[key]
        while lane:
            request, done = lane[0]
            match request:
                case Press():
                    await self._answer_press(request)
                case Command():
                    await self._answer_command(request)
                case Moved():
                    await reception.moved(self.desk, request)
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
        if work.done():
            pressed = work.result()
            await self.sender.answer(press.query_id, pressed.notice if pressed else None)
        else:
            await self.sender.answer(press.query_id, None)
            pressed = await work
            if pressed is not None and pressed.notice and pressed.rows is None and pressed.replace is None:
                await reception.late(self.desk, press, pressed.notice, now=self.clock())
        if pressed is not None:
            await self._change(press, pressed)

    async def _change(self, press: Press, pressed: Pressed) -> None:
        async with self.turns.of(press.chat_id, press.message_id):
            # Drawn when its turn has come, so that nothing newer is undone.
            message = pressed.replace
            if pressed.rows is not None:
                message = await reception.drawn(self.desk, press, pressed.rows, now=self.clock())
            if message is None:
                return
            result = await self.desk.screen.edit(press.chat_id, press.message_id, message)
        if not isinstance(result, delivery.Sent):
            _log.warning("a message could not be changed after a press: %s", result)
            if pressed.rows is not None and not isinstance(result, delivery.Gone | delivery.Refused):
                await reception.redraw(self.desk, press, now=self.clock())

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
