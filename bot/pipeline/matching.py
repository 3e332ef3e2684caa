"""Finds the places of a text that rules describe. Time grows with the length of the text, whatever the rules say."""

import bisect
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.pipeline import lexicon
from bot.pipeline.lexicon import Chain, Choice, Condition, Leaf, Plan


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `start` up to but not including `end`, and how the rule writes what stands there."""

    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as the sentence of each of its words, and the places where words of each group stand."""

    sentences: Sequence[int]
    groups: Mapping[int, tuple[Span, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule and the places where it holds."""

    rule: lexicon.Rule
    spans: tuple[Span, ...]


def anchored(book: lexicon.Lexicon, words: Sequence[str]) -> bool:
    """Say quickly whether any rule can hold at all: a word without which none starts is there."""
    if not book.anchors.isdisjoint(words):
        return True
    stems = book.anchor_stems
    return any(word.startswith(stems[key]) for word in words if (key := word[: lexicon.STEM_KEY]) in stems)


def groups(  # noqa: C901 -- three kinds of words, one pass
    book: lexicon.Lexicon, language: str, words: Sequence[str], is_capital: Callable[[int], bool]
) -> dict[int, tuple[Span, ...]]:
    """Note for each group the places where a word of it stands; `is_capital` says it of the word at a place."""
    found: dict[int, list[Span]] = defaultdict(list)
    indexes = [book.forms, *([book.home[language]] if language in book.home else book.home.values())]
    for place, word in enumerate(words):
        for index in indexes:
            for group in index.get(word, ()):
                found[group].append(Span(place, place + 1, book.terms[group][word]))
        if word[: lexicon.STEM_KEY] in book.stems:
            for stem, group in book.stems[word[: lexicon.STEM_KEY]]:
                if word.startswith(stem):
                    found[group].append(Span(place, place + 1, stem))
        if word in book.capitals and is_capital(place):
            for group in book.capitals[word]:
                found[group].append(Span(place, place + 1, word.upper()))
    return {group: tuple(spans) for group, spans in found.items()}


def find(book: lexicon.Lexicon, reading: Reading) -> list[Finding]:
    """Run the rules that may hold over a text."""
    known: dict[int, tuple[Span, ...]] = {}
    findings = []
    for number in _candidates(book, reading.groups):
        rule = book.rules[number]
        spans = _spans(rule.plan, reading, known)
        if spans:
            findings.append(Finding(rule=rule, spans=spans))
    return findings


def _candidates(book: lexicon.Lexicon, present: Mapping[int, object]) -> list[int]:
    """List the rules of which all that they need is somewhere in the text."""
    numbers = {number for group in present for number in book.triggers.get(group, ())}
    return [number for number in sorted(numbers) if _possible(book.rules[number], present)]


def _possible(rule: lexicon.Rule, present: Mapping[int, object]) -> bool:
    return not any(need.isdisjoint(present) for need in rule.needs)


def _spans(plan: Plan, reading: Reading, known: dict[int, tuple[Span, ...]]) -> tuple[Span, ...]:
    """Give the spans of a plan, in order of their starts; equal plans are one object, so that each runs once."""
    if isinstance(plan, Leaf):
        return reading.groups.get(plan.group, ())
    if id(plan) not in known:
        known[id(plan)] = _compound(plan, reading, known)
    return known[id(plan)]


def _compound(
    plan: Chain | Choice | Condition, reading: Reading, known: dict[int, tuple[Span, ...]]
) -> tuple[Span, ...]:
    match plan:
        case Chain():
            return _chain(plan, reading, known)
        case Choice():
            every = itertools.chain.from_iterable(_spans(part, reading, known) for part in plan.parts)
            return tuple(sorted({(span.start, span.end): span for span in every}.values(), key=_by_start))
        case Condition():
            subject = _spans(plan.subject, reading, known)
            if not subject:
                return ()
            context = _spans(plan.context, reading, known)
            if not context:
                return () if plan.wanted else subject
            return _condition(plan, subject, context, reading)


def _by_start(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _chain(plan: Chain, reading: Reading, known: dict[int, tuple[Span, ...]]) -> tuple[Span, ...]:
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
            found.append(Span(head.start, follower.end, f"{head.term} {follower.term}"))
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
