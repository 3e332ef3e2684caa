"""Takes invisible and decorative characters out of a text and keeps account of where every character came from."""

import bisect
import re
import unicodedata
from dataclasses import dataclass

_COMPOSED = {"и\u0306": "й", "И\u0306": "Й", "і\u0308": "ї", "І\u0308": "Ї", "е\u0308": "ё", "Е\u0308": "Ё"}
# Stress marks that come as letters of their own, and old letters that read as others.
_PLAIN = {"ѐ": "е", "ѝ": "и", "Ѐ": "Е", "Ѝ": "И"}
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0000-\U000e01ef"
)
# Letters in circles, squares, full width and mathematical faces: 𝗺𝗼𝗯, Ⓜ, ｍ.
_DRESSED = (
    "\u24b6-\u24e9\uff10-\uff5a\U0001d400-\U0001d7ff\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189"
)
_ODD = re.compile(f"[иіеИІЕ][\u0306\u0308]|[{_INVISIBLE}]+|[{_DRESSED}ѐѝЀЍ]")
_SQUARED = ((0x1F150, 0x1F169), (0x1F170, 0x1F189))
_APOSTROPHES = re.compile("[’ʼ‘`´′ʹ＇]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """A text without invisible characters; `starts` and `shifts` say how far each stretch lies from its origin."""

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]


def clean(text: str) -> Clean:
    """Remove zero-width characters, soft hyphens and stress marks, and undress letters; case is kept."""
    pieces: list[str] = []
    starts, shifts = [0], [0]
    done = length = 0
    for odd in _ODD.finditer(text):
        instead = _instead(odd.group())
        pieces += (text[done : odd.start()], instead)
        length += odd.start() - done + len(instead)
        done = odd.end()
        starts.append(length)
        shifts.append(done - length)
    if not pieces:
        return Clean(text=text, starts=(0,), shifts=(0,))
    pieces.append(text[done:])
    return Clean(text="".join(pieces), starts=tuple(starts), shifts=tuple(shifts))


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
    if odd in _PLAIN:
        return _PLAIN[odd]
    code = ord(odd[0])
    for first, last in _SQUARED:  # Unicode gives these no plain letter
        if first <= code <= last:
            return chr(ord("A") + code - first)
    plain = unicodedata.normalize("NFKC", odd)
    return plain if len(plain) == 1 and plain.isalnum() else ""
