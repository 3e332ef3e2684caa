"""Text for Telegram: spans become plain text with entities, within Telegram's limits; nothing is ever markup."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import Literal

from bot.render import masking
from storage.document_models import Document
from storage.models import Button, Entity, EntityKind, Message

TEXT_LIMIT = 4096
"""UTF-16 units that a message may hold."""
CAPTION_LIMIT = 1024
"""UTF-16 units that the caption of a picture may hold."""
ENTITY_LIMIT = 100
"""Entities that a message may hold; Telegram drops those beyond."""
ELLIPSIS = "…"
Quoted = Literal["quote", "folded"]

_ZWJ = "\u200d"
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_STRAY_JOINER = re.compile(f"(?<![{_EMOJI}\ufe0f]){_ZWJ}+|{_ZWJ}+(?![{_EMOJI}])")
_TOWER_OF_MARKS = re.compile(f"(?<=[{_MARKS}]{{4}})[{_MARKS}]+")
_SPACE = re.compile(r"\s+")
_ATTACHED = re.compile(f"[{_MARKS}{_ZWJ}\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_SEARCH = 40
"""How far from a cut a gap between words is looked for, in characters; beyond it a word is cut."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text with at most one style; `quoted` spans that follow each other make one quotation.

    Of a "folded" quotation a few lines show until it is tapped. `url` is where a span of the style "link" leads.
    """

    text: str
    style: EntityKind | None = None
    url: str | None = None
    quoted: Quoted | None = None


def utf16(text: str) -> int:
    """Give the length of `text` in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Take out what is not seen but acts: direction marks, zero-width and control characters, towers of marks.

    Line feeds and tabs stay, and so does the joiner inside an emoji.
    """
    text = _UNSEEN.sub("", text)
    return _TOWER_OF_MARKS.sub("", _STRAY_JOINER.sub("", text))


def tidy(text: str) -> str:
    """Give `text` cleaned, runs of spaces as one and at most one blank line in a row."""
    return _SPACE.sub(lambda run: "\n" * min(2, run[0].count("\n")) or " ", clean(text))


def line(text: str, limit: int) -> str:
    """Give `text` cleaned as a single line of at most `limit` UTF-16 units, with numbers of persons masked."""
    return cut(masking.masked(_SPACE.sub(" ", clean(text)).strip(), guess=False), limit)


def capitalized(text: str) -> str:
    """Give `text` with its first letter as a capital and the rest as it is."""
    return text[:1].upper() + text[1:]


def cut(text: str, limit: int) -> str:
    """Cut `text` to at most `limit` UTF-16 units, the … included, between words and never inside an emoji."""
    if utf16(text) <= limit:
        return text
    fitting = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    return text[: end_before(text, len(fitting))].rstrip() + ELLIPSIS


def end_before(text: str, position: int) -> int:
    """Give the best place at or shortly before `position` (characters) to end a stretch of `text`."""
    if position >= len(text):
        return len(text)
    nearby = range(position, max(position - _SEARCH, 0), -1)
    gaps = (place for place in nearby if text[place].isspace())
    whole = (place for place in nearby if _may_cut(text, place))
    return next(gaps, next(whole, position))


def start_after(text: str, position: int) -> int:
    """Give the best place at or shortly after `position` (characters) to begin a stretch of `text`."""
    if position <= 0:
        return 0
    nearby = range(position, min(position + _SEARCH, len(text)))
    gaps = (place for place in nearby if text[place - 1].isspace())
    whole = (place for place in nearby if _may_cut(text, place))
    return next(gaps, next(whole, position))


def _may_cut(text: str, place: int) -> bool:
    if _ATTACHED.match(text[place]) or text[place - 1] == _ZWJ:
        return False
    flags = 0
    while _is_regional(text[place - 1 - flags : place - flags]):
        flags += 1
    return flags % 2 == 0 or not _is_regional(text[place])


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def fit(spans: Sequence[Span], limit: int) -> tuple[Span, ...]:
    """Cut spans to `limit` UTF-16 units in all; the last that is left ends with … where something is missing."""
    ends = list(accumulate(utf16(span.text) for span in spans))
    if not ends or ends[-1] <= limit:
        return tuple(spans)
    last = bisect_left(ends, limit)
    room = limit - (ends[last - 1] if last else 0)
    return (*spans[:last], replace(spans[last], text=cut(spans[last].text + ELLIPSIS, room)))


def compose(spans: Sequence[Span]) -> tuple[str, tuple[Entity, ...]]:
    """Join spans to a cleaned text without space at its ends, and the entities of their styles in order.

    Numbers of persons are masked once more: whatever is sent comes this way, also what forgot to do so before.
    """
    kept = _masked(_stripped([replace(span, text=cleaned) for span in spans if (cleaned := clean(span.text))]))
    found: list[Entity] = []
    length = 0
    for quoted, group in groupby(kept, key=lambda span: span.quoted):
        spans_of_group = list(group)
        if quoted is not None:
            found += _entity(quoted, spans_of_group, length)
        for span in spans_of_group:
            if span.style is not None:
                found += _entity(span.style, [span], length)
            length += utf16(span.text)
    found.sort(key=lambda entity: (entity.start, -entity.length))
    return "".join(span.text for span in kept), tuple(found)


def _masked(spans: Sequence[Span]) -> list[Span]:
    # As a whole: a number may begin in one span and end in the next.
    whole = masking.masked("".join(span.text for span in spans), guess=False)
    ends = accumulate(len(span.text) for span in spans)
    return [replace(span, text=whole[end - len(span.text) : end]) for span, end in zip(spans, ends, strict=True)]


def _stripped(spans: list[Span]) -> list[Span]:
    while spans and not spans[0].text.strip():
        del spans[0]
    while spans and not spans[-1].text.strip():
        del spans[-1]
    if spans:
        spans[0] = replace(spans[0], text=spans[0].text.lstrip())
        spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip())
    return spans


def _entity(kind: EntityKind, spans: Sequence[Span], start: int) -> list[Entity]:
    text = "".join(span.text for span in spans)
    length = utf16(text.strip())
    if not length:
        return []
    start += utf16(text) - utf16(text.lstrip())
    url = spans[0].url if kind == "link" else None
    return [Entity(kind=kind, start=start, length=length, url=url)]


def message(
    spans: Sequence[Span],
    *,
    buttons: tuple[tuple[Button, ...], ...] = (),
    picture: bytes | None = None,
    document: Document | None = None,
    silent: bool = False,
) -> Message:
    """Make one message of spans, cut to what Telegram takes: as a text, or as the caption of a picture or document."""
    limit = TEXT_LIMIT if picture is None and document is None else CAPTION_LIMIT
    text, entities = compose(_thinned(fit(spans, limit)))
    return Message(text=text, entities=entities, buttons=buttons, picture=picture, document=document, silent=silent)


def pack(items: Sequence[Sequence[Span]], *, separator: str = "\n", silent: bool = False) -> tuple[Message, ...]:
    """Put items (lines, paragraphs) into as few messages as hold them; no item is divided.

    An item that no message could hold is cut. Between two items of one message stands `separator`.
    """
    pages: list[list[Span]] = []
    room = styles = 0
    for item in items:
        fitted = _thinned(fit(item, TEXT_LIMIT))
        length, styled = sum(utf16(span.text) for span in fitted), _styles(fitted)
        if not pages or utf16(separator) + length > room or styles + styled > ENTITY_LIMIT:
            pages.append([])
            room, styles = TEXT_LIMIT, 0
        else:
            pages[-1].append(_between(pages[-1], fitted, separator))
            room -= utf16(separator)
        pages[-1] += fitted
        room, styles = room - length, styles + styled
    return tuple(message(page, silent=silent) for page in pages)


def captioned(lines: Sequence[Sequence[Span]]) -> tuple[Sequence[Sequence[Span]], Sequence[Sequence[Span]]]:
    """Part lines that begin under a picture: those that its caption holds, and those that follow below."""
    room = CAPTION_LIMIT + 1
    for number, spans in enumerate(lines):
        room -= 1 + sum(utf16(span.text) for span in spans)
        if room < 0:
            return lines[:number], lines[number:]
    return lines, ()


def joined(items: Sequence[Sequence[Span]], *, separator: str = "\n") -> list[Span]:
    """Put items one after the other with `separator` between; quoted ones stay one quotation."""
    spans: list[Span] = []
    for item in items:
        if spans:
            spans.append(_between(spans, item, separator))
        spans += item
    return spans


def _between(before: Sequence[Span], after: Sequence[Span], separator: str) -> Span:
    kinds = {before[-1].quoted, after[0].quoted if after else None}
    return Span(separator, quoted=kinds.pop() if len(kinds) == 1 else None)


def _thinned(spans: Sequence[Span]) -> tuple[Span, ...]:
    # Where there are too many entities, the last bold words go before any link or quotation.
    excess = _styles(spans) - ENTITY_LIMIT
    if excess <= 0:
        return tuple(spans)
    by_need = sorted(
        (number for number, span in enumerate(spans) if span.style is not None),
        key=lambda number: (spans[number].style == "link", -number),
    )
    plain = set(by_need[:excess])
    return tuple(replace(span, style=None, url=None) if number in plain else span for number, span in enumerate(spans))


def _styles(spans: Sequence[Span]) -> int:
    quotes = sum(quoted is not None for quoted, _ in groupby(spans, key=lambda span: span.quoted))
    return quotes + sum(span.style is not None for span in spans)


def readable(message: Message) -> str:
    """Give a message as plain text for a terminal or a file: where a link leads stands in brackets behind it."""
    units = message.text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(message.entities, key=lambda entity: -entity.start):
        end = 2 * (entity.start + entity.length)
        shown = units[2 * entity.start : end].decode("utf-16-le", "surrogatepass")
        if entity.url is not None and entity.url != shown:
            units = units[:end] + f" ({entity.url})".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "surrogatepass")
