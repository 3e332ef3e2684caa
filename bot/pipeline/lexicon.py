"""All rules in the shape in which texts are held against them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.pipeline import groups, plans, query

STEM_KEY = 3
"""Stems are looked up by their first letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """A rule as written: its topic, its language, its words, and what they parse to.

    `name`: what its file calls it, if anything; `line`: where it stands there.
    """

    topic: str
    language: str
    text: str
    node: query.Node
    name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule ready to run."""

    topic: str
    text: str
    plan: plans.Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All rules, and what texts are held against.

    `word_groups`: the groups by their numbers. `homes`: for texts of each language, word to the groups it belongs to;
    `others`: for texts of all other languages. `capitals` (in small letters here): the same for words that count only
    in capitals. `stems`: first letters to pairs of stem and group. `triggers`: group to the rules that it may start;
    `anchors` and `anchor_stems` (by first letters): the words of such groups. `spellings`: sorted words that are worth
    finding where they are hidden; `spelled_stems`: those of them that go on with any letters.
    """

    rules: tuple[Rule, ...]
    word_groups: tuple[groups.Group, ...]
    homes: Mapping[str, groups.Index]
    others: groups.Index
    capitals: groups.Index
    stems: Mapping[str, tuple[tuple[str, int], ...]]
    triggers: Mapping[int, tuple[int, ...]]
    anchors: frozenset[str]
    anchor_stems: Mapping[str, tuple[str, ...]]
    spellings: tuple[str, ...]
    spelled_stems: frozenset[str]


def compile_rules(rules: Sequence[RuleText], dictionaries: groups.WordForms) -> Lexicon:
    """Expand all words of the rules and index them."""
    made = plans.Made(groups.Collected(dictionaries))
    compiled = tuple(
        Rule(topic=rule.topic, text=rule.text, plan=plans.make(made, rule.node, rule.language)) for rule in rules
    )
    triggers = _triggers(compiled, made.collected)
    homes, others = groups.indexes(made.collected, triggers.keys())
    every = tuple(made.collected.groups)
    stems = list(groups.stems(every))
    capitals = [(word.lower(), number) for word, number in groups.capitals(every)]
    forms = groups.forms_of(every, triggers)
    spelled = {word for word, _ in (*stems, *capitals)}
    return Lexicon(
        rules=compiled,
        word_groups=every,
        homes=homes,
        others=others,
        capitals={word: frozenset(numbers) for word, numbers in groups.gathered(capitals).items()},
        stems=groups.gathered((stem[:STEM_KEY], (stem, number)) for stem, number in stems),
        triggers=triggers,
        anchors=forms.union(word for word, number in capitals if number in triggers),
        anchor_stems=groups.gathered((stem[:STEM_KEY], stem) for stem, number in stems if number in triggers),
        spellings=tuple(sorted(spelled.union(groups.rare_forms(forms)))),
        spelled_stems=frozenset(stem for stem, _ in stems),
    )


def _triggers(rules: Sequence[Rule], collected: groups.Collected) -> dict[int, tuple[int, ...]]:
    """Let each rule wait for the rarest of the things that it needs."""
    waiting: dict[int, list[int]] = defaultdict(list)
    for number, rule in enumerate(rules):
        for group in plans.rarest(rule.plan.asks.needs, collected):
            waiting[group].append(number)
    return {group: tuple(numbers) for group, numbers in waiting.items()}
