"""Rules as they are run: the tree of a rule with numbers of groups in place of words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.pipeline import groups, query


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


@dataclass(frozen=True, slots=True)
class Made:
    """The plans made so far; equal ones become one object, so that a text is asked once."""

    collected: groups.Collected
    plans: dict[Plan, Plan]


def make(made: Made, node: query.Node, language: str) -> Plan:
    """Turn the tree of a rule into a plan."""
    plan = _fresh(made, node, language)
    return made.plans.setdefault(plan, plan)


def _fresh(made: Made, node: query.Node, language: str) -> Plan:
    match node:
        case query.Word():
            return Leaf(groups.number_of(made.collected, (node,), language))
        case query.Chain():
            return Chain(tuple(make(made, part, language) for part in node.parts), node.gaps)
        case query.Choice():
            return _choice(made, node, language)
        case _:
            subject, context = make(made, node.subject, language), make(made, node.context, language)
            return Condition(subject, context, node.scope, node.wanted)


def _choice(made: Made, node: query.Choice, language: str) -> Plan:
    parts = list(_flat(node))
    words = tuple(part for part in parts if isinstance(part, query.Word))
    plans = [make(made, part, language) for part in parts if not isinstance(part, query.Word)]
    if words:
        plans.insert(0, Leaf(groups.number_of(made.collected, words, language)))
    return plans[0] if len(plans) == 1 else Choice(tuple(plans))


def _flat(node: query.Choice) -> Iterable[query.Node]:
    """List the parts, also those of choices inside; lists that rules share stay whole, and are looked up once."""
    for part in node.parts:
        if isinstance(part, query.Choice) and not part.name:
            yield from _flat(part)
        else:
            yield part


def leaves(plan: Plan) -> Iterator[int]:
    """List the groups that a plan asks for."""
    match plan:
        case Leaf():
            yield plan.group
        case Condition():
            yield from leaves(plan.subject)
            yield from leaves(plan.context)
        case _:
            for part in plan.parts:
                yield from leaves(part)


def needs(plan: Plan, collected: groups.Collected) -> tuple[frozenset[int], ...]:
    """List sets of groups, of each of which one must be present for the plan to find anything."""
    match plan:
        case Leaf():
            return (frozenset((plan.group,)),)
        case Chain():
            return tuple(need for part in plan.parts for need in needs(part, collected))
        case Choice():
            return (frozenset().union(*(rarest(needs(part, collected), collected) for part in plan.parts)),)
        case _:
            needed = needs(plan.subject, collected)
            return needed + needs(plan.context, collected) if plan.wanted else needed


def rarest(needed: Sequence[frozenset[int]], collected: groups.Collected) -> frozenset[int]:
    """Choose what is met least often of what a plan needs."""
    return min(needed, key=lambda need: groups.commonness(collected, need))


def possible(plan: Plan, here: frozenset[int]) -> bool:
    """Say whether a plan can find anything in a text where words of the groups `here` stand."""
    match plan:
        case Leaf():
            return plan.group in here
        case Chain():
            return all(possible(part, here) for part in plan.parts)
        case Choice():
            return any(possible(part, here) for part in plan.parts)
        case _:
            return possible(plan.subject, here) and (not plan.wanted or possible(plan.context, here))
