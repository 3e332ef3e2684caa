"""What was said to the bot while nobody listened: asked for page by page, and noted as reached once it is answered.

Private chats and small groups share one count of events, each large group has its own.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from telethon import errors as refusals
from telethon import utils
from telethon.tl import functions, types

from bot.commands.requests import Command
from bot.telegram import client, errors, incoming, progress
from bot.telegram.sender import Sender
from storage import chats
from storage.database import Database
from storage.models import Chat

ANSWER_SECONDS = 30
FIRST_LOOK_BACK_SECONDS = 60
_FIRST_LOOK_BACK_PTS = 100
_LARGEST_PAGE = 100_000
"""As much as Telegram gives a bot at once of a large group. Asked for less, it passes over what is more."""
_UNTOLD = (refusals.PersistentTimestampInvalidError, refusals.PersistentTimestampEmptyError)
"""The server cannot tell what came since then."""
_SHUT = (refusals.BadRequestError, refusals.ForbiddenError)
"""What a second try does not change: the bot was taken out of the group, say. The next round asks again."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Asks for what the bot missed.

    Up to where all is answered is kept in the database and moves here alone, so that a crash at any moment brings
    again what it interrupted. `answer` takes requests and returns when they are answered; it gets some that it had
    already. `username`: the bot's own.
    """

    client: client.Client
    database: Database
    sender: Sender
    clock: Callable[[], int]
    username: str
    answer: Callable[[Sequence[incoming.Request]], Awaitable[None]]

    async def ask(self) -> float | None:
        """Ask for all of it. One group that cannot be asked holds up nothing else.

        Returns None, or the seconds to wait where Telegram asks for a pause, or 0 when it cannot tell just now.
        Raises TelegramError when the bot is signed out, and StorageError.
        """
        waits = [await self._try(self._chats(), "private chats")]
        # Only now: the small groups may have told that they became large ones.
        async with self.database.reading() as connection:
            held = await chats.all_chats(connection)
        large = [chat for chat in held if utils.resolve_id(chat.id)[1] is types.PeerChannel]
        waits += [await self._try(self._group(group), f"the group {group.id}") for group in large]
        return min((wait for wait in waits if wait is not None), default=None)

    async def _try(self, asking: Coroutine[Any, Any, None], where: str) -> float | None:
        try:
            await asking
        except refusals.RPCError as error:
            if errors.ends_the_session(error):
                raise errors.sentence(error) from None
            _log.info("what was sent in %s in the meantime cannot be asked for: %s", where, error)
            return None if isinstance(error, _SHUT) else float(errors.wait(error) or 0)
        except (OSError, *errors.GARBLED) as error:
            _log.info("what was sent in %s in the meantime cannot be asked for: %s", where, error)
            return 0.0
        return None

    async def _chats(self) -> None:
        start, since = await self._start()
        after: progress.Progress | None = start
        while after is not None:
            after = await self._page(after, since=since)

    async def _start(self) -> tuple[progress.Progress, int]:
        # Where to begin, and the date before which nothing is answered.
        async with self.database.reading() as connection:
            kept = await progress.get(connection, bot_id=self.client.own_id)
        if kept is not None:
            return kept, 0
        here = progress.of(await self._call(functions.updates.GetStateRequest()))
        await self._keep(here)
        # Somebody may have written before this process came to listen.
        return replace(here, pts=max(1, here.pts - _FIRST_LOOK_BACK_PTS)), here.date - FIRST_LOOK_BACK_SECONDS

    async def _page(self, before: progress.Progress, *, since: int) -> progress.Progress | None:
        # None: that was the last page.
        try:
            found = await self._call(
                functions.updates.GetDifferenceRequest(
                    pts=before.pts, qts=before.qts, date=datetime.fromtimestamp(before.date, UTC)
                )
            )
        except _UNTOLD:
            # What we kept means nothing to this server: begin anew.
            await self._keep(progress.of(await self._call(functions.updates.GetStateRequest())))
            return None
        await self.answer(self._requests(found, since=since))
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

    async def _keep(self, reached: progress.Progress) -> None:
        async with self.database.transaction() as tx:
            await progress.put(tx, reached, bot_id=self.client.own_id)

    async def _group(self, group: Chat) -> None:
        async with asyncio.timeout(ANSWER_SECONDS):
            channel = utils.get_input_channel(await self.sender.peer(group.id))
        async with self.database.reading() as connection:
            kept = await chats.reached(connection, group.id, bot_id=self.client.own_id)
        # What was said before the group was let in was not for us, wherever the server begins to tell.
        if kept is not None and await self._pages(group, channel, kept, since=group.paired_at):
            return
        full = await self._call(functions.channels.GetFullChannelRequest(channel))
        here = full.full_chat.pts
        since = max(group.paired_at, self.clock() - FIRST_LOOK_BACK_SECONDS)
        if not await self._pages(group, channel, max(1, here - _FIRST_LOOK_BACK_PTS), since=since):
            await self._keep_of(group, here)

    async def _pages(self, group: Chat, channel: Any, pts: int, *, since: int) -> bool:
        # False: the server cannot tell what came after `pts`.
        while True:
            try:
                found = await self._call(
                    functions.updates.GetChannelDifferenceRequest(
                        channel=channel, filter=types.ChannelMessagesFilterEmpty(), pts=pts, limit=_LARGEST_PAGE
                    )
                )
            except _UNTOLD:
                return False
            await self.answer(self._requests(found, since=since))
            too_long = isinstance(found, types.updates.ChannelDifferenceTooLong)
            after = found.dialog.pts if too_long else found.pts
            if after is None:
                return False
            await self._keep_of(group, after)
            if found.final or too_long or after <= pts:
                return True
            pts = after

    async def _keep_of(self, group: Chat, pts: int) -> None:
        async with self.database.transaction() as tx:
            await chats.set_reached(tx, group.id, pts, bot_id=self.client.own_id)

    def _requests(self, found: Any, *, since: int) -> list[incoming.Request]:
        known = incoming.known([*(getattr(found, "users", None) or []), *(getattr(found, "chats", None) or [])])
        # Where Telegram cannot tell all, it gives the newest as "messages".
        messages = getattr(found, "new_messages", None) or getattr(found, "messages", None) or []
        requests: list[incoming.Request] = []
        for message in sorted(messages, key=lambda message: int(message.id)):
            request = incoming.request(message, known, username=self.username)
            if request is not None and (not isinstance(request, Command) or request.sent_at >= since):
                requests.append(request)
        others = getattr(found, "other_updates", None) or []
        presses = [incoming.press(update) for update in others if isinstance(update, types.UpdateBotCallbackQuery)]
        return [*requests, *(press for press in presses if press is not None)]

    async def _call(self, request: Any) -> Any:
        # An answer that is lost would else be waited for until the connection breaks.
        async with asyncio.timeout(ANSWER_SECONDS):
            return await self.client(request)
