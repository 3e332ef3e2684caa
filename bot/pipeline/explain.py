"""What kept rules from matching: what they look for stands in a text, but not what they ask for around it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.pipeline import classify, groups, lexicon, query

WRITTEN: Mapping[query.WordKind, str] = {
    "forms": "{}", "exact": '"{}"', "stem": "{}*", "derived": "*{}*", "capitals": "{}", "masked": "~{}",
}  # fmt: skip
"""How a rule writes a word of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One condition that does not hold: something `wanted` is missing, or what excludes, `found`, stands there.

    `context` is written as in a rule, `scope` as in `query.Condition`.
    """

    context: str
    scope: query.Scope
    wanted: bool
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A rule whose first part stands in a text, as `found`, and why it does not hold all the same."""

    rule: lexicon.RuleText
    found: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    rule: lexicon.RuleText
    core: query.Node
    conditions: tuple[query.Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text, the same as it is shown, its language, and the dictionaries that rules are compiled with."""

    text: str
    shown: str
    code: str
    dictionaries: groups.WordForms


def near_misses(
    rules: Sequence[lexicon.RuleText], dictionaries: groups.WordForms, text: str, code: str, *, shown: str
) -> tuple[Near, ...]:
    """List the rules that nearly match a text of the language `code`: first those that lack least.

    What they find is quoted from `shown`: the text of the same length, with what nobody shall see masked. Takes some
    tenths of a second for all built-in rules.
    """
    asked = _Text(text=text, shown=shown, code=code, dictionaries=dictionaries)
    cases = [case for rule in rules for case in _cases(rule)]
    cores = [replace(case.rule, topic=str(number), node=case.core) for number, case in enumerate(cases)]
    found = _found(asked, cores)
    near = [_near(asked, cases[int(number)], words) for number, words in found.items()]
    return tuple(sorted((one for one in near if one.reasons), key=lambda one: len(one.reasons)))


def _cases(rule: lexicon.RuleText) -> Iterator[_Case]:
    """Divide a rule into what it looks for and its conditions; of several that `|` joins, each is a case."""
    alternatives = rule.node.parts if isinstance(rule.node, query.Choice) else (rule.node,)
    for node in alternatives:
        core, conditions = _divided(node)
        if conditions:
            yield _Case(rule=rule, core=core, conditions=conditions)


def _divided(node: query.Node) -> tuple[query.Node, tuple[query.Condition, ...]]:
    if not isinstance(node, query.Condition):
        return node, ()
    core, before = _divided(node.subject)
    return core, (*before, node)


def _found(asked: _Text, rules: Sequence[lexicon.RuleText]) -> dict[str, str]:
    """Give what the rules find, by topic: the first place of each."""
    book = lexicon.compile_rules(rules, asked.dictionaries)
    found: dict[str, str] = {}
    for match in classify.match(book, asked.text, asked.code):
        found.setdefault(match.topic, asked.shown[match.start : match.end])
    return found


def _near(asked: _Text, case: _Case, words: str) -> Near:
    reasons = []
    for condition in case.conditions:
        alone = replace(case.rule, node=replace(condition, subject=case.core))
        if not _found(asked, [alone]):
            context = replace(case.rule, topic="", node=condition.context)
            there = "" if condition.wanted else _found(asked, [context]).get("", "")
            reasons.append(
                Reason(context=written(condition.context), scope=condition.scope, wanted=condition.wanted, found=there)
            )
    return Near(rule=case.rule, found=words, reasons=tuple(reasons))


def written(node: query.Node) -> str:
    """Write a rule, or a part of one, as in a topic file; a list stands by its name."""
    match node:
        case query.Word():
            return WRITTEN[node.kind].format(node.text)
        case query.Chain():
            if phrase := exact_phrase(node):
                return f'"{phrase}"'
            gaps = ["" if gap == 0 else ".. " if gap == query.GAP else f"..{gap} " for gap in node.gaps]
            rest = (f" {gap}{_part(part)}" for gap, part in zip(gaps, node.parts[1:], strict=True))
            return "".join((_part(node.parts[0]), *rest))
        case query.Choice():
            return f"{{{node.name}}}" if node.name else " | ".join(map(_part, node.parts))
        case _:
            scope = "" if node.scope == "sentence" else f":{node.scope}"
            return f"{_part(node.subject)} {'and' if node.wanted else 'unless'}{scope} {_part(node.context)}"


def exact_phrase(chain: query.Chain) -> str | None:
    """Give the words of a chain that stands for words in quotes."""
    words = [part.text for part in chain.parts if isinstance(part, query.Word) and part.kind == "exact"]
    return " ".join(words) if len(words) == len(chain.parts) and not any(chain.gaps) else None


def _part(node: query.Node) -> str:
    named = isinstance(node, query.Choice) and node.name
    simple = isinstance(node, query.Word | query.Chain) or named
    return written(node) if simple else f"({written(node)})"
