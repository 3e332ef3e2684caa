import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import export, masking
from bot.render.export import COLUMNS, Form, Layout, Row
from storage.models import ChannelInfo, MessageId, Origin, StoryId
from tests import records

TEXT = "Ротация отменена,\nсказали «вчера»; =2+2"
POST = records.post(15, TEXT, edited_at=records.NOW + 60, media="photo", views=1200)
ROW = Row(
    channel=records.channel_info(),
    stored=records.stored_post(
        POST, captured_at=records.NOW + 2, matches=(records.match(), records.match("desertion"))
    ),
    story_id=StoryId(77),
    content_sha256="ab" * 32,
)


def written(form: Form, *told: Row, **options: Any) -> str:
    layout = Layout(form=form, **options)
    return (export.head(layout) + export.rows(layout, told)).decode()


def cells(content: str, separator: str = ",") -> list[dict[str, str]]:
    assert content[0] == "\ufeff"
    return list(csv.DictReader(io.StringIO(content[1:], newline=""), delimiter=separator))


def test_a_row_tells_all_of_a_post() -> None:
    (row,) = cells(written("csv", ROW))
    assert tuple(row) == COLUMNS
    assert row == {
        "posted_utc": "2026-11-18 11:06:40",
        "channel": "garrison_news",
        "channel_title": "Вести гарнизона",
        "link": "https://t.me/garrison_news/15",
        "topics": "desertion, rotation",
        "matched": "Ротация",
        "text": TEXT,
        "language": "ru",
        "media": "photo",
        "views": "1200",
        "forwards": "1",
        "edited_utc": "2026-11-18 11:07:40",
        "deleted_utc": "",
        "erased_utc": "",
        "captured_utc": "2026-11-18 11:06:42",
        "origin": "",
        "origin_link": "",
        "story": "77",
        "channel_id": str(records.CHANNEL),
        "message_id": "15",
        "sha256": "ab" * 32,
    }


def test_json_lines_have_the_same_fields_with_lists_and_nulls() -> None:
    content = written("jsonl", ROW, ROW)
    first, second = [json.loads(line) for line in content.splitlines()]
    assert first == second
    assert tuple(first) == COLUMNS
    assert (first["topics"], first["views"], first["deleted_utc"]) == (["desertion", "rotation"], 1200, None)
    assert (first["channel"], first["text"]) == ("garrison_news", TEXT)
    assert not content.startswith("\ufeff")


def test_where_a_comma_stands_in_numbers_semicolons_part_the_cells() -> None:
    content = written("csv", ROW, separator=export.SEMICOLON)
    assert content.startswith("\ufeffposted_utc;channel;")
    (row,) = cells(content, ";")
    assert row["text"] == TEXT


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_as_a_formula_does(beginning: str) -> None:
    evil = f'{beginning}HYPERLINK("https://example.org","look")'
    info = records.channel_info(title=evil)
    origin = Origin(channel_id=None, message_id=None, title=evil, date=None)
    post = records.post(1, evil, origin=origin)
    stored = records.stored_post(post, matches=(records.match(start=0, end=5),))
    (row,) = cells(written("csv", replace(ROW, channel=info, stored=stored)))
    assert {row[name] for name in ("text", "channel_title", "origin")} == {f"'{evil}"}
    assert row["matched"] == f"'{evil[:5]}"
    (line,) = [json.loads(line) for line in written("jsonl", replace(ROW, stored=stored)).splitlines()]
    assert line["text"] == evil


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_comes_back_as_it_was_and_in_one_cell(text: str) -> None:
    stored = records.stored_post(records.post(1, text))
    (row,) = cells(written("csv", replace(ROW, stored=stored)))
    shown = masking.masked(text)
    assert row["text"] in {shown, f"'{shown}"}
    assert not row["text"].startswith(("=", "+", "-", "@", "\t", "\r"))
    (line,) = written("jsonl", replace(ROW, stored=stored)).split("\n")[:-1]
    assert json.loads(line)["text"] == shown


@pytest.mark.parametrize("with_deleted", [False, True])
def test_the_text_of_a_deleted_post_is_left_out_unless_it_is_asked_for(with_deleted: bool) -> None:
    row = replace(ROW, stored=replace(ROW.stored, deleted_at=records.NOW + 90))
    assert export.is_withheld(row, with_deleted=with_deleted) is not with_deleted
    (told,) = cells(written("csv", row, with_deleted=with_deleted))
    assert (told["text"], told["matched"]) == ((TEXT, "Ротация") if with_deleted else ("", ""))
    assert (told["deleted_utc"], told["sha256"]) == ("2026-11-18 11:08:10", "ab" * 32)


def test_numbers_of_persons_are_masked_and_what_was_found_stays_in_its_place() -> None:
    text = "Звоните +7 912 345-67-89: ротация"
    stored = records.stored_post(records.post(1, text), matches=(records.match(start=26, end=33),))
    (row,) = cells(written("csv", replace(ROW, stored=stored)))
    assert (row["text"], row["matched"]) == ("Звоните +• ••• •••-••-89: ротация", "ротация")
    (line,) = written("jsonl", replace(ROW, stored=stored)).splitlines()
    assert json.loads(line)["text"] == row["text"]


def test_of_a_forgotten_post_it_is_said_when_its_text_was_erased() -> None:
    stored = records.stored_post(records.post(1, ""), matches=(records.match(),))
    (row,) = cells(written("csv", replace(ROW, stored=replace(stored, forgotten_at=records.NOW))))
    assert (row["text"], row["matched"], row["erased_utc"]) == ("", "", "2026-11-18 11:06:40")


def test_of_a_deleted_post_without_text_nothing_is_left_out() -> None:
    stored = records.stored_post(records.post(1, ""), deleted_at=records.NOW)
    assert not export.is_withheld(replace(ROW, stored=stored), with_deleted=False)


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        (
            Origin(channel_id=records.OTHER_CHANNEL, message_id=MessageId(3), title="Городские", date=1),
            ("Городские", f"https://t.me/c/{records.OTHER_CHANNEL}/3"),
        ),
        (Origin(channel_id=records.OTHER_CHANNEL, message_id=None, title=None, date=1), ("", "")),
    ],
)
def test_where_a_forward_came_from_is_told_as_far_as_it_is_known(origin: Origin, told: tuple[str, str]) -> None:
    stored = records.stored_post(records.post(1, "Пост", origin=origin))
    (row,) = cells(written("csv", replace(ROW, stored=stored)))
    assert (row["origin"], row["origin_link"]) == told


def test_a_channel_without_a_name_has_a_link_all_the_same() -> None:
    info: ChannelInfo = records.channel_info(username=None)
    (row,) = cells(written("csv", replace(ROW, channel=info)))
    assert (row["channel"], row["link"]) == ("", f"https://t.me/c/{records.CHANNEL}/15")
