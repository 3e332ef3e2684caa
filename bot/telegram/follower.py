"""Keeps one channel whole: reads what is missing when woken or when it is time, and bears the server's failures."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.commands.reader import Candidates, Refusal, Unavailable, Wait
from bot.render import phrases
from bot.telegram import catchup, directory
from bot.telegram.calls import CallFailedError, Calls, FloodedError
from bot.telegram.ledger import Ledger, Track

Tell = Callable[[str, Mapping[str, phrases.Told]], Awaitable[None]]
"""Tells the owner a text of the catalogue, by key and values."""
Lost = Literal["closed", "taken"]

INTERVAL_SECONDS = 1.0
"""Between the starts of two calls of the reading account on Telegram itself, which limits accounts that ask more."""
FAILURES_TOLD = 3
"""One failure is soon over; from so many in a row on they are shown with the channel."""
_CLOSED = frozenset(
    {"CHANNEL_PRIVATE", "CHANNEL_INVALID", "CHANNEL_PUBLIC_GROUP_NA", "CHAT_FORBIDDEN", "PEER_ID_INVALID"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often is asked; all in seconds.

    `quick`: between two looks at a channel that pushes nothing, or as many seconds as there are such channels.
    `slow`: between two looks at one that does, drawn anew each time. `first_pause`: after a failure, doubled
    with each more up to `longest_pause`. `limit`: for an answer; `limit_asked`: while somebody waits for it.
    `join`: the first pause before a join that failed is tried again, doubled with each more.
    `clock`: between two looks at the server's clock. `at_once`: how many calls may be on their way; `interval`:
    between the starts of two. `recheck`: between two looks whether posts are to be looked up again.
    `probe`: between two questions whether the server is there.
    """

    quick: float = 60
    slow: tuple[float, float] = (300, 900)
    first_pause: float = 1
    longest_pause: float = 300
    limit: float = 30
    limit_asked: float = 10
    join: float = 60
    clock: float = 3600
    at_once: int = 4
    interval: float = 0
    recheck: float = 15
    probe: float = 60

    def pause(self, failures: int) -> float:
        """Give the pause after so many failures in a row."""
        return float(min(self.longest_pause, self.first_pause * 2 ** min(failures - 1, 20)))


class Follower:
    """Keeps channels whole, each in a task of its own that runs `follow`.

    Args:
        calls: asks the server.
        ledger: holds the tracks.
        join: joins a channel when its turn comes.
        tell: tells the owner that a channel is lost.
        pace: how often is asked.
    """

    def __init__(
        self,
        calls: Calls,
        ledger: Ledger,
        *,
        join: Callable[[Track], None],
        tell: Tell,
        pace: Pace,
    ) -> None:
        self._calls = calls
        self._ledger = ledger
        self._join = join
        self._tell = tell
        self._pace = pace

    async def follow(self, track: Track) -> None:
        """Keep one channel whole until it is lost.

        Raises:
            TelegramError: The session or the account is of no use any more.
            StorageError: The database cannot take what is read.
        """
        # Some servers let members alone read; so the try to join comes first.
        await track.join_tried.wait()
        failures, calls = 0, self._calls
        while self._ledger.tracks.get(track.info.id) is track:
            try:
                track.whole = await self._round(track, calls)
            except FloodedError as error:
                track.whole = False
                # Posts can be read while a long pause holds for differences.
                await asyncio.sleep(min(error.left, self._slowly()))
                continue
            except CallFailedError as error:
                track.whole = False
                await self._bear(track, error, failures + 1)
            failures = 0 if track.whole else failures + 1
            if track.whole:
                await _wait(track.gap, self._interval(track))
                calls = self._calls.at("gap" if track.gap.is_set() else "live")
            else:
                await _wait(track.hurry, self._pace.pause(failures))

    async def _round(self, track: Track, calls: Calls) -> bool:
        track.hurry.clear()
        try:
            whole = await catchup.reconcile(calls, self._ledger, track)
        except CallFailedError as error:
            if error.name not in _CLOSED:
                raise
            await self._mend(track)
            return False
        if whole:
            await self._ledger.checked(track)
        if track.name == "doubted":
            await self._ask_for_name(track)
        return whole

    async def _bear(self, track: Track, error: CallFailedError, failures: int) -> None:
        if failures >= FAILURES_TOLD:
            await self._ledger.trouble(track, error.name)

    async def _mend(self, track: Track) -> None:
        """Look a channel that cannot be read up anew: it is lost, or can be tried again."""
        if track.info.username is None:
            await self._lose(track, "closed")
            return
        match await directory.resolve(self._calls, track.info.username):
            case Candidates(infos=(info,)) if info.id != track.info.id:
                await self._lose(track, "taken")
            case Candidates(infos=(info,)) if info.access_hash != track.info.access_hash:
                # The hash was another account's, and so was the membership.
                await self._ledger.learn(track, info)
                self._join(track)
            case Candidates() | Refusal():
                await self._lose(track, "closed")
            case Wait(seconds=seconds):
                raise FloodedError(seconds)
            case Unavailable(reason=reason):
                raise CallFailedError(reason, passing=True)

    async def _ask_for_name(self, track: Track) -> None:
        """Find out whether a channel lost its public name, or the server only left it out."""
        match await directory.resolve(self._calls, track.info.username or ""):
            case Candidates(infos=(info,)) if info.id == track.info.id:
                track.name = "confirmed"
            case Candidates():
                await self._lose(track, "taken")
            case Refusal():
                await self._lose(track, "closed")
            case _:
                pass  # asked again after the next look at the channel

    async def _lose(self, track: Track, how: Lost) -> None:
        await self._ledger.lose(track, how)
        await self._tell(f"reading.lost.{how}", {"channel": track.info.title})

    def _slowly(self) -> float:
        return random.uniform(*self._pace.slow)  # noqa: S311 -- jitter

    def _interval(self, track: Track) -> float:
        if track.pushed:
            return self._slowly()
        silent = sum(not other.pushed for other in self._ledger.tracks.values())
        return max(self._pace.quick, silent) * random.uniform(0.8, 1.2)  # noqa: S311 -- jitter


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
