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


class Calls:
    """Makes calls on a client, at most so many at once.

    Args:
        telegram: the client of the user account.
        monotonic: seconds that never go back.
        at_once: how many calls may be on their way.
        limit: seconds after which an answer is no longer waited for.
    """

    def __init__(self, telegram: client.Client, *, monotonic: Callable[[], float], at_once: int, limit: float) -> None:
        self._client = telegram
        self._monotonic = monotonic
        self._gate = asyncio.Semaphore(at_once)
        self._limit = limit
        self._until: dict[type, tuple[float, ChannelId | None]] = {}

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
            self._refuse_while_waiting(type(request))
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

    def waits(self) -> tuple[Wait, ...]:
        """Return the pauses that Telegram has asked for and that still last."""
        now = self._monotonic()
        return tuple(
            Wait(seconds=math.ceil(until - now), channel_id=channel_id)
            for until, channel_id in self._until.values()
            if until > now
        )

    def _refuse_while_waiting(self, kind: type) -> None:
        until, _ = self._until.get(kind, (0.0, None))
        left = until - self._monotonic()
        if left > 0:
            raise FloodedError(math.ceil(left))

    def _refused(self, error: refusals.RPCError, kind: type, channel_id: ChannelId | None) -> Exception:
        seconds = errors.wait(error)
        if seconds is not None:
            self._until[kind] = (self._monotonic() + seconds, channel_id)
            return FloodedError(seconds)
        if errors.ends_the_session(error):
            return errors.sentence(error)
        return CallFailedError(str(error.message), passing=not _FIRST_REFUSAL <= (error.code or 0) < _FIRST_FAILURE)

    def _cancelled(self) -> BaseException:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            return asyncio.CancelledError()
        # Telethon cancels what waits for an answer when it gives its connection up: nobody cancelled us.
        return CallFailedError("DISCONNECTED", passing=True)
