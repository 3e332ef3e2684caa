"""The language in which posts are searched for, and where in a text the things searched for stand.

    вода                 a word: all its forms (воды, воде …)
    "путь домой"         exactly these words, one after the other
    самоволк*            every word that begins so (at least three letters before the star)
    -газ, -"без воды"    not in posts with this word or phrase
    topic:desertion      only posts of this topic; channel: and lang: likewise; the same filter twice: one of both
    from:2026-11-01      only posts from this day on; to: up to and with this day; also today, yesterday, 7d, 12w

All that is not so written is words. Quotes and dashes may be those that phones make of them.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.pipeline import days, lookalikes, normalize, tokens

FOLDING = 1
"""Raise it when `folded` gives another text than before: the index is then made anew."""
LONGEST_QUERY = 500
MOST_WORDS = 20
_STEM = 3
_FIRST_YEAR, _LAST_YEAR = 2000, 2999

WordKind = Literal["forms", "exact", "stem"]
Problem = Literal[
    "empty",
    "long",
    "many",
    "quote",
    "stem",
    "letters",
    "filter",
    "value",
    "day",
    "order",
    "language",
    "topic",
    "channel",
]
Forms = Callable[[str], Collection[str]]


class SearchError(ValueError):
    """A search cannot be read: `problem` says why, `found` is what stands where something else should."""

    def __init__(self, problem: Problem, found: str = "") -> None:
        """Keep what was found."""
        super().__init__(f"{problem}: {found}")
        self.problem, self.found = problem, found


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One thing to find, folded: a word in all its forms, words exactly so, or how words begin.

    `words`: in a row, as `text` is cut by hyphens and apostrophes too.
    """

    text: str
    words: tuple[str, ...]
    kind: WordKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search as it was typed. `first` and `last` are days, both included; None: no bound."""

    every: tuple[Word, ...] = ()
    without: tuple[Word, ...] = ()
    topics: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One way in which a thing may stand in a text: these words in a row, of which with `prefix` the last may go on."""

    words: tuple[str, ...]
    prefix: bool = False


_QUOTES = '"“”„‟«»＂'
_DASHES = "-–—−"
_PIECE = re.compile(
    rf"""(?P<minus>[{_DASHES}]?)
      (?: (?P<name>[a-zA-Z]+):(?!//)(?:[{_QUOTES}](?P<titled>[^{_QUOTES}]*)[{_QUOTES}]|(?P<value>[^\s{_QUOTES}]*))
        | [{_QUOTES}](?P<quoted>[^{_QUOTES}]*)(?P<closed>[{_QUOTES}]?)
        | (?P<plain>[^\s{_QUOTES}]+)
      ) | \s+ | (?P<alone>[{_DASHES}])""",
    re.VERBOSE,
)
_TOKEN = re.compile(r"[^\W_]+")
_MIXED = re.compile(r"(?=[a-zа-яёіїєґ']*[a-z])[a-zіїєґ']*[а-яё][a-zа-яёіїєґ']*")
# So written because it looks for the rarer kind of letter first, which takes a fifth of the time.
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_FILTERS = frozenset({"topic", "channel", "lang", "from", "to"})


def folded(text: str) -> str:
    """Give a text as the index holds it and `parse` gives words; the length is that of `normalize.clean`."""
    return _fold(normalize.clean(text).text)


def _fold(cleaned: str) -> str:
    low = normalize.fold(cleaned)
    # A Latin letter in a Cyrillic word is a slip, or meant to hide it.
    return _MIXED.sub(_one_alphabet, low) if lookalikes.MIXED.search(low) else low


def _one_alphabet(found: re.Match[str]) -> str:
    word = found.group()
    plain = word.translate(lookalikes.SAME_SHAPE)
    return word if any("a" <= letter <= "z" for letter in plain) else plain


def parse(typed: str, *, today: date) -> Asked:
    """Read a search.

    Args:
        typed: what stands behind the command.
        today: the day it is where it was typed.

    Raises:
        SearchError: It cannot be read.
    """
    if len(typed) > LONGEST_QUERY:
        raise SearchError("long")
    every: list[Word] = []
    without: list[Word] = []
    filters: list[tuple[str, str]] = []
    for piece in _PIECE.finditer(typed):
        if piece["name"] is not None:
            filters.append(_filter(piece))
        elif piece["quoted"] is not None or piece["plain"] is not None:
            (without if piece["minus"] else every).extend(_words(piece))
    if len(every) + len(without) > MOST_WORDS:
        raise SearchError("many")
    asked = _filtered(every, without, filters, today)
    if not (asked.every or asked.topics or asked.channels or asked.languages):
        raise SearchError("empty")
    if asked.first is not None and asked.last is not None and asked.first > asked.last:
        raise SearchError("order")
    return asked


