"""Whether two titles of channels would be taken for the same at a glance."""

from itertools import takewhile

from bot.pipeline import lookalikes, normalize

_NEAR_FROM, _NEARER_FROM = 5, 8
"""Letters that a title must have so that one letter, or two neighbours, may differ: short ones differ by one anyway."""
_ALIKE = {"l": "i", "ё": "e"}


def folded(title: str) -> str:
    """Give a title without what the eye passes over: case, signs, spaces, what is not seen, whose alphabet it is."""
    letters = (letter for letter in normalize.clean(title).text.casefold() if letter.isalnum())
    return "".join(_ALIKE.get(letter, lookalikes.LATIN.get(letter, letter)[0]) for letter in letters)


def resemble(one: str, other: str) -> bool:
    """Say whether two titles are the same once folded, or but for one letter, in long ones two neighbours."""
    first, second = folded(one), folded(other)
    shortest = min(len(first), len(second))
    if not shortest:
        return False
    borne = (shortest >= _NEAR_FROM) + (shortest >= _NEARER_FROM)
    return first == second or _differing(first, second) <= borne


def _differing(first: str, second: str) -> int:
    """Count the letters between what both begin with and what both end with."""
    before = _shared(first, second)
    first, second = first[before:], second[before:]
    return max(len(first), len(second)) - _shared(first[::-1], second[::-1])


def _shared(first: str, second: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
