"""Alerts and summaries as they are read, and under hostile texts."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import catalogues
from bot.render import alert, text
from bot.render.catalogue import Catalogue
from storage.models import ChannelInfo, Match, Origin, StoredPost, TextPart
from tests import records
from tests.render import hostile, showing

ENGLISH = catalogues.load("en")
HOUR = 3600
FILLING = "В посёлке третий день нет воды, её обещают дать к вечеру. "
TEXT = FILLING * 8 + "Командир сказал: ещё один <b>дезертир</b>, и ротации не будет. " + FILLING * 8


def stored(
    number: int = 15,
    shown: str = TEXT,
    *,
    words: Sequence[tuple[str, str]] = (("desertion", "дезертир"), ("rotation", "ротации")),
    date: int = records.NOW,
    captured_at: int = records.NOW,
    views: int | None = 1234,
    media: str | None = None,
    edited_at: int | None = None,
    origin: Origin | None = None,
) -> StoredPost:
    matches = tuple(
        Match(topic=topic, start=shown.index(word), end=shown.index(word) + len(word), term=word, rule=word)
        for topic, word in words
    )
    post = records.post(number, shown, date=date, views=views, media=media, edited_at=edited_at, origin=origin)
    return records.stored_post(post, post_id=number, captured_at=captured_at, matches=matches)


def told(post: StoredPost, *topics: str, channel: ChannelInfo | None = None, brought_by_edit: bool = False) -> str:
    message = alert.alert(
        ENGLISH,
        channel=channel or records.channel_info(),
        post=post,
        topics=topics or ("desertion", "rotation"),
        timezone="Europe/Kyiv",
        brought_by_edit=brought_by_edit,
    )
    showing.assert_sendable(message)
    return showing.marked(message) + "\n"


def test_an_alert_reads_as_agreed() -> None:
    origin = Origin(channel_id=None, message_id=None, title="Столичный вестник", date=records.NOW - 2 * HOUR)
    post = stored(media="photo", origin=origin)
    assert told(post, channel=records.channel_info(fake=True)) == showing.golden("alert")


def test_an_alert_brought_by_an_edit_says_so() -> None:
    post = stored(shown="Пришли с повесткой.", words=[("mobilization", "повесткой")], edited_at=records.NOW + 60)
    assert told(post, "mobilization", brought_by_edit=True) == showing.golden("alert_brought_by_edit")


def test_only_what_is_told_is_bold() -> None:
    shown = told(stored(), "rotation")
    assert "⟦bold ротации⟧" in shown
    assert "⟦bold дезертир⟧" not in shown


def test_an_edit_without_a_time_is_dated_by_its_capture() -> None:
    shown = told(stored(captured_at=records.NOW + HOUR), brought_by_edit=True)
    assert "✏️ The words came with an edit, 18 Nov 14:06" in shown


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        (Origin(channel_id=None, message_id=None, title=None, date=None), "\n↪ forwarded\n"),
        (Origin(channel_id=None, message_id=None, title=None, date=records.NOW), "\n↪ forwarded, 18 Nov 13:06\n"),
        (Origin(channel_id=None, message_id=None, title="А\n{when}", date=None), "\n↪ forwarded from А {when}\n"),
    ],
)
def test_a_forward_names_a_channel_and_never_a_person(origin: Origin, line: str) -> None:
    assert line in told(stored(origin=origin))


def test_a_private_username_and_unknown_views_leave_no_trace() -> None:
    shown = told(stored(views=None), channel=records.channel_info(username=None))
    assert "view" not in shown
    assert "⟦link https://t.me/c/1500000001/15 https://t.me/c/1500000001/15⟧" in shown


def test_a_post_of_last_year_says_its_year() -> None:
    assert "18 Nov 2026 13:06 EET" in told(stored(captured_at=records.NOW + 300 * 24 * HOUR))


def test_the_sample_looks_like_an_alert_and_mutes_nothing(texts: Catalogue) -> None:
    message = alert.sample(texts, timezone="Europe/Kyiv", now=records.NOW)
    showing.assert_sendable(message)
    assert showing.marked(message) + "\n" == showing.golden("sample")


def entries(count: int, *, channels: int = 3) -> list[alert.Entry]:
    found = []
    for number in range(count):
        channel = records.channel_info(
            100 + number % channels, username=f"channel_{number % channels}", title=f"Канал {number % channels}"
        )
        topic, word = ("desertion", "дезертир") if number % 3 else ("rotation", "ротации")
        post = stored(number + 1, words=[(topic, word)], date=records.NOW - number * HOUR)
        found.append(alert.Entry(channel=channel, post=post, topics=(topic,)))
    return found


def summed(found: Sequence[alert.Entry], reason: str) -> tuple[str, int]:
    messages = alert.summary(
        ENGLISH, entries=found, timezone="Europe/Kyiv", reason="late" if reason == "late" else "burst"
    )
    for message in messages:
        showing.assert_sendable(message)
    return showing.pages(messages), len(messages)


def test_a_burst_reads_as_agreed() -> None:
    assert summed(entries(4), "burst") == (showing.golden("summary_burst"), 1)


def test_late_posts_read_as_agreed() -> None:
    assert summed(entries(1), "late") == (showing.golden("summary_late"), 1)


@pytest.mark.parametrize("count", [1, 2, 20, 100, 300])
def test_as_many_posts_of_a_burst_are_said_to_fit_a_message_as_do(count: int) -> None:
    found = entries(count, channels=9)
    fitting = alert.fitting(ENGLISH, entries=found, timezone="Europe/Kyiv")
    assert summed(found[:fitting], "burst")[1] == 1
    assert fitting == count or summed(found[: fitting + 1], "burst")[1] == 2


def test_a_large_burst_lists_every_post_in_as_many_messages_as_it_takes() -> None:
    shown, pages = summed(entries(100, channels=9), "burst")
    assert pages > 1
    for number in range(100):
        assert f"https://t.me/channel_{number % 9}/{number + 1} " in shown
    assert "4 more channels" in shown


def test_many_late_posts_stay_one_message_that_counts_the_rest() -> None:
    shown, pages = summed(entries(100), "late")
    listed = shown.count("⟦link ")
    assert pages == 1
    assert 20 < listed < 60
    assert f"and {100 - listed} more: /digest 7d" in shown


@given(hostile.channels(), hostile.stored_posts(), st.booleans())
def test_an_alert_of_any_post_can_be_sent(channel: ChannelInfo, post: StoredPost, edited: bool) -> None:
    message = alert.alert(
        ENGLISH,
        channel=channel,
        post=post,
        topics=("rotation", "desertion"),
        timezone="Europe/Kyiv",
        brought_by_edit=edited,
    )
    showing.assert_sendable(message)
    assert {entity.kind for entity in message.entities} <= {"bold", "italic", "quote", "link"}
    links = [entity for entity in message.entities if entity.kind == "link"]
    assert [showing.covered(message, link) for link in links] == [link.url for link in links]
    assert len(links) == 1
    assert text.utf16(message.text) < 2000


@settings(max_examples=20)
@given(st.lists(st.tuples(hostile.channels(), hostile.stored_posts()), min_size=1, max_size=4), st.booleans())
def test_a_summary_of_any_posts_can_be_sent(found: list[tuple[ChannelInfo, StoredPost]], late: bool) -> None:
    told_of = [alert.Entry(channel=channel, post=post, topics=("rotation",)) for channel, post in found]
    shown, pages = summed(told_of, "late" if late else "burst")
    assert shown.count("⟦link https://t.me/") == len(found)
    assert pages == 1


def test_a_summary_holds_posts_with_the_same_message_id_of_two_channels(texts: Catalogue) -> None:
    one, other = records.channel_info(1, username="first_one"), records.channel_info(2, username="other_one")
    found = [alert.Entry(channel=channel, post=stored(7), topics=("rotation",)) for channel in (one, other)]
    (message,) = alert.summary(texts, entries=found, timezone="UTC", reason="burst")
    assert {entity.url for entity in message.entities} >= {"https://t.me/first_one/7", "https://t.me/other_one/7"}


@pytest.mark.parametrize("end", [2, 4])
def test_a_quotation_of_nothing_but_space_leaves_none_behind_the_name_of_its_part(texts: Catalogue, end: int) -> None:
    parts = (TextPart(kind="message", start=0, end=0), TextPart(kind="poll", start=0, end=4))
    post = records.stored_post(records.post(1, "\n\n\n\n", parts=parts), matches=(records.match(start=0, end=end),))
    message = alert.alert(texts, channel=records.channel_info(), post=post, topics=("rotation",), timezone="UTC")
    assert "\nPoll:\n" in message.text


def test_a_post_that_shows_nothing_is_told_without_a_quotation(texts: Catalogue) -> None:
    post = records.stored_post(records.post(1, "\u200b"), matches=(records.match(start=0, end=1),))
    message = alert.alert(texts, channel=records.channel_info(), post=post, topics=("rotation",), timezone="UTC")
    assert "quote" not in {entity.kind for entity in message.entities}


def test_a_quotation_ends_with_its_last_letter_whatever_space_was_matched_behind(texts: Catalogue) -> None:
    words, space = records.match(start=5, end=12), records.match(start=13, end=14)
    post = records.stored_post(records.post(1, "Ждут ротации \n \n"), matches=(words, space))
    message = alert.alert(texts, channel=records.channel_info(), post=post, topics=("rotation",), timezone="UTC")
    (quoted,) = (one for one in message.entities if one.kind == "quote")
    assert showing.covered(message, quoted) == "Ждут ротации"
