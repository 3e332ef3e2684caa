"""Recognises posts that say the same in nearly the same words: copies by a hash, edited copies by a sketch."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from zlib import crc32

from bot.pipeline import normalize, tokens

CONTAINMENT = 0.6
"""The part of the shorter text's shingles that the longer one must hold as well."""
SKETCH_SIZE = 24
"""How many of its smallest hashes stand for a text: enough to find its copies, few enough to keep."""

_SURE = 1 << 62
_SHORTEST_EXACT = 6, 40
"""Words and letters from which on the same text is the same story; «Отбой тревоги» is said every day."""
_SHORTEST_NEAR = 12
_ROUNDUP = 1.5
_OPENERS = frozenset(
    {"срочно", "молния", "важно", "внимание", "официально", "эксклюзив", "репост", "перепост"}
    | {"терміново", "увага", "важливо", "офіційно"}
    | {"breaking", "urgent", "important", "attention", "exclusive"}
)
"""What channels put before news that they take over."""
_READ = 256
"""Texts of which the reading is kept: what posts are compared with is mostly the same few."""
_SLIP, _STEM = 2, 4
"""Letters that a slip of the pen changes, and those that another ending leaves."""
_SHORT_OPENING = 4
_SIGNATURE = 12
_LOOKED_AT = 60
"""Words of a place where two texts differ that are compared one by one."""
_REPLACED = 2
"""Words that may stand in place of others in the shortest texts; in longer ones more."""

Shingle = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """What a text is recognised by. `exact`: a hash of its words, None where they are too few to say anything.

    `sketch`: the smallest hashes of its shingles (three words in a row), none for a short text. Exact hashes and those
    of a sketch are never the same number.
    """

    exact: int | None
    sketch: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The words of a text; `names` are the places of capitalised words, `firsts` of those that begin a sentence."""

    words: Sequence[str]
    names: Collection[int]
    firsts: Collection[int]
    sentences: Sequence[int]
    shingles: frozenset[Shingle]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """Words from `start` to `end` that the other text lacks, between two shingles that both have (None: the edge)."""

    before: Shingle | None
    after: Shingle | None
    start: int
    end: int


def sure(name: str) -> int:
    """Give the number by which a thing is known for certain: 63 bits, larger than any hash of a sketch."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 2 | _SURE


def take(text: str) -> Print:
    """Take the print of a text: links, mentions, emoji, punctuation and case leave no trace in it."""
    words = _words(tokens.cut(_folded(normalize.clean(text).text)))
    joined = " ".join(words)
    fewest, shortest = _SHORTEST_EXACT
    exact = sure(f"text:{joined}") if len(words) >= fewest and len(joined) >= shortest else None
    if len(words) < _SHORTEST_NEAR:
        return Print(exact=exact, sketch=())
    hashes = {crc32(" ".join(shingle).encode()) for shingle in _shingles(words)}
    return Print(exact=exact, sketch=tuple(sorted(hashes)[:SKETCH_SIZE]))


def likeness(text: str, other: str) -> float:
    """Say how much of the shorter of two texts the longer one holds, 0 unless one is a copy of the other.

    Posts made from a template (alarms, figures of the day) are alike too, but where they differ one number or name
    stands in place of another; and what they share may be no more than a channel's signature.
    """
    one, two = _read(text), _read(other)
    fewer = min(len(one.shingles), len(two.shingles))
    if fewer < _SHORTEST_NEAR - 2:
        return 0
    shared = one.shingles & two.shingles
    part = len(shared) / fewer
    return part if part >= CONTAINMENT and _agree(one, two, shared) else 0


def is_roundup(text: str, of: str) -> bool:
    """Say whether `text` is so much longer than the text it holds that it tells other things as well."""
    return len(tokens.cut(_folded(text))) > _ROUNDUP * len(tokens.cut(_folded(of)))


def _folded(cleaned: str) -> str:
    return tokens.without_links(normalize.fold(cleaned))


def _words(words: list[str]) -> list[str]:
    openers = 0
    while openers < len(words) and words[openers] in _OPENERS:
        openers += 1
    return words[openers:]


def _shingles(words: Sequence[str]) -> Iterator[Shingle]:
    return zip(words, islice(words, 1, None), islice(words, 2, None), strict=False)


