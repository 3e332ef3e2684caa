"""Takes invisible and decorative characters out of a text and keeps account of where every character came from."""

import bisect
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_COMPOSED = {"и\u0306": "й", "И\u0306": "Й", "і\u0308": "ї", "І\u0308": "Ї", "е\u0308": "ё", "Е\u0308": "Ё"}
# Letters with a stress mark built in that read as others.
_STRESSED = {"ѐ": "е", "ѝ": "и", "Ѐ": "Е", "Ѝ": "И"}
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
# Letters in circles and full width: Ⓜ, ｍ. Beyond the basic plane: mathematical faces, squares, and tags that hide.
_ODD = re.compile(f"[{_INVISIBLE}ѐѝЀЍ\u24b6-\u24e9\uff10-\uff5a]")
_FAR = re.compile(
    "[\U0001d400-\U0001d7ff\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189\U000e0000-\U000e01ef]"
)
_SQUARED = ((0x1F150, 0x1F169), (0x1F170, 0x1F189))
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff")
_APOSTROPHES = re.compile("[’ʼ‘`´′ʹ＇]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """A text without invisible characters; `starts` and `shifts` say how far each stretch lies from its origin.

    `veiled`: where zero-width characters stood between two letters, which nobody writes there but to hide the word.
    """

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]
    veiled: tuple[int, ...] = ()


def clean(text: str) -> Clean:
    """Remove zero-width characters, soft hyphens and stress marks, and undress letters; case is kept."""
    places = [found.start() for found in _ODD.finditer(text)]
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text):  # quick to see, and most texts have none
        places = sorted([*places, *(found.start() for found in _FAR.finditer(text))])
    if not places:
        return Clean(text=text, starts=(0,), shifts=(0,))
    return _cleaned(text, places)


def _cleaned(text: str, places: Iterable[int]) -> Clean:
    pieces: list[str] = []
    starts, shifts = [0], [0]
    hiding: list[int] = []
    done = length = 0
    for place in places:
        first = place - 1 if text[max(0, place - 1) : place + 1] in _COMPOSED and place > done else place
        instead = _instead(text[first : place + 1])
        pieces += (text[done:first], instead)
        length += first - done + len(instead)
        if text[place] in _ZERO_WIDTH:
            hiding.append(length)
        done = place + 1
        starts.append(length)
        shifts.append(done - length)
    plain = "".join([*pieces, text[done:]])
    veiled = tuple(
        place
        for place in dict.fromkeys(hiding)
        if plain[place - 1 : place].isalpha() and plain[place : place + 1].isalpha()
    )
    return Clean(text=plain, starts=tuple(starts), shifts=tuple(shifts), veiled=veiled)


def origin(cleaned: Clean, position: int) -> int:
    """Say where in the original text the character at `position` of the clean text stood."""
    return position + cleaned.shifts[bisect.bisect_right(cleaned.starts, position) - 1]


def fold(text: str) -> str:
    """Lower the case, make every apostrophe the same and ё to е; the length never changes."""
    return fold_case(text).replace("ё", "е")


def fold_case(text: str) -> str:
    """Lower the case and make every apostrophe the same; the length never changes."""
    low = text.lower()
    if len(low) != len(text):  # İ becomes two characters
        low = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    return _APOSTROPHES.sub("'", low)


def _instead(odd: str) -> str:
    if odd in _COMPOSED:
        return _COMPOSED[odd]
    if odd in _STRESSED:
        return _STRESSED[odd]
    for first, last in _SQUARED:  # Unicode gives these no plain letter
        if first <= ord(odd) <= last:
            return chr(ord("A") + ord(odd) - first)
    plain = unicodedata.normalize("NFKC", odd)
    return plain if len(plain) == 1 and plain.isalnum() else ""
