"""Notices when nothing comes from Telegram any more: it does not answer, or it is silent for longer than usual."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from telethon.tl import functions

from bot.telegram.calls import CallFailedError, Calls, FloodedError
from bot.telegram.follower import Pace, Tell
from storage import settings
from storage.database import Database

PROBES_FAILED = 2
"""One failure is soon over."""
PAUSES_KNOWN = 200
"""Pauses between pushes from which is learned what is usual."""
PAUSES_LEAST = 20
UNUSUAL = 3
"""A silence so many times as long as the longest known pause is told."""
SHORTEST_SECONDS, LONGEST_SECONDS = 15 * 60, 12 * 3600

_KEPT = "silence"

Alarm = Literal["blind", "silent"]


@dataclass(slots=True, kw_only=True)
class Pauses:
    """How long the pauses between pushes usually are; `heard_at`: when the last one came, UTC seconds."""

    heard_at: int
    known: deque[int] = field(default_factory=lambda: deque(maxlen=PAUSES_KNOWN))

    def hear(self, now: int) -> None:
        """Note that something was pushed."""
        self.known.append(max(0, now - self.heard_at))
        self.heard_at = now

    def unusual(self, now: int) -> bool:
        """Say whether the silence at `now` is longer than can be explained; unknown: no."""
        if len(self.known) < PAUSES_LEAST:
            return False
        bearable = min(LONGEST_SECONDS, max(SHORTEST_SECONDS, UNUSUAL * max(self.known)))
        return now - self.heard_at > bearable


class Silence:
    """Asks the server now and then whether it is there, and tells the owner when it is not, and when it is again.

    What is usual, and which alarm lasts, outlive the process: it may be started into a silence.

    Args:
        calls: asks the server.
        database: keeps what was learned.
        tell: tells the owner.
        now: UTC seconds by the server's clock.
        pace: how often is asked.
    """

    def __init__(self, calls: Calls, database: Database, *, tell: Tell, now: Callable[[], int], pace: Pace) -> None:
        self._calls = calls.at("live")
        self._database = database
        self._tell = tell
        self._now = now
        self._pace = pace
        self._pauses: Pauses | None = None
        self._alarm: Alarm | None = None
        self._silent_since: int | None = None
        self._heard = False
        self._kept = ""
        self._failures = 0
        self._answered_at = 0

    def hear(self) -> None:
        """Note that something was pushed."""
        self._heard, self._silent_since = True, None
        if self._pauses is not None:
            self._pauses.hear(self._now())

    async def run(self) -> None:
        """Watch for ever.

        Raises:
            TelegramError: The session or the account is of no use any more.
        """
        self._answered_at = self._now()
        await self._resume()
        while True:
            await asyncio.sleep(self._pace.probe)
            await self.step()

    async def step(self) -> None:
        """Ask once, and tell what changed.

        Raises:
            TelegramError: The session or the account is of no use any more.
        """
        if await self._answers():
            self._failures, self._answered_at = 0, self._now()
        else:
            self._failures += 1
        alarm, since = self._judge()
        if alarm != self._alarm:
            self._alarm = alarm
            if alarm is None:
                await self._tell("reading.all_clear", {"since": _time(self._now())})
            else:
                await self._tell(f"reading.{alarm}", {"since": _time(since)})
        await self._keep()

    async def _resume(self) -> None:
        async with self._database.reading() as connection:
            kept = json.loads(await settings.get(connection, _KEPT) or "{}")
        self._alarm = kept.get("alarm")
        self._pauses = Pauses(heard_at=self._now(), known=deque(kept.get("pauses", ()), maxlen=PAUSES_KNOWN))
        if not self._heard:
            self._silent_since = kept.get("silent_since", self._now() if self._alarm == "silent" else None)

    async def _keep(self) -> None:
        known = () if self._pauses is None else tuple(self._pauses.known)
        kept = json.dumps({"alarm": self._alarm, "pauses": known, "silent_since": self._silent_since})
        if kept != self._kept:
            async with self._database.transaction() as tx:
                await settings.put(tx, _KEPT, kept)
            self._kept = kept

    async def _answers(self) -> bool:
        try:
            await self._calls.ask(functions.updates.GetStateRequest())
        except FloodedError:
            return True
        except CallFailedError as error:
            # Who refuses is there.
            return not error.passing
        return True

    def _judge(self) -> tuple[Alarm | None, int]:
        if self._silent_since is None and self._pauses is not None and self._pauses.unusual(self._now()):
            self._silent_since = self._pauses.heard_at
        if self._failures >= PROBES_FAILED:
            return "blind", self._answered_at
        if self._failures and self._alarm == "blind":
            return "blind", self._answered_at
        # It lasts until something is heard: a start alone breaks no silence.
        if self._silent_since is not None:
            return "silent", self._silent_since
        return None, 0


def _time(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
