"""What the page of a report is given: everything in words or numbers, and texts as nothing but text."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from bot import catalogues
from bot.render import catalogue, report
from bot.render.report_data import Edited, ReportData, Reported
from storage.models import StoredPost
from tests import records
from tests.render import hostile, reports, showing
from tests.render.reports import KYIV, START, reported

ENGLISH = catalogues.load("en")
HOUR = 3600


def data_of(data: ReportData) -> dict[str, Any]:
    places = report.frame(data, zone=KYIV)
    return {**report.head(ENGLISH, data, places), "posts": [report.row(ENGLISH, one, places) for one in data.reported]}


def only(one: Reported, **changed: Any) -> report.Row:
    data = replace(reports.week(), reported=(one,), **changed)
    return report.row(ENGLISH, one, report.frame(data, zone=KYIV))


def shown(pieces: list[list[str]]) -> str:
    return "".join(f"<{piece[1]} {piece[0]}>" if piece[1:] else piece[0] for piece in pieces)


def test_a_week_is_told_whole() -> None:
    data = data_of(reports.week())
    del data["labels"]
    lines = [f"{name}: {json.dumps(said, ensure_ascii=False)}" for name, said in data.items() if name != "posts"]
    lines += [json.dumps(post, ensure_ascii=False) for post in data["posts"]]
    assert "\n".join(lines) + "\n" == showing.golden("report")


def test_the_words_of_the_page_itself_come_with_it() -> None:
    labels = data_of(reports.week())["labels"]
    assert labels["all_topics"] == "All topics"
    assert labels["posts"] == {"one": "{n} post", "other": "{n} posts"}


def test_the_text_of_a_deleted_post_is_shown_to_those_alone_who_may_see_it() -> None:
    gone = reported(4, deleted_at=START + 8 * HOUR, edited=Edited(original="Было иначе.", times=1, at=START + 7 * HOUR))
    hidden = json.dumps(only(gone), ensure_ascii=False)
    assert "ротація" not in hidden
    assert "Было" not in hidden
    assert "🗑 deleted 21 Nov 08:00" in hidden
    whole = json.dumps(only(gone, with_deleted=True), ensure_ascii=False)
    assert "ротація" in whole
    assert "Было" in whole


def test_original_and_edited_text_stand_side_by_side_with_the_words_that_changed() -> None:
    text = "Матері вийшли на площу і знову питають, коли буде ротація."
    edited = only(
        reported(4, text=text, edited=Edited(original=text.replace("знову ", ""), times=1, at=START + 7 * HOUR))
    )["edited"]
    assert edited["said"] == "✏️ Edited after 3 hours"
    assert shown(edited["before"]) == text.replace("знову ", "")
    assert shown(edited["after"]) == text.replace(" знову", "<ins  знову>")


def test_no_number_of_a_person_gets_into_it() -> None:
    number = "+380671234567"
    channel = replace(reported(1).channel, title=f"Збір {number}")
    text = f"Коли буде ротація, питайте за номером {number}. " * 30
    edit = Edited(original=f"Питайте за номером {number}, до вечора.", times=1, at=START + 7 * HOUR)
    one = replace(reported(4, text=text, edited=edit), channel=channel)
    data = data_of(replace(reports.week(), reported=(one,), incomplete=(channel,)))
    assert "67" in json.dumps(data)
    assert "1234" not in json.dumps(data).replace("1,234 posts", "")


@pytest.mark.parametrize("deleted_at", [None, START + 8 * HOUR])
def test_of_a_post_that_was_forgotten_it_is_said_that_its_text_is_gone(deleted_at: int | None) -> None:
    edit = Edited(original=None, times=1, at=START + 7 * HOUR)
    one = reported(4, text="", edited=edit, deleted_at=deleted_at)
    forgotten = replace(one, post=replace(one.post, forgotten_at=START + 9 * HOUR, forgotten_why="owner"))
    erased = catalogue.text(ENGLISH, "part.erased")
    assert only(forgotten)["text"] == [[], [[erased, "em"]], []]
    assert only(forgotten)["edited"] == {"said": "✏️ Edited after 3 hours"}


@pytest.mark.parametrize(
    ("original", "times", "said"),
    [
        ("Было так.", 1, None),
        ("Было — так!", 1, None),
        ("Было так.", 2, "✏️ Edited 2 times, last after 3 hours. It reads as it did at first."),
        (None, 1, "✏️ Edited after 3 hours"),
    ],
)
def test_an_edit_that_cannot_be_shown_is_told_as_far_as_it_is_one(
    original: str | None, times: int, said: str | None
) -> None:
    edit = Edited(original=original, times=times, at=START + 7 * HOUR)
    edited = only(reported(4, text="Было так.", edited=edit)).get("edited")
    assert edited == (None if said is None else {"said": said})


def test_of_one_topic_no_other_is_told() -> None:
    data = data_of(reports.week(topic="rotation"))
    assert data["topics"] == ["Rotation"]


def test_topics_of_ones_own_stand_behind_the_built_in_ones() -> None:
    own = reported(1)
    own = replace(own, post=replace(own.post, matches=(records.match("water"), records.match("rotation"))))
    data = data_of(replace(reports.week(), reported=(own,)))
    assert data["topics"] == ["Mobilization", "Rotation", "Desertion", "water"]
    assert data["posts"][0]["topics"] == [1, 3]


def test_what_found_no_room_and_what_is_complete_is_said() -> None:
    data = replace(reports.week(), left_out=3, incomplete=())
    facts = data_of(data)["facts"]
    assert facts[0] == "1,234 posts read in 4 channels, 8 flagged"
    assert facts[1] == "✓ All 4 channels are complete."
    assert facts[2].startswith("⚠️ In it are the newest 5 flagged posts, from ")
    assert "3 older ones found no room" in facts[2]
    assert len(data_of(replace(data, watched=0))["facts"]) == len(facts) - 1


def test_of_many_incomplete_channels_five_are_named() -> None:
    many = tuple(records.channel_info(number, title=f"Канал {number}") for number in range(1, 8))
    facts = data_of(replace(reports.week(), incomplete=many, watched=9))["facts"]
    assert facts[1] == "⚠️ 7 of 9 channels are not complete: Канал 1, Канал 2, Канал 3, Канал 4, Канал 5, 2 more"


@pytest.mark.parametrize(("days", "title"), [(1, "Sat 21 Nov 2026"), (7, "Sun 15 Nov 2026 – Sat 21 Nov 2026")])
def test_it_is_named_by_its_days(days: int, title: str) -> None:
    assert report.title(ENGLISH, reports.period(days=days)) == f"Flagged posts, {title}"


def test_a_language_nobody_knows_can_be_filtered_by_as_well() -> None:
    assert data_of(replace(reports.week(), reported=(reported(1, language="und"),)))["languages"] == ["undecided"]


@given(hostile.stored_posts(), hostile.any_text)
def test_no_text_is_anything_but_text(post: StoredPost, original: str) -> None:
    one = reported(1, edited=Edited(original=original, times=1, at=START))
    row = only(replace(one, post=post), with_deleted=True)
    for pieces in (*row["text"], *(row.get("edited") or {}).values()):
        for piece in pieces if isinstance(pieces, list) else []:
            assert set(piece[1:]) <= {"mark", "em", "del", "ins"}
            assert showing.UNSEEN.search(piece[0].replace("\u200d", "")) is None
    json.dumps(row, ensure_ascii=False).encode()
