"""Trends as they are read."""

from dataclasses import replace
from datetime import date, timedelta

from bot.render import chart, trend
from bot.render.catalogue import Catalogue
from bot.render.trend import Standout, Trend
from storage.models import Message
from tests.render import digests, showing

LAST = date(2026, 11, 21)
DAYS = tuple(LAST - timedelta(days=ago) for ago in range(29, -1, -1))
ROW = (6, 7, 5, 6, 31, 6, 5, 7, 6, 6, 5, 6, 7, 6, 5, 6, 6, 7, 40, 22, 6, 5, 6, 7, 6, 8, 9, 8, 9, 8)


def laid_out(texts: Catalogue, data: Trend, *, picture: bytes | None = b"png") -> tuple[Message, ...]:
    messages = trend.trend(texts, data, zone=digests.KYIV, picture=picture)
    for message in messages:
        showing.assert_sendable(message)
    return messages


def standout(place: int, *, name: str = "rotation", told: int = 2) -> Standout:
    stories = tuple(digests.headline(number, "rotation", copies=max(0, 2 - number)) for number in range(1, 1 + told))
    return Standout(name=name, day=DAYS[place], count=ROW[place], usual=6.0, told=stories)


ROTATION = Trend(
    words=None,
    days=DAYS,
    counts={"rotation": ROW},
    unread=0,
    usual={"rotation": 6.0},
    standouts=(standout(4), standout(18), standout(19, told=0)),
)


def test_a_trend_of_a_topic_reads_as_agreed(texts: Catalogue) -> None:
    (message,) = laid_out(texts, ROTATION)
    assert message.picture == b"png"
    assert showing.pages((message,)) == showing.golden("trend_topic")


def test_what_does_not_fit_under_the_picture_follows_it(texts: Catalogue) -> None:
    places = (4, 18, 19)
    first, rest = laid_out(texts, replace(ROTATION, standouts=tuple(standout(place, told=4) for place in places)))
    assert first.text.endswith("of the 7 before")
    assert rest.text.startswith("Tue 27 Oct 2026: 31, usually 6\n• ")


def test_of_many_topics_none_is_cut_off_under_the_picture(texts: Catalogue) -> None:
    first, rest = laid_out(texts, replace(ROTATION, counts={f"topic{number}": ROW for number in range(40)}))
    told = first.text.count("\n")
    assert 10 < told < 40
    assert rest.text.startswith(f"topic{told}: 267 posts")
    assert "topic39: 267 posts" in rest.text


def test_a_trend_of_words_names_them_as_they_were_typed(texts: Catalogue) -> None:
    data = replace(ROTATION, words="верните мужей", counts={"": ROW}, usual={}, standouts=(), missing=12)
    (message,) = laid_out(texts, data)
    assert showing.pages((message,)) == showing.golden("trend_words")
    daily, labels = trend.drawn(texts, data)
    assert (daily.peaks, labels.title, labels.topics) == ({"": []}, "Posts a day", {"": "верните мужей"})


def test_where_several_topics_are_told_a_day_says_which(texts: Catalogue) -> None:
    data = replace(ROTATION, counts={"rotation": ROW, "desertion": ROW}, standouts=(standout(4, name="desertion"),))
    shown = "\n".join(message.text for message in laid_out(texts, data))
    assert (
        "Rotation: 267 posts · usually 6 a day · the last 7 full days ×0.6 of the 7 before\nDesertion: 267 posts"
        in shown
    )
    assert "Tue 27 Oct 2026: Desertion 31, usually 6\n• 01:00 Ждём дома (FAKE)\n" in shown
    daily, labels = trend.drawn(texts, data)
    assert daily.peaks == {"rotation": [], "desertion": [4]}
    assert labels.topics == {"rotation": "Rotation", "desertion": "Desertion"}
    assert chart.daily_chart(daily, labels).startswith(b"\x89PNG")


def test_what_never_came_up_says_no_more_than_that(texts: Catalogue) -> None:
    data = replace(ROTATION, counts={"rotation": (0,) * 30}, usual={"rotation": 0.0}, standouts=())
    (message,) = laid_out(texts, data, picture=None)
    assert message.text == "Fri 23 Oct 2026 – Sat 21 Nov 2026\nRotation: 0 posts · usually 0 a day"


def test_weeks_are_not_compared_before_two_are_held(texts: Catalogue) -> None:
    (message,) = laid_out(texts, replace(ROTATION, unread=20, standouts=()))
    assert "last 7 full days" not in message.text
