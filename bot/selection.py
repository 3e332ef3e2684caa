"""Which posts an export is asked for, as one types it: words in any order.

7d, 2026-11-01..2026-11-21          the days, as everywhere (see `bot.pipeline.days`); without any: the last seven
from:2026-11-01 to:2026-11-21       likewise, as behind /search; either alone too
rotation, topic:rotation            flagged for this topic; with the word before it, of several
@garrison_news                      of this channel, or of one that is called so
all                                 also posts that were not flagged
with-deleted                        with the texts of posts that their channels deleted
csv, jsonl                          the form of the file
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot import periods
from bot.periods import Known, Problem
from bot.pipeline import days, topic_names
from bot.render.digest_data import Period

USUAL_DAYS = 7
Form = Literal["csv", "jsonl"]

_FORMS: dict[str, Form] = {"csv": "csv", "jsonl": "jsonl", "json": "jsonl"}
_DASHES = "-–—−"
"""What phones make of two hyphens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Posts of the days and the channel of `period`, of one of `topics` (none: of any), and how they are written.

    `flagged`: only those that were flagged. `with_deleted`: with the texts of deleted ones.
    """

    period: Period
    topics: tuple[str, ...] = ()
    flagged: bool = True
    with_deleted: bool = False
    form: Form = "csv"


def parse(typed: str, known: Known) -> Selection | Problem:
    """Read a selection out of what it can mean."""
    own, named, others = _sorted(typed.split())
    period = periods.parse(" ".join(others), known, usual=USUAL_DAYS, longest=None)
    if isinstance(period, Problem):
        return period
    topics = {name: topic_names.meant(name, known.topics) for name in named}
    for name, topic in topics.items():
        if topic is None:
            return Problem(reason="unknown", given=name)
    return Selection(
        period=period,
        topics=tuple(filter(None, dict.fromkeys((period.topic, *topics.values())))),
        flagged="all" not in own,
        with_deleted="with-deleted" in own,
        form=next((_FORMS[word] for word in reversed(own) if word in _FORMS), "csv"),
    )


def _sorted(words: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Part the words that only an export has from the topics named by a filter and from what a digest takes too."""
    own: list[str] = []
    named: list[str] = []
    others: list[str] = []
    bounds: dict[str, str] = {}
    for word in words:
        name, _, value = word.lower().partition(":")
        bare = word.lower().strip(_DASHES)
        if bare in {"all", "with-deleted", *_FORMS}:
            own.append(bare)
        elif name == "topic" and value:
            named.append(value)
        elif name in {"from", "to"} and value:
            bounds[name] = value
        else:
            others.append(word)
    if bounds:
        others.append(f"{bounds.get('from', days.TELEGRAM_BEGAN)}..{bounds.get('to', '')}")
    return own, named, others
