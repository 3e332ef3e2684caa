"""Groups of words of which one must stand at a place, each word expanded to its forms once, when rules are loaded."""

import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from bot.pipeline import frequent, query

_T = TypeVar("_T")

LANGUAGES = ("ru", "uk", "en")
_SHORT = 300
_FREQUENT = 1_000
_PARTICLE = 5_000
_STEM = 50
_RARE_LENGTH = 4
_LONGEST_WITH_SHORT = 8
"""Longer words have no short forms worth counting."""
_CYRILLIC = ("ru", "uk")
_ONLY: Mapping[str, frozenset[str]] = {"ru": frozenset("ыэъ"), "uk": frozenset("іїєґ'")}
_KINDS: Mapping[query.WordKind, int] = {"exact": 0, "forms": 1, "stem": 2, "derived": 2, "capitals": 3, "masked": 4}
PREFIXES = (
    "", "без", "бес", "взаимо", "від", "во", "воз", "вы", "ви", "до", "за", "зне", "из", "меж", "на", "над", "не",
    "неза", "недо", "об", "обез", "ото", "от", "па", "пере", "по", "под", "полу", "после", "пост", "пра", "пре", "пред",
    "при", "про", "псевдо", "раз", "рас", "роз", "с", "само", "сверх", "свеже", "у", "экс", "анти", "ново",
)  # fmt: skip
"""What a rule that says *мобилиз* lets stand before the stem, nothing among it."""
NOWHERE: frozenset[int] = frozenset()
Index = Mapping[str, frozenset[int]]
"""What may stand in a text to the groups that have it."""


class WordForms(Protocol):
    """Dictionaries of the languages that rules are written in."""

    def forms(self, word: str, language: str) -> Iterable[str]:
        """Give all forms of a word, folded, itself among them."""
        ...

    def known(self, word: str, language: str) -> bool:
        """Say whether a dictionary holds exactly this form."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Member:
    """A word as a rule of `language` writes it, and its forms, if it is not a stem or in capitals.

    `commonness`: a guess how often it is met; many forms, short ones, and words that every text has raise it.
    """

    word: query.Word
    language: str
    forms: frozenset[str]
    commonness: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Words of one language; where several fit what stands in a text, the first one names it."""

    members: tuple[Member, ...]
    commonness: int


@dataclass(frozen=True, slots=True)
class Collected:
    """The groups met so far while rules are compiled; equal groups are one, and each word is expanded once."""

    dictionaries: WordForms
    groups: list[Group] = field(default_factory=list)
    numbers: dict[tuple[str, frozenset[query.Word]], int] = field(default_factory=dict)
    members: dict[tuple[str, query.Word], Member] = field(default_factory=dict)


def number_of(collected: Collected, words: Sequence[query.Word], language: str) -> int:
    """Give the number of the group of these words, made now if it is new."""
    key = (language, frozenset(words))
    if key not in collected.numbers:
        collected.numbers[key] = len(collected.groups)
        chosen = sorted(dict.fromkeys(words), key=_by_kind)
        members = tuple(_member(collected, word, language) for word in chosen)
        collected.groups.append(Group(members=members, commonness=sum(member.commonness for member in members)))
    return collected.numbers[key]


def _by_kind(word: query.Word) -> tuple[int, int]:
    return _KINDS[word.kind], -len(word.text) if beginnings(word) else 0


def _member(collected: Collected, word: query.Word, language: str) -> Member:
    key = (language, word)
    if key not in collected.members:
        collected.members[key] = _expanded(collected.dictionaries, word, language)
    return collected.members[key]


def _expanded(dictionaries: WordForms, word: query.Word, language: str) -> Member:
    forms: frozenset[str] = frozenset()
    if word.kind in query.INFLECTED:
        forms = frozenset(dictionaries.forms(word.text, language))
    elif word.kind == "exact":
        forms = frozenset((word.text,))
    return Member(word=word, language=language, forms=forms, commonness=_commonness(word, forms))


def _commonness(word: query.Word, forms: frozenset[str]) -> int:
    if not forms or word.kind == "masked":
        return _STEM if beginnings(word) else 1
    frequently = frequent.WORDS & forms
    short = sum(len(form) < _RARE_LENGTH for form in forms) if len(word.text) <= _LONGEST_WITH_SHORT else 0
    particles = sum(len(form) < _RARE_LENGTH for form in frequently)
    return len(forms) + _SHORT * short + _FREQUENT * len(frequently) + _PARTICLE * particles


