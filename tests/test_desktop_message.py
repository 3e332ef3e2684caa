from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import desktop_message
from storage.models import ChannelId, Entity, Origin, Post, TextPart

CHANNEL = ChannelId(1_500_000_001)
KYIV = ZoneInfo("Europe/Kyiv")
NOBODY = Origin(channel_id=None, message_id=None, title=None, date=None)


def message(**fields: Any) -> dict[str, Any]:
    return {"id": 7, "type": "message", "date_unixtime": "1790000000", "text": "Воды нет.", **fields}


def converted(**fields: Any) -> Post:
    post = desktop_message.to_post(message(**fields), CHANNEL, zone=KYIV)
    assert post is not None
    return post


def test_a_message_becomes_a_post() -> None:
    assert converted() == Post(
        channel_id=CHANNEL,
        message_id=7,  # type: ignore[arg-type]
        date=1790000000,
        text="Воды нет.",
        parts=(TextPart(kind="message", start=0, end=9),),
    )


def test_a_service_message_is_no_post() -> None:
    assert desktop_message.to_post(message(type="service"), CHANNEL, zone=KYIV) is None


def test_a_text_of_entities_is_joined_and_its_formats_count_utf16_units() -> None:
    post = converted(
        text=[
            "😀 ",
            {"type": "bold", "text": "Вода"},
            " ",
            {"type": "text_link", "text": "тут", "href": "https://example.org/"},
            {"type": "mention_name", "text": " Ольга", "user_id": 5},
            {"type": "italic", "text": ""},
        ]
    )
    assert post.text == "😀 Вода тут Ольга"
    assert post.entities == (
        Entity(kind="bold", start=3, length=4),
        Entity(kind="link", start=8, length=3, url="https://example.org/"),
    )


def test_a_poll_is_a_part_of_its_own() -> None:
    post = converted(
        text="", poll={"question": "Есть вода?", "answers": [{"text": "да"}, {"text": "нет", "voters": 3}]}
    )
    assert post.text == "Есть вода?\n• да\n• нет"
    assert [part.kind for part in post.parts] == ["poll"]
    assert post.media == "poll"
    both = converted(poll={"question": "?", "answers": []})
    assert both.text == "Воды нет.\n\n?"
    assert [(part.kind, part.start, part.end) for part in both.parts] == [("message", 0, 9), ("poll", 11, 12)]


def test_a_post_without_text_has_no_parts() -> None:
    post = converted(text=" \n", photo="(File not included)")
    assert (post.text, post.parts, post.media) == ("", (), "photo")


@pytest.mark.parametrize(
    ("fields", "media"),
    [
        ({}, None),
        ({"photo": "photos/1.jpg"}, "photo"),
        ({"media_type": "video_file", "file": "v.mp4"}, "video"),
        ({"media_type": "video_message", "file": "v.mp4"}, "video note"),
        ({"media_type": "something new", "file": "x"}, "document"),
        ({"file": "x.pdf"}, "document"),
        ({"location_information": {}}, "location"),
        ({"contact_information": {}}, "contact"),
    ],
)
def test_the_kind_of_media_is_kept(fields: dict[str, Any], media: str | None) -> None:
    assert converted(**fields).media == media


def test_a_forward_keeps_a_channel_and_never_a_person() -> None:
    assert converted(forwarded_from="Ольга Коваль").origin == NOBODY
    assert converted(forwarded_from="Ольга Коваль", forwarded_from_id="user15").origin == NOBODY
    assert converted(forwarded_from=None, forwarded_from_id="channel").origin == NOBODY
    named = converted(forwarded_from="Вести", forwarded_from_id="channel15").origin
    assert named == Origin(channel_id=ChannelId(15), message_id=None, title="Вести", date=None)
    unnamed = converted(forwarded_from=None, forwarded_from_id="channel15").origin
    assert unnamed == Origin(channel_id=ChannelId(15), message_id=None, title=None, date=None)


def test_nothing_that_names_a_person_is_in_the_post() -> None:
    post = converted(author="Ольга", **{"from": "Ольга", "from_id": "user15", "via_bot": "@who"})
    assert "Ольга" not in repr(post)
    assert "15" not in repr(post).replace("1500000001", "")


def test_times_come_as_seconds_or_as_local_times_of_old_exports() -> None:
    assert converted(edited_unixtime="1790000100", edited="2026-09-21T12:00:00").edited_at == 1790000100
    old = {"id": 7, "type": "message", "date": "2021-01-01T02:00:00", "text": "", "edited": "2021-01-01T02:01:00"}
    post = desktop_message.to_post(old, CHANNEL, zone=KYIV)
    assert post is not None
    assert (post.date, post.edited_at) == (1609459200, 1609459260)


def test_half_a_character_is_replaced() -> None:
    assert converted(text="вода \ud83d").text == "вода \ufffd"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("text", "not an object"),
        ({"id": None}, "'id'"),
        ({"id": True}, "'id'"),
        ({"id": 2**40}, "'id'"),
        ({"date_unixtime": "soon"}, "'date_unixtime'"),
        ({"edited": "soon"}, "'edited'"),
        ({"text": None}, "'text'"),
        ({"text": [{"type": "bold"}]}, "'text'"),
        ({"text": [5]}, "'text'"),
        ({"poll": "?"}, "'poll'"),
        ({"poll": {"question": "?", "answers": ["да"]}}, "'poll'"),
    ],
)
def test_what_is_malformed_is_named(broken: Any, said: str) -> None:
    given = message(**broken) if isinstance(broken, dict) else broken
    with pytest.raises(desktop_message.MalformedError, match=said):
        desktop_message.to_post(given, CHANNEL, zone=KYIV)


def test_a_message_without_a_time_is_malformed() -> None:
    with pytest.raises(desktop_message.MalformedError, match="'date'"):
        desktop_message.to_post({"id": 7, "type": "message", "text": ""}, CHANNEL, zone=KYIV)
