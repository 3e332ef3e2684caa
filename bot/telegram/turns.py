"""Gives the calls of one account their turns: the most urgent first, and no faster than the server bears."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

Urgency = Literal["asked", "gap", "live", "recheck", "backfill"]
ORDER: tuple[Urgency, ...] = ("asked", "gap", "live", "recheck", "backfill")
"""Somebody waits for an answer; something is missing; it is time to look; alerted posts again; old posts."""
SPARE = 2
"""Calls that may be under way besides, while somebody waits for their answer."""
LONGEST_INTERVAL_SECONDS = 2.0
"""A longer pause is asked for by the server itself, each time."""
CLEAN_CALLS, MOST_CLEAN_CALLS = 20, 1280
"""After so many calls without a complaint a little more is tried; each try that fails doubles them, up to the most."""
QUICKENING = 0.95
MARGIN = 1.005
"""Calls that start an interval apart do not arrive quite so."""
STEP = 0.01
"""By so much of it an interval is lengthened when calls came unevenly; doubled while that does not help."""
NEAR_ENOUGH = 0.99
"""An interval that is so near to one that the server complained of is not worth another complaint."""
_NO_INTERVAL = 0.01


@dataclass(slots=True, kw_only=True)
class Rate:
    """How fast one kind of request may be made: learned from the pauses that the server asked for.

    `interval`, `borne`, `refused`: seconds between two, as they are now, as the server bore them for long, and as it
    last complained of. `began`, `made`: since the last pause. `clean`: made since `interval` changed; `needed`: so
    many of these allow to try a little more. `step`: how much longer the interval is made next.
    """

    began: float
    interval: float = 0.0
    borne: float = 0.0
    refused: float = 0.0
    made: int = 0
    clean: int = 0
    needed: int = CLEAN_CALLS
    step: float = STEP
    ready_at: float = 0.0

    def start(self, now: float) -> None:
        """Note that such a call is made now (seconds that never go back)."""
        self.ready_at = now + self.interval

    def succeed(self) -> None:
        """Note that the server answered without a complaint."""
        self.made += 1
        self.clean += 1
        if self.interval and self.clean >= self.needed:
            self._quicken()

    def _quicken(self) -> None:
        self.clean, self.borne, self.step = 0, self.interval, STEP
        quicker = max(self.interval * QUICKENING, (self.interval + self.refused) / 2)
        if quicker > self.interval * NEAR_ENOUGH:
            # As fast as it goes. Servers change their minds, so the complaint is forgotten after a long while.
            self.refused, self.needed = 0.0, MOST_CLEAN_CALLS
        else:
            self.interval = quicker if quicker > _NO_INTERVAL else 0.0

    def slow_down(self, now: float, seconds: int) -> None:
        """Note that the server asked for a pause. When a little more was just tried, what was borne before holds."""
        if self.interval < self.borne:
            self.refused, self.interval = self.interval, self.borne
            self.needed = min(MOST_CLEAN_CALLS, 2 * self.needed)
        elif self.made:
            self.interval = self.borne = min(LONGEST_INTERVAL_SECONDS, self._guess(now, seconds))
            self.needed = CLEAN_CALLS
        self.began, self.made, self.clean = now + seconds, 0, 0

    def _guess(self, now: float, seconds: int) -> float:
        """Guess what the server bears, and note what it does not.

        A server that complains of the second call wants so many seconds between two. Else as many calls as it took, in
        the time with the pause, are what it bears. But where it asks for little more than the interval that is kept
        already, the calls only came a little unevenly.
        """
        if not self.interval and self.made == 1:
            self.refused = seconds
            return seconds * MARGIN
        if self.interval and seconds <= 2 * self.interval:
            self.refused, longer = self.interval, self.interval * (1 + self.step)
            self.step *= 2
            return longer
        self.refused = 0.0
        return max(self.interval, (now - self.began + seconds) / self.made)


@dataclass(slots=True, kw_only=True, eq=False)
class _Waiter:
    kind: str
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Turns:
    """The turns of one account's calls.

    Args:
        monotonic: seconds that never go back.
        at_once: how many calls may be under way.
        interval: seconds between the starts of two calls, whatever kind; 0: as fast as they are answered.
    """

    def __init__(self, monotonic: Callable[[], float], *, at_once: int, interval: float = 0.0) -> None:
        self._monotonic = monotonic
        self._at_once = at_once
        self._interval = interval
        self._under_way = 0
        self._ready_at = 0.0
        self._rates: dict[str, Rate] = {}
        self._waiting: dict[Urgency, deque[_Waiter]] = {urgency: deque() for urgency in ORDER}
        self._timer: asyncio.TimerHandle | None = None

    def rate(self, kind: str) -> Rate:
        """Return how fast this kind of request may be made."""
        if kind not in self._rates:
            self._rates[kind] = Rate(began=self._monotonic())
        return self._rates[kind]

    def slow_down(self, kind: str, seconds: int) -> None:
        """Note that the server asked for a pause before the next request of this kind."""
        self.rate(kind).slow_down(self._monotonic(), seconds)

    @asynccontextmanager
    async def turn(self, urgency: Urgency, kind: str) -> AsyncIterator[None]:
        """Wait for a turn to make one call; it lasts as long as the block."""
        waiter = _Waiter(kind=kind)
        self._waiting[urgency].append(waiter)
        self._admit()
        try:
            await waiter.turn
        except asyncio.CancelledError:
            if waiter.turn.cancelled():
                self._waiting[urgency].remove(waiter)
            else:
                self._end()
            raise
        try:
            yield
        finally:
            self._end()

    def _end(self) -> None:
        self._under_way -= 1
        self._admit()

    def _admit(self) -> None:
        while (found := self._next()) is not None:
            urgency, waiter = found
            self._waiting[urgency].remove(waiter)
            now = self._monotonic()
            self._ready_at = now + self._interval
            self.rate(waiter.kind).start(now)
            self._under_way += 1
            waiter.turn.set_result(None)
        self._arm()

    def _next(self) -> tuple[Urgency, _Waiter] | None:
        now = self._monotonic()
        if self._ready_at > now:
            return None
        for urgency in ORDER:
            if self._under_way >= self._room(urgency):
                return None
            for waiter in self._waiting[urgency]:
                if self.rate(waiter.kind).ready_at <= now and not waiter.turn.done():
                    return urgency, waiter
        return None

    def _room(self, urgency: Urgency) -> int:
        return self._at_once + (SPARE if urgency == "asked" else 0)

    def _arm(self) -> None:
        """Look again when the next one may start; where all room is taken, the end of a call looks."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        times = [
            max(self._ready_at, self.rate(waiter.kind).ready_at)
            for urgency in ORDER
            if self._under_way < self._room(urgency)
            for waiter in self._waiting[urgency]
        ]
        if times:
            delay = max(0.0, min(times) - self._monotonic())
            self._timer = asyncio.get_running_loop().call_later(delay, self._admit)
