"""Reads words that were hidden from machines, but only where they lead to a word that some rule looks for.

Look-alike letters of another script (Latin o in a Cyrillic word), digits and signs for letters (м0билизация,
п@тисотые), left-out letters (м*билизация), signs between letters (моби.лизация), spaced letters (р о т а ц и я),
stretched letters (домоооой), one word broken in two (по вестка) or into pieces (до-мой, ро та ция), letters O for
noughts (5OO-е), hashtags written as one word (#ВернитеМужей), zero-width characters.
"""

import bisect
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from bot.pipeline import lexicon, lookalikes, normalize, seams

# A word with two scripts in it, or a letter three times over. Digits inside, or signs, are looked for piece by piece;
# two stars after a word are Markdown. Patterns begin with what is rare: most of a text is then passed over quickly.
_SCRIPTS = re.compile(r"[a-zà-ÿͰ-Ͽ](?:[Ѐ-ӿ]|(?<=[Ѐ-ӿ][a-zà-ÿͰ-Ͽ]))")
_THREE = re.compile(r"(\w)\1\1")
_SIGNS = re.compile(
    r"[^\W\d_]\d|\d[^\W\d_]"
    r"|[^\W\d_][^\w\s'’,:;?()\[\]«»\"“”/–—-][^\w\s]{0,11}[^\W\d_]|[^\W\d_]_{1,4}[^\W\d_]"
    r"|(?<![*\w])[*@$][^\W\d_]|[^\W\d_][€£¢₽]|[^\W\d_](?:\*(?!\*)|\*\*(?=[^\W\d_])|\*{3})"
)
_NOUGHTS = re.compile(r"(?<![^\W_])\d[0oо]*[oо][0oо]*(?![^\W_])")
_AROUND = ".,:;!?…-–—_'\"«»“”()[]/"
_BETWEEN = frozenset(_AROUND) - {"_"}
"""Signs that stand between letters, never in place of one."""
_ALONE = re.compile(r"[^\w\n][^\W_][^\w\n]{1,3}[^\W_](?![^\W_])")
"""Two letters that stand alone, as they do in every word whose letters are spaced."""
_SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[^\w\n]{1,3}[^\W_](?![^\W_])){2,}")
_NOUGHT = str.maketrans("oо", "00")
_HUNDREDS = 3
_TAG = 6
_WIDEST = 64
_STEPS = 600
"""How many readings of one stretch are tried."""
_ALL_STEPS = 30_000
"""… and of a whole text, so that a hostile one cannot hold us up."""
_SHORTEST, _SHORT = 3, 4
_MANY = 4
_LONG, _SPREAD = 7, 3
_LEFT_OUT = re.compile(r"[^\w\s]+")


_State = tuple[int, str, int, int, bool]
"""Place, what was read so far, how many letters were guessed and how many changed, whether a sign was passed last."""


@dataclass(slots=True)
class _Walk:
    """One stretch of text and how far its reading may go."""

    text: str
    spellings: Sequence[str]
    stems: Container[str]
    spaced: bool
    steps: int


def read(cleaned: normalize.Clean, folded: str, words: Sequence[str], book: lexicon.Lexicon) -> list[seams.Read]:
    """Read what is hidden in a text, given clean in its own case, folded (as long), and cut into words."""
    found = list(_stretches(folded, book))
    found += _veiled(cleaned.veiled, folded, book.anchors)
    found += seams.together(cleaned.text, folded, book.others, book.capitals)
    found += seams.slipped(words, folded, book.others)
    found += seams.broken(folded, words, book.anchors)
    found += seams.shattered(folded, words, book.anchors)
    found += seams.in_pieces(folded, book.anchors)
    found += _numbers(folded)
    return found


def _veiled(veiled: Sequence[int], folded: str, known: Container[str]) -> Iterator[seams.Read]:
    """Read the words that had zero-width characters between their letters."""
    done = 0
    for place in veiled:
        if place < done:
            continue
        start, end = _letters_around(folded, place)
        done = end
        if folded[start:end] in known:
            yield seams.Read(start=start, end=end, word=folded[start:end], masked=True)


def _numbers(folded: str) -> Iterator[seams.Read]:
    """Read letters O in numbers as noughts: from hundreds on, as they are soldiers' words."""
    for found in _NOUGHTS.finditer(folded):
        number = found.group().translate(_NOUGHT)
        if len(number) == _HUNDREDS:
            yield seams.Read(start=found.start(), end=found.end(), word=number, masked=True)


def _stretches(folded: str, book: lexicon.Lexicon) -> Iterator[seams.Read]:
    left = _ALL_STEPS
    for start, end, spaced in _suspicious(folded):
        allowed = min(_STEPS, left)
        walk = _Walk(folded[start:end], book.spellings, book.spelled_stems, spaced, allowed)
        yield from _walks(walk, start)
        left -= allowed - walk.steps
        if left == 0:
            return


def _suspicious(folded: str) -> Iterator[tuple[int, int, bool]]:
    """Find the stretches of a text that may hide something: start, end, and whether their letters are spaced."""
    if _ALONE.search(folded):
        for found in _SPACED.finditer(folded):
            yield found.start(), found.end(), True
    done = 0
    places = [found.start() for pattern in (_SCRIPTS, _THREE) for found in pattern.finditer(folded)]
    for place in sorted([*places, *_odd_pieces(folded)]) if places else _odd_pieces(folded):
        if place >= done:
            start, done = _around(folded, place, done)
            yield start, done, False


def _odd_pieces(folded: str) -> Iterator[int]:
    """Find the places where signs or digits stand inside a word; plain words, which most pieces are, pass quickly."""
    place = 0
    for piece in folded.split():
        if not piece.isalpha() and not piece.strip(_AROUND).isalpha():
            place = folded.index(piece, place)
            yield from (place + found.start() for found in _SIGNS.finditer(piece))
            place += len(piece)


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


