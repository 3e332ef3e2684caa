"""The views for those who open the database with another program: plain SQLite, without anything of ours."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.render import export
from storage import channels, exports, matches, posts, stories
from storage.database import Database
from storage.models import MessageId, Origin
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, match, post

DAY = 86_400
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest_asyncio.fixture
async def path(database: Database) -> AsyncIterator[Path]:
    """A database with a story of two posts, one of which was deleted, and a post of the day before."""
    origin = Origin(channel_id=CHANNEL, message_id=MessageId(2), title="Вести гарнизона", date=NOW)
    async with database.transaction() as tx:
        await channels.follow(tx, channel_info(), joined=True, now=NOW)
        await channels.follow(tx, channel_info(OTHER_CHANNEL, username=None, title="Городские"), joined=True, now=NOW)
        await posts.put(tx, post(1, date=NOW - DAY), language="ru", now=NOW)
        first = await posts.put(tx, post(2, "Ротация и бунт."), language="ru", now=NOW + 1)
        found = (match(), match("desertion", 10, 14), match("rotation", 10, 14))
        await matches.replace(tx, first.post_id, found)
        copy = post(7, "Ротация и бунт.", channel_id=OTHER_CHANNEL, date=NOW + 60, origin=origin)
        second = await posts.put(tx, copy, language="ru", now=NOW + 61)
        await matches.replace(tx, second.post_id, (match(),))
        story = await stories.begin(tx, first.post_id, began_at=NOW, continues=None)
        await stories.join(tx, second.post_id, story.id)
        await posts.delete(tx, OTHER_CHANNEL, [MessageId(7)], now=NOW + 90)
    yield database.path


def rows(path: Path, sql: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]


async def test_flagged_posts_are_told_as_an_export_tells_them(path: Path, database: Database) -> None:
    found = rows(path, "SELECT * FROM flagged_posts ORDER BY posted_utc")
    async with database.reading() as connection:
        wanted = exports.Wanted(start=0, end=2**40)
        told = [one async for page in exports.pages(connection, wanted) for one in page]
        infos = {channel.info.id: channel.info for channel in await channels.followed(connection)}
    written = [
        export._fields(
            export.Row(
                channel=infos[one.stored.post.channel_id],
                stored=one.stored,
                story_id=one.story_id,
                content_sha256=one.content_sha256,
            ),
            with_deleted=True,
        )
        for one in told
    ]
    expected = [
        {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in line.items()}
        for line in written
    ]
    assert [{**row, "channel": row["channel"] or ""} for row in found] == expected
    assert tuple(found[0]) == export.COLUMNS
    assert [row["matched"] for row in found] == ["Ротация, бунт", "Ротация"]


def test_a_story_is_one_row(path: Path) -> None:
    (row,) = rows(path, "SELECT * FROM stories_overview")
    assert row == {
        "story": 2,
        "began_utc": "2026-11-18 11:06:40",
        "newest_utc": "2026-11-18 11:07:40",
        "posts": 2,
        "channels": 2,
        "views": 20,
        "topics": "desertion, rotation",
        "channel_title": "Вести гарнизона",
        "link": "https://t.me/garrison_news/2",
        "text": "Ротация и бунт.",
        "continues": None,
    }


def test_each_day_has_a_row_for_each_topic(path: Path) -> None:
    assert [tuple(row.values()) for row in rows(path, "SELECT * FROM daily_counts")] == [
        ("2026-11-17", "desertion", 0, 1),
        ("2026-11-17", "rotation", 0, 1),
        ("2026-11-18", "desertion", 1, 2),
        ("2026-11-18", "rotation", 2, 2),
    ]


async def test_where_nothing_was_ever_flagged_the_days_are_counted(database: Database) -> None:
    assert rows(database.path, "SELECT * FROM daily_counts") == []
    async with database.transaction() as tx:
        await channels.follow(tx, channel_info(), joined=True, now=NOW)
        await posts.put(tx, post(), language="ru", now=NOW)
    assert [tuple(row.values()) for row in rows(database.path, "SELECT * FROM daily_counts")] == [
        ("2026-11-18", None, 0, 1)
    ]


@pytest.mark.parametrize("view", ["stories_overview", "daily_counts"])
def test_the_readme_names_every_column(path: Path, view: str) -> None:
    (told,) = re.findall(rf"^\| `{view}` \|(.*)\|$", README, re.MULTILINE)
    assert set(rows(path, f"SELECT * FROM {view}")[0]) <= set(re.findall(r"`(\w+)`", told))


def test_the_readme_names_every_column_of_an_export_in_its_order() -> None:
    table = README[README.index("| Column | What it is |") :].split("\n\n")[0]
    named = [name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split(" | ")[0])]
    assert tuple(named) == export.COLUMNS
