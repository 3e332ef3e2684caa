"""Brings what is said to the bot to the commands, once each, also what was said while nobody listened."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from telethon import events
from telethon.tl import types

from bot import delivery, dressing
from bot.commands import menu, reception
from bot.commands.desk import Desk
from bot.commands.requests import Command, Moved, Press, Pressed
from bot.telegram import client, incoming, menus, missed
from bot.telegram.sender import Sender
from storage import chats
from storage.database import Database
from storage.models import ChatId

PRESS_ANSWER_SECONDS = 1
"""Telegram shows a pressed button as busy until it is answered. What takes longer shows in the message later."""
SETTLING_SECONDS = 5
LONGEST_REST_SECONDS = 15 * 60
_FIRST_RETRY_SECONDS = 30
_REMEMBERED = 1000

Lane = tuple[ChatId, int | None]
"""A chat and, for presses, the message pressed under: what is pressed elsewhere waits for none of it."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Dispatcher:
    """Listens to the connected client of the bot.

    Telethon's handlers only put what came into lanes, which are worked off one thing after another.
    What they do not bring, `missed` asks for; `reception` answers a repeat no second time.
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

        Returns None, or the seconds to wait where Telegram asks for a pause, or 0 when it cannot tell just now.
        """
        return await missed.Missed(
            client=self.client,
            database=self.database,
            sender=self.sender,
            clock=self.clock,
            username=self.desk.username,
            answer=self._answer_all,
        ).ask()

    async def _answer_all(self, requests: Sequence[incoming.Request]) -> None:
        for request in requests:
            self._take(request)
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
                # Other calls than the one that is to wait can go on when there is news.
                await self._rest(min(wait, LONGEST_REST_SECONDS))
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
        known = incoming.known(spoken_of)
        self._take(incoming.request(update.message, known, username=self.desk.username))

    async def _short_message(self, update: types.UpdateShortMessage | types.UpdateShortChatMessage) -> None:
        if isinstance(update, types.UpdateShortChatMessage):
            self._take(incoming.short_group_command(update, username=self.desk.username))
        else:
            self._take(incoming.short_command(update))

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
                    self._hear_again(request.after)
            done.set_result(None)
            lane.popleft()
        del self._lanes[key]

    def _hear_again(self, chat_id: ChatId) -> None:
        # What was said there before we knew whose group it is was passed over as a stranger's.
        for key in [key for key in self._seen if key[:2] == ("command", chat_id) and self._seen[key].done()]:
            del self._seen[key]

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

    async def _set_menus(self) -> None:
        texts = self.desk.catalogues
        await menus.set_for_all(self.client, {language: menu.entries(texts[language]) for language in texts})

    async def _show_menu(self, chat_id: ChatId) -> None:
        # Its language may be another one than its Telegram's.
        async with self.database.reading() as connection:
            chat = await chats.get(connection, chat_id)
        if chat is not None:
            await self.sender.set_menu(chat_id, menu.entries(self.desk.catalogues[chat.language]))
