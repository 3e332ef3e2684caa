"""An alert in which the words of the post stand in another language; all else of it stays as it is."""

from bot.render import masking, text
from storage.models import Entity, Message

WORDS_LIMIT = 1500
"""UTF-16 units of a post that are translated at once: more than an alert quotes, and still read on a phone."""


def words(written: str) -> str:
    """Give what of a post's text is translated: without formats, so that nothing in it can act, and masked."""
    return text.cut(text.tidy(masking.masked(written)).strip(), WORDS_LIMIT)


def in_place(message: Message, translation: str, note: str) -> Message:
    """Put `translation` where `message` quotes the post, and `note` under it.

    The longest quotation is the post's. Formats within it go; those behind it move with their words. A translation in
    which nothing can be seen changes nothing.
    """
    quotes = [entity for entity in message.entities if entity.kind in {"quote", "folded"}]
    whole = Entity(kind="quote", start=text.utf16(message.text), length=0)
    quote = max(quotes, key=lambda entity: entity.length, default=whole)
    end = quote.start + quote.length
    before, after = _piece(message.text, 0, quote.start), _piece(message.text, end, None)
    room = text.TEXT_LIMIT - text.utf16(f"{before}\n{note}{after}")
    shown = text.cut(masking.masked(text.tidy(translation).strip()), room)
    if not shown:
        return message
    moved = text.utf16(f"{shown}\n{note}") - quote.length
    kept = [entity for entity in message.entities if entity.start + entity.length <= quote.start]
    behind = [_moved(entity, moved) for entity in message.entities if entity.start >= end and entity is not quote]
    added = [
        Entity(kind=quote.kind, start=quote.start, length=text.utf16(shown)),
        Entity(kind="italic", start=quote.start + text.utf16(shown) + 1, length=text.utf16(note)),
    ]
    return Message(
        text=f"{before}{shown}\n{note}{after}",
        entities=(*kept, *added, *behind),
        buttons=message.buttons,
        picture=message.picture,
        silent=message.silent,
    )


def _piece(whole: str, start: int, end: int | None) -> str:
    units = whole.encode("utf-16-le", "surrogatepass")
    return units[2 * start : None if end is None else 2 * end].decode("utf-16-le", "surrogatepass")


def _moved(entity: Entity, by: int) -> Entity:
    return Entity(kind=entity.kind, start=entity.start + by, length=entity.length, url=entity.url)
