"""The three ways in which MTProto cuts a TCP stream into packets: full, intermediate, abridged."""

import asyncio
import struct
import zlib
from dataclasses import dataclass
from typing import Protocol

ABRIDGED_TAG = 0xEF
INTERMEDIATE_TAG = b"\xee\xee\xee\xee"
SHORT_ABRIDGED = 0x7F
LONGEST_PACKET = 1 << 24


class FramingError(Exception):
    """The stream does not hold packets."""


class Framing(Protocol):
    """One connection's way of cutting the stream."""

    async def read(self, reader: asyncio.StreamReader) -> bytes:
        """Return the next packet; raises asyncio.IncompleteReadError at the end of the stream."""
        ...

    def pack(self, packet: bytes) -> bytes:
        """Return `packet` as it goes over the wire."""
        ...


async def detect(reader: asyncio.StreamReader) -> Framing:
    """Tell by its first bytes how a client cuts its stream."""
    first = await reader.readexactly(1)
    if first[0] == ABRIDGED_TAG:
        return Abridged()
    head = first + await reader.readexactly(3)
    return Intermediate() if head == INTERMEDIATE_TAG else Full(head=head)


@dataclass(slots=True, kw_only=True)
class Full:
    """Length, number and checksum around each packet. `head`: bytes that were read already."""

    head: bytes
    sent: int = 0

    async def read(self, reader: asyncio.StreamReader) -> bytes:
        """Return the next packet; its checksum must be right."""
        head = self.head or await reader.readexactly(4)
        self.head = b""
        length = _checked(int.from_bytes(head, "little") - 4, least=12)
        rest = await reader.readexactly(length)
        if zlib.crc32(head + rest[:-4]) != int.from_bytes(rest[-4:], "little"):
            raise FramingError("checksum of a packet is wrong")
        return rest[4:-4]

    def pack(self, packet: bytes) -> bytes:
        """Return `packet` with its length, number and checksum."""
        body = struct.pack("<ii", len(packet) + 12, self.sent) + packet
        self.sent += 1
        return body + struct.pack("<I", zlib.crc32(body))


class Intermediate:
    """Four bytes of length before each packet."""

    async def read(self, reader: asyncio.StreamReader) -> bytes:
        """Return the next packet."""
        return await reader.readexactly(_checked(int.from_bytes(await reader.readexactly(4), "little")))

    def pack(self, packet: bytes) -> bytes:
        """Return `packet` with its length before it."""
        return struct.pack("<i", len(packet)) + packet


class Abridged:
    """One or four bytes of length, in words of four bytes, before each packet."""

    async def read(self, reader: asyncio.StreamReader) -> bytes:
        """Return the next packet."""
        words = (await reader.readexactly(1))[0]
        if words >= SHORT_ABRIDGED:
            words = int.from_bytes(await reader.readexactly(3), "little")
        return await reader.readexactly(_checked(words * 4))

    def pack(self, packet: bytes) -> bytes:
        """Return `packet` with its length before it."""
        words = len(packet) // 4
        if words < SHORT_ABRIDGED:
            return bytes([words]) + packet
        return bytes([SHORT_ABRIDGED]) + words.to_bytes(3, "little") + packet


def _checked(length: int, *, least: int = 4) -> int:
    if not least <= length <= LONGEST_PACKET:
        raise FramingError(f"a packet of {length} bytes is not possible")
    return length
