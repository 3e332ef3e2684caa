"""Records with sensible contents, for tests that care for one field of them."""

from storage.document_models import Document
from storage.models import (
    Button,
    Channel,
    ChannelId,
    ChannelInfo,
    ChatId,
    Cursor,
    Entity,
    Match,
    Message,
    MessageId,
    Origin,
    Post,
    PostId,
    StoredPost,
    TextPart,
)

NOW = 1_795_000_000
"""18 November 2026, 11:06:40 UTC: when tests happen."""
CHANNEL = ChannelId(1_500_000_001)
OTHER_CHANNEL = ChannelId(1_500_000_002)
CHAT = ChatId(4_200_001)


def channel_info(
    channel_id: int = CHANNEL,
    *,
    username: str | None = "garrison_news",
    title: str = "Вести гарнизона",
    access_hash: int = 77,
    verified: bool = False,
    fake: bool = False,
    scam: bool = False,
    restricted: bool = False,
    subscribers: int | None = 1200,
) -> ChannelInfo:
    return ChannelInfo(
        id=ChannelId(channel_id),
        access_hash=access_hash,
        username=username,
        title=title,
        verified=verified,
        fake=fake,
        scam=scam,
        restricted=restricted,
        subscribers=subscribers,
    )


def channel(
    info: ChannelInfo | None = None, *, complete_id: int = 0, held_from: int | None = NOW, checked_at: int | None = NOW
) -> Channel:
    return Channel(
        info=channel_info() if info is None else info,
        state="followed",
        joined=True,
        added_at=NOW - 14 * 86_400,
        cursor=Cursor(pts=1, complete_id=MessageId(complete_id)),
        held_from=held_from,
        checked_at=checked_at,
        trouble=None,
    )


def post(
    message_id: int = 1,
    text: str = "Сегодня в посёлке снова отключили воду.",
    *,
    channel_id: int = CHANNEL,
    date: int = NOW,
    edited_at: int | None = None,
    parts: tuple[TextPart, ...] | None = None,
    entities: tuple[Entity, ...] = (),
    media: str | None = None,
    views: int | None = 10,
    forwards: int | None = 1,
    grouped_id: int | None = None,
    origin: Origin | None = None,
) -> Post:
    """A post whose text is one message part, unless `parts` says otherwise."""
    whole = (TextPart(kind="message", start=0, end=len(text)),) if text else ()
    return Post(
        channel_id=ChannelId(channel_id),
        message_id=MessageId(message_id),
        date=date,
        text=text,
        edited_at=edited_at,
        parts=whole if parts is None else parts,
        entities=entities,
        media=media,
        views=views,
        forwards=forwards,
        grouped_id=grouped_id,
        origin=origin,
    )


def match(
    topic: str = "rotation", start: int = 0, end: int = 7, *, term: str = "сегодня", rule: str = "сегодня"
) -> Match:
    return Match(topic=topic, start=start, end=end, term=term, rule=rule)


def stored_post(
    of: Post | None = None,
    *,
    post_id: int = 1,
    language: str = "ru",
    captured_at: int = NOW,
    deleted_at: int | None = None,
    matches: tuple[Match, ...] = (),
    forgotten_at: int | None = None,
) -> StoredPost:
    return StoredPost(
        id=PostId(post_id),
        post=post() if of is None else of,
        language=language,
        captured_at=captured_at,
        deleted_at=deleted_at,
        matches=matches,
        forgotten_at=forgotten_at,
    )


def message(
    text: str = "A post speaks of rotation.",
    *,
    entities: tuple[Entity, ...] = (),
    buttons: tuple[tuple[Button, ...], ...] = (),
    picture: bytes | None = None,
    silent: bool = False,
    document: Document | None = None,
) -> Message:
    return Message(text=text, entities=entities, buttons=buttons, picture=picture, silent=silent, document=document)
