"""The sandbox's RSA key. It is published with the source, so it is trusted on loopback addresses alone."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import rsa
from telethon.tl import TLObject

from bot.sandbox import primes

PUBLIC_KEY = Path(__file__).with_name("server_key.pub.pem")
"""What a client must trust: PKCS#1, PEM."""
PRIVATE_KEY = Path(__file__).with_name("server_key.pem")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerKey:
    """A private key and the number by which clients name it."""

    private: rsa.PrivateKey
    fingerprint: int

    def decrypt(self, block: bytes) -> bytes:
        """Undo raw RSA (no padding scheme); returns the 255 bytes that the client encrypted."""
        key = self.private
        cipher = int.from_bytes(block, "big")
        first, second = pow(cipher, key.exp1, key.p), pow(cipher, key.exp2, key.q)
        plain = second + (key.coef * (first - second) % key.p) * key.q
        return plain.to_bytes(256, "big")[1:]


def load(path: Path = PRIVATE_KEY) -> ServerKey:
    """Read a private key in PKCS#1 PEM."""
    private = rsa.PrivateKey.load_pkcs1(path.read_bytes())
    parts = b"".join(TLObject.serialize_bytes(primes.big_endian(number)) for number in (private.n, private.e))
    digest = hashlib.sha1(parts, usedforsecurity=False).digest()
    return ServerKey(private=private, fingerprint=int.from_bytes(digest[-8:], "little", signed=True))
