"""Takes up the channels that the settings name, each once: what was removed in the chat since stays removed."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from bot.commands.reader import Candidates, Following, Refusal, RefusalReason, Wait
from bot.telegram import directory
from bot.telegram.calls import Calls
from bot.telegram.follower import Pace, Tell
from storage import channels, settings
from storage.database import Database
from storage.models import Channel, ChannelId, ChannelInfo

Follow = Callable[[ChannelInfo], Awaitable[Following]]

_ASKED = "asked:"
_REFUSED = "refused:"


class Wanted:
    """Looks up the channels of CHANNELS and follows them.

    Args:
        database: remembers which channel a name stood for, and what was told of it.
        calls: asks the server.
        follow: follows a channel that was found.
        tell: tells the owner why one is not read.
        pace: how long to pause after failures.
    """

    def __init__(self, database: Database, calls: Calls, *, follow: Follow, tell: Tell, pace: Pace) -> None:
        self._database = database
        self._calls = calls
        self._follow = follow
        self._tell = tell
        self._pace = pace

    async def run(self, names: Sequence[str]) -> None:
        """Take up all of `names`; those that cannot be looked up now are tried again at growing pauses.

        Raises:
            TelegramError: The session or the account is of no use any more.
        """
        pending, failures = deque(dict.fromkeys(names)), 0
        while pending:
            outcome = await self._take_up(pending[0])
            if isinstance(outcome, Wait):
                await asyncio.sleep(outcome.seconds)
            elif outcome == "done":
                pending.popleft()
                failures = 0
            else:
                pending.rotate(-1)
                failures += 1
                if failures % len(pending) == 0:
                    await asyncio.sleep(self._pace.pause(failures // len(pending)))

    async def _take_up(self, name: str) -> Literal["done", "later"] | Wait:
        query = directory.parse(name)
        if isinstance(query, Refusal) or query.kind == "title":
            return await self._refuse(name, "malformed" if isinstance(query, directory.Query) else query.reason)
        return "done" if await self._known(query.text) else await self._find(name, query.text)

    async def _find(self, name: str, username: str) -> Literal["done", "later"] | Wait:
        found = await directory.resolve(self._calls, username)
        match found:
            case Candidates(infos=(info,)) if isinstance(await self._follow(info), Channel):
                await self._remember(_ASKED + username.lower(), str(info.id))
                return "done"
            case Refusal(reason=reason):
                return await self._refuse(name, reason)
            case Wait():
                return found
        return "later"

    async def _known(self, username: str) -> bool:
        """Say whether the name was taken up before; then its channel counts, whatever it is called today."""
        async with self._database.reading() as connection:
            asked = await settings.get(connection, _ASKED + username.lower())
            if asked is not None:
                channel = await channels.get(connection, ChannelId(int(asked)))
            else:
                channel = await channels.by_username(connection, username)
        return channel is not None and channel.state != "lost"

    async def _refuse(self, name: str, reason: RefusalReason) -> Literal["done"]:
        key = _REFUSED + name
        async with self._database.reading() as connection:
            told = await settings.get(connection, key)
        if told != reason:
            await self._tell(f"reading.refused.{reason}", {"channel": name})
            await self._remember(key, reason)
        return "done"

    async def _remember(self, name: str, value: str) -> None:
        async with self._database.transaction() as tx:
            await settings.put(tx, name, value)