@lru_cache(maxsize=_READ)
def _read(text: str) -> _Reading:
    cleaned = normalize.clean(text).text
    folded = _folded(cleaned)
    places = tokens.places(folded)
    words = [folded[start:end] for start, end in places]
    opening = len(words) - len(_words(words))
    places = places[opening:]
    sentences = tokens.sentences(cleaned, places)
    return _Reading(
        words=words[opening:],
        names={number for number, (start, _) in enumerate(places) if cleaned[start].isupper()},
        firsts={number for number, sentence in enumerate(sentences) if not number or sentence != sentences[number - 1]},
        sentences=sentences,
        shingles=frozenset(_shingles(words[opening:])),
    )


def _agree(one: _Reading, two: _Reading, shared: Collection[Shingle]) -> bool:
    """Say whether nothing speaks against a copy where one text has other words than the other."""
    replaced = 0
    there = {(gap.before, gap.after): gap for gap in _gaps(two, shared)}
    for gap in _gaps(one, shared):
        other = there.get((gap.before, gap.after))
        if other is None:
            continue
        here_only, there_only = _unlike(_words_of(one, gap), _words_of(two, other))
        shorter = min(len(here_only), len(there_only))
        if gap.after is not None:
            replaced += shorter
        elif shorter > max(_SIGNATURE, len(shared) // 3):
            return False
        if _excludes(one, two, gap, other):
            return False
    return replaced <= max(_REPLACED, len(shared) // 8)


def _gaps(reading: _Reading, shared: Collection[Shingle]) -> Iterator[_Gap]:
    before: Shingle | None = None
    end = 0
    for place, shingle in enumerate(_shingles(reading.words)):
        if shingle not in shared:
            continue
        if place > end:
            yield _Gap(before=before, after=shingle, start=end, end=place)
        before, end = shingle, place + 3
    if end < len(reading.words):
        yield _Gap(before=before, after=None, start=end, end=len(reading.words))


def _excludes(one: _Reading, two: _Reading, gap: _Gap, other: _Gap) -> bool:
    numbers = _unlike(_numbers(one, gap), _numbers(two, other))
    if gap.after is None and not (_goes_on(one, gap) and _goes_on(two, other)):
        # With words it is one signature in place of another.
        return len(numbers[0]) == gap.end - gap.start and len(numbers[1]) == other.end - other.start
    names = _unlike(_names(one, gap), _names(two, other))
    return all(numbers) or all(names)


def _goes_on(reading: _Reading, gap: _Gap) -> bool:
    """Say whether the end of a text belongs to the sentence before it, so that it is no signature."""
    return gap.start > 0 and reading.sentences[gap.start] == reading.sentences[gap.start - 1]


def _words_of(reading: _Reading, gap: _Gap) -> Sequence[str]:
    return reading.words[gap.start : min(gap.end, gap.start + _LOOKED_AT)]


def _numbers(reading: _Reading, gap: _Gap) -> list[str]:
    return [word for word in _words_of(reading, gap) if word[0].isdecimal()]


def _names(reading: _Reading, gap: _Gap) -> list[str]:
    short_opening = gap.before is None and gap.end <= _SHORT_OPENING
    return [
        reading.words[place]
        for place in range(gap.start, min(gap.end, gap.start + _LOOKED_AT))
        if place in reading.names and (place not in reading.firsts or short_opening)
    ]


def _unlike(some: Sequence[str], others: Sequence[str]) -> tuple[list[str], list[str]]:
    """Leave of each side the words that the other has not, not even with a slip or another ending."""
    here, there = Counter(some) - Counter(others), Counter(others) - Counter(some)
    return (
        [word for word in here.elements() if not any(_alike(word, other) for other in there)],
        [word for word in there.elements() if not any(_alike(word, other) for other in here)],
    )


def _alike(word: str, other: str) -> bool:
    longer = max(len(word), len(other))
    if word[0].isdecimal() or abs(len(word) - len(other)) > _SLIP + 1:
        return False
    start = _common(word, other)
    end = _common(word[::-1], other[::-1])
    return start + end >= longer - _SLIP or start >= max(_STEM, longer - _SLIP - 1)


def _common(word: str, other: str) -> int:
    pairs = enumerate(zip(word, other, strict=False))
    return next((place for place, (one, two) in pairs if one != two), min(len(word), len(other)))
