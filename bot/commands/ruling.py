"""A rule as somebody types it on a phone, and what is said where it cannot be read."""

from bot import rulebook
from bot.commands.desk import Answer, Asked, lines
from bot.pipeline import query
from bot.pipeline.query_errors import QueryError
from bot.render import catalogue
from bot.render.text import ELLIPSIS, Span

_STRAIGHT = str.maketrans("“”„‟«»", '""""""')
_BEFORE, _AFTER = 16, 14
"""Characters around the place of an error: as many as stand on one line of a phone."""


def typed(args: str) -> str:
    """Give a rule as it was meant: in one line, with the quotation marks that phones bend straight again."""
    return " ".join(args.translate(_STRAIGHT).split())


def wrong(asked: Asked, rule: str, error: QueryError) -> Answer:
    """Say what is wrong with a rule, point at the place, and say what to write."""
    start = max(0, error.position - _BEFORE)
    head = ELLIPSIS if start else ""
    tail = ELLIPSIS if error.position + _AFTER < len(rule) else ""
    shown = f"{head}{rule[start : error.position + _AFTER]}{tail}"
    why = catalogue.text(asked.texts, f"rule_error.{error.kind}", **error.values)
    pointer = " " * (len(head) + error.position - start) + "^"
    return lines(
        [
            catalogue.spans(asked.texts, "rule.wrong", why=why),
            (Span(f"{shown}\n{pointer}", "code"),),
            catalogue.spans(asked.texts, "rule.how"),
        ]
    )


def unknown_words(asked: Asked, rule: str) -> tuple[Span, ...] | None:
    """Warn of words whose forms are guessed, because no dictionary of the rule's languages knows them."""
    words = asked.desk.rules.words
    found = rulebook.written(asked.desk.rules, "", rule)
    inflected = {word.text: word.kind for word in rulebook.own_words(found[0].node) if word.kind in query.INFLECTED}
    unknown = sorted(word for word in inflected if not any(words.holds(word, one.language) for one in found))
    if not unknown:
        return None
    # After ~ no quotes may stand, so that they are no advice.
    said = "rule.unknown_masked" if any(inflected[word] == "masked" for word in unknown) else "rule.unknown"
    return catalogue.spans(asked.texts, said, n=len(unknown), words=", ".join(unknown))
