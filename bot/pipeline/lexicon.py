"""Turns rules into tables that texts are held against: each word expanded to its forms, once, when rules are loaded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.pipeline import query

_T = TypeVar("_T")

LANGUAGES = ("ru", "uk", "en")
STEM_KEY = 3
"""Stems are looked up by their first letters."""
_COMMON = 1_000
_RARE_LENGTH = 4


class WordForms(Protocol):
    """Dictionaries of the languages that rules are written in."""

    def forms(self, word: str, language: str) -> Iterable[str]:
        """Give all forms of a word, folded, itself among them."""
        ...

    def known(self, word: str, language: str) -> bool:
        """Say whether a dictionary holds exactly this form."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """A rule as read from a file: its topic, its language, its words, and what they parse to."""

    topic: str
    language: str
    text: str
    node: query.Node


@dataclass(frozen=True, slots=True)
class Leaf:
    """A group of words of which one must stand there."""

    group: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Parts in order with at most `gaps[i]` words between part i and the next."""

    parts: tuple["Plan", ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of the parts."""

    parts: tuple["Plan", ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """`subject` where `context` is (or is not) within `scope`."""

    subject: "Plan"
    context: "Plan"
    scope: query.Scope
    wanted: bool


Plan = Leaf | Chain | Choice | Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule ready to run: `needs` are sets of groups of each of which one must be in the text."""

    topic: str
    text: str
    plan: Plan
    needs: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All rules, and what texts are held against.

    `forms`: word to the groups it belongs to; `home`: the same for words that count only in texts of one language (and
    in those of no known one). `capitals` (in small letters here) likewise. `stems`: first letters to pairs of stem and
    group. `terms`: for each group, form to the word that the rule writes. `triggers`: group to the rules that it may
    start; `anchors` and `anchor_stems` (by first letters): the words of such groups. `spellings`: sorted words that are
    worth finding where they are hidden; `spelled_stems`: those of them that go on with any letters.
    """

    rules: tuple[Rule, ...]
    forms: Mapping[str, tuple[int, ...]]
    home: Mapping[str, Mapping[str, tuple[int, ...]]]
    capitals: Mapping[str, tuple[int, ...]]
    stems: Mapping[str, tuple[tuple[str, int], ...]]
    terms: tuple[Mapping[str, str], ...]
    triggers: Mapping[int, tuple[int, ...]]
    anchors: frozenset[str]
    anchor_stems: Mapping[str, tuple[str, ...]]
    spellings: tuple[str, ...]
    spelled_stems: frozenset[str]


@dataclass(slots=True)
class _Groups:
    """The groups of words met so far while rules are compiled."""

    dictionaries: WordForms
    numbers: dict[tuple[str, frozenset[query.Word]], int]
    languages: list[str]
    forms: list[dict[str, str]]
    stems: list[dict[str, str]]
    capitals: list[dict[str, str]]
    expanded: dict[tuple[str, str], tuple[str, ...]]
    plans: dict[Plan, Plan]


def compile_rules(rules: Sequence[RuleText], dictionaries: WordForms) -> Lexicon:
    """Expand all words of the rules and index them."""
    groups = _Groups(dictionaries, {}, [], [], [], [], {}, {})
    plans = [_plan(rule.node, rule.language, groups) for rule in rules]
    compiled = tuple(
        Rule(topic=rule.topic, text=rule.text, plan=plan, needs=_needs(plan))
        for rule, plan in zip(rules, plans, strict=True)
    )
    triggers = _triggers(compiled, groups)
    forms, home = _forms_index(groups, triggers)
    anchor_words = {
        form for group in triggers for form in (*groups.forms[group], *map(str.lower, groups.capitals[group]))
    }
    return Lexicon(
        rules=compiled,
        forms=forms,
        home=home,
        capitals=_index((literal.lower(), group) for group, found in enumerate(groups.capitals) for literal in found),
        stems=_index((stem[:STEM_KEY], (stem, group)) for group, found in enumerate(groups.stems) for stem in found),
        terms=tuple(map(_terms, groups.forms, groups.stems, groups.capitals)),
        triggers=triggers,
        anchors=frozenset(anchor_words),
        anchor_stems=_index((stem[:STEM_KEY], stem) for group in triggers for stem in groups.stems[group]),
        spellings=_spellings(groups, triggers),
        spelled_stems=frozenset(stem for stems in groups.stems for stem in stems),
    )


def _index(pairs: Iterable[tuple[str, _T]]) -> dict[str, tuple[_T, ...]]:
    index: dict[str, list[_T]] = defaultdict(list)
    for key, value in pairs:
        index[key].append(value)
    return {key: tuple(values) for key, values in index.items()}


def _terms(*words: Mapping[str, str]) -> Mapping[str, str]:
    return {form: term for some in words for form, term in some.items()}


def _spellings(groups: _Groups, triggers: Iterable[int]) -> tuple[str, ...]:
    words = {stem for stems in groups.stems for stem in stems}
    words |= {form.lower() for capitals in groups.capitals for form in capitals}
    words |= {form for group in triggers for form in groups.forms[group] if len(form) >= _RARE_LENGTH}
    return tuple(sorted(words))


def _plan(node: query.Node, language: str, groups: _Groups) -> Plan:
    """Compile a node; equal plans become the same object, so that a text is asked once."""
    plan = _fresh(node, language, groups)
    return groups.plans.setdefault(plan, plan)


def _fresh(node: query.Node, language: str, groups: _Groups) -> Plan:
    match node:
        case query.Word():
            return Leaf(_group((node,), language, groups))
        case query.Chain():
            return Chain(tuple(_plan(part, language, groups) for part in node.parts), node.gaps)
        case query.Choice():
            return _choice(node, language, groups)
        case query.Condition():
            subject, context = _plan(node.subject, language, groups), _plan(node.context, language, groups)
            return Condition(subject, context, node.scope, node.wanted)


def _choice(node: query.Choice, language: str, groups: _Groups) -> Plan:
    parts = list(_flat(node))
    words = tuple(part for part in parts if isinstance(part, query.Word))
    plans = [_plan(part, language, groups) for part in parts if not isinstance(part, query.Word)]
    if words:
        plans.insert(0, Leaf(_group(words, language, groups)))
    return plans[0] if len(plans) == 1 else Choice(tuple(plans))


def _flat(node: query.Choice) -> Iterable[query.Node]:
    """List the parts, also those of choices inside; lists that rules share stay whole, and are looked up once."""
    for part in node.parts:
        if isinstance(part, query.Choice) and not part.name:
            yield from _flat(part)
        else:
            yield part


def _group(words: Sequence[query.Word], language: str, groups: _Groups) -> int:
    key = (language, frozenset(words))
    if key in groups.numbers:
        return groups.numbers[key]
    forms: dict[str, str] = {}
    stems: dict[str, str] = {}
    capitals: dict[str, str] = {}
    for word in words:
        match word.kind:
            case "forms":
                for form in _forms(word.text, language, groups):
                    forms.setdefault(form, word.text)
            case "exact":
                forms[word.text] = word.text
            case "stem":
                stems[word.text] = word.text
            case "capitals":
                capitals[word.text] = word.text
    number = len(groups.languages)
    groups.numbers[key] = number
    groups.languages.append(language)
    groups.forms.append(forms)
    groups.stems.append(stems)
    groups.capitals.append(capitals)
    return number


def _forms(word: str, language: str, groups: _Groups) -> tuple[str, ...]:
    key = (word, language)
    if key not in groups.expanded:
        groups.expanded[key] = tuple(groups.dictionaries.forms(word, language))
    return groups.expanded[key]


def _needs(plan: Plan) -> tuple[frozenset[int], ...]:
    """List sets of groups, of each of which one must be present for the plan to find anything."""
    match plan:
        case Leaf():
            return (frozenset((plan.group,)),)
        case Chain():
            return tuple(need for part in plan.parts for need in _needs(part))
        case Choice():
            return (frozenset().union(*(_smallest(_needs(part)) for part in plan.parts)),)
        case Condition():
            needs = _needs(plan.subject)
            return needs + _needs(plan.context) if plan.wanted else needs


def _smallest(needs: Sequence[frozenset[int]]) -> frozenset[int]:
    return min(needs, key=len)


def _triggers(rules: Sequence[Rule], groups: _Groups) -> dict[int, tuple[int, ...]]:
    """Let each rule wait for the rarest of the things that it needs."""
    waiting: dict[int, list[int]] = defaultdict(list)
    for number, rule in enumerate(rules):
        rarest = min(rule.needs, key=lambda need: sum(_commonness(group, groups) for group in need))
        for group in rarest:
            waiting[group].append(number)
    return {group: tuple(numbers) for group, numbers in waiting.items()}


def _commonness(group: int, groups: _Groups) -> int:
    """Guess how often a group is met: many forms, and short ones, are common."""
    short = sum(len(form) < _RARE_LENGTH for form in groups.forms[group])
    return len(groups.forms[group]) + _COMMON * short + 50 * len(groups.stems[group]) + len(groups.capitals[group])


_CYRILLIC = ("ru", "uk")
_ONLY: Mapping[str, frozenset[str]] = {"ru": frozenset("ыэъ"), "uk": frozenset("іїєґ'")}
_Index = dict[str, tuple[int, ...]]


def _forms_index(groups: _Groups, triggers: Mapping[int, object]) -> tuple[_Index, dict[str, _Index]]:
    """Index the forms; those that start rules and could be misread in the other language count only at home."""
    everywhere: list[tuple[str, int]] = []
    at_home: dict[str, list[tuple[str, int]]] = {language: [] for language in LANGUAGES}
    foreign: dict[tuple[str, str], bool] = {}
    for group, own in enumerate(groups.languages):
        may_stay = own in _CYRILLIC and group in triggers
        for form, term in groups.forms[group].items():
            stays = may_stay and _misread(term, own, groups.dictionaries, foreign)
            (at_home[own] if stays else everywhere).append((form, group))
    return _index(everywhere), {language: _index(pairs) for language, pairs in at_home.items()}


def _misread(term: str, own: str, dictionaries: WordForms, foreign: dict[tuple[str, str], bool]) -> bool:
    """Say whether a word is also one of the other language: Ukrainian «призов» is Russian for prizes."""
    if not _ONLY[own].isdisjoint(term):
        return False
    if (term, own) not in foreign:
        foreign[term, own] = any(dictionaries.known(term, other) for other in _CYRILLIC if other != own)
    return foreign[term, own]