def commonness(every: Sequence[Group], need: Iterable[int]) -> int:
    """Guess how often one of these groups is met."""
    return sum(every[number].commonness for number in need)


def beginnings(word: query.Word) -> tuple[str, ...]:
    """Give how the words begin that a stem stands for; nothing where `word` is none."""
    if word.kind == "derived":
        return tuple(prefix + word.text for prefix in PREFIXES)
    return (word.text,) if word.kind == "stem" else ()


def stems(every: Iterable[Group]) -> Iterator[tuple[str, int]]:
    """List the stems in all groups, with the number of the group."""
    for number, group in enumerate(every):
        yield from ((start, number) for member in group.members for start in beginnings(member.word))


def capitals(every: Iterable[Group]) -> Iterator[tuple[str, int]]:
    """List the words in all groups that count only in capitals, with the number of the group."""
    for number, group in enumerate(every):
        yield from ((member.word.text, number) for member in group.members if member.word.kind == "capitals")


def masked(every: Iterable[Group]) -> Iterator[tuple[str, int]]:
    """List the forms of the words that count only where they are masked, with the number of the group."""
    for number, group in enumerate(every):
        for member in group.members:
            if member.word.kind == "masked":
                yield from ((form, number) for form in member.forms)


def forms_of(every: Sequence[Group], numbers: Iterable[int]) -> frozenset[str]:
    """Give all forms of the words of some groups."""
    members = {member for number in numbers for member in every[number].members}
    return frozenset().union(*(member.forms for member in members))


def rare_forms(forms: Iterable[str]) -> list[str]:
    """List the forms that are long enough to be recognised where they are hidden."""
    return [form for form in forms if len(form) >= _RARE_LENGTH]


def term(group: Group, standing: str) -> str:
    """Say how a rule writes a word that stands in a text and is one of a group's."""
    return next(member.word.text for member in group.members if _is(member.word, member.forms, standing))


def _is(word: query.Word, forms: frozenset[str], standing: str) -> bool:
    if starts := beginnings(word):
        return standing.startswith(starts)
    return standing in forms or standing == word.text.lower()


def gathered(pairs: Iterable[tuple[str, _T]]) -> dict[str, tuple[_T, ...]]:
    """Gather the values of each key."""
    found: dict[str, list[_T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}


def indexes(collected: Collected, triggers: Collection[int]) -> tuple[dict[str, Index], Index]:
    """Index the forms for texts of each language, and for texts of others.

    Words that start rules and could be misread in the other language count only in texts of their own, and in those of
    a language that has no rules or is not known.
    """
    starting = frozenset(triggers)  # a set, because the intersection with anything else goes through all of that
    everywhere: dict[str, frozenset[int]] = {}
    at_home: dict[str, dict[str, frozenset[int]]] = {language: {} for language in LANGUAGES}
    for member, numbers in _holders(collected).items():
        staying = numbers & starting
        if staying and not _misread(member, collected.dictionaries):
            staying = NOWHERE
        _enter(everywhere, member.forms, numbers - staying)
        _enter(at_home[member.language], member.forms, staying)
    homes = {language: _joined(everywhere, own) for language, own in at_home.items()}
    return homes, functools.reduce(_joined, at_home.values(), everywhere)


def _joined(one: Index, other: Index) -> Index:
    return {**one, **{form: numbers | one.get(form, NOWHERE) for form, numbers in other.items()}} if other else one


def _holders(collected: Collected) -> dict[Member, frozenset[int]]:
    """Give for each word that has forms, and counts however it is written, the groups that it is in."""
    found: dict[Member, list[int]] = defaultdict(list)
    for number, group in enumerate(collected.groups):
        for member in group.members:
            if member.forms and member.word.kind != "masked":
                found[member].append(number)
    return {member: frozenset(numbers) for member, numbers in found.items()}


def _enter(index: dict[str, frozenset[int]], forms: Collection[str], numbers: frozenset[int]) -> None:
    if numbers:
        there = {form: index[form] | numbers for form in index.keys() & forms}
        index.update(dict.fromkeys(forms, numbers))
        index.update(there)


def _misread(member: Member, dictionaries: WordForms) -> bool:
    """Say whether a word is also one of the other language: Ukrainian «призов» is Russian for prizes."""
    own, term = member.language, member.word.text
    if own not in _CYRILLIC or not _ONLY[own].isdisjoint(term):
        return False
    return any(dictionaries.known(term, other) for other in _CYRILLIC if other != own)
