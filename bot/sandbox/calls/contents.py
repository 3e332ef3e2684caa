"""What a message may hold, checked as Telegram does it: lengths, formats, buttons."""

from typing import Any

from bot.sandbox.calls import uploads
from bot.sandbox.state import Letter, Post, RefusedError, State

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
MOST_ENTITIES = 100
LONGEST_DATA = 64


def check_length(text: str, *, captioned: bool) -> None:
    """Refuse a text, or the caption of a picture, that is too long."""
    if captioned and units(text) > LONGEST_CAPTION:
        raise RefusedError(400, "MEDIA_CAPTION_TOO_LONG")
    if units(text) > LONGEST_TEXT:
        raise RefusedError(400, "MESSAGE_TOO_LONG")


def entities(request: Any, text: str) -> list[Any]:
    """Return the formats of a request, which must lie within `text`."""
    found = list(request.entities or ())[:MOST_ENTITIES]
    end = units(text)
    if any(entity.offset < 0 or entity.length < 1 or entity.offset + entity.length > end for entity in found):
        raise RefusedError(400, "ENTITY_BOUNDS_INVALID")
    return found


def checked(buttons: Any) -> Any:
    """Return buttons that have a label and carry no more than they may."""
    if buttons is None:
        return None
    for row in getattr(buttons, "rows", ()):
        for button in row.buttons:
            if not button.text or len(getattr(button.type, "data", b"")) > LONGEST_DATA:
                raise RefusedError(400, "BUTTON_DATA_INVALID")
    return buttons


def data_of(under: Letter | Post) -> set[bytes]:
    """Return what the buttons under a message carry."""
    rows = getattr(under.buttons, "rows", ())
    return {getattr(button.type, "data", b"") for row in rows for button in row.buttons}


def changes(state: State, held: Letter | Post, request: Any) -> dict[str, Any]:
    """Return what an edit makes of a message, in which something must change."""
    text = held.text if request.message is None else request.message
    check_length(text, captioned=held.media is not None)
    made: dict[str, Any] = {"text": text, "buttons": checked(request.reply_markup)}
    if request.message is not None:
        made["entities"] = entities(request, text)
    if request.media is not None:
        made["media"] = uploads.media_of(state, request.media)
    if all(bool(getattr(held, name) == value) for name, value in made.items()):
        raise RefusedError(400, "MESSAGE_NOT_MODIFIED")
    return made


def units(text: str) -> int:
    """Give a length as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2
