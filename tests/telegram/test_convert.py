from typing import Any

import pytest
from telethon.tl import types

from bot.commands.reader import RefusalReason
from bot.sandbox import media
from bot.telegram import convert
from storage.models import ChannelId, ChannelInfo, Entity, MessageId, Origin, Post, TextPart
from tests.telegram import wire
from tests.telegram.wire import formatted, message

CHANNEL = ChannelId(wire.CHANNEL)
FORWARDED = wire.at(wire.DATE - 60)


def post(*args: Any, sources: dict[int, Any] | None = None, **fields: Any) -> Post:
    found = convert.to_post(message(*args, **fields), CHANNEL, sources=sources)
    assert found is not None
    return found


def parts(found: Post) -> list[tuple[str, str]]:
    return [(part.kind, found.text[part.start : part.end]) for part in found.parts]


def test_a_post_with_nothing_but_a_text() -> None:
    text = "Ротации нет 🕯"
    assert post(7, text) == Post(
        channel_id=CHANNEL,
        message_id=MessageId(7),
        date=wire.DATE,
        text=text,
        parts=(TextPart(kind="message", start=0, end=len(text)),),
    )


def test_counters_edit_and_album_are_kept() -> None:
    found = post(7, "…", views=10, forwards=2, edit_date=wire.at(wire.DATE + 60), grouped_id=99)
    assert (found.views, found.forwards, found.edited_at, found.grouped_id) == (10, 2, wire.DATE + 60, 99)


def test_formats_are_kept_in_utf16_units_and_persons_are_not() -> None:
    entities = [
        types.MessageEntityBold(offset=3, length=4),
        types.MessageEntityPre(offset=0, length=2, language=""),
        types.MessageEntityTextUrl(offset=8, length=2, url="https://example.org"),
        types.MessageEntityMentionName(offset=0, length=2, user_id=5),
        types.MessageEntityHashtag(offset=0, length=2),
    ]
    assert post(7, "🕯 дома всё", entities=entities).entities == (
        Entity(kind="bold", start=3, length=4),
        Entity(kind="code", start=0, length=2),
        Entity(kind="link", start=8, length=2, url="https://example.org"),
    )


def test_poll_and_preview_are_parts_of_their_own() -> None:
    asked = post(7, "Голосуем", media=wire.received(media.poll("Когда ротация?", "Скоро", "Никогда")))
    assert parts(asked) == [("message", "Голосуем"), ("poll", "Когда ротация?\n• Скоро\n• Никогда")]
    assert asked.text == "Голосуем\n\nКогда ротация?\n• Скоро\n• Никогда"
    assert asked.media == "poll"
    page = media.preview("https://example.org", title="Повестки", description="Кому пришли", site="Сайт")
    linked = post(7, "https://example.org", media=page)
    assert parts(linked) == [("message", "https://example.org"), ("preview", "Повестки\nКому пришли")]
    assert linked.media is None


@pytest.mark.parametrize(
    "page",
    [types.WebPageEmpty(id=1), types.WebPagePending(id=1, date=wire.at(1)), types.WebPageNotModified()],
)
def test_a_preview_that_is_not_there_is_no_part(page: Any) -> None:
    assert post(7, "", media=types.MessageMediaWebPage(webpage=page)).text == ""


def test_a_rich_text_is_read_where_the_text_is_empty() -> None:
    found = post(7, "", rich_message=media.rich("Первый абзац", "Второй").shown)
    assert parts(found) == [("rich", "Первый абзац\nВторой")]


def test_formats_of_an_empty_text_are_dropped() -> None:
    found = post(7, "", entities=[media.bold(0, 1)], rich_message=media.rich("Абзац").shown)
    assert found.entities == ()


def test_a_list_to_tick_off_is_read() -> None:
    items = [types.TodoItem(id=1, title=formatted("каска")), types.TodoItem(id=2, title=formatted("жгут"))]
    found = post(7, "", media=types.MessageMediaToDo(todo=types.TodoList(title=formatted("Собрать"), list=items)))
    assert parts(found) == [("rich", "Собрать\n• каска\n• жгут")]


def test_only_a_part_is_told_from_the_whole() -> None:
    assert convert.is_partial(message(7, "", rich_message=media.rich("а", "б", shown=1).shown))
    assert not convert.is_partial(message(7, "", rich_message=media.rich("а", "б").shown))
    assert not convert.is_partial(message(7, "а"))
    assert not convert.is_partial(None)


def test_service_messages_and_empty_ones_are_no_posts() -> None:
    peer = types.PeerChannel(channel_id=wire.CHANNEL)
    service = types.MessageService(id=1, peer_id=peer, date=wire.at(wire.DATE), action=media.pinned())
    for other in (service, types.MessageEmpty(id=1, peer_id=peer)):
        assert convert.to_post(wire.received(other), CHANNEL) is None


def animation() -> Any:
    return media.document(attributes=(types.DocumentAttributeAnimated(),), video=True)


def song() -> Any:
    return media.document(attributes=(types.DocumentAttributeAudio(duration=1, title="…", performer="…"),))


