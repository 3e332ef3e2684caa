"""Finds the places of a text that rules describe. Time grows with the length of the text, whatever the rules say."""

import bisect
import itertools
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.pipeline import groups, lexicon, plans
from bot.pipeline.plans import Chain, Choice, Condition, Leaf, Plan


class Span(NamedTuple):
    """Words `start` up to but not including `end`, and how the rule writes what stands there."""

    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as its words, the sentence of each, and the places where words of each group stand."""

    words: Sequence[str]
    sentences: Sequence[int]
    groups: Mapping[int, Sequence[int]]


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


def present(
    book: lexicon.Lexicon, language: str, words: Sequence[str], is_capital: Callable[[int], bool]
) -> frozenset[int]:
    """Give the groups of which a word stands in the text; `is_capital` says of a place that its word is in capitals."""
    indexes = (book.forms, *_homes(book, language))
    found = [index[word] for index in indexes for word in index.keys() & words]
    found += [numbers for _, numbers in _stems(book, words)]
    found += [numbers for _, numbers in _capitals(book, words, is_capital)]
    return frozenset().union(*found)


def places(
    book: lexicon.Lexicon,
    language: str,
    words: Sequence[str],
    is_capital: Callable[[int], bool],
    wanted: Container[int],
) -> dict[int, list[int]]:
    """Note for each of the `wanted` groups the places where a word of it stands."""
    found: dict[int, list[int]] = defaultdict(list)
    hits = [
        (place, index[word])
        for index in (book.forms, *_homes(book, language))
        for place, word in enumerate(words)
        if word in index
    ]
    for place, numbers in itertools.chain(hits, _stems(book, words), _capitals(book, words, is_capital)):
        for group in numbers:
            if group in wanted:
                found[group].append(place)
    for group in book.mixed.intersection(found):  # more than one kind of word: in order again, each place once
        found[group] = sorted(set(found[group]))
    return found


def _homes(book: lexicon.Lexicon, language: str) -> Iterable[groups.Index]:
    return (book.home[language],) if language in book.home else book.home.values()


def _stems(book: lexicon.Lexicon, words: Sequence[str]) -> Iterator[tuple[int, tuple[int, ...]]]:
    keys = {word[: lexicon.STEM_KEY] for word in words} & book.stems.keys()
    if not keys:
        return
    for place in [place for place, word in enumerate(words) if word[: lexicon.STEM_KEY] in keys]:
        word = words[place]
        yield place, tuple(number for stem, number in book.stems[word[: lexicon.STEM_KEY]] if word.startswith(stem))


def _capitals(
    book: lexicon.Lexicon, words: Sequence[str], is_capital: Callable[[int], bool]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    literals = book.capitals.keys() & words
    for place in [place for place, word in enumerate(words) if word in literals] if literals else ():
        if is_capital(place):
            yield place, book.capitals[words[place]]


def candidates(book: lexicon.Lexicon, here: frozenset[int]) -> list[lexicon.Rule]:
    """List the rules of which all that they need is somewhere in the text; `here`: the groups that are present."""
    numbers = {number for group in here & book.triggers.keys() for number in book.triggers[group]}
    return [book.rules[number] for number in sorted(numbers) if _possible(book.rules[number], here)]


def _possible(rule: lexicon.Rule, here: frozenset[int]) -> bool:
    return not any(need.isdisjoint(here) for need in rule.needs) and plans.possible(rule.plan, here)


def find(book: lexicon.Lexicon, rules: Iterable[lexicon.Rule], reading: Reading) -> list[Finding]:
    """Run rules over a text."""
    known: dict[int, tuple[Span, ...]] = {}
    found = [Finding(rule=rule, spans=_spans(rule.plan, book, reading, known)) for rule in rules]
    return [finding for finding in found if finding.spans]


def _spans(plan: Plan, book: lexicon.Lexicon, reading: Reading, known: dict[int, tuple[Span, ...]]) -> tuple[Span, ...]:
    """Give the spans of a plan, in order of their starts; equal plans are one object, so that each runs once."""
    if id(plan) not in known:
        if isinstance(plan, Leaf):
            known[id(plan)] = _leaf(plan, book, reading)
        else:
            known[id(plan)] = _compound(plan, book, reading, known)
    return known[id(plan)]


def _leaf(plan: Leaf, book: lexicon.Lexicon, reading: Reading) -> tuple[Span, ...]:
    terms, words = book.terms[plan.group], reading.words
    return tuple(Span(at, at + 1, _term(terms, words[at])) for at in reading.groups.get(plan.group, ()))


def _term(terms: Mapping[str, str], word: str) -> str:
    if word in terms:
        return terms[word]
    return next((stem for stem in terms if word.startswith(stem)), word.upper())


def _compound(
    plan: Chain | Choice | Condition, book: lexicon.Lexicon, reading: Reading, known: dict[int, tuple[Span, ...]]
) -> tuple[Span, ...]:
    match plan:
        case Chain():
            return _chain(plan, book, reading, known)
        case Choice():
            every = itertools.chain.from_iterable(_spans(part, book, reading, known) for part in plan.parts)
            return tuple(sorted({(span.start, span.end): span for span in every}.values(), key=_by_start))
        case _:
            subject = _spans(plan.subject, book, reading, known)
            if not subject:
                return ()
            context = _spans(plan.context, book, reading, known)
            if not context:
                return () if plan.wanted else subject
            return _condition(plan, subject, context, reading)


def _by_start(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _chain(
    plan: Chain, book: lexicon.Lexicon, reading: Reading, known: dict[int, tuple[Span, ...]]
) -> tuple[Span, ...]:
    """Join from the right, so that a place counts exactly when the rest can follow it."""
    tail = _spans(plan.parts[-1], book, reading, known)
    for part, gap in zip(plan.parts[-2::-1], plan.gaps[::-1], strict=True):
        if not tail:
            return ()
        tail = _followed(_spans(part, book, reading, known), tail, gap, reading.sentences)
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
