"""Turns Telethon's objects into our records. Nothing that names a person passes: no author, user, or signature."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from telethon.tl import types

from bot.commands.reader import RefusalReason
from bot.telegram import rich
from storage.models import ChannelId, ChannelInfo, Entity, EntityKind, MessageId, Origin, PartKind, Post, TextPart

BETWEEN_PARTS = "\n\n"

_ENTITIES: Mapping[type, EntityKind] = {
    types.MessageEntityBold: "bold",
    types.MessageEntityItalic: "italic",
    types.MessageEntityUnderline: "underline",
    types.MessageEntityStrike: "strike",
    types.MessageEntityCode: "code",
    types.MessageEntityPre: "code",
    types.MessageEntityBlockquote: "quote",
    types.MessageEntityTextUrl: "link",
}
_MEDIA: Mapping[type, str] = {
    types.MessageMediaPhoto: "photo",
    types.MessageMediaPoll: "poll",
    types.MessageMediaToDo: "list",
    types.MessageMediaGeo: "location",
    types.MessageMediaGeoLive: "location",
    types.MessageMediaVenue: "location",
    types.MessageMediaContact: "contact",
    types.MessageMediaStory: "story",
    types.MessageMediaPaidMedia: "paid media",
}
_NO_MEDIA = (types.MessageMediaEmpty, types.MessageMediaWebPage)


def to_post(message: Any, channel_id: ChannelId, *, sources: Mapping[int, Any] | None = None) -> Post | None:
    """Convert a message of a channel; None if it is a service message or an empty one.

    Args:
        message: what Telethon gave.
        channel_id: the channel it was read from.
        sources: channels by bare id as the same answer tells of them, for the origin of forwards.
    """
    if not isinstance(message, types.Message):
        return None
    text, parts = _text(message)
    return Post(
        channel_id=channel_id,
        message_id=MessageId(message.id),
        date=_seconds(message.date) or 0,
        text=text,
        edited_at=_seconds(message.edit_date),
        parts=parts,
        entities=_entities(message.entities or ()) if parts and parts[0].kind == "message" else (),
        media=_media(message.media),
        views=message.views,
        forwards=message.forwards,
        grouped_id=message.grouped_id,
        origin=_origin(message.fwd_from, sources or {}),
    )


def is_partial(message: Any) -> bool:
    """Say whether only a part of a rich message came, so that it has to be fetched whole."""
    return bool(getattr(getattr(message, "rich_message", None), "part", None))


def to_info(channel: Any, *, username: str | None = None) -> ChannelInfo:
    """Convert a Channel object.

    Args:
        channel: what Telethon gave.
        username: the name it was asked by, for servers that leave it out of the object.
    """
    return ChannelInfo(
        id=ChannelId(channel.id),
        access_hash=channel.access_hash or 0,
        username=_username(channel) or username,
        title=channel.title or "",
        verified=bool(channel.verified),
        fake=bool(channel.fake),
        scam=bool(channel.scam),
        restricted=bool(channel.restricted),
        subscribers=channel.participants_count,
        restriction=_restriction(channel.restriction_reason or ()),
    )


def refusal(entity: Any, *, username: str | None = None) -> RefusalReason | None:
    """Say why `entity` is not to be read; None: it is a public broadcast channel.

    Args:
        entity: a user, chat or channel as Telethon gave it.
        username: the name it was asked by: what was found by its username is public.
    """
    if isinstance(entity, types.User):
        return "bot" if entity.bot else "person"
    if isinstance(entity, types.ChannelForbidden):
        return "private"
    if not isinstance(entity, types.Channel):
        return "unknown" if isinstance(entity, types.UserEmpty | types.ChatEmpty) else "group"
    if not entity.broadcast or entity.megagroup or entity.gigagroup or entity.monoforum:
        return "group"
    return None if _username(entity) or username else "private"


def _restriction(reasons: Sequence[Any]) -> str:
    """Give the reason that Telegram gives everywhere, or else for one of its programs."""
    everywhere = (reason.text for reason in reasons if reason.platform == "all")
    return str(next(everywhere, next((reason.text for reason in reasons), "")))


def channels_among(chats: Sequence[Any]) -> dict[int, Any]:
    """Give the channels among `chats` by bare id."""
    return {chat.id: chat for chat in chats if isinstance(chat, types.Channel)}


def _username(channel: Any) -> str | None:
    if channel.username:
        return str(channel.username)
    return next((str(name.username) for name in channel.usernames or () if name.active), None)


def _text(message: Any) -> tuple[str, tuple[TextPart, ...]]:
    text, parts = "", []
    for kind, part in _parts(message):
        if not part.strip():
            continue
        start = len(text) + (len(BETWEEN_PARTS) if text else 0)
        text = text + (BETWEEN_PARTS if text else "") + part
        parts.append(TextPart(kind=kind, start=start, end=len(text)))
    return text, tuple(parts)


def _parts(message: Any) -> Iterator[tuple[PartKind, str]]:
    yield "message", message.message or ""
    if message.rich_message is not None:
        yield "rich", rich.flatten(message.rich_message.blocks)
    media = message.media
    if isinstance(media, types.MessageMediaPoll):
        options = [f"• {_plain(answer.text)}" for answer in media.poll.answers]
        yield "poll", "\n".join([_plain(media.poll.question), *options])
    elif isinstance(media, types.MessageMediaToDo):
        # A list to tick off is told like the lists inside rich messages.
        items = [f"• {_plain(item.title)}" for item in media.todo.list]
        yield "rich", "\n".join([_plain(media.todo.title), *items])
    elif isinstance(media, types.MessageMediaWebPage) and isinstance(media.webpage, types.WebPage):
        yield "preview", "\n".join(filter(None, (media.webpage.title, media.webpage.description)))


def _plain(text: Any) -> str:
    return text if isinstance(text, str) else str(getattr(text, "text", ""))


def _entities(found: Sequence[Any]) -> tuple[Entity, ...]:
    return tuple(
        Entity(kind=_ENTITIES[type(one)], start=one.offset, length=one.length, url=getattr(one, "url", None))
        for one in found
        if type(one) in _ENTITIES
    )


def _media(media: Any) -> str | None:
    if media is None or isinstance(media, _NO_MEDIA):
        return None
    if isinstance(media, types.MessageMediaDocument):
        return _document(media)
    return _MEDIA.get(type(media), "other")


def _document(media: Any) -> str:
    attributes = {type(one): one for one in getattr(media.document, "attributes", None) or ()}
    audio = attributes.get(types.DocumentAttributeAudio)
    video = attributes.get(types.DocumentAttributeVideo)
    if types.DocumentAttributeSticker in attributes:
        return "sticker"
    if types.DocumentAttributeAnimated in attributes:
        return "animation"
    if media.voice or (audio and audio.voice):
        return "voice"
    if media.round or (video and video.round_message):
        return "video note"
    if media.video or video:
        return "video"
    return "audio" if audio else "document"


def _origin(header: Any, sources: Mapping[int, Any]) -> Origin | None:
    if header is None:
        return None
    date = _seconds(header.date)
    if not isinstance(header.from_id, types.PeerChannel):
        # A person, or one who hides behind `from_name`: neither is kept.
        return Origin(channel_id=None, message_id=None, title=None, date=date)
    channel_id = ChannelId(header.from_id.channel_id)
    source = sources.get(channel_id)
    return Origin(
        channel_id=channel_id,
        message_id=None if header.channel_post is None else MessageId(header.channel_post),
        title=None if source is None else source.title,
        date=date,
        username=None if source is None else _username(source),
    )


def _seconds(date: datetime | None) -> int | None:
    return None if date is None else int(date.timestamp())