def note() -> Any:
    return media.document(attributes=(types.DocumentAttributeVideo(duration=1, w=1, h=1, round_message=True),))


def contact() -> Any:
    return types.MessageMediaContact(phone_number="1", first_name="И", last_name="И", vcard="", user_id=1)


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (media.photo(), "photo"),
        (media.video(), "video"),
        (media.voice(), "voice"),
        (media.sticker(), "sticker"),
        (media.document(), "document"),
        (media.place(), "location"),
        (media.unsupported(), "other"),
        (animation(), "animation"),
        (song(), "audio"),
        (note(), "video note"),
        (contact(), "contact"),
        (types.MessageMediaDocument(), "document"),
        (types.MessageMediaEmpty(), None),
    ],
)
def test_media_are_named_by_their_kind_and_nothing_of_them_is_read(sent: Any, kind: str | None) -> None:
    found = post(7, "", media=sent)
    assert (found.media, found.text) == (kind, "")


def test_a_forward_names_the_channel_it_came_from() -> None:
    source = types.PeerChannel(channel_id=5)
    header = types.MessageFwdHeader(date=FORWARDED, from_id=source, channel_post=12, post_author="Имярек")
    origin = post(7, "…", fwd_from=header, sources={5: wire.channel(5, username="other_news")}).origin
    assert origin == Origin(
        channel_id=ChannelId(5),
        message_id=MessageId(12),
        title="Вести гарнизона",
        date=wire.DATE - 60,
        username="other_news",
    )
    unnamed = post(7, "…", fwd_from=types.MessageFwdHeader(date=FORWARDED, from_id=source)).origin
    assert unnamed == Origin(channel_id=ChannelId(5), message_id=None, title=None, date=wire.DATE - 60)


@pytest.mark.parametrize("source", [{"from_id": types.PeerUser(user_id=9)}, {"from_name": "Имярек"}])
def test_nothing_names_a_person(source: dict[str, Any]) -> None:
    header = types.MessageFwdHeader(date=FORWARDED, post_author="Имярек", **source)
    found = post(7, "…", fwd_from=header, post_author="Имярек", from_id=types.PeerUser(user_id=9))
    assert found.origin == Origin(channel_id=None, message_id=None, title=None, date=wire.DATE - 60)
    assert "Имярек" not in repr(found)


def test_a_channel_with_all_fields_and_one_with_hardly_any() -> None:
    why = [types.RestrictionReason(platform="all", reason="terms", text="…")]
    flags: dict[str, Any] = {"verified": True, "fake": True, "scam": True, "participants_count": 5}
    flags |= {"restricted": True, "restriction_reason": why}
    assert convert.to_info(wire.channel(**flags)) == ChannelInfo(
        id=CHANNEL,
        access_hash=77,
        username="garrison_news",
        title="Вести гарнизона",
        verified=True,
        fake=True,
        scam=True,
        restricted=True,
        subscribers=5,
        restriction="…",
    )
    bare = convert.to_info(wire.channel(username=None, access_hash=None), username="asked")
    assert bare == ChannelInfo(id=CHANNEL, access_hash=0, username="asked", title="Вести гарнизона")


def test_of_several_usernames_the_active_one_counts() -> None:
    names = [types.Username(username="old"), types.Username(username="new", active=True)]
    assert convert.to_info(wire.channel(username=None, usernames=names)).username == "new"


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        (wire.channel(), None),
        (wire.channel(username=None), "private"),
        (wire.channel(broadcast=None), "group"),
        (wire.channel(megagroup=True), "group"),
        (wire.channel(gigagroup=True), "group"),
        (types.ChannelForbidden(id=1, access_hash=1, title="…"), "private"),
        (types.ChatForbidden(id=1, title="…"), "group"),
        (types.ChatEmpty(id=1), "unknown"),
        (types.User(id=1), "person"),
        (types.User(id=1, bot=True), "bot"),
        (types.UserEmpty(id=1), "unknown"),
    ],
)
def test_each_refusal_has_its_own_reason(entity: Any, reason: RefusalReason | None) -> None:
    assert convert.refusal(entity) == reason


def test_what_was_found_by_its_name_is_public() -> None:
    assert convert.refusal(wire.channel(username=None), username="asked") is None


def test_of_all_chats_channels_alone_are_sources() -> None:
    source = wire.channel()
    assert convert.channels_among([source, types.ChatEmpty(id=3)]) == {wire.CHANNEL: source}


def test_the_reason_for_a_restriction_is_the_one_that_holds_everywhere() -> None:
    reasons = [
        types.RestrictionReason(platform="ios", reason="porn", text="Not on this phone."),
        types.RestrictionReason(platform="all", reason="terms", text="Not at all."),
    ]
    assert convert.to_info(wire.channel(restricted=True, restriction_reason=reasons)).restriction == "Not at all."
    assert convert.to_info(wire.channel(restricted=True, restriction_reason=reasons[:1])).restriction == (
        "Not on this phone."
    )
