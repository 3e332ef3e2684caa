"""A rule in plain words, for the terminal."""

from collections.abc import Iterable, Iterator

from bot.pipeline import explain, query


def described(node: query.Node) -> Iterator[str]:
    """Say in lines what a rule finds, and where alone, or not."""
    if isinstance(node, query.Condition):
        yield from described(node.subject)
        yield f"{'only where' if node.wanted else 'but not where'} {phrase(node.context)} stands {_where(node)}"
    else:
        yield f"finds {phrase(node)}"


def phrase(node: query.Node) -> str:
    """Write what a rule looks for on one line; long choices are cut short."""
    match node:
        case query.Word():
            return explain.WRITTEN[node.kind].format(node.text)
        case query.Chain():
            return _chain(node)
        case query.Choice():
            return _choice(node)
        case query.Condition():
            return f"({', '.join(described(node))})"


def found(matches: Iterable[tuple[str, str]], text: str) -> str:
    """Say what was found in a text, and by which rules."""
    lines = [f"  «{piece}» by: {rule}" for piece, rule in matches]
    return "\n".join([f"In {text!r} they find:", *lines]) if lines else f"In {text!r} they find nothing."


def _chain(node: query.Chain) -> str:
    if (quoted := explain.exact_phrase(node)) is not None:
        return f'"{quoted}"'
    pieces = [phrase(node.parts[0])]
    for part, gap in zip(node.parts[1:], node.gaps, strict=True):
        between = f" [up to {gap} words] " if gap else " "
        pieces += (between, phrase(part))
    return "".join(pieces)


def _choice(node: query.Choice) -> str:
    if node.name:
        return f"{{{node.name}}}"
    return f"one of: {' | '.join(phrase(part) for part in node.parts)}"


def _where(node: query.Condition) -> str:
    match node.scope:
        case "text":
            return "anywhere in the text"
        case "sentence":
            return "in the same sentence"
        case words:
            return f"within {words} words"
