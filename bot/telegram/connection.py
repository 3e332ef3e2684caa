"""The line to the server: asked once who answers, then mended for ever at growing pauses."""

import asyncio
import contextlib
import logging
import secrets
import struct
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from telethon import errors as refusals
from telethon.crypto import rsa
from telethon.extensions import BinaryReader
from telethon.network import ConnectionTcpFull
from telethon.tl import functions, types

from bot.telegram import errors

LONGEST_PAUSE_SECONDS = 15
ANSWER_SECONDS = 8
_UNKNOWN_SESSION = 404
_TOO_MANY_CONNECTIONS = 429
_PATIENCE_WITH_UNKNOWN_SESSION = 2
_CODE = struct.Struct("<i")

_GIBBERISH = (
    EOFError,
    BufferError,
    OSError,
    AssertionError,
    ValueError,
    struct.error,
    refusals.InvalidChecksumError,
    refusals.TypeNotFoundError,
)
"""What reading from something that is no Telegram server can raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server says of itself before any key is made.

    `clock_offset`: its clock minus ours, in seconds. `trusted`: it claims to hold a key that we know.
    """

    clock_offset: int
    trusted: bool


class PatientConnection(ConnectionTcpFull):  # type: ignore[misc] # Telethon wants a subclass
    """A connection that waits longer before each attempt until the server has said something sensible.

    Telethon connects again through the same object, so the count outlives a cut.
    """

    _attempts = 0
    _unknown_session = 0

    async def connect(self, timeout: float | None = None, ssl: object = None) -> None:  # noqa: ASYNC109
        """Connect as Telethon does, after the pause that is due."""
        await asyncio.sleep(pause_before(self._attempts))
        self._attempts += 1
        await super().connect(timeout=timeout, ssl=ssl)

    async def _recv(self) -> bytes:
        try:
            packet: bytes = await super()._recv()
        except refusals.InvalidBufferError as error:
            if error.code == _TOO_MANY_CONNECTIONS:
                # Telethon would end the client for good; the server asks only for fewer connections.
                raise ConnectionError("The server asks for fewer connections") from error
            raise
        if len(packet) != _CODE.size:
            self._attempts = self._unknown_session = 0
        elif _CODE.unpack(packet)[0] == -_UNKNOWN_SESSION:
            # Telethon would end the client for good here too, and Telegram says this in passing troubles as well.
            self._unknown_session += 1
            if self._unknown_session <= _PATIENCE_WITH_UNKNOWN_SESSION:
                raise ConnectionError("The server does not know our session for now")
        return packet


def pause_before(attempts: int) -> float:
    """Return the seconds to wait when so many attempts in a row have led to nothing."""
    return 0.0 if attempts == 0 else float(min(LONGEST_PAUSE_SECONDS, 2 ** (attempts - 1)))


async def ask(host: str, port: int, *, clock: Callable[[], int]) -> Answer:
    """Ask who answers at an address, on a connection of its own; `clock` gives UTC seconds.

    Raises UnreachableError. Telethon itself says neither why it does not come through nor what time it is
    there, and drops every answer of a server whose clock is 30 s ahead of ours.
    """
    line = ConnectionTcpFull(host, port, 0, loggers=defaultdict(lambda: logging.getLogger("telethon.ask")))
    where = f"{host}:{port}"
    try:
        await line.connect(timeout=ANSWER_SECONDS)
    except (OSError, TimeoutError) as error:
        reason = getattr(error, "strerror", None) or "no answer"
        raise errors.UnreachableError(
            f"No server answers at {where} ({reason}). "
            "Check the connection to the internet, and TELEGRAM_SERVER if it is set."
        ) from None
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await _exchange(line, clock)
    except _GIBBERISH as error:
        if getattr(error, "code", None) == _TOO_MANY_CONNECTIONS:
            raise errors.UnreachableError(
                f"The server at {where} turns us away for now: too many connections. Try again in a few minutes."
            ) from None
        raise errors.UnreachableError(
            f"What answers at {where} is not a Telegram server. Check the address and the port."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            await line.disconnect()


async def _exchange(line: ConnectionTcpFull, clock: Callable[[], int]) -> Answer:
    nonce = secrets.randbits(127)
    body = bytes(functions.ReqPqMultiRequest(nonce))
    await line.send(struct.pack("<qqi", 0, clock() << 32, len(body)) + body)
    reply = await line.recv()
    header = struct.Struct("<qqi")
    _, message_id, _ = header.unpack(reply[: header.size])
    with BinaryReader(reply[header.size :]) as reader:
        found = reader.tgread_object()
    if not isinstance(found, types.ResPQ) or found.nonce != nonce:
        raise ValueError("The answer does not belong to the question")
    return Answer(
        clock_offset=(message_id >> 32) - clock(),
        trusted=any(_known(fingerprint) for fingerprint in found.server_public_key_fingerprints),
    )


def _known(fingerprint: int) -> bool:
    return rsa.encrypt(fingerprint, b"", use_old=True) is not None
