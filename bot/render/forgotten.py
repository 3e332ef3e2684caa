"""Takes what is forgotten out of messages that told of it: the whole of a message, or its line in a list."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.render import catalogue, phrases, text
from bot.render.catalogue import Catalogue
from storage.models import Entity, Message

_LINE_END, _ENTRY_END, _BLOCK_END = "\n", f"\n(?={phrases.BULLET})|\n\n", "\n\n"
_LIST_SIGN = re.compile(rf"\s*(?:{phrases.BULLET.strip()}|(?P<number>\d+)\.)?\s*")


def instead(texts: Catalogue, link: str, *, at: int, zone: ZoneInfo) -> Message:
    """Give what a message says that told of a post which the owner let be forgotten at `at` (UTC seconds)."""
    when = phrases.moment(texts, at, zone, near=at)
    return text.message(catalogue.spans(texts, "forget.instead", when=when, link=text.Span(link, "link", link)))


def list_instead(texts: Catalogue, *, at: int, zone: ZoneInfo) -> Message:
    """Give what a list says that may have shown a post which was forgotten at `at` (UTC seconds)."""
    return text.message(catalogue.spans(texts, "forget.list", when=phrases.moment(texts, at, zone, near=at)))


def file_instead(texts: Catalogue, *, at: int, zone: ZoneInfo) -> Message:
    """Give what comes in place of a file that held a post which was forgotten at `at` (UTC seconds)."""
    return text.message(catalogue.spans(texts, "forget.file", when=phrases.moment(texts, at, zone, near=at)))


def is_about(message: Message, links: Collection[str]) -> bool:
    """Say whether a message begins with one of `links`, as those do that explain one post."""
    return any(entity.start == 0 and entity.url in links for entity in message.entities)


def without(texts: Catalogue, message: Message, links: Collection[str]) -> Message:
    """Give a list without what it says of a post behind one of its `links`.

    That goes to the end of the line, behind a bullet to the next one or a blank line, in a numbered list and of what
    stands below a blank line to the next blank line.
    """
    for entity, end in sorted(_of(message, links), key=lambda found: -found[0].start):
        message = _without(texts, message, entity, end)
    return message


def _of(message: Message, links: Collection[str]) -> Iterator[tuple[Entity, str]]:
    units = message.text.encode("utf-16-le", "surrogatepass")
    for entity in message.entities:
        if entity.url in links:
            before = units[: 2 * entity.start].decode("utf-16-le", "surrogatepass")
            above, _, ahead = before.rpartition("\n")
            sign = _LIST_SIGN.fullmatch(ahead)
            if sign is not None:
                yield entity, _end(ahead, above, numbered=bool(sign["number"]))


def _end(ahead: str, above: str, *, numbered: bool) -> str:
    if numbered or (not ahead and above.endswith("\n")):
        return _BLOCK_END
    return _ENTRY_END if ahead == phrases.BULLET else _LINE_END


def _without(texts: Catalogue, message: Message, link: Entity, end_sign: str) -> Message:
    units = message.text.encode("utf-16-le", "surrogatepass")
    start = link.start + link.length
    told = re.split(end_sign, units[2 * start :].decode("utf-16-le", "surrogatepass"), maxsplit=1)[0]
    note = f" {catalogue.text(texts, 'part.erased')}"
    limit = text.TEXT_LIMIT if message.picture is None else text.CAPTION_LIMIT
    if text.utf16(message.text) - text.utf16(told) + text.utf16(note) > limit:
        note = ""
    end, moved = start + text.utf16(told), text.utf16(note) - text.utf16(told)
    kept = (_beside(entity, start, end, moved) for entity in message.entities)
    return replace(
        message,
        text=(units[: 2 * start] + note.encode("utf-16-le") + units[2 * end :]).decode("utf-16-le", "surrogatepass"),
        entities=tuple(entity for entity in kept if entity is not None),
    )


def _beside(entity: Entity, start: int, end: int, moved: int) -> Entity | None:
    """Give an entity as it stands when what lies from `start` to `end` is `moved` units longer; None: it lies there."""
    first, last = entity.start, entity.start + entity.length
    if last <= start:
        return entity
    if first >= end:
        return replace(entity, start=first + moved)
    if first < start and last >= end:
        return replace(entity, length=entity.length + moved)
    return None
