"""The phrases that all texts share."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.render import catalogue, phrases
from bot.render.catalogue import Catalogue
from storage.models import ChannelInfo, MessageId
from tests import records

KYIV = ZoneInfo("Europe/Kyiv")


def test_a_topic_of_the_users_own_keeps_its_name(texts: Catalogue) -> None:
    assert phrases.topic(texts, "rotation") == "Rotation"
    assert phrases.topic(texts, "home\u202e front\n") == "home front"


@pytest.mark.parametrize(("code", "shown"), [("uk", "Ukrainian"), ("tt", "TT"), ("und", "")])
def test_a_language_is_named_or_else_its_code_is_shown(texts: Catalogue, code: str, shown: str) -> None:
    assert phrases.language(texts, code) == shown


@pytest.mark.parametrize(
    ("media", "grouped_id", "shown"),
    [
        (None, None, ""),
        ("photo", None, "📷 photo"),
        ("photo", 5, "🖼 album"),
        ("hologram", None, "📎 media"),
        ("poll", None, ""),
        ("list", None, ""),
        ("video note", None, "🎬 video message"),
        ("other", None, "📎 media"),
    ],
)
def test_what_a_post_carries_is_named(texts: Catalogue, media: str | None, grouped_id: int | None, shown: str) -> None:
    assert phrases.media(texts, records.post(media=media, grouped_id=grouped_id)) == shown


def test_flags_are_said_plainly_warnings_first(texts: Catalogue) -> None:
    info = records.channel_info(fake=True, verified=True)
    assert phrases.flags(texts, info) == ("⚠️ labelled FAKE by Telegram", "✓ verified")
    assert phrases.flagged_title(texts, info) == "Вести гарнизона (FAKE)"
    assert phrases.flags(texts, records.channel_info()) == ()


@pytest.mark.parametrize(
    ("info", "title", "link"),
    [
        (records.channel_info(), "Вести гарнизона", "https://t.me/garrison_news/7"),
        (records.channel_info(title="\u200b\n"), "@garrison_news", "https://t.me/garrison_news/7"),
        (records.channel_info(5, title="", username=None), "5", "https://t.me/c/5/7"),
        (records.channel_info(5, username="a/../b?start=1"), "Вести гарнизона", "https://t.me/c/5/7"),
    ],
)
def test_a_channel_has_a_title_and_its_posts_a_link(info: ChannelInfo, title: str, link: str) -> None:
    assert phrases.title(info) == title
    assert phrases.link(info, MessageId(7)) == link


def test_a_long_title_is_cut() -> None:
    assert phrases.title(records.channel_info(title="Вести " * 40)).endswith("Вести…")


def test_times_are_those_of_the_zone_and_the_year_is_said_where_it_differs(texts: Catalogue) -> None:
    assert phrases.moment(texts, records.NOW, KYIV, near=records.NOW) == "18 Nov 13:06"
    assert phrases.moment(texts, records.NOW, KYIV, near=records.NOW + 60 * 86400) == "18 Nov 2026 13:06"
    assert phrases.whole_day(texts, date(2026, 11, 21)) == "Sat 21 Nov 2026"


@pytest.mark.parametrize(
    ("zone", "name"), [("Europe/Kyiv", "EET"), ("Europe/Moscow", "MSK"), ("UTC", "UTC"), ("Asia/Almaty", "+05")]
)
def test_a_zone_is_named_as_its_clocks_are(zone: str, name: str) -> None:
    assert phrases.zone_name(records.NOW, ZoneInfo(zone)) == name


def test_a_fraction_has_one_decimal_written_as_the_language_does(texts: Catalogue) -> None:
    assert [phrases.decimal(texts, number) for number in (6.0, 6.5, 0.6667)] == ["6", "6.5", "0.7"]
    assert phrases.decimal(catalogue.build("uk", []), 6.5) == "6,5"


@pytest.mark.parametrize(
    ("noted", "said"),
    [
        ("closed", "Вести гарнизона can no longer be read"),
        ("taken", "Вести гарнизона is no longer followed: its name now leads to another channel."),
        ("TIMEOUT", "the server fails to tell what is new (TIMEOUT); it is tried again"),
        ("As an older\nHomefront said.", "As an older Homefront said."),
        ("", ""),
    ],
)
def test_a_trouble_is_worded_when_it_is_shown(texts: Catalogue, noted: str, said: str) -> None:
    assert phrases.trouble(texts, records.channel_info(), noted).startswith(said)


def test_a_time_is_told_by_the_clock_of_whoever_is_told() -> None:
    values: dict[str, phrases.Told] = {"since": datetime.fromtimestamp(records.NOW, UTC), "n": 3, "channel": "Вести"}
    assert phrases.worded(values, KYIV) == {"since": "13:06 EET", "n": 3, "channel": "Вести"}
