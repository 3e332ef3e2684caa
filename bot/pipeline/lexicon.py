"""All rules in the shape in which texts are held against them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.pipeline import groups, plans, query

STEM_KEY = 3
"""Stems are looked up by their first letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """A rule as read from a file: its topic, its language, its words, and what they parse to."""

    topic: str
    language: str
    text: str
    node: query.Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule ready to run: `needs` are sets of groups of each of which one must be in the text.

    `groups`: all that its plan asks for.
    """

    topic: str
    text: str
    plan: plans.Plan
    needs: tuple[frozenset[int], ...]
    groups: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All rules, and what texts are held against.

    `forms`: word to the groups it belongs to; `home`: the same for words that count only in texts of one language (and
    in those of no known one). `capitals` (in small letters here) likewise. `stems`: first letters to pairs of stem and
    group. `terms`: for each group, form to the word that the rule writes. `mixed`: groups in which one word may be
    found in several ways. `triggers`: group to the rules that it may start; `anchors` and `anchor_stems` (by first
    letters): the words of such groups. `spellings`: sorted words that are worth finding where they are hidden;
    `spelled_stems`: those of them that go on with any letters.
    """

    rules: tuple[Rule, ...]
    forms: groups.Index
    home: Mapping[str, groups.Index]
    capitals: groups.Index
    stems: Mapping[str, tuple[tuple[str, int], ...]]
    terms: tuple[Mapping[str, str], ...]
    mixed: frozenset[int]
    triggers: Mapping[int, tuple[int, ...]]
    anchors: frozenset[str]
    anchor_stems: Mapping[str, tuple[str, ...]]
    spellings: tuple[str, ...]
    spelled_stems: frozenset[str]


def compile_rules(rules: Sequence[RuleText], dictionaries: groups.WordForms) -> Lexicon:
    """Expand all words of the rules and index them."""
    collected = groups.Collected(dictionaries)
    made = plans.Made(collected, {})
    compiled = tuple(_rule(rule, plans.make(made, rule.node, rule.language), collected) for rule in rules)
    triggers = _triggers(compiled, collected)
    forms, home = groups.forms_index(collected, triggers.keys())
    every = collected.groups
    stems = [(stem, number) for number, group in enumerate(every) for stem in group.stems]
    return Lexicon(
        rules=compiled,
        forms=forms,
        home=home,
        capitals=groups.index((word.lower(), number) for number, group in enumerate(every) for word in group.capitals),
        stems=groups.index((stem[:STEM_KEY], (stem, number)) for stem, number in stems),
        terms=tuple(_terms(group) for group in every),
        mixed=frozenset(number for number, group in enumerate(every) if groups.several_kinds(group)),
        triggers=triggers,
        anchors=_anchors(every, triggers),
        anchor_stems=groups.index((stem[:STEM_KEY], stem) for stem, number in stems if number in triggers),
        spellings=_spellings(every, triggers),
        spelled_stems=frozenset(stem for stem, _ in stems),
    )


def _terms(group: groups.Group) -> Mapping[str, str]:
    return {**group.capitals, **group.stems, **group.forms} if group.capitals or group.stems else group.forms


def _rule(rule: RuleText, plan: plans.Plan, collected: groups.Collected) -> Rule:
    needs = plans.needs(plan, collected)
    return Rule(topic=rule.topic, text=rule.text, plan=plan, needs=needs, groups=frozenset(plans.leaves(plan)))


def _triggers(rules: Sequence[Rule], collected: groups.Collected) -> dict[int, tuple[int, ...]]:
    """Let each rule wait for the rarest of the things that it needs."""
    waiting: dict[int, list[int]] = defaultdict(list)
    for number, rule in enumerate(rules):
        for group in plans.rarest(rule.needs, collected):
            waiting[group].append(number)
    return {group: tuple(numbers) for group, numbers in waiting.items()}


def _anchors(every: Sequence[groups.Group], triggers: Collection[int]) -> frozenset[str]:
    words = {form for number in triggers for form in every[number].forms}
    return frozenset(words | {word.lower() for number in triggers for word in every[number].capitals})


def _spellings(every: Sequence[groups.Group], triggers: Collection[int]) -> tuple[str, ...]:
    words = {form for number in triggers for form in groups.rare_forms(every[number])}
    words |= {stem for group in every for stem in group.stems}
    words |= {word.lower() for group in every for word in group.capitals}
    return tuple(sorted(words))
