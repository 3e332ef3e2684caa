"""What a report is made of, out of a month of invented channels."""

import json
import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import catalogues, ingest, periods, report, rulebook
from bot.render.digest_data import Period
from storage import database as sql
from storage.database import Database
from tests import asked as asking
from tests import month

KYIV = ZoneInfo("Europe/Kyiv")
TOPICS = ("mobilization", "rotation", "desertion")
ENGLISH = catalogues.load("en")
NOW = month.END - month.HOUR
KNOWN = asking.known(now=NOW)


def period(asked: str = "") -> Period:
    found = report.parse(asked, KNOWN)
    assert isinstance(found, Period)
    return found


@pytest.fixture
async def held(database: Database, rules: rulebook.Rulebook) -> Database:
    await month.follow(database)
    teller = ingest.Teller(rules=rules, catalogues={"en": ENGLISH}, wake=lambda: None)
    await month.happen(database, teller, month.events(40, seed=13))
    return database


async def page(held: Database, asked: str = "", *, with_deleted: bool = False) -> str:
    made = await report.compose(
        held, ENGLISH, period(asked), topics=TOPICS, now=NOW, zone=KYIV, with_deleted=with_deleted
    )
    return made.document.content.decode()


def data(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page)
    assert found is not None
    read: dict[str, Any] = json.loads(found[1])
    return read


async def flagged(held: Database, condition: str = "") -> int:
    async with held.reading() as connection:
        (row,) = await sql.rows(connection, f"SELECT count(*) AS posts FROM posts WHERE flagged = 1 {condition}")
    return int(row["posts"])


async def test_a_month_is_reported_whole(held: Database) -> None:
    told = data(await page(held))
    posts = told["posts"]
    assert len(posts) == await flagged(held) > 40
    assert told["days"][0] == "28 Oct"  # the first with a post
    assert any("before" in post.get("edited", {}) for post in posts)
    assert sum("deleted" in post for post in posts) == await flagged(held, "AND deleted_at IS NOT NULL") > 0
    assert {post["story"] for post in posts if "lag" in post} <= {post["story"] for post in posts if "lag" not in post}
    assert told["facts"][1] == "✓ All 11 channels are complete."


async def test_it_is_the_same_whenever_it_is_made_of_the_same(held: Database) -> None:
    assert await page(held) == await page(held)


async def test_one_topic_and_other_days_can_be_asked_for(held: Database) -> None:
    told = data(await page(held, "2026-11-14 desertion"))
    assert told["topics"] == ["Desertion"]
    assert told["days"] == ["14 Nov"]


async def test_how_far_it_is_is_told(held: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "_AT_ONCE", 10)
    steps: list[tuple[int, int]] = []
    await report.compose(
        held, ENGLISH, period(), topics=TOPICS, now=NOW, zone=KYIV, shown=lambda *step: steps.append(step)
    )
    everything = await flagged(held)
    assert steps == [(min(done, everything), everything) for done in range(10, everything + 10, 10)]


async def test_the_charts_begin_where_the_posts_do(held: Database) -> None:
    told = data(await page(held, "9999d"))
    assert told["title"] == "Flagged posts, Wed 14 Aug 2013 – Wed 25 Nov 2026"
    assert told["days"][0] == "28 Oct"  # the first with a post


async def test_what_is_too_much_is_left_out_and_said(held: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = data(await page(held))
    monkeypatch.setattr(report, "MOST_POSTS", 5)
    told = data(await page(held))
    assert [post["link"] for post in told["posts"]] == [post["link"] for post in whole["posts"][:5]]
    assert "older ones found no room" in " ".join(told["facts"])
    assert len(told["days"]) < len(whole["days"])  # charts begin where the posts do
    assert told["days"][told["posts"][-1]["day"]] == told["days"][0]


async def test_nothing_flagged_is_a_page_too(database: Database) -> None:
    assert data(await page(database))["posts"] == []


@pytest.mark.parametrize(
    ("asked", "first", "last", "topic"),
    [
        ("", date(2026, 10, 27), date(2026, 11, 25), None),
        ("deser", date(2026, 10, 27), date(2026, 11, 25), "desertion"),
        ("today", date(2026, 11, 25), date(2026, 11, 25), None),
        ("7d rotation", date(2026, 11, 19), date(2026, 11, 25), "rotation"),
        ("2026-11-03", date(2026, 11, 3), date(2026, 11, 3), None),
    ],
)
def test_without_days_it_is_of_the_last_thirty(asked: str, first: date, last: date, topic: str | None) -> None:
    found = period(asked)
    assert (found.first, found.last, found.topic) == (first, last, topic)


def test_what_is_no_period_is_said() -> None:
    assert isinstance(report.parse("someday", KNOWN), periods.Problem)


@pytest.mark.parametrize(
    ("asked", "name"),
    [("7d", "homefront-2026-11-19-2026-11-25.html"), ("2026-11-03", "homefront-2026-11-03.html")],
)
async def test_the_file_is_named_by_its_days(database: Database, asked: str, name: str) -> None:
    made = await report.compose(database, ENGLISH, period(asked), topics=TOPICS, now=NOW, zone=KYIV)
    assert made.document.name == name
    assert (made.read, made.posts) == (0, 0)
