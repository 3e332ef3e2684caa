"""Turns rules into tables that texts are held against: each word expanded to its forms, once, when rules are loaded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.pipeline import query

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
class Table:
    """What texts of one language are held against.

    `forms`, `capitals` (in small letters here): word to the groups it belongs to. `stems`: first letters to pairs of
    stem and group. `triggers`: group to the rules that it may start; `anchors` and `anchor_stems` (by first letters):
    all words of such groups.
    """

    forms: Mapping[str, tuple[int, ...]]
    capitals: Mapping[str, tuple[int, ...]]
    stems: Mapping[str, tuple[tuple[str, int], ...]]
    triggers: Mapping[int, tuple[int, ...]]
    anchors: frozenset[str]
    anchor_stems: Mapping[str, tuple[str, ...]]
    words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All rules, a table for each language and one ("") for others, and the terms that groups were written as."""

    rules: tuple[Rule, ...]
    tables: Mapping[str, Table]
    terms: tuple[Mapping[str, str], ...]
    spellings: tuple[str, ...]


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
    tables = {language: _table(groups, language, triggers) for language in (*LANGUAGES, "")}
    terms = tuple(
        forms | stems | capitals
        for forms, stems, capitals in zip(groups.forms, groups.stems, groups.capitals, strict=True)
    )
    words = {form for forms in groups.forms for form in forms if len(form) >= _RARE_LENGTH}
    words |= {form.lower() for capitals in groups.capitals for form in capitals}
    words |= {stem for stems in groups.stems for stem in stems}
    return Lexicon(rules=compiled, tables=tables, terms=terms, spellings=tuple(sorted(words)))


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


def _flat(node: query.Node) -> Iterable[query.Node]:
    if isinstance(node, query.Choice):
        for part in node.parts:
            yield from _flat(part)
    else:
        yield node


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


def _table(groups: _Groups, language: str, triggers: Mapping[int, tuple[int, ...]]) -> Table:
    forms: dict[str, list[int]] = defaultdict(list)
    capitals: dict[str, list[int]] = defaultdict(list)
    stems: dict[str, list[tuple[str, int]]] = defaultdict(list)
    foreign: dict[str, bool] = {}
    for group, own in enumerate(groups.languages):
        for form in groups.forms[group]:
            if own == language or _travels(form, own, language, groups.dictionaries, foreign):
                forms[form].append(group)
        for stem in groups.stems[group]:
            stems[stem[:STEM_KEY]].append((stem, group))
        for literal in groups.capitals[group]:
            capitals[literal.lower()].append(group)
    anchors = {word for words in (forms, capitals) for word, at in words.items() if not triggers.keys().isdisjoint(at)}
    anchor_stems = {key: tuple({stem for stem, group in pairs if group in triggers}) for key, pairs in stems.items()}
    return Table(
        forms={form: tuple(numbers) for form, numbers in forms.items()},
        capitals={literal: tuple(numbers) for literal, numbers in capitals.items()},
        stems={key: tuple(pairs) for key, pairs in stems.items()},
        triggers=triggers,
        anchors=frozenset(anchors),
        anchor_stems={key: found for key, found in anchor_stems.items() if found},
        words=frozenset(forms),
    )


_CYRILLIC = ("ru", "uk")
_ONLY: Mapping[str, frozenset[str]] = {"ru": frozenset("ыэъ"), "uk": frozenset("іїєґ'")}


def _travels(form: str, own: str, language: str, dictionaries: WordForms, foreign: dict[str, bool]) -> bool:
    """Say whether a form counts in texts of another language: Ukrainian «призов» is Russian for a prize."""
    if own not in _CYRILLIC or language not in _CYRILLIC:
        return True
    if not _ONLY[own].isdisjoint(form):
        return True
    if form not in foreign:
        foreign[form] = dictionaries.known(form, language)
    return not foreign[form]
