"""Reads words that were hidden from machines, but only where they lead to a word that some rule looks for.

Look-alike letters of another script (Latin o in a Cyrillic word), digits and signs for letters (м0билизация,
п@тисотые), left-out letters (м*билизация), signs between letters (моби.лизация), spaced letters (р о т а ц и я),
stretched letters (домоооой), one word broken in two (по вестка), hashtags written as one word (#ВернитеМужей).
"""

import bisect
import itertools
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from bot.pipeline import lexicon, tokens

_CYRILLIC = {
    "a": "а", "b": "вбь", "c": "сц", "d": "д", "e": "е", "f": "ф", "g": "гд", "h": "нх", "i": "іи", "j": "й",
    "k": "к", "l": "л", "m": "мт", "n": "пни", "o": "о", "p": "рп", "r": "рг", "s": "сз", "t": "т", "u": "ий",
    "v": "в", "w": "ш", "x": "х", "y": "у", "z": "з", "0": "о", "1": "іил", "3": "зе", "4": "ча", "5": "б",
    "6": "б", "7": "т", "8": "в", "9": "я", "@": "а", "$": "с", "€": "ес", "£": "е", "!": "іи", "|": "іи",
    "¢": "с", "₽": "р", "№": "н", "&": "в", "ѕ": "с", "ј": "й", "і": "и", "ү": "у", "һ": "н", "ӏ": "і",
    "α": "а", "β": "в", "γ": "у", "ε": "е", "η": "п", "ι": "і", "κ": "к", "λ": "л", "μ": "м", "ν": "в", "ο": "о",
    "π": "п", "ρ": "р", "σ": "о", "τ": "т", "υ": "и", "φ": "ф", "χ": "х", "ϲ": "с", "á": "а", "à": "а", "â": "а",
    "ä": "а", "å": "а", "é": "е", "è": "е", "ë": "е", "ê": "е", "ó": "о", "ò": "о", "ö": "о", "ô": "о", "í": "і",
    "ï": "ї", "ý": "у", "ç": "с",
}  # fmt: skip
_LATIN = {
    "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y",
    "х": "x", "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d", "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t",
    "8": "b", "9": "g", "@": "a", "$": "s", "€": "e", "!": "il", "|": "il", "α": "a", "ο": "o", "ε": "e", "ρ": "p",
    "ι": "i", "τ": "t", "ν": "v", "á": "a", "à": "a", "ä": "a", "å": "a", "é": "e", "è": "e", "ë": "e", "í": "i",
    "ï": "i", "ó": "o", "ö": "o", "ò": "o", "ú": "u", "ü": "u", "ñ": "n", "ç": "c",
}  # fmt: skip
_SUSPECT = re.compile(
    r"[^\W\d_]\d|\d[^\W\d_]"
    r"|[a-zà-ÿͰ-Ͽ][Ѐ-ӿ]|[Ѐ-ӿ][a-zà-ÿͰ-Ͽ]"
    r"|[^\W\d_][^\w\s'’,:;!?()\[\]«»\"“”/–—-][^\w\s]{0,11}[^\W\d_]|[^\W\d_]_{1,4}[^\W\d_]"
    r"|(?<![*\w])[*@$][^\W\d_]|[^\W\d_]\*"
    r"|([^\W\d_])\1\1"
)
_SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[^\w\n]{1,3}[^\W_](?![^\W_])){2,}")
_SPLIT = re.compile(r"(?<=[а-яіїєґёa-z])(?=[А-ЯІЇЄҐЁA-Z])")
_JOIN = 7
"""Two neighbours are read as one broken word only from so many letters on."""
_TAG = 6
_WIDEST = 64
_STEPS = 600
"""How many readings of one stretch are tried."""
_ALL_STEPS = 60_000
"""… and of a whole text, so that a hostile one cannot hold us up."""
_SHORT = 4
_MANY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A hidden word as read; `start` and `end` in characters of the folded text."""

    start: int
    end: int
    word: str


_State = tuple[int, str, int, int]
"""Place, what was read so far, how many letters were guessed and how many changed."""


@dataclass(slots=True)
class _Walk:
    """One stretch of text and how far its reading may go."""

    text: str
    spellings: Sequence[str]
    stems: Container[str]
    spaced: bool
    steps: int


def read(text: str, folded: str, words: Sequence[str], book: lexicon.Lexicon) -> list[Read]:
    """Read what is hidden in a text, given in its own case, folded (as long), and cut into words."""
    found = list(_stretches(folded, book))
    if "#" in text or _SPLIT.search(text):
        found += _tags(text, folded, book.forms)
    found += _broken(folded, words, book.anchors)
    return found


def _stretches(folded: str, book: lexicon.Lexicon) -> Iterator[Read]:
    done, left = 0, _ALL_STEPS
    for suspect in _SPACED.finditer(folded):
        left -= _STEPS
        if left < 0:
            return
        yield from _walks(folded, suspect.start(), suspect.end(), book, spaced=True)
    for suspect in _SUSPECT.finditer(folded):
        if suspect.start() < done:
            continue
        start, done = _around(folded, suspect.start(), done)
        left -= done - start
        if left < 0:
            return
        yield from _walks(folded, start, done, book, spaced=False)


def _around(folded: str, place: int, floor: int) -> tuple[int, int]:
    """Widen a suspicious place to what stands between white space."""
    start = place
    lowest = max(floor, place - _WIDEST)
    while start > lowest and not folded[start - 1].isspace():
        start -= 1
    end = place
    highest = min(len(folded), start + 2 * _WIDEST)
    while end < highest and not folded[end].isspace():
        end += 1
    return start, max(end, place + 1)


def _walks(folded: str, start: int, end: int, book: lexicon.Lexicon, *, spaced: bool) -> Iterator[Read]:
    walk = _Walk(folded[start:end], book.spellings, book.spelled_stems, spaced, _STEPS)
    place = 0
    while place < len(walk.text):
        if not walk.text[place].isspace() and (spaced or place == 0 or not walk.text[place - 1].isalnum()):
            best = _longest(walk, place)
            if best is not None:
                stop, word = best
                yield Read(start=start + place, end=start + stop, word=word)
                place = stop
                continue
        place += 1


def _longest(walk: _Walk, start: int) -> tuple[int, str] | None:
    """Find the longest word of the lexicon that the stretch can be read as from `start` on."""
    best: tuple[int, str] | None = None
    todo: list[_State] = [(start, "", 0, 0)]
    while todo and walk.steps > 0:
        walk.steps -= 1
        place, word, guessed, changed = todo.pop()
        stop = _end(walk, place, word)
        if (
            stop is not None
            and (best is None or stop > best[0])
            and _sound(walk.text[start:place], word, guessed, changed)
        ):
            best = (stop, word + walk.text[place:stop])
        if place < len(walk.text):
            todo += _onward(walk, place, word, guessed, changed)
    return best


def _onward(walk: _Walk, place: int, word: str, guessed: int, changed: int) -> Iterator[_State]:
    """List how the reading can go on over the next character."""
    letter = walk.text[place]
    if not letter.isalnum():
        yield from _over_a_sign(walk, place, word, guessed, changed)
    elif _stretched(walk.text, place):
        yield place + 1, word, guessed, changed
    for option in _CYRILLIC.get(letter, "") + _LATIN.get(letter, ""):
        if _leads(walk, word + option):
            yield place + 1, word + option, guessed, changed + 1
    if letter.isalpha() and _leads(walk, word + letter):
        yield place + 1, word + letter, guessed, changed


def _over_a_sign(walk: _Walk, place: int, word: str, guessed: int, changed: int) -> Iterator[_State]:
    """A sign stands between letters, or in place of one."""
    letter = walk.text[place]
    if word:
        yield place + 1, word, guessed, changed
    replaces = letter == "*" or (word and not letter.isspace())
    if replaces and not walk.spaced and guessed < _MANY:
        for guess in _next_letters(walk, word):
            yield place + 1, word + guess, guessed + 1, changed


def _stretched(text: str, place: int) -> bool:
    """Say whether a letter repeats the one before it in a run of three or more."""
    letter = text[place]
    return place > 0 and text[place - 1] == letter and letter * 3 in text[max(0, place - 2) : place + 3]


def _leads(walk: _Walk, beginning: str) -> bool:
    place = bisect.bisect_left(walk.spellings, beginning)
    return place < len(walk.spellings) and walk.spellings[place].startswith(beginning)


def _next_letters(walk: _Walk, beginning: str) -> Iterator[str]:
    """List the letters that can follow, jumping from one to the next in the sorted spellings."""
    place = bisect.bisect_left(walk.spellings, beginning)
    size = len(beginning)
    while place < len(walk.spellings) and walk.spellings[place].startswith(beginning):
        if len(walk.spellings[place]) > size:
            letter = walk.spellings[place][size]
            yield letter
            place = bisect.bisect_left(walk.spellings, beginning + letter + "\U0010ffff", place)
        else:
            place += 1


def _end(walk: _Walk, place: int, word: str) -> int | None:
    """Say where the word that was read so far ends, if it is one: here, or for a stem where the letters end."""
    spot = bisect.bisect_left(walk.spellings, word)
    if spot == len(walk.spellings) or walk.spellings[spot] != word:
        return None
    stop = place
    if not walk.spaced and word in walk.stems:
        while stop < len(walk.text) and walk.text[stop].isalpha():
            stop += 1
    if walk.spaced or stop == len(walk.text) or not walk.text[stop].isalnum():
        return stop
    return None


def _sound(raw: str, word: str, guessed: int, changed: int) -> bool:
    """Say whether enough of a word was really written there."""
    if word == raw:
        return False  # no mask: plain words are found without us
    own = _cyrillic(raw) if "Ѐ" <= word[0] <= "ӿ" else _latin(raw)
    if len(word) < _SHORT:
        digits = sum(letter.isdecimal() for letter in raw)
        return guessed == 0 and digits <= 1 and own >= 1
    if len(word) <= _TAG and guessed + changed > len(word) // 2:
        return False
    return guessed <= len(word) // 3 and own * 4 >= len(word)


def _cyrillic(raw: str) -> int:
    return sum("Ѐ" <= letter <= "ӿ" for letter in raw)


def _latin(raw: str) -> int:
    return sum("a" <= letter <= "z" for letter in raw)


def _tags(text: str, folded: str, known: Container[str]) -> Iterator[Read]:
    """Cut words written together, in CamelCase or as a hashtag, into words of the lexicon."""
    for found in tokens.WORD.finditer(folded):
        start, end = found.span()
        if found.group() in known or end - start < _TAG:
            continue
        cuts = [start + cut.start() for cut in _SPLIT.finditer(text[start:end])]
        if cuts:
            for low, high in zip([start, *cuts], [*cuts, end], strict=True):
                yield Read(start=low, end=high, word=folded[low:high])
        elif text.rfind("#", max(0, start - _WIDEST), start) > _last_space(text, start):
            yield from _together(folded[start:end], start, known)


def _last_space(text: str, before: int) -> int:
    return max(text.rfind(space, max(0, before - _WIDEST), before) for space in " \n\t")


def _together(tag: str, start: int, known: Container[str]) -> Iterator[Read]:
    """Cut a tag into known words, the fewest possible; nothing, where a rest remains."""
    if len(tag) > _WIDEST:
        return
    best: list[list[int] | None] = [[]] + [None] * len(tag)
    for end in range(1, len(tag) + 1):
        for begin in range(end):
            before = best[begin]
            if before is not None and tag[begin:end] in known:
                option = [*before, begin]
                current = best[end]
                if current is None or len(option) < len(current):
                    best[end] = option
    cuts = best[len(tag)]
    if cuts:
        for low, high in zip(cuts, [*cuts[1:], len(tag)], strict=True):
            yield Read(start=start + low, end=start + high, word=tag[low:high])


def _broken(folded: str, words: Sequence[str], known: Container[str]) -> Iterator[Read]:
    """Join two neighbours that make a word of the lexicon only together."""
    both = [one + two for one, two in itertools.pairwise(words)]
    spots = [spot for spot, word in enumerate(both) if len(word) >= _JOIN and word in known]
    where = tokens.places(folded) if spots else []
    for spot in spots:
        if where[spot + 1][0] - where[spot][1] == 1:
            yield Read(start=where[spot][0], end=where[spot + 1][1], word=both[spot])
