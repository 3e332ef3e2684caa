"""A few words for a rule, where there is no room for all of it: its name, or the words that it waits for."""

from bot.pipeline import lexicon, query

LIMIT = 48
"""Characters of a title made of words: a line on a phone."""
_ALTERNATIVES = 2
_MARKED = {"stem": "{}*", "derived": "*{}*", "masked": "~{}"}
_AND = " + "
_MORE = " …"


def title(rule: lexicon.RuleText) -> str:
    """Give the name of a rule, or what it looks for: `повестка + вручить, получить …`."""
    if rule.name:
        return rule.name
    whole = brief(rule.node)
    return whole if len(whole) <= LIMIT else _shortened(whole.split(_AND))


def _shortened(pieces: list[str]) -> str:
    """Leave out what comes last, until the rest is short enough."""
    for number in range(len(pieces) - 1, 0, -1):
        shown = _AND.join(pieces[:number])
        if len(shown) + len(_MORE) <= LIMIT:
            return shown.removesuffix(_MORE) + _MORE
    return pieces[0]


def brief(node: query.Node) -> str:
    """Name the first words of a rule; `+` joins what must come together, `…` stands for the other alternatives."""
    match node:
        case query.Word():
            return _MARKED.get(node.kind, "{}").format(node.text)
        case query.Chain():
            return _chain(node)
        case query.Choice():
            return _choice(node)
        case _:
            subject = brief(node.subject)
            return f"{subject}{_AND}{brief(node.context)}" if node.wanted else subject


def _chain(node: query.Chain) -> str:
    pieces = [brief(node.parts[0])]
    for part, gap in zip(node.parts[1:], node.gaps, strict=True):
        pieces += (_AND if gap else " ", brief(part))
    return "".join(pieces)


def _choice(node: query.Choice) -> str:
    if node.name:
        return node.name
    shown = list(dict.fromkeys(map(brief, node.parts)))
    return ", ".join(shown[:_ALTERNATIVES]) + (_MORE if len(shown) > _ALTERNATIVES else "")
