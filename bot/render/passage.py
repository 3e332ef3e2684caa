"""The passage of a post around what was found in it: as much as is read at a glance, the matched words bold."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from bot.render import catalogue, masking, text
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage.models import Match, Post

ALERT_LIMIT = 600
"""Characters of a post's text that an alert shows."""
LINE_LIMIT = 110
"""Characters of a post's text that its line in a list shows."""

_SENTENCE = re.compile(r"[.!?…][»”\")]*\s+|\n+")
_BREAKS = re.compile(r"\n+")
_NAMED_PARTS = frozenset({"poll", "preview"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A text whole, in three parts of which the second is read at a glance; the others may be empty."""

    before: tuple[Span, ...]
    passage: tuple[Span, ...]
    after: tuple[Span, ...]


def passage(
    texts: Catalogue,
    post: Post,
    matches: Sequence[Match],
    *,
    limit: int = ALERT_LIMIT,
    within: tuple[int, int] | None = None,
) -> tuple[Span, ...]:
    """Give the stretch of a post's text that holds most of the matches, of about `limit` characters at most.

    It is cut between words, with … where something is missing. Where a part of the text is a poll or a link preview,
    that is said before it. Numbers of persons are masked. Of a post without text it is said that it has none any more.
    `within` names the only part of the text that matters, such as a sentence.
    """
    parts = whole(texts, post, matches, limit=limit, within=within)
    return (
        *((Span(text.ELLIPSIS),) if parts.before else ()),
        *parts.passage,
        *((Span(text.ELLIPSIS),) if parts.after else ()),
    )


def whole(
    texts: Catalogue,
    post: Post,
    matches: Sequence[Match],
    *,
    limit: int = ALERT_LIMIT,
    within: tuple[int, int] | None = None,
) -> Whole:
    """Give all of a post's text (or what is `within`): what `passage` gives, and what stands before and after it."""
    if not post.text:
        return Whole(before=(), passage=(Span(catalogue.text(texts, "part.erased"), "italic"),), after=())
    # Before anything is cut: half a number would not be known for one.
    post = replace(post, text=masking.masked(post.text))
    spans = _spans(texts, post, matches, within or (0, len(post.text)))
    ends = list(accumulate(len(span.text) for span in spans))
    said = "".join(span.text for span in spans)
    found = [(end - len(span.text), end) for span, end in zip(spans, ends, strict=True) if span.style == "bold"]
    start, end = _window(said, found, limit)
    end = start + len(said[start:end].rstrip()) if end < len(said) else end
    return Whole(
        before=tuple(_between(spans, 0, start)),
        passage=tuple(_between(spans, start, end)),
        after=tuple(_between(spans, end, len(said))),
    )


def on_one_line(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Give a passage without line breaks, for a list."""
    return tuple(replace(span, text=_BREAKS.sub(" ", span.text)) for span in spans)


def _spans(texts: Catalogue, post: Post, matches: Sequence[Match], within: tuple[int, int]) -> list[Span]:
    # Cleaning moves what stands behind, so the text is first divided where something begins or ends.
    first, last = within
    named = (part for part in post.parts if part.kind in _NAMED_PARTS)
    # What is only a piece of such a part is called like the part.
    labels = {max(first, part.start): f"part.{part.kind}" for part in named if part.start < last and part.end > first}
    found = _merged([match for match in matches if match.start >= first], last)
    edges = {first, last, *labels, *(edge for place in found for edge in place)}
    spans: list[Span] = []
    for start, end in pairwise(sorted(edges)):
        if start in labels:
            spans.append(Span(f"{catalogue.text(texts, labels[start])} ", "italic"))
        before = bisect_right(found, start, key=lambda place: place[0]) - 1
        inside = before >= 0 and start < found[before][1]
        spans.append(Span(text.tidy(post.text[start:end]), "bold" if inside else None))
    return _trimmed([span for span in spans if span.text])


def _merged(matches: Sequence[Match], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for match in sorted(matches, key=lambda match: match.start):
        start, end = match.start, min(match.end, length)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _trimmed(spans: list[Span]) -> list[Span]:
    if spans:
        spans[0] = replace(spans[0], text=spans[0].text.lstrip())
        spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip())
    return [span for span in spans if span.text]


def _window(whole: str, found: Sequence[tuple[int, int]], limit: int) -> tuple[int, int]:
    if len(whole) <= limit:
        return 0, len(whole)
    first, last = _densest(found, limit * 2 // 3) if found else (0, 0)
    start = min(max(0, (first + last - limit) // 2), first, len(whole) - limit)
    start = min(_begin(whole, start, first), first)
    end = start + limit
    return start, max(text.end_before(whole, end), min(last, end))


def _begin(whole: str, start: int, first: int) -> int:
    if start == 0:
        return 0
    sentence = _SENTENCE.search(whole, start, first)
    return sentence.end() if sentence else text.start_after(whole, start)


def _densest(found: Sequence[tuple[int, int]], width: int) -> tuple[int, int]:
    ends = [end for _, end in found]
    counts = [bisect_right(ends, start + width) - number for number, (start, _) in enumerate(found)]
    best = counts.index(max(counts))
    return found[best][0], ends[best + max(counts[best], 1) - 1]


def _between(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    kept: list[Span] = []
    position = 0
    for span in spans:
        shown = span.text[max(0, start - position) : max(0, end - position)]
        position += len(span.text)
        if shown:
            kept.append(replace(span, text=shown))
    return kept
