"""Finds the places of a text that rules describe. Time grows with the length of the text, whatever the rules say."""

import bisect
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.pipeline import groups, lexicon, plans
from bot.pipeline.plans import Chain, Choice, Condition, Leaf, Plan

MOST_PLACES = 2_500
"""Places of a group that are noted in a text; no post of Telegram has so many words, and no rule may run away."""


class Span(NamedTuple):
    """Words `start` up to but not including `end`; `made_of`: the group that its one word is in, or its two pieces."""

    start: int
    end: int
    made_of: "int | tuple[Span, Span]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as the sentence of each word, the groups of which a word is `here`, and the places of the wanted ones."""

    sentences: Sequence[int]
    here: frozenset[int]
    places: Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule and the places where it holds."""

    rule: lexicon.Rule
    spans: tuple[Span, ...]


Groups = Sequence[frozenset[int]]
"""For each word of a text the groups that it is in."""
_Known = dict[Plan, tuple[Span, ...]]


def anchored(book: lexicon.Lexicon, words: Sequence[str]) -> bool:
    """Say quickly whether any rule can hold at all: a word without which none starts is there."""
    if not book.anchors.isdisjoint(words):
        return True
    sizes, stems = book.anchor_sizes, book.anchor_stems
    return any(
        word[:size] in stems for word in words if (key := word[: lexicon.STEM_KEY]) in sizes for size in sizes[key]
    )


def groups_of(
    book: lexicon.Lexicon,
    language: str,
    words: Sequence[str],
    is_capital: Callable[[int], bool],
    masked: Iterable[int] = (),
) -> Groups:
    """Give the groups of each word.

    `is_capital` says of a place that its word is in capitals; `masked`: the places of words that were masked.
    """
    index = book.homes.get(language, book.others)
    found = list(map(index.get, words, itertools.repeat(groups.NOWHERE)))
    for place, numbers in itertools.chain(
        _stems(book, words),
        _capitals(book, words, is_capital),
        ((place, book.masked.get(words[place], groups.NOWHERE)) for place in masked),
    ):
        found[place] = found[place].union(numbers)
    return found


def _stems(book: lexicon.Lexicon, words: Sequence[str]) -> Iterator[tuple[int, Iterable[int]]]:
    # Whole stems are looked up, as long as any that begin alike, so that more stems take no more time.
    keys = [word[: lexicon.STEM_KEY] for word in words]
    known = book.stem_sizes.keys() & keys
    for place in [place for place, key in enumerate(keys) if key in known] if known else ():
        word = words[place]
        for size in book.stem_sizes[keys[place]]:
            if (stem := word[:size]) in book.stems:
                yield place, book.stems[stem]


def _capitals(
    book: lexicon.Lexicon, words: Sequence[str], is_capital: Callable[[int], bool]
) -> Iterator[tuple[int, frozenset[int]]]:
    literals = book.capitals.keys() & words
    for place in [place for place, word in enumerate(words) if word in literals] if literals else ():
        if is_capital(place):
            yield place, book.capitals[words[place]]


def candidates(book: lexicon.Lexicon, here: frozenset[int]) -> list[lexicon.Rule]:
    """List the rules of which all that they need is somewhere in the text; `here`: the groups that are present."""
    numbers = {number for group in here & book.triggers.keys() for number in book.triggers[group]}
    return [rule for number in sorted(numbers) if plans.possible((rule := book.rules[number]).plan, here)]


def places(found: Groups, rules: Iterable[lexicon.Rule]) -> dict[int, list[int]]:
    """Note for each group that the rules use the places where a word of it stands."""
    wanted = frozenset().union(*(rule.plan.asks.uses for rule in rules))
    noted: dict[int, list[int]] = defaultdict(list)
    for place, numbers in enumerate(found):
        for group in numbers & wanted:
            noted[group].append(place)
    return {group: at[:MOST_PLACES] for group, at in noted.items()}


def find(rules: Iterable[lexicon.Rule], reading: Reading) -> list[Finding]:
    """Run rules over a text."""
    known: _Known = {}
    return [Finding(rule=rule, spans=spans) for rule in rules if (spans := _spans(rule.plan, reading, known))]


def term(book: lexicon.Lexicon, span: Span, words: Sequence[str]) -> str:
    """Write what was found as the rule does."""
    if isinstance(span.made_of, int):
        return groups.term(book.word_groups[span.made_of], words[span.start])
    return " ".join(term(book, piece, words) for piece in span.made_of)


def _spans(plan: Plan, reading: Reading, known: _Known) -> tuple[Span, ...]:
    """Give the spans of a plan, in order of their starts; equal plans are one object, so that each runs once."""
    if not plan.asks.must <= reading.here:
        return ()
    if plan not in known:
        known[plan] = _run(plan, reading, known)
    return known[plan]


def _run(plan: Plan, reading: Reading, known: _Known) -> tuple[Span, ...]:
    match plan:
        case Leaf():
            group = plan.group
            return tuple([Span(at, at + 1, group) for at in reading.places[group]])
        case Chain():
            return _chain(plan, reading, known)
        case Choice():
            return _any(plan, reading, known)
        case _:
            subject = _spans(plan.subject, reading, known)
            if not subject:
                return ()
            context = _spans(plan.context, reading, known)
            if not context:
                return () if plan.wanted else subject
            return _condition(plan, subject, context, reading)


def _any(plan: Choice, reading: Reading, known: _Known) -> tuple[Span, ...]:
    found = [spans for part in plans.hopeful(plan, reading.here) if (spans := _spans(part, reading, known))]
    if len(found) == 1:
        return found[0]
    every = {(span.start, span.end): span for spans in found for span in spans}
    return tuple(sorted(every.values(), key=_by_start))


def _by_start(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _chain(plan: Chain, reading: Reading, known: _Known) -> tuple[Span, ...]:
    """Join from the right, so that a place counts exactly when the rest can follow it."""
    tail = _spans(plan.parts[-1], reading, known)
    for part, gap in zip(plan.parts[-2::-1], plan.gaps[::-1], strict=True):
        if not tail:
            return ()
        tail = _followed(_spans(part, reading, known), tail, gap, reading.sentences)
    return tail


def _followed(heads: Sequence[Span], tail: Sequence[Span], gap: int, sentences: Sequence[int]) -> tuple[Span, ...]:
    begins = [span.start for span in tail]
    found = []
    for head in heads:
        next_one = bisect.bisect_left(begins, head.end)
        if next_one == len(begins) or begins[next_one] > head.end + gap:
            continue
        follower = tail[next_one]
        if sentences[head.start] == sentences[follower.start]:
            found.append(Span(head.start, follower.end, (head, follower)))
    return tuple(found)


def _condition(plan: Condition, subject: Sequence[Span], context: Sequence[Span], reading: Reading) -> tuple[Span, ...]:
    if plan.scope == "text":
        near = _within([0] * len(reading.sentences), subject, context, apart=plan.wanted)
    elif plan.scope == "sentence":
        near = _within(reading.sentences, subject, context, apart=plan.wanted)
    elif plan.wanted:
        near = _beside(subject, context, plan.scope)
    else:
        near = _touching(subject, context, plan.scope)
    return tuple(span for span, is_near in zip(subject, near, strict=True) if is_near == plan.wanted)


def _within(areas: Sequence[int], subject: Iterable[Span], context: Iterable[Span], *, apart: bool) -> list[bool]:
    """Say of each subject whether a context stands in its area; `apart`: not on the subject itself."""
    first_end: dict[int, int] = {}
    last_start: dict[int, int] = {}
    for span in context:
        area = areas[span.start]
        first_end[area] = min(span.end, first_end.get(area, span.end))
        last_start[area] = max(span.start, last_start.get(area, span.start))
    return [
        (area := areas[span.start]) in first_end
        and (not apart or first_end[area] <= span.start or last_start[area] >= span.end)
        for span in subject
    ]


def _beside(subject: Iterable[Span], context: Sequence[Span], words: int) -> list[bool]:
    """Say of each subject whether a context stands before or after it with at most so many words between."""
    begins = [span.start for span in context]
    ends = sorted(span.end for span in context)
    return [
        _any_in(begins, span.end, span.end + words) or _any_in(ends, span.start - words, span.start) for span in subject
    ]


def _any_in(places: Sequence[int], low: int, high: int) -> bool:
    place = bisect.bisect_left(places, low)
    return place < len(places) and places[place] <= high


def _touching(subject: Iterable[Span], context: Sequence[Span], words: int) -> list[bool]:
    """Say of each subject whether a context overlaps it or stands near; for what excludes, overlapping counts."""
    begins = [span.start for span in context]
    furthest = list(itertools.accumulate((span.end for span in context), max))
    return [
        (place := bisect.bisect_right(begins, span.end + words)) > 0 and furthest[place - 1] >= span.start - words
        for span in subject
    ]
