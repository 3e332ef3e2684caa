"""Rules as they are run: the tree of a rule with numbers of groups in place of words."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.pipeline import groups, query

Needs = tuple[frozenset[int], ...]
"""Sets of groups, of each of which one must be in a text for a plan to find anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What a plan asks of a text.

    `needs`: of each of these sets one; `must`: of these groups all; `choices`: of each of these one part (with `must`,
    that is all that can be said before the words are looked at in their order); `uses`: the groups that it looks at.
    """

    needs: Needs
    must: frozenset[int]
    choices: tuple["Choice", ...]
    uses: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A group of words of which one must stand there."""

    group: int
    asks: Asks


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Parts in order with at most `gaps[i]` words between part i and the next."""

    parts: tuple["Plan", ...]
    gaps: tuple[int, ...]
    asks: Asks


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Any of the parts; `waiting`: group to the parts that may hold where a word of it stands, by their numbers."""

    parts: tuple["Plan", ...]
    waiting: Mapping[int, tuple[int, ...]]
    asks: Asks


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """`subject` where `context` is (or is not) within `scope`."""

    subject: "Plan"
    context: "Plan"
    scope: query.Scope
    wanted: bool
    asks: Asks


Plan = Leaf | Chain | Choice | Condition


@dataclass(frozen=True, slots=True)
class Made:
    """The plans made so far; equal ones become one object, so that each is made, and a text asked, once.

    `lists`: the lists that rules share, by the identity of their trees, which the rules keep alive.
    """

    collected: groups.Collected
    plans: dict[Hashable, Plan] = field(default_factory=dict)
    lists: dict[tuple[int, str], Plan] = field(default_factory=dict)


def make(made: Made, node: query.Node, language: str) -> Plan:
    """Turn the tree of a rule into a plan."""
    match node:
        case query.Word():
            return _leaf(made, (node,), language)
        case query.Chain():
            return _chain(made, node, language)
        case query.Choice():
            if not node.name:
                return _choice(made, node, language)
            key = (id(node), language)
            if key not in made.lists:
                made.lists[key] = _choice(made, node, language)
            return made.lists[key]
        case _:
            return _condition(made, node, language)


def _once(made: Made, key: Hashable, fresh: Callable[[], Plan]) -> Plan:
    if key not in made.plans:
        made.plans[key] = fresh()
    return made.plans[key]


def _leaf(made: Made, words: Sequence[query.Word], language: str) -> Plan:
    group = groups.number_of(made.collected, words, language)
    here = frozenset((group,))
    return _once(made, group, lambda: Leaf(group, Asks(needs=(here,), must=here, choices=(), uses=here)))


def _chain(made: Made, node: query.Chain, language: str) -> Plan:
    parts = tuple(make(made, part, language) for part in node.parts)
    return _once(made, (parts, node.gaps), lambda: Chain(parts, node.gaps, _all_of(parts, parts)))


def _choice(made: Made, node: query.Choice, language: str) -> Plan:
    flat = list(_flat(node))
    words = tuple(part for part in flat if isinstance(part, query.Word))
    parts = tuple(make(made, part, language) for part in flat if not isinstance(part, query.Word))
    if words:
        parts = (_leaf(made, words, language), *parts)
    return parts[0] if len(parts) == 1 else _once(made, parts, lambda: _any_of(made, parts))


def _condition(made: Made, node: query.Condition, language: str) -> Plan:
    parts = (make(made, node.subject, language), make(made, node.context, language))
    needed = parts if node.wanted else parts[:1]
    return _once(
        made,
        (parts, node.scope, node.wanted),
        lambda: Condition(*parts, node.scope, node.wanted, _all_of(needed, parts)),
    )


def _all_of(needed: Sequence[Plan], parts: Sequence[Plan]) -> Asks:
    return Asks(
        needs=tuple(need for part in needed for need in part.asks.needs),
        must=frozenset().union(*(part.asks.must for part in needed)),
        choices=tuple(dict.fromkeys(choice for part in needed for choice in _choices(part))),
        uses=_uses(parts),
    )


def _any_of(made: Made, parts: tuple[Plan, ...]) -> Choice:
    waiting: dict[int, list[int]] = defaultdict(list)
    for number, part in enumerate(parts):
        for group in rarest(part.asks.needs, made.collected):
            waiting[group].append(number)
    return Choice(
        parts,
        {group: tuple(numbers) for group, numbers in waiting.items()},
        Asks(needs=(frozenset(waiting),), must=frozenset(), choices=(), uses=_uses(parts)),
    )


def _choices(plan: Plan) -> tuple[Choice, ...]:
    return (plan,) if isinstance(plan, Choice) else plan.asks.choices


def _uses(parts: Iterable[Plan]) -> frozenset[int]:
    return frozenset().union(*(part.asks.uses for part in parts))


def _flat(node: query.Choice) -> Iterable[query.Node]:
    """List the parts, also those of choices inside; lists that rules share stay whole, and are looked up once."""
    for part in node.parts:
        if isinstance(part, query.Choice) and not part.name:
            yield from _flat(part)
        else:
            yield part


def rarest(needed: Needs, collected: groups.Collected) -> frozenset[int]:
    """Choose what is met least often of what a plan needs."""
    return min(needed, key=lambda need: groups.commonness(collected.groups, need))


def possible(plan: Plan, here: frozenset[int]) -> bool:
    """Say whether a plan can find anything in a text where words of the groups `here` stand."""
    if not plan.asks.must <= here:
        return False
    return all(any(possible(part, here) for part in hopeful(choice, here)) for choice in _choices(plan))


def hopeful(choice: Choice, here: frozenset[int]) -> list[Plan]:
    """List the parts of a choice that may hold in a text where words of the groups `here` stand, in their order."""
    met = choice.asks.needs[0] & here
    if len(met) == 1:
        return [choice.parts[number] for group in met for number in choice.waiting[group]]
    return [choice.parts[number] for number in sorted({number for group in met for number in choice.waiting[group]})]
