"""The server's half of the password check (SRP): it proves that the client knows the password without hearing it."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from telethon import password as passwords
from telethon.tl import types

from bot.sandbox import primes

PRIME = primes.SAFE_PRIME
SIZE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One question for the password. `asked` is what the client gets to see of it."""

    id: int
    algorithm: Any
    verifier: int
    secret: int
    public: int

    def asked(self) -> Any:
        """Return the question as Telegram's object."""
        return types.account.Password(
            has_password=True,
            current_algo=self.algorithm,
            srp_B=_padded(self.public),
            srp_id=self.id,
            new_algo=self.algorithm,
            new_secure_algo=types.SecurePasswordKdfAlgoUnknown(),
            secure_random=b"",
        )

    def passed(self, answer: Any) -> bool:
        """Say whether the client's answer proves that it knows the password."""
        if answer.srp_id != self.id:
            return False
        client = int.from_bytes(answer.A, "big")
        scramble = int.from_bytes(_hash(_padded(client), _padded(self.public)), "big")
        shared = pow(client * pow(self.verifier, scramble, PRIME), self.secret, PRIME)
        expected = _hash(
            bytes(a ^ b for a, b in zip(_hash(_padded(PRIME)), _hash(_padded(primes.GENERATOR)), strict=True)),
            _hash(self.algorithm.salt1),
            _hash(self.algorithm.salt2),
            _padded(client),
            _padded(self.public),
            _hash(_padded(shared)),
        )
        return secrets.compare_digest(expected, bytes(answer.M1))


def challenge(password: str, *, number: int) -> Challenge:
    """Ask for a password; `number` tells this question from others."""
    algorithm = types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(
        salt1=secrets.token_bytes(8),
        salt2=secrets.token_bytes(16),
        g=primes.GENERATOR,
        p=primes.big_endian(PRIME),
    )
    exponent = int.from_bytes(passwords.compute_hash(algorithm, password), "big")
    verifier = pow(primes.GENERATOR, exponent, PRIME)
    multiplier = int.from_bytes(_hash(_padded(PRIME), _padded(primes.GENERATOR)), "big")
    secret = secrets.randbits(SIZE * 8)
    public = (multiplier * verifier + pow(primes.GENERATOR, secret, PRIME)) % PRIME
    return Challenge(id=number, algorithm=algorithm, verifier=verifier, secret=secret, public=public)


def _padded(number: int) -> bytes:
    return number.to_bytes(SIZE, "big")


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()