def _letters_around(folded: str, place: int) -> tuple[int, int]:
    start = end = place
    while start > place - _WIDEST and folded[start - 1 : start].isalpha():
        start -= 1
    while end < place + _WIDEST and folded[end : end + 1].isalpha():
        end += 1
    return start, end


def _walks(walk: _Walk, offset: int) -> Iterator[seams.Read]:
    """Read a stretch from left to right; `offset`: where it begins in the text."""
    place = 0
    while place < len(walk.text) and walk.steps > 0:
        best = _longest(walk, place) if _may_begin(walk, place) else None
        if best is None:
            place += 1
        else:
            stop, word, masked = best
            yield seams.Read(start=offset + place, end=offset + stop, word=word, masked=masked)
            place = stop


def _may_begin(walk: _Walk, place: int) -> bool:
    if walk.text[place].isspace():
        return False
    return walk.spaced or place == 0 or not walk.text[place - 1].isalnum()


def _longest(walk: _Walk, start: int) -> tuple[int, str, bool] | None:
    """Find the longest word of the lexicon that the stretch can be read as from `start` on, and if it is masked."""
    best: tuple[int, str, bool] | None = None
    farthest = (-1, 0)  # of two readings that end alike, the one that reads more letters, not a stem and a rest
    todo: list[_State] = [(start, "", 0, 0, False)]
    while todo and walk.steps > 0:
        walk.steps -= 1
        place, word, guessed, changed, passed = todo.pop()
        stop = _end(walk, place, word, passed=passed)
        if stop is not None and (stop, place) > farthest and _sound(walk.text[start:place], word, guessed, changed):
            farthest = (stop, place)
            masked = guessed + changed > 0 or _parted(walk.text[start:place])
            best = (stop, word + walk.text[place:stop], masked)
        if place < len(walk.text):
            todo += _onward(walk, place, word, guessed, changed)
    return best


def _onward(walk: _Walk, place: int, word: str, guessed: int, changed: int) -> Iterator[_State]:
    """List how the reading can go on over the next character."""
    letter = walk.text[place]
    if not letter.isalnum():
        yield from _over_a_sign(walk, place, word, guessed, changed)
    elif _stretched(walk.text, place):
        yield place + 1, word, guessed, changed, False
    # What is listed first is tried first, as what comes last is taken from the list of what is to do.
    for option in reversed(lookalikes.CYRILLIC.get(letter, "") + lookalikes.LATIN.get(letter, "")):
        if _leads(walk, word + option):
            yield place + 1, word + option, guessed, changed + 1, False
    if letter.isalpha() and _leads(walk, word + letter):
        yield place + 1, word + letter, guessed, changed, False
    if letter.isdecimal() and guessed < _MANY and word and walk.text[place + 1 : place + 2].isalpha():
        for guess in _next_letters(walk, word):
            yield place + 1, word + guess, guessed + 1, changed, False


def _over_a_sign(walk: _Walk, place: int, word: str, guessed: int, changed: int) -> Iterator[_State]:
    """A sign stands between letters, or in place of one."""
    letter = walk.text[place]
    if word:
        yield place + 1, word, guessed, changed, True
    if walk.spaced or guessed == _MANY:
        return
    inside = word and walk.text[place + 1 : place + 2].isalnum()
    if letter == "*" or (inside and not letter.isspace() and letter not in _BETWEEN):
        for guess in _next_letters(walk, word):
            yield place + 1, word + guess, guessed + 1, changed, False


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


def _end(walk: _Walk, place: int, word: str, *, passed: bool) -> int | None:
    """Say where the word that was read so far ends, if it is one: here, or for a stem where the letters end.

    `passed`: a sign was passed last; it is none of the word unless a letter follows.
    """
    spot = bisect.bisect_left(walk.spellings, word)
    if spot == len(walk.spellings) or walk.spellings[spot] != word:
        return None
    stop = place
    if not walk.spaced and word in walk.stems:
        while stop < len(walk.text) and walk.text[stop].isalpha():
            stop += 1
    if passed and stop == place:
        return None
    if walk.spaced or stop == len(walk.text) or not walk.text[stop].isalnum():
        return stop
    return None


def _parted(raw: str) -> bool:
    """Say whether signs part the letters, other than the one hyphen that a line's end brings."""
    return "".join(letter for letter in raw if not letter.isalnum()) not in {"", "-"}


def _sound(raw: str, word: str, guessed: int, changed: int) -> bool:
    """Say whether enough of a word was really written there."""
    if word == raw or len(word) < _SHORTEST:
        return False  # no mask: plain words are found without us
    own = _cyrillic(raw) if "Ѐ" <= word[0] <= "ӿ" else _latin(raw)
    if len(word) < _SHORT:
        digits = sum(letter.isdecimal() for letter in raw)
        return guessed == 0 and digits <= 1 and own >= 1
    if len(word) <= _TAG and guessed + changed > len(word) // 2:
        return False
    return guessed <= _most_guessed(raw, word) and own * 4 >= len(word)


def _most_guessed(raw: str, word: str) -> int:
    """Say how many letters of a word may be left out; more where they are spread, as in no oath that people mask."""
    spread = len(word) >= _LONG and len(_LEFT_OUT.findall(raw)) >= _SPREAD
    return (len(word) - 1) // 2 if spread else len(word) // 3


def _cyrillic(raw: str) -> int:
    return sum("Ѐ" <= letter <= "ӿ" for letter in raw)


def _latin(raw: str) -> int:
    return sum("a" <= letter <= "z" for letter in raw)
