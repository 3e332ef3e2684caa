"""What Homefront decides about a post: its language, and the places where topics are spoken of."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.pipeline import language, lexicon, matching, normalize, seams, tokens, unmask
from storage.models import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """The rules as loaded, and what tells languages."""

    book: lexicon.Lexicon
    detector: language.LanguageDetector


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What was decided about a text; the matches of a topic never overlap and stand in order."""

    language: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text, and where in it they stand."""

    words: Sequence[str]
    where: Sequence[tokens.Place]
    cleaned: normalize.Clean


def classify(classifier: Classifier, text: str) -> Classification:
    """Tell the language of a text and what it speaks of."""
    code = language.detect(classifier.detector, text)
    return Classification(language=code, matches=match(classifier.book, text, code))


def match(book: lexicon.Lexicon, text: str, code: str) -> tuple[Match, ...]:
    """Find what the rules look for in a text of the language `code`."""
    cleaned = normalize.clean(text)
    folded = tokens.without_links(normalize.fold(cleaned.text))
    words = tokens.cut(folded)
    hidden = unmask.read(cleaned, folded, words, book)
    if not hidden and not matching.anchored(book, words):
        return ()
    where = tokens.places(folded)
    masked: list[int] = []
    if hidden:
        words, where, masked = _merge(words, where, hidden)

    def is_capital(place: int) -> bool:
        start, end = where[place]
        return cleaned.text[start:end] == cleaned.text[start:end].upper()

    found = matching.groups_of(book, code, words, is_capital, masked)
    here: frozenset[int] = frozenset().union(*found)
    rules = matching.candidates(book, here)
    if not rules:
        return ()
    reading = matching.Reading(
        sentences=tokens.sentences(cleaned.text, where), here=here, places=matching.places(found, rules)
    )
    return _matches(book, matching.find(rules, reading), _Words(words, where, cleaned))


def _merge(
    words: list[str], where: list[tokens.Place], hidden: Sequence[seams.Read]
) -> tuple[list[str], list[tokens.Place], list[int]]:
    """Put words that were read in place of what stood there, and list which of them are masked."""
    merged_words: list[str] = []
    merged_where: list[tokens.Place] = []
    masked: list[int] = []
    place = 0
    for reading in _apart(hidden):
        while place < len(where) and where[place][1] <= reading.start:
            merged_words.append(words[place])
            merged_where.append(where[place])
            place += 1
        while place < len(where) and where[place][0] < reading.end:
            place += 1
        if reading.masked:
            masked.append(len(merged_words))
        merged_words.append(reading.word)
        merged_where.append((reading.start, reading.end))
    return merged_words + words[place:], merged_where + where[place:], masked


def _apart(hidden: Sequence[seams.Read]) -> list[seams.Read]:
    chosen: list[seams.Read] = []
    for reading in sorted(hidden, key=lambda reading: (reading.start, -reading.end)):
        if not chosen or reading.start >= chosen[-1].end:
            chosen.append(reading)
    return chosen


def _matches(book: lexicon.Lexicon, findings: Sequence[matching.Finding], read: _Words) -> tuple[Match, ...]:
    matches = []
    ends: dict[str, int] = {}
    every = [(span, finding.rule) for finding in findings for span in finding.spans]
    for span, rule in sorted(every, key=lambda found: (found[0].start, -found[0].end)):
        if span.start < ends.get(rule.topic, 0):
            continue
        ends[rule.topic] = span.end
        start = normalize.origin(read.cleaned, read.where[span.start][0])
        end = normalize.origin(read.cleaned, read.where[span.end - 1][1] - 1) + 1
        term = matching.term(book, span, read.words)
        matches.append(Match(topic=rule.topic, start=start, end=end, term=term, rule=rule.text))
    return tuple(matches)
