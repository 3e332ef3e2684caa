"""Telegram's objects for what a post can carry besides its text; metadata only, nothing can be downloaded."""

import itertools
from typing import Any

from telethon.tl import types

from bot.sandbox.state import Rich

_numbers = itertools.count(5_000_000_001)
"""Ids of media need only differ."""


def photo(*, identity: int | None = None, size: int = 40_000, side: int = 800) -> Any:
    """Make a picture; with `identity`, of an uploaded file of `size` bytes."""
    number = identity or next(_numbers)
    sizes = [types.PhotoSize(type="x", w=side, h=side, size=size)]
    return types.MessageMediaPhoto(
        photo=types.Photo(id=number, access_hash=number, file_reference=b"", date=0, sizes=sizes, dc_id=2)
    )


def document(
    name: str = "document.pdf",
    *,
    mime_type: str = "application/pdf",
    identity: int | None = None,
    size: int = 40_000,
    attributes: tuple[Any, ...] = (),
    **flags: bool,
) -> Any:
    """Make a file; with `identity`, of an uploaded one. `flags`: "video", "round", "voice" of MessageMediaDocument."""
    number = identity or next(_numbers)
    named = [types.DocumentAttributeFilename(file_name=name), *attributes]
    return types.MessageMediaDocument(
        document=types.Document(
            id=number,
            access_hash=number,
            file_reference=b"",
            date=0,
            mime_type=mime_type,
            size=size,
            dc_id=2,
            attributes=named,
        ),
        **flags,
    )


def video(*, seconds: float = 12.0) -> Any:
    """Make a video."""
    attribute = types.DocumentAttributeVideo(duration=seconds, w=720, h=1280)
    return document("video.mp4", mime_type="video/mp4", attributes=(attribute,), video=True)


def voice(*, seconds: int = 7) -> Any:
    """Make a voice message."""
    attribute = types.DocumentAttributeAudio(duration=seconds, voice=True)
    return document("voice.ogg", mime_type="audio/ogg", attributes=(attribute,), voice=True)


def sticker() -> Any:
    """Make a sticker."""
    attribute = types.DocumentAttributeSticker(alt="🙂", stickerset=types.InputStickerSetEmpty())
    return document("sticker.webp", mime_type="image/webp", attributes=(attribute,))


def place(*, latitude: float = 50.0, longitude: float = 36.2) -> Any:
    """Make a point on the map."""
    return types.MessageMediaGeo(geo=types.GeoPoint(long=longitude, lat=latitude, access_hash=0))


def unsupported() -> Any:
    """Make something that this layer of the protocol does not know."""
    return types.MessageMediaUnsupported()


def poll(question: str, *options: str, quiz: bool = False) -> Any:
    """Make a poll."""
    answers = [
        types.PollAnswer(text=_plain(option), option=str(number).encode()) for number, option in enumerate(options)
    ]
    asked = types.Poll(id=next(_numbers), question=_plain(question), answers=answers, hash=0, quiz=quiz)
    return types.MessageMediaPoll(poll=asked, results=types.PollResults())


def preview(url: str, *, title: str | None = None, description: str | None = None, site: str | None = None) -> Any:
    """Make the preview of a page that a post links to."""
    page = types.WebPage(
        id=next(_numbers), url=url, display_url=url, hash=0, site_name=site, title=title, description=description
    )
    return types.MessageMediaWebPage(webpage=page)


def rich(*blocks: Any, shown: int | None = None) -> Rich:
    """Make a rich text of page blocks; a string is a paragraph. `shown`: posts show only so many, and say so."""
    built = [
        types.PageBlockParagraph(text=types.TextPlain(text=block)) if isinstance(block, str) else block
        for block in blocks
    ]
    whole = types.RichMessage(blocks=built, photos=[], documents=[])
    if shown is None:
        return Rich(shown=whole, whole=whole)
    part = types.RichMessage(blocks=built[:shown], photos=[], documents=[], part=True)
    return Rich(shown=part, whole=whole)


def bold(offset: int, length: int) -> Any:
    """Mark a stretch as bold; in UTF-16 units."""
    return types.MessageEntityBold(offset=offset, length=length)


def link(offset: int, length: int, url: str) -> Any:
    """Mark a stretch as a link; in UTF-16 units."""
    return types.MessageEntityTextUrl(offset=offset, length=length, url=url)


def pinned() -> Any:
    """Make the service message that a post was pinned."""
    return types.MessageActionPinMessage()


def retitled(title: str) -> Any:
    """Make the service message that the title was changed."""
    return types.MessageActionChatEditTitle(title=title)


def _plain(text: str) -> Any:
    return types.TextWithEntities(text=text, entities=[])
