"""The one-time code by which the owner is told from everybody else. Pure: time and chance are given."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

LIFETIME_SECONDS = 15 * 60
WRONG_TRIES = 5
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which are read for one another."""
LENGTH = 8
"""32^8 codes against five tries: guessing is hopeless, typing on a phone is not."""

Outcome = Literal["right", "wrong", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A code that is waiting to be sent, until when (UTC seconds), and how often a wrong one came instead."""

    code: str
    expires_at: int
    wrong: int = 0


def draw(choose: Callable[[str], str], length: int = LENGTH) -> str:
    """Return a new code; `choose` picks one letter of those it is given, as `secrets.choice` does."""
    return "".join(choose(ALPHABET) for _ in range(length))


def start(code: str, *, now: int) -> Pairing:
    """Begin to wait for `code`."""
    return Pairing(code=code, expires_at=now + LIFETIME_SECONDS)


def is_open(pairing: Pairing, *, now: int) -> bool:
    """Say whether the code still counts."""
    return now < pairing.expires_at and pairing.wrong < WRONG_TRIES


def looks_like_a_code(text: str) -> bool:
    """Say whether `text` has the form of a code, so that a mere greeting is not counted as a wrong try."""
    letters = _normalized(text)
    return len(letters) == LENGTH and all(letter in ALPHABET for letter in letters)


def attempt(pairing: Pairing, text: str, *, now: int) -> tuple[Pairing, Outcome]:
    """Try `text` as the code; "closed": the code has expired or was tried too often, right or not."""
    if not is_open(pairing, now=now):
        return pairing, "closed"
    given, code = _normalized(text), _normalized(pairing.code)
    if hmac.compare_digest(given.encode(), code.encode()):
        return pairing, "right"
    return replace(pairing, wrong=pairing.wrong + 1), "wrong"


def _normalized(text: str) -> str:
    return "".join(letter for letter in text if not letter.isspace() and letter != "-").upper()
