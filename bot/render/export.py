"""The rows of an export: CSV that a spreadsheet opens right, or JSON Lines with the same fields."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.render import masking, phrases
from storage.models import ChannelInfo, Match, Origin, StoredPost, StoryId

Form = Literal["csv", "jsonl"]
Value = str | int | tuple[str, ...] | None

COLUMNS = (
    "posted_utc",
    "channel",
    "channel_title",
    "link",
    "topics",
    "matched",
    "text",
    "language",
    "media",
    "views",
    "forwards",
    "edited_utc",
    "deleted_utc",
    "erased_utc",
    "captured_utc",
    "origin",
    "origin_link",
    "story",
    "channel_id",
    "message_id",
    "sha256",
)
"""In the order of the file; what each is stands in the README."""
COMMA, SEMICOLON = ",", ";"
SEMICOLON_LANGUAGES = frozenset({"ru", "uk"})
"""Where a comma stands in numbers, a spreadsheet takes a semicolon to part cells."""

_BOM = "\ufeff"
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet would take for the beginning of a formula."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How rows are written. `separator` parts the cells of a CSV."""

    form: Form
    separator: str = COMMA
    with_deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a row tells of."""

    channel: ChannelInfo
    stored: StoredPost
    story_id: StoryId | None
    content_sha256: str | None


def head(layout: Layout) -> bytes:
    """Give what the file begins with: of a CSV the mark by which spreadsheets know UTF-8, and the column names."""
    return (_BOM + _csv(COLUMNS, layout.separator)).encode() if layout.form == "csv" else b""


def rows(layout: Layout, told: Sequence[Row]) -> bytes:
    """Write rows. Text that its channel deleted is left out unless the layout has it; numbers of persons are masked."""
    lines = (_fields(row, with_deleted=layout.with_deleted) for row in told)
    if layout.form == "jsonl":
        return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()
    return "".join(_csv([_cell(line[name]) for name in COLUMNS], layout.separator) for line in lines).encode()


def is_withheld(row: Row, *, with_deleted: bool) -> bool:
    """Say whether the text of a row is left out because its channel deleted it."""
    if not row.stored.post.text:
        return False
    return row.stored.deleted_at is not None and not with_deleted


def _fields(row: Row, *, with_deleted: bool) -> Mapping[str, Value]:
    stored, post, info = row.stored, row.stored.post, row.channel
    text = "" if is_withheld(row, with_deleted=with_deleted) else masking.masked(post.text)
    return {
        "posted_utc": _time(post.date),
        "channel": phrases.username(info)[1:],
        "channel_title": masking.masked(info.title),
        "link": phrases.link(info, post.message_id),
        "topics": tuple(sorted({match.topic for match in stored.matches})),
        "matched": _matched(text, stored.matches),
        "text": text,
        "language": stored.language,
        "media": post.media,
        "views": post.views,
        "forwards": post.forwards,
        "edited_utc": _time(post.edited_at),
        "deleted_utc": _time(stored.deleted_at),
        "erased_utc": _time(stored.forgotten_at),
        "captured_utc": _time(stored.captured_at),
        **_origin(post.origin),
        "story": row.story_id,
        "channel_id": info.id,
        "message_id": post.message_id,
        "sha256": row.content_sha256,
    }


def _matched(text: str, matches: Sequence[Match]) -> tuple[str, ...]:
    found = (text[match.start : match.end] for match in sorted(matches, key=lambda match: match.start))
    return tuple(dict.fromkeys(words for words in found if words))


def _origin(origin: Origin | None) -> Mapping[str, Value]:
    if origin is None:
        return {"origin": None, "origin_link": None}
    known = origin.channel_id is not None and origin.message_id is not None
    return {
        "origin": None if origin.title is None else masking.masked(origin.title),
        "origin_link": f"https://t.me/c/{origin.channel_id}/{origin.message_id}" if known else None,
    }


def _time(at: int | None) -> str | None:
    return None if at is None else phrases.utc(at)


def _cell(value: Value) -> str | int:
    if isinstance(value, int):
        return value
    text = ", ".join(value) if isinstance(value, tuple) else value or ""
    # The apostrophe is how one tells a spreadsheet that a cell is text.
    return f"'{text}" if text.startswith(_ACTIVE) else text


def _csv(cells: Sequence[str | int], separator: str) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
