"""Joins the channels that are followed, so that their posts are pushed; where it may not, they are read on a timer."""

import asyncio
import logging
import sys

from telethon.tl import functions, types

from bot.telegram import directory
from bot.telegram.calls import CallFailedError, Calls, FloodedError
from bot.telegram.ledger import Ledger, Track
from storage.models import ChannelInfo

JOINS_TRIED = 5
_LIMITS = {False: "channels_limit_default", True: "channels_limit_premium"}
"""By whether the account has Premium; see https://core.telegram.org/api/config#limits."""

_log = logging.getLogger(__name__)


class Joiner:
    """Joins one channel after the other: Telegram asks for long pauses after a dozen in a row.

    Args:
        calls: asks the server; for `join_now`, asks while somebody waits.
        ledger: notes what was joined.
        first_pause: seconds after the server failed, doubled with each more.
    """

    def __init__(self, calls: Calls, asking: Calls, ledger: Ledger, *, first_pause: float) -> None:
        self._calls = calls
        self._asking = asking
        self._ledger = ledger
        self._first_pause = first_pause
        self._most = sys.maxsize
        self._unjoined: asyncio.Queue[tuple[Track, int]] = asyncio.Queue()

    @property
    def full(self) -> bool:
        """Whether the account has joined as many of these channels as Telegram lets it join at all."""
        return sum(track.joined for track in self._ledger.tracks.values()) >= self._most

    async def learn_limit(self) -> None:
        """Ask how many channels the account may join; where the server does not say, it will refuse one day.

        Raises:
            TelegramError: The session or the account is of no use any more.
        """
        try:
            answer = await self._calls.ask(functions.help.GetAppConfigRequest(hash=0))
            account = await self._calls.ask(functions.users.GetUsersRequest(id=[types.InputUserSelf()]))
        except (FloodedError, CallFailedError):
            return
        limit = _LIMITS[any(getattr(user, "premium", False) for user in account)]
        for entry in getattr(getattr(answer, "config", None), "value", ()):
            if entry.key == limit and isinstance(entry.value, types.JsonNumber):
                self._most = int(entry.value.value)

    def add(self, track: Track) -> None:
        """Join this one as well when its turn comes."""
        self._unjoined.put_nowait((track, 0))

    async def join_now(self, info: ChannelInfo) -> bool | None:
        """Join a channel that is about to be followed; None: it should be tried again later.

        Raises:
            TelegramError: The session or the account is of no use any more.
        """
        if self.full:
            return False
        try:
            return await directory.join(self._asking, info)
        except (FloodedError, CallFailedError):
            return None

    async def run(self) -> None:
        """Join what is added, for ever.

        Raises:
            TelegramError: The session or the account is of no use any more.
        """
        await self.learn_limit()
        while True:
            track, failures = await self._unjoined.get()
            if self._ledger.tracks.get(track.info.id) is not track or track.joined or track.quiet or self.full:
                track.join_tried.set()
                continue
            try:
                joined = await directory.join(self._calls, track.info)
            except FloodedError as error:
                await self._let_all_read(error.seconds)
                self._unjoined.put_nowait((track, failures))
                continue
            except CallFailedError as error:
                _log.info("Channel %s is not joined yet: %s", track.info.id, error)
                self._later(track, failures + 1)
                joined = False
            if joined:
                await self._ledger.set_joined(track, joined=True)
                # What was posted before the membership counted was pushed to nobody.
                track.gap.set()
            track.join_tried.set()

    async def _let_all_read(self, seconds: int) -> None:
        """Bear the pause, but let the channels be read meanwhile without being joined."""
        for waiting in self._ledger.tracks.values():
            waiting.join_tried.set()
        await asyncio.sleep(seconds)

    def _later(self, track: Track, failures: int) -> None:
        if failures < JOINS_TRIED:
            pause = self._first_pause * 2 ** (failures - 1)
            asyncio.get_running_loop().call_later(pause, self._unjoined.put_nowait, (track, failures))
