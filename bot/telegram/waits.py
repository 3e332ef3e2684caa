"""The pauses that Telegram has asked for, in memory and in the database."""

import math
from collections.abc import Callable

from bot.commands.reader import Wait
from storage import waits
from storage.database import Database
from storage.models import ChannelId
from storage.waits import StoredWait


class Waits:
    """The pauses that Telegram has asked for; each holds for one kind of request, whoever makes it.

    Args:
        monotonic: seconds that never go back.
        database: where they outlive the process; None: nowhere.
        now: UTC seconds by the server's clock.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        database: Database | None = None,
        now: Callable[[], int] = lambda: 0,
    ) -> None:
        self._monotonic = monotonic
        self._database = database
        self._now = now
        self._until: dict[str, tuple[float, ChannelId | None]] = {}

    async def resume(self) -> None:
        """Take up what was asked for before the process began."""
        if self._database is None:
            return
        async with self._database.reading() as connection:
            held = await waits.lasting(connection, now=self._now())
        for wait in held:
            self._hold(wait.request, wait.until - self._now(), wait.channel_id)

    async def note(self, kind: str, seconds: int, channel_id: ChannelId | None) -> None:
        """Remember a pause that begins now, and the channel that it was asked for; one that lasts longer holds on."""
        self._hold(kind, seconds, channel_id)
        if self._database is not None:
            until = self._now() + seconds
            async with self._database.transaction() as tx:
                await waits.put(tx, StoredWait(request=kind, until=until, channel_id=channel_id))

    async def forget(self) -> None:
        """Drop all: they were asked of another account."""
        self._until.clear()
        if self._database is not None:
            async with self._database.transaction() as tx:
                await waits.forget(tx)

    def left(self, kind: str) -> float:
        """Give the seconds until such a request may be made; 0: now."""
        until, _ = self._until.get(kind, (0.0, None))
        return max(0.0, until - self._monotonic())

    def all(self) -> tuple[Wait, ...]:
        """Return those that still last."""
        return tuple(
            Wait(seconds=math.ceil(self.left(kind)), channel_id=channel_id)
            for kind, (_, channel_id) in self._until.items()
            if self.left(kind)
        )

    def _hold(self, kind: str, seconds: float, channel_id: ChannelId | None) -> None:
        # Answers to calls made at the same time come in any order, and Telegram means each of them.
        if seconds >= self.left(kind):
            self._until[kind] = (self._monotonic() + seconds, channel_id)
