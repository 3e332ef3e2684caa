"""How fast posts are taken in, beside SQLite itself doing no more than inserting as many rows.

Measured is `ingest.store` whole: language, topics, posts, revisions with their chain, matches, alerts, cursor, commit.
The bare insert puts the same posts into one table without indexes by `executemany`, a commit a batch.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot import catalogues, ingest, rulebook
from bot.pipeline import classify
from storage import channels, chats
from storage.database import Database
from storage.models import Cursor, MessageId, Post
from tests import records
from tests.benchmarks import telling

POSTS, BATCH, ONE_IN = 10_000, 100, 20
ALONE = 500


@pytest.fixture(scope="module")
def teller() -> ingest.Teller:
    return ingest.Teller(rules=rulebook.read(), catalogues={"en": catalogues.load("en")}, wake=lambda: None)


def batch(numbers: range, *, flagged_one_in: int) -> ingest.Batch:
    """Posts with these message ids, live, with the cursor that covers them."""
    return ingest.Batch(
        channel_id=records.CHANNEL,
        posts=tuple(_post(number, flagged=number % flagged_one_in == 0) for number in numbers),
        cursor=Cursor(pts=numbers[-1] + 1, complete_id=MessageId(numbers[-1])),
        source="live",
    )


def _post(number: int, *, flagged: bool) -> Post:
    text = telling.FLAGGED if flagged else telling.PLAIN[number % len(telling.PLAIN)]
    return records.post(number, f"{text} №{number}", date=records.NOW + number)


async def prepare(database: Database) -> None:
    async with database.transaction() as tx:
        await channels.follow(tx, records.channel_info(), joined=True, now=records.NOW)
        await chats.pair(tx, chat_id=records.CHAT, role="owner", language="en", timezone="UTC", now=records.NOW)


@pytest.mark.benchmark
@pytest.mark.timeout(180)
async def test_ten_thousand_posts_are_stored(database: Database, teller: ingest.Teller, tmp_path: Path) -> None:
    await prepare(database)
    batches = [batch(range(start, start + BATCH), flagged_one_in=ONE_IN) for start in range(1, POSTS, BATCH)]
    begun = time.perf_counter()
    stored = [await ingest.store(database, teller, one, now=records.NOW) for one in batches]
    ours = time.perf_counter() - begun
    thinking = _classify_all(teller.rules.classifier, batches)
    bare = _bare_insert(tmp_path / "bare.db", batches)
    print(
        f"\n{POSTS} posts in batches of {BATCH}, 1 in {ONE_IN} flagged, {POSTS / ours:,.0f} a second; each takes "
        f"{1e6 * ours / POSTS:.0f} µs, of which language and topics {1e6 * thinking / POSTS:.0f} µs; "
        f"a bare executemany {1e6 * bare / POSTS:.0f} µs"
    )
    assert sum(one.new for one in stored) == POSTS
    assert sum(one.told for one in stored) == POSTS // ONE_IN


@pytest.mark.benchmark
async def test_a_flagged_post_is_stored_with_its_alert(
    database: Database, teller: ingest.Teller, tmp_path: Path
) -> None:
    await prepare(database)
    batches = [batch(range(number, number + 1), flagged_one_in=1) for number in range(1, ALONE + 1)]
    delays = []
    for one in batches:
        begun = time.perf_counter()
        stored = await ingest.store(database, teller, one, now=records.NOW)
        delays.append(time.perf_counter() - begun)
        assert stored.told == 1
    bare = _bare_insert(tmp_path / "bare.db", batches) / ALONE
    print(
        f"\n{ALONE} flagged posts, a transaction each, with its alert: median {telling.median(delays):.2f} ms, "
        f"95th percentile {telling.p95(delays):.2f} ms; a bare insert with its commit {1000 * bare:.2f} ms"
    )


def _classify_all(classifier: classify.Classifier, batches: list[ingest.Batch]) -> float:
    """Tell language and topics of the posts, and nothing else; returns the seconds it took."""
    begun = time.perf_counter()
    for one in batches:
        for post in one.posts:
            classify.classify(classifier, post.text)
    return time.perf_counter() - begun


def _bare_insert(path: Path, batches: list[ingest.Batch]) -> float:
    """Insert the posts as they are; returns the seconds it took."""
    rows = [[(post.channel_id, post.message_id, post.date, post.text) for post in one.posts] for one in batches]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("CREATE TABLE posts (channel_id INTEGER, message_id INTEGER, date INTEGER, text TEXT)")
        begun = time.perf_counter()
        for one in rows:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO posts VALUES (?, ?, ?, ?)", one)
            connection.execute("COMMIT")
        return time.perf_counter() - begun
