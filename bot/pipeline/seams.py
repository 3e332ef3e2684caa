"""Reads words written together (#ВернитеМужей), broken (по вестка, ро та ция), parted (до-мо-ой), or half in Latin."""

import itertools
import operator
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from bot.pipeline import lookalikes, tokens

_CAMEL = re.compile(r"[А-ЯІЇЄҐЁA-Z](?<=[а-яіїєґёa-z].)")
_JOIN = 7
"""Two neighbours are read as one broken word only from so many letters on."""
_SHARDS = (3, 4, 5, 6)
_SHARD = 4
"""… and three to six of at most so many letters each."""
_BETWEEN = r"[-–—/|\\·•.,_~+=:]"
_PARTED = re.compile(rf"(?<!\w)[^\W\d_]{{1,5}}(?:{_BETWEEN}[^\W\d_]{{1,5}}){{2,15}}(?!\w)")
_SIGN = re.compile(rf"[^\W\d_]{_BETWEEN}[^\W\d_]+{_BETWEEN}[^\W\d_]")
_PIECE = re.compile(r"[^\W\d_]+")
_LETTERS = 4
"""… and letters that signs part, each from the next, from so many on."""
_LONG_WORD = re.compile(r"[^\W\d_]{6,}")
_MOST_TAGS = 500
_WIDEST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A hidden word as read; `start` and `end` in characters of the folded text.

    `masked`: it was written so that machines do not read it; not only run together, stretched, or broken by a line.
    """

    start: int
    end: int
    word: str
    masked: bool


def together(text: str, folded: str, known: Container[str], capitals: Container[str]) -> Iterator[Read]:
    """Cut words written together, in CamelCase or as a hashtag, into words of the lexicon.

    `capitals`: those that count only in capitals, in small letters here; a preposition of one letter may stand before.
    """
    if "#" not in text and not _CAMEL.search(text):
        return
    for found in itertools.islice(_LONG_WORD.finditer(folded), _MOST_TAGS):
        start, end = found.span()
        if found.group() in known:
            continue
        cuts = [start + cut.start() for cut in _CAMEL.finditer(text[start:end])]
        if cuts:
            for low, high in zip([start, *cuts], [*cuts, end], strict=True):
                behind = low + (text[low:high].isupper() and folded[low + 1 : high] in capitals)
                yield Read(start=behind, end=high, word=folded[behind:high], masked=False)
        elif text.rfind("#", max(0, start - _WIDEST), start) > _last_space(text, start):
            yield from _in_tag(folded[start:end], start, known)


def _last_space(text: str, before: int) -> int:
    return max(text.rfind(space, max(0, before - _WIDEST), before) for space in " \n\t")


def _in_tag(tag: str, start: int, known: Container[str]) -> Iterator[Read]:
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
            yield Read(start=start + low, end=start + high, word=tag[low:high], masked=False)


def broken(folded: str, words: Sequence[str], known: frozenset[str]) -> Iterator[Read]:
    """Join two neighbours that make a word of the lexicon only together.

    «отпуска в» and «солдат и» are two words, though «отпускав» and «солдати» stand in the lexicon too.
    """
    both = list(map(operator.add, words, words[1:]))
    if known.isdisjoint(both):
        return
    spots = [spot for spot, word in enumerate(both) if len(word) >= _JOIN and word in known]
    where = tokens.places(folded)
    for spot in spots:
        short, long = sorted(words[spot : spot + 2], key=len)
        if where[spot + 1][0] - where[spot][1] == 1 and not (len(short) == 1 and long in known):
            yield Read(start=where[spot][0], end=where[spot + 1][1], word=both[spot], masked=False)


def slipped(words: Sequence[str], folded: str, known: Container[str]) -> Iterator[Read]:
    """Read Latin letters in Cyrillic words as those they look like, also where no rule waits for the word.

    Who writes so, or sells so, writes all words so; what stands beside a word that is looked for must be read as well.
    """
    if not lookalikes.MIXED.search(folded):
        return
    where: list[tokens.Place] = []
    for spot, word in enumerate(words):
        if lookalikes.MIXED.search(word) and (plain := word.translate(lookalikes.SAME_SHAPE)) in known:
            where = where or tokens.places(folded)
            yield Read(start=where[spot][0], end=where[spot][1], word=plain, masked=True)


def shattered(folded: str, words: Sequence[str], known: frozenset[str]) -> Iterator[Read]:
    """Join three to six short pieces (ро та цию) that make a word of the lexicon only together."""
    short = "".join(["s" if size <= _SHARD else " " for size in map(len, words)])
    if "s" * _SHARDS[0] not in short:
        return
    joined: Sequence[str] = list(map(operator.add, words, words[1:]))
    where: list[tokens.Place] = []
    for count in _SHARDS:
        if "s" * count not in short:
            return
        joined = list(map(operator.add, joined, words[count - 1 :]))
        if known.isdisjoint(joined):
            continue
        where = where or tokens.places(folded)
        for spot, word in enumerate(joined):
            pieces = range(spot, spot + count)
            if len(word) >= _JOIN and word in known and _beside(where, words, pieces):
                yield Read(start=where[spot][0], end=where[spot + count - 1][1], word=word, masked=True)


def _beside(where: Sequence[tokens.Place], words: Sequence[str], pieces: range) -> bool:
    return all(len(words[piece]) <= _SHARD for piece in pieces) and all(
        where[piece + 1][0] - where[piece][1] == 1 for piece in pieces[:-1]
    )


def in_pieces(folded: str, known: Container[str]) -> Iterator[Read]:
    """Join syllables, or letters, that signs part, where they make a word of the lexicon."""
    if not _SIGN.search(folded):
        return
    for found in _PARTED.finditer(folded):
        pieces = _PIECE.findall(found.group())
        word = "".join(pieces)
        if len(word) >= (_LETTERS if len(word) == len(pieces) else _JOIN) and word in known:
            yield Read(start=found.start(), end=found.end(), word=word, masked=True)
