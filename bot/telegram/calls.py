"""Asks Telegram for the reader: few calls at a time, each with a time limit, and failures that say what to do."""

import asyncio
import math
import struct
from collections.abc import Callable
from typing import Any

from telethon import errors as refusals

from bot.commands.reader import Wait
from bot.telegram import client, errors
from storage.models import ChannelId

_FIRST_REFUSAL, _FIRST_FAILURE = 400, 500
_BROKEN = (
    OSError,  # a lost connection is one as well
    TimeoutError,
    EOFError,
    BufferError,
    struct.error,
    refusals.TypeNotFoundError,
    ValueError,  # Telethon's word for an answer it gave up on
)


class FloodedError(Exception):
    """Telegram asks for a pause of `seconds` before this kind of call is made again."""

    def __init__(self, seconds: int) -> None:
        """Keep how long the pause is, whole seconds, at least one."""
        super().__init__(f"Telegram asks to wait {errors.spell(seconds)}")
        self.seconds = seconds


class CallFailedError(Exception):
    """The server refused or did not answer. `name` is Telegram's word for it, as CHANNEL_PRIVATE, or TIMEOUT.

    `passing`: it may well succeed another time.
    """

    def __init__(self, name: str, *, passing: bool) -> None:
        """Keep the server's word."""
        super().__init__(name)
        self.name = name
        self.passing = passing


class Waits:
    """The pauses that Telegram has asked for; each holds for one kind of request, whoever makes it.

    Args:
        monotonic: seconds that never go back.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._until: dict[type, tuple[float, ChannelId | None]] = {}

    def note(self, kind: type, seconds: int, channel_id: ChannelId | None) -> None:
        """Remember a pause that begins now, and the channel that it was asked for."""
        self._until[kind] = (self._monotonic() + seconds, channel_id)

    def left(self, kind: type) -> int:
        """Give the whole seconds until such a request may be made; 0: now."""
        until, _ = self._until.get(kind, (0.0, None))
        return max(0, math.ceil(until - self._monotonic()))

    def all(self) -> tuple[Wait, ...]:
        """Return those that still last."""
        return tuple(
            Wait(seconds=self.left(kind), channel_id=channel_id)
            for kind, (_, channel_id) in self._until.items()
            if self.left(kind)
        )


class Calls:
    """Makes calls on a client, at most so many at once.

    Args:
        telegram: the client of the user account.
        waits: the pauses to keep.
        at_once: how many calls may be on their way.
        limit: seconds after which an answer is no longer waited for.
    """

    def __init__(self, telegram: client.Client, waits: Waits, *, at_once: int, limit: float) -> None:
        self._client = telegram
        self._waits = waits
        self._gate = asyncio.Semaphore(at_once)
        self._limit = limit

    async def ask(self, request: Any, *, channel_id: ChannelId | None = None) -> Any:
        """Make a call and return Telethon's answer.

        Args:
            request: Telethon's request.
            channel_id: the channel it is about, to name it among the waits.

        Raises:
            FloodedError: Telegram asked for a pause, now or before; it holds for this kind of request.
            CallFailedError: The server refused or failed, or no answer came in time.
            TelegramError: The session or the account is of no use any more.
        """
        async with self._gate:
            left = self._waits.left(type(request))
            if left:
                raise FloodedError(left)
            try:
                async with asyncio.timeout(self._limit):
                    return await self._client(request)
            except asyncio.CancelledError:
                raise self._cancelled() from None
            except refusals.RPCError as error:
                raise self._refused(error, type(request), channel_id) from None
            except refusals.AuthKeyNotFound:
                raise errors.SignedOutError("The server does not know this session any more: sign in anew.") from None
            except TimeoutError:
                raise CallFailedError("TIMEOUT", passing=True) from None
            except _BROKEN as error:
                raise CallFailedError(f"{type(error).__name__}: {error}", passing=True) from error

    def _refused(self, error: refusals.RPCError, kind: type, channel_id: ChannelId | None) -> Exception:
        seconds = errors.wait(error)
        if seconds is not None:
            self._waits.note(kind, seconds, channel_id)
            return FloodedError(seconds)
        if errors.ends_the_session(error):
            return errors.sentence(error)
        return CallFailedError(errors.name_of(error), passing=not _FIRST_REFUSAL <= (error.code or 0) < _FIRST_FAILURE)

    def _cancelled(self) -> BaseException:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            return asyncio.CancelledError()
        # Telethon cancels what waits for an answer when it gives its connection up: nobody cancelled us.
        return CallFailedError("DISCONNECTED", passing=True)
