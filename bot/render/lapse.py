"""How long after something another thing happened, in words and in short."""

from bot.render import catalogue
from bot.render.catalogue import Catalogue

_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))
_ENOUGH = 2
"""From so many of a unit on it is used: 90 minutes, but 2 hours."""


def after(texts: Catalogue, seconds: int) -> str:
    """Say that something happened `seconds` later: after 14 minutes."""
    unit, count = _measured(seconds)
    return catalogue.text(texts, f"after.{unit}", n=count)


def within(texts: Catalogue, seconds: int) -> str:
    """Say that something happened at most `seconds` later, where nobody saw when: within 2 hours."""
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= _ENOUGH * size), ("seconds", 1))
    return catalogue.text(texts, f"within.{unit}", n=max(1, -(-seconds // size)))


def distance(texts: Catalogue, seconds: int) -> str:
    """Write in short how far apart two things are: +3 min, −2 h."""
    unit, count = ("minutes", 1) if 60 <= abs(seconds) < _ENOUGH * 60 else _measured(abs(seconds))  # noqa: PLR2004
    return catalogue.text(texts, f"distance.{unit}", sign="−" if seconds < 0 else "+", n=count)


def _measured(seconds: int) -> tuple[str, int]:
    for unit, size in _UNITS:
        if seconds >= _ENOUGH * size:
            return unit, seconds // size
    return "seconds", max(1, seconds)