def _filter(piece: re.Match[str]) -> tuple[str, str]:
    name = piece["name"].lower()
    if name not in _FILTERS or piece["minus"]:
        raise SearchError("filter", piece.group())
    value = (piece["titled"] or piece["value"] or "").strip()
    if not value:
        raise SearchError("value", name)
    return name, value


def _words(piece: re.Match[str]) -> Iterator[Word]:
    quoted, plain = piece["quoted"], piece["plain"]
    if quoted is not None:
        if not piece["closed"]:
            raise SearchError("quote", quoted.strip())
        yield Word(text=folded(quoted), words=_cut(quoted), kind="exact")
    elif plain.strip(_DASHES):
        words = _cut(plain)
        if plain.endswith("*") and len(words[-1]) < _STEM:
            raise SearchError("stem", plain)
        yield Word(text=folded(plain), words=words, kind="stem" if plain.endswith("*") else "forms")


def _cut(written: str) -> tuple[str, ...]:
    words = tuple(_TOKEN.findall(folded(written)))
    if not words:
        raise SearchError("letters", written.strip())
    return words


def _filtered(every: Sequence[Word], without: Sequence[Word], filters: Sequence[tuple[str, str]], today: date) -> Asked:
    def named(wanted: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for name, value in filters if name == wanted))

    languages = tuple(value.lower() for value in named("lang"))
    for value in languages:
        if not _LANGUAGE.fullmatch(value):
            raise SearchError("language", value)
    bounds = {name: [_day(value, today) for value in named(name)] for name in ("from", "to")}
    return Asked(
        every=tuple(every),
        without=tuple(without),
        topics=tuple(value.lower() for value in named("topic")),
        channels=named("channel"),
        languages=languages,
        first=max(bounds["from"], default=None),
        last=min(bounds["to"], default=None),
    )


def _day(written: str, today: date) -> date:
    found = days.day(written, today)
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise SearchError("day", written)
    return found


def alternatives(word: Word, forms: Forms) -> tuple[Alternative, ...]:
    """Give the ways in which a thing may stand in a text; `forms` gives all forms of a word, as `text` has it.

    Of what a hyphen parts, the last has forms: военно-полевого.
    """
    if word.kind != "forms":
        return (Alternative(words=word.words, prefix=word.kind == "stem"),)
    *before, last = tokens.cut(word.text) or (word.text,)
    first = tuple(token for part in before for token in _TOKEN.findall(part))
    found = {(*first, *_TOKEN.findall(form)) for form in forms(last)}
    return tuple(Alternative(words=words) for words in sorted({word.words, *found}))


def places(text: str, wanted: Sequence[Alternative]) -> tuple[tuple[int, int], ...]:
    """Give start and end of each place of `text` (in characters, as written) where one of `wanted` stands."""
    cleaned = normalize.clean(text)
    low = _fold(cleaned.text)
    spots = [found.span() for found in _TOKEN.finditer(low)]
    words = [_plain(low[start:end]) for start, end in spots]
    by_first: dict[str, list[Alternative]] = {}
    for alternative in wanted:
        by_first.setdefault(_plain(alternative.words[0])[:_STEM], []).append(alternative)
    found: list[tuple[int, int]] = []
    for place, word in enumerate(words):
        for size in _matched(words, place, by_first.get(word[:_STEM], ())):
            start, end = spots[place][0], spots[place + size - 1][1]
            found.append((normalize.origin(cleaned, start), normalize.origin(cleaned, end - 1) + 1))
    return tuple(found)


def _matched(words: Sequence[str], place: int, wanted: Collection[Alternative]) -> Iterator[int]:
    for alternative in wanted:
        size = len(alternative.words)
        here, asked = tuple(words[place : place + size]), tuple(map(_plain, alternative.words))
        if here == asked or (
            alternative.prefix and len(here) == size and here[:-1] == asked[:-1] and here[-1].startswith(asked[-1])
        ):
            yield size


def _plain(word: str) -> str:
    """Take the accents from Latin letters, as the index does."""
    if word.isascii() or not "a" <= unicodedata.normalize("NFD", word)[0] <= "z":
        return word
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
