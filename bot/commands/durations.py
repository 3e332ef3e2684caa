"""How long something takes, in words."""

from bot.render import catalogue
from bot.render.catalogue import Catalogue

_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))
_ENOUGH = 2
"""From so many of a unit on it is used: 90 seconds, but 2 minutes."""


def words(texts: Catalogue, seconds: int) -> str:
    """Say `seconds` in the unit in which it is read most easily, rounded up, so that nobody comes too early."""
    for unit, size in _UNITS:
        if seconds >= _ENOUGH * size:
            return catalogue.text(texts, f"duration.{unit}", n=-(-seconds // size))
    return catalogue.text(texts, "duration.seconds", n=max(1, seconds))
