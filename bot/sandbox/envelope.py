"""MTProto 2.0 messages in their encryption, seen from the server."""

import hashlib
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass

from telethon.crypto import AES

CLIENT, SERVER = 0, 8
"""Where in the auth key the parts begin that belong to what the client, or the server, sends."""
HEADER = 24


class EnvelopeError(Exception):
    """The packet was not encrypted with the key it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A decrypted message of the client: what it holds and in which session."""

    salt: int
    session_id: int
    message_id: int
    sequence: int
    body: bytes


@dataclass(slots=True, kw_only=True)
class MessageIds:
    """Gives MTProto message ids: rising, near the real time, odd."""

    clock: Callable[[], float]
    last: int = 0

    def next(self, *, reply: bool) -> int:
        """Return the next id: of an answer, or of something the client did not ask for."""
        wanted = int(self.clock() * 2**32) & ~3
        self.last = max(wanted, (self.last & ~3) + 4)
        return self.last | (1 if reply else 3)


def key_id(packet: bytes) -> int:
    """Say which auth key a packet names; 0: none, it is in the clear."""
    return int.from_bytes(packet[:8], "little")


def id_of(auth_key: bytes) -> int:
    """Return the number by which packets name `auth_key`."""
    return int.from_bytes(hashlib.sha1(auth_key, usedforsecurity=False).digest()[12:20], "little")


def open_packet(packet: bytes, auth_key: bytes) -> Content:
    """Decrypt a packet of the client."""
    message_key = packet[8:HEADER]
    plain = AES.decrypt_ige(packet[HEADER:], *_cipher(auth_key, message_key, CLIENT))
    if _message_key(auth_key, plain, CLIENT) != message_key:
        raise EnvelopeError("a packet is not encrypted with its key")
    salt, session_id, message_id, sequence, length = struct.unpack_from("<qqqii", plain)
    return Content(
        salt=salt, session_id=session_id, message_id=message_id, sequence=sequence, body=plain[32 : 32 + length]
    )


def seal(content: Content, auth_key: bytes) -> bytes:
    """Encrypt a message of the server."""
    plain = struct.pack(
        "<qqqii", content.salt, content.session_id, content.message_id, content.sequence, len(content.body)
    )
    plain += content.body
    plain += os.urandom(-(len(plain) + 12) % 16 + 12)
    message_key = _message_key(auth_key, plain, SERVER)
    cipher = AES.encrypt_ige(plain, *_cipher(auth_key, message_key, SERVER))
    return id_of(auth_key).to_bytes(8, "little") + message_key + bytes(cipher)


def _message_key(auth_key: bytes, plain: bytes, side: int) -> bytes:
    return hashlib.sha256(auth_key[88 + side : 120 + side] + plain).digest()[8:24]


def _cipher(auth_key: bytes, message_key: bytes, side: int) -> tuple[bytes, bytes]:
    first = hashlib.sha256(message_key + auth_key[side : side + 36]).digest()
    second = hashlib.sha256(auth_key[side + 40 : side + 76] + message_key).digest()
    key = first[:8] + second[8:24] + first[24:32]
    return key, second[:8] + first[8:24] + second[24:32]
