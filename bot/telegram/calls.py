"""Asks Telegram for the reader: each call in its turn and with a time limit, and failures that say what to do."""

import asyncio
import math
import struct
from typing import Any

from telethon import errors as refusals

from bot.telegram import client, errors
from bot.telegram.turns import Turns, Urgency
from bot.telegram.waits import Waits
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

    def __init__(self, left: float) -> None:
        """Keep how long the pause still is: `left` to the fraction, `seconds` in whole ones, at least one."""
        self.left = left
        self.seconds = max(1, math.ceil(left))
        super().__init__(f"Telegram asks to wait {errors.spell(self.seconds)}")


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
    """Makes calls on a client when their turn comes.

    Args:
        telegram: the client of the user account.
        waits: the pauses to keep.
        turns: of all calls of the account.
        urgency: of the calls made here; see `at`.
        limit: seconds after which an answer is no longer waited for.
    """

    def __init__(
        self, telegram: client.Client, waits: Waits, turns: Turns, *, urgency: Urgency = "gap", limit: float
    ) -> None:
        self._client = telegram
        self._waits = waits
        self._turns = turns
        self._urgency = urgency
        self._limit = limit

    def at(self, urgency: Urgency, *, limit: float | None = None) -> "Calls":
        """Return the same with another urgency, and another limit if one is given."""
        return Calls(self._client, self._waits, self._turns, urgency=urgency, limit=limit or self._limit)

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
        kind = kind_of(request)
        # Whoever has to wait anyway takes nobody's turn.
        self._check(kind)
        async with self._turns.turn(self._urgency, kind):
            self._check(kind)
            answer = await self._make(request, kind, channel_id)
            self._turns.rate(kind).succeed()
            return answer

    def _check(self, kind: str) -> None:
        left = self._waits.left(kind)
        if left:
            raise FloodedError(left)

    async def _make(self, request: Any, kind: str, channel_id: ChannelId | None) -> Any:
        try:
            async with asyncio.timeout(self._limit):
                return await self._client(request)
        except asyncio.CancelledError:
            raise self._cancelled() from None
        except refusals.RPCError as error:
            raise await self._refused(error, kind, channel_id) from None
        except refusals.AuthKeyNotFound:
            raise errors.SignedOutError("The server does not know this session any more: sign in anew.") from None
        except TimeoutError:
            raise CallFailedError("TIMEOUT", passing=True) from None
        except _BROKEN as error:
            raise CallFailedError(f"{type(error).__name__}: {error}", passing=True) from error

    async def _refused(self, error: refusals.RPCError, kind: str, channel_id: ChannelId | None) -> Exception:
        seconds = errors.wait(error)
        if seconds is not None:
            self._turns.slow_down(kind, seconds)
            await self._waits.note(kind, seconds, channel_id)
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


def kind_of(request: Any) -> str:
    """Name the kind of a request, as pauses hold for it: `messages.GetHistoryRequest`."""
    namespace = type(request).__module__.rpartition(".")[2]
    return f"{namespace}.{type(request).__name__}"
