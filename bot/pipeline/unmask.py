"""Reads words that were hidden from machines, but only where they lead to a word that some rule looks for.

Look-alike letters of another script (Latin o in a Cyrillic word), digits and signs for letters (м0билизация,
п@тисотые), left-out letters (м*билизация), signs between letters (моби.лизация), spaced letters (р о т а ц и я),
stretched letters (домоооой), one word broken in two (по вестка), hashtags written as one word (#ВернитеМужей).
"""

import bisect
import itertools
import operator
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from bot.pipeline import lexicon, lookalikes, tokens

# A word with two scripts in it, or a letter three times over. Digits inside, or signs, are looked for piece by piece;
# two stars after a word are Markdown.
_LETTERS = re.compile(r"[a-zà-ÿͰ-Ͽ][Ѐ-ӿ]|[Ѐ-ӿ][a-zà-ÿͰ-Ͽ]|(\w)\1\1")
_SIGNS = re.compile(
    r"[^\W\d_]\d|\d[^\W\d_]"
    r"|[^\W\d_][^\w\s'’,:;?()\[\]«»\"“”/–—-][^\w\s]{0,11}[^\W\d_]|[^\W\d_]_{1,4}[^\W\d_]"
    r"|(?<![*\w])[*@$][^\W\d_]|[^\W\d_](?:\*(?!\*)|\*\*(?=[^\W\d_])|\*{3})"
)
_AROUND = ".,:;!?…-–—_'\"«»“”()[]/"
_BETWEEN = frozenset(_AROUND)
"""Signs that stand between letters, never in place of one."""
_SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[^\w\n]{1,3}[^\W_](?![^\W_])){2,}")
_CAMEL = re.compile(r"[а-яіїєґёa-z][А-ЯІЇЄҐЁA-Z]")
_JOIN = 7
"""Two neighbours are read as one broken word only from so many letters on."""
_TAG = 6
_LONG_WORD = re.compile(r"[^\W\d_]{6,}")
_MOST_TAGS = 500
_WIDEST = 64
_STEPS = 600
"""How many readings of one stretch are tried."""
_ALL_STEPS = 30_000
"""… and of a whole text, so that a hostile one cannot hold us up."""
_SHORTEST, _SHORT = 3, 4
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
    if "#" in text or _CAMEL.search(text):
        found += _tags(text, folded, book.forms)
    found += _broken(folded, words, book.anchors)
    return found


def _stretches(folded: str, book: lexicon.Lexicon) -> Iterator[Read]:
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
    for found in _SPACED.finditer(folded):
        yield found.start(), found.end(), True
    done = 0
    places = [found.start() for found in _LETTERS.finditer(folded)]
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


def _walks(walk: _Walk, offset: int) -> Iterator[Read]:
    """Read a stretch from left to right; `offset`: where it begins in the text."""
    place = 0
    while place < len(walk.text) and walk.steps > 0:
        best = _longest(walk, place) if _may_begin(walk, place) else None
        if best is None:
            place += 1
        else:
            stop, word = best
            yield Read(start=offset + place, end=offset + stop, word=word)
            place = stop


def _may_begin(walk: _Walk, place: int) -> bool:
    if walk.text[place].isspace():
        return False
    return walk.spaced or place == 0 or not walk.text[place - 1].isalnum()


def _longest(walk: _Walk, start: int) -> tuple[int, str] | None:
    """Find the longest word of the lexicon that the stretch can be read as from `start` on."""
    best: tuple[int, str] | None = None
    farthest = (-1, 0)  # of two readings that end alike, the one that reads more letters, not a stem and a rest
    todo: list[_State] = [(start, "", 0, 0)]
    while todo and walk.steps > 0:
        walk.steps -= 1
        place, word, guessed, changed = todo.pop()
        stop = _end(walk, place, word)
        if stop is not None and (stop, place) > farthest and _sound(walk.text[start:place], word, guessed, changed):
            farthest = (stop, place)
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
    for option in lookalikes.CYRILLIC.get(letter, "") + lookalikes.LATIN.get(letter, ""):
        if _leads(walk, word + option):
            yield place + 1, word + option, guessed, changed + 1
    if letter.isalpha() and _leads(walk, word + letter):
        yield place + 1, word + letter, guessed, changed


def _over_a_sign(walk: _Walk, place: int, word: str, guessed: int, changed: int) -> Iterator[_State]:
    """A sign stands between letters, or in place of one."""
    letter = walk.text[place]
    if word:
        yield place + 1, word, guessed, changed
    if walk.spaced or guessed == _MANY:
        return
    inside = word and walk.text[place + 1 : place + 2].isalnum()
    if letter == "*" or (inside and not letter.isspace() and letter not in _BETWEEN):
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
    if word == raw or len(word) < _SHORTEST:
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
    for found in itertools.islice(_LONG_WORD.finditer(folded), _MOST_TAGS):
        start, end = found.span()
        if found.group() in known:
            continue
        cuts = [start + cut.start() + 1 for cut in _CAMEL.finditer(text[start:end])]
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


def _broken(folded: str, words: Sequence[str], known: frozenset[str]) -> Iterator[Read]:
    """Join two neighbours that make a word of the lexicon only together."""
    both = list(map(operator.add, words, words[1:]))
    if known.isdisjoint(both):
        return
    spots = [spot for spot, word in enumerate(both) if len(word) >= _JOIN and word in known]
    where = tokens.places(folded)
    for spot in spots:
        if where[spot + 1][0] - where[spot][1] == 1:
            yield Read(start=where[spot][0], end=where[spot + 1][1], word=both[spot])
