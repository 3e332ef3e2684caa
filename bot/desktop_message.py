"""Turns a message of a Telegram Desktop export into a post; what names a person is left out."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from storage.models import ChannelId, Entity, EntityKind, MessageId, Origin, PartKind, Post, TextPart

_LARGEST_ID = 2**31
_LARGEST_TIME = 2**32
_ENTITIES: Mapping[str, EntityKind] = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strike",
    "code": "code",
    "pre": "code",
    "blockquote": "quote",
    "text_link": "link",
}
_MEDIA = {
    "animation": "animation",
    "audio_file": "audio",
    "sticker": "sticker",
    "video_file": "video",
    "video_message": "video note",
    "voice_message": "voice",
}


class MalformedError(Exception):
    """A field is not as Telegram Desktop writes it; the message goes on a sentence that begins with the place."""


def to_post(message: Any, channel_id: ChannelId, *, zone: ZoneInfo) -> Post | None:
    """Return the post that `message` is, None for a service message.

    `zone` is that of the computer that made the export: exports from before 2022 write local times alone.
    """
    if not isinstance(message, dict):
        raise MalformedError("is not an object")
    if message.get("type") != "message":
        return None
    text, entities = _flat(message.get("text", ""))
    pieces: list[tuple[PartKind, str]] = [("message", text), ("poll", _poll(message.get("poll")))]
    whole, parts = _joined(pieces)
    return Post(
        channel_id=channel_id,
        message_id=MessageId(number(message, "id", largest=_LARGEST_ID)),
        date=_time(message, "date", zone),
        text=whole,
        edited_at=_time(message, "edited", zone) if {"edited", "edited_unixtime"} & message.keys() else None,
        parts=parts,
        entities=entities if text.strip() else (),
        media=_media(message),
        origin=_origin(message),
    )


def number(record: Mapping[str, Any], name: str, *, largest: int) -> int:
    """Return the field `name`, a whole number or its digits, without its sign; raises MalformedError."""
    value = record.get(name)
    if isinstance(value, str) and value.lstrip("-").isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < abs(value) < largest:
        raise MalformedError(f"has no usable number as {name!r}")
    return abs(value)


def sound(text: str) -> str:
    """Return `text` with halves of characters, which no database takes, replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _time(message: Mapping[str, Any], name: str, zone: ZoneInfo) -> int:
    if f"{name}_unixtime" in message:
        return number(message, f"{name}_unixtime", largest=_LARGEST_TIME)
    try:
        return int(datetime.fromisoformat(message[name]).replace(tzinfo=zone).timestamp())
    except (KeyError, TypeError, ValueError):
        raise MalformedError(f"has no usable time as {name!r}") from None


def _flat(text: Any) -> tuple[str, tuple[Entity, ...]]:
    """Return the text of a string, or of a list of strings and entities, and the entities that we keep."""
    words: list[str] = []
    entities: list[Entity] = []
    at = 0
    for kind, word, url in _runs(text):
        length = len(word.encode("utf-16-le")) // 2
        if kind is not None and length:
            entities.append(Entity(kind=kind, start=at, length=length, url=url))
        words.append(word)
        at += length
    return "".join(words), tuple(entities)


def _runs(text: Any) -> Iterator[tuple[EntityKind | None, str, str | None]]:
    for run in [text] if isinstance(text, str) else text if isinstance(text, list) else [None]:
        if isinstance(run, str):
            yield None, sound(run), None
        elif isinstance(run, dict) and isinstance(run.get("text"), str):
            url = run.get("href")
            kind = _ENTITIES.get(str(run.get("type")))
            yield kind, sound(run["text"]), sound(url) if kind == "link" and isinstance(url, str) else None
        else:
            raise MalformedError("has a 'text' that is neither text nor a list of texts")


def _poll(poll: Any) -> str:
    if poll is None:
        return ""
    if not isinstance(poll, dict) or not isinstance(poll.get("answers", []), list):
        raise MalformedError("has a 'poll' without question and answers")
    lines = [_flat(poll.get("question", ""))[0]]
    for answer in poll.get("answers", []):
        if not isinstance(answer, dict):
            raise MalformedError("has a 'poll' with an answer that is not an object")
        lines.append(f"• {_flat(answer.get('text', ''))[0]}")
    return "\n".join(lines)


def _joined(pieces: list[tuple[PartKind, str]]) -> tuple[str, tuple[TextPart, ...]]:
    whole = ""
    parts: list[TextPart] = []
    for kind, piece in pieces:
        if piece.strip():
            whole += "\n\n" if whole else ""
            parts.append(TextPart(kind=kind, start=len(whole), end=len(whole) + len(piece)))
            whole += piece
    return whole, tuple(parts)


def _media(message: Mapping[str, Any]) -> str | None:
    if "photo" in message:
        return "photo"
    kind = message.get("media_type")
    if isinstance(kind, str) and kind in _MEDIA:
        return _MEDIA[kind]
    for name, media in (
        ("file", "document"),
        ("poll", "poll"),
        ("location_information", "location"),
        ("contact_information", "contact"),
    ):
        if name in message:
            return media
    return None


def _origin(message: Mapping[str, Any]) -> Origin | None:
    """Return where a forward came from. Without an id a channel's title cannot be told from a person's name."""
    if "forwarded_from" not in message:
        return None
    source, title = message.get("forwarded_from_id"), message["forwarded_from"]
    digits = source.removeprefix("channel") if isinstance(source, str) else ""
    if not (digits and digits != source and digits.isdecimal()):
        return Origin(channel_id=None, message_id=None, title=None, date=None)
    return Origin(
        channel_id=ChannelId(number({"forwarded_from_id": digits}, "forwarded_from_id", largest=10**12)),
        message_id=None,
        title=sound(title) if isinstance(title, str) else None,
        date=None,
    )
