"""Groups of words of which one must stand at a place, each word expanded to its forms once, when rules are loaded."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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
_CYRILLIC = ("ru", "uk")
_ONLY: Mapping[str, frozenset[str]] = {"ru": frozenset("ыэъ"), "uk": frozenset("іїєґ'")}
Index = dict[str, tuple[int, ...]]


class WordForms(Protocol):
    """Dictionaries of the languages that rules are written in."""

    def forms(self, word: str, language: str) -> Iterable[str]:
        """Give all forms of a word, folded, itself among them."""
        ...

    def known(self, word: str, language: str) -> bool:
        """Say whether a dictionary holds exactly this form."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Words of one language; each mapping leads from what may stand in a text to the word that the rule writes.

    `commonness`: a guess how often one of them is met; many forms, short ones, and words that every text has raise it.
    """

    language: str
    commonness: int
    forms: Mapping[str, str]
    stems: Mapping[str, str]
    capitals: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Collected:
    """The groups met so far while rules are compiled; equal groups are one."""

    dictionaries: WordForms
    groups: list[Group] = field(default_factory=list)
    numbers: dict[tuple[str, frozenset[query.Word]], int] = field(default_factory=dict)
    expanded: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


def number_of(collected: Collected, words: Sequence[query.Word], language: str) -> int:
    """Give the number of the group of these words, made now if it is new."""
    key = (language, frozenset(words))
    if key not in collected.numbers:
        collected.numbers[key] = len(collected.groups)
        collected.groups.append(_made(collected, words, language))
    return collected.numbers[key]


def _made(collected: Collected, words: Sequence[query.Word], language: str) -> Group:
    found: dict[query.WordKind, dict[str, str]] = {"forms": {}, "exact": {}, "stem": {}, "capitals": {}}
    for word in reversed(words):  # where two words share a form, the first one names it
        written = _expanded(collected, word.text, language) if word.kind == "forms" else (word.text,)
        found[word.kind].update(dict.fromkeys(written, word.text))
    forms = found["forms"] | found["exact"]
    short = sum(len(form) < _RARE_LENGTH for form in forms)
    frequently = frequent.WORDS.intersection(forms)
    particles = sum(len(form) < _RARE_LENGTH for form in frequently)
    many = len(forms) + len(found["capitals"]) + _STEM * len(found["stem"])
    return Group(
        language=language,
        commonness=many + _SHORT * short + _FREQUENT * len(frequently) + _PARTICLE * particles,
        forms=forms,
        stems=found["stem"],
        capitals=found["capitals"],
    )


def _expanded(collected: Collected, word: str, language: str) -> tuple[str, ...]:
    key = (word, language)
    if key not in collected.expanded:
        collected.expanded[key] = tuple(collected.dictionaries.forms(word, language))
    return collected.expanded[key]


def commonness(collected: Collected, need: Iterable[int]) -> int:
    """Guess how often one of these groups is met."""
    return sum(collected.groups[number].commonness for number in need)


def rare_forms(group: Group) -> list[str]:
    """List the forms that are long enough to be recognised where they are hidden."""
    return [form for form in group.forms if len(form) >= _RARE_LENGTH]


def several_kinds(group: Group) -> bool:
    """Say whether one word of a text may be found in the group in more than one way."""
    return len(group.stems) > 1 or sum(map(bool, (group.forms, group.stems, group.capitals))) > 1


def index(pairs: Iterable[tuple[str, _T]]) -> dict[str, tuple[_T, ...]]:
    """Gather the values of each key."""
    gathered: dict[str, list[_T]] = defaultdict(list)
    for key, value in pairs:
        gathered[key].append(value)
    return {key: tuple(values) for key, values in gathered.items()}


def forms_index(collected: Collected, triggers: Collection[int]) -> tuple[Index, dict[str, Index]]:
    """Index the forms; those that start rules and could be misread in the other language count only at home."""
    everywhere: dict[str, list[int]] = defaultdict(list)
    at_home: dict[str, dict[str, list[int]]] = {language: defaultdict(list) for language in LANGUAGES}
    foreign: dict[tuple[str, str], bool] = {}
    for number, group in enumerate(collected.groups):
        staying = _staying(collected, group, foreign) if number in triggers else frozenset()
        for form, term in group.forms.items():
            (at_home[group.language] if term in staying else everywhere)[form].append(number)
    return _settled(everywhere), {language: _settled(found) for language, found in at_home.items()}


def _settled(gathered: Mapping[str, Iterable[int]]) -> Index:
    return {form: tuple(numbers) for form, numbers in gathered.items()}


def _staying(collected: Collected, group: Group, foreign: dict[tuple[str, str], bool]) -> frozenset[str]:
    """Give the words of a group that could be misread in the other language."""
    if group.language not in _CYRILLIC:
        return frozenset()
    terms = frozenset(group.forms.values())
    return frozenset(term for term in terms if _misread(term, group.language, collected.dictionaries, foreign))


def _misread(term: str, own: str, dictionaries: WordForms, foreign: dict[tuple[str, str], bool]) -> bool:
    """Say whether a word is also one of the other language: Ukrainian «призов» is Russian for prizes."""
    if not _ONLY[own].isdisjoint(term):
        return False
    if (term, own) not in foreign:
        foreign[term, own] = any(dictionaries.known(term, other) for other in _CYRILLIC if other != own)
    return foreign[term, own]
