"""All rules in the shape in which texts are held against them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.pipeline import groups, plans, query

STEM_KEY = 3
"""So many first letters of a word tell how long the stems may be that it is looked up by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """A rule as written: its topic, its language, its words, and what they parse to.

    `name`: what its file calls it, if anything; `file` and `line`: where it stands.
    """

    topic: str
    language: str
    text: str
    node: query.Node
    name: str = ""
    file: str = ""
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
    in capitals; `masked`: for those that count only where they are masked. `stems`: stem to groups; `stem_sizes`: the
    first letters of stems to their lengths. `triggers`: group to the rules that it may start; `anchors`, `anchor_stems`
    and `anchor_sizes`: the words of such groups. `spellings`: sorted words that are worth finding where they are
    hidden; `spelled_stems`: those that go on with any letters.
    """

    rules: tuple[Rule, ...]
    word_groups: tuple[groups.Group, ...]
    homes: Mapping[str, groups.Index]
    others: groups.Index
    capitals: groups.Index
    masked: groups.Index
    stems: Mapping[str, tuple[int, ...]]
    stem_sizes: Mapping[str, tuple[int, ...]]
    triggers: Mapping[int, tuple[int, ...]]
    anchors: frozenset[str]
    anchor_stems: frozenset[str]
    anchor_sizes: Mapping[str, tuple[int, ...]]
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
    stems = groups.gathered(groups.stems(every))
    starting = frozenset(stem for stem, numbers in stems.items() if not triggers.keys().isdisjoint(numbers))
    capitals = [(word.lower(), number) for word, number in groups.capitals(every)]
    hidden = groups.gathered(groups.masked(every))  # read wherever they stand: unmasked they are never found
    forms = groups.forms_of(every, triggers).union(hidden)
    spelled = stems.keys() | {word for word, _ in capitals} | hidden.keys()
    return Lexicon(
        rules=compiled,
        word_groups=every,
        homes=homes,
        others=others,
        capitals={word: frozenset(numbers) for word, numbers in groups.gathered(capitals).items()},
        masked={form: frozenset(numbers) for form, numbers in hidden.items()},
        stems=stems,
        stem_sizes=_sizes(stems),
        triggers=triggers,
        anchors=forms.union(word for word, number in capitals if number in triggers),
        anchor_stems=starting,
        anchor_sizes=_sizes(starting),
        spellings=tuple(sorted(spelled.union(groups.rare_forms(forms)))),
        spelled_stems=frozenset(stems),
    )


def _sizes(stems: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Give the lengths of the stems that begin with the same letters."""
    return groups.gathered(sorted({(stem[:STEM_KEY], len(stem)) for stem in stems}))


def _triggers(rules: Sequence[Rule], collected: groups.Collected) -> dict[int, tuple[int, ...]]:
    """Let each rule wait for the rarest of the things that it needs."""
    waiting: dict[int, list[int]] = defaultdict(list)
    for number, rule in enumerate(rules):
        for group in plans.rarest(rule.plan.asks.needs, collected):
            waiting[group].append(number)
    return {group: tuple(numbers) for group, numbers in waiting.items()}
