import hashlib
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest_asyncio

from bot import catalogues, evidence
from bot.render import evidence as layout
from bot.render.evidence import Case
from storage import channels, database, forgetting, matches, posts, stories
from storage.database import Connection, Database
from storage.models import MessageId, Origin, PostId
from tests import records
from tests.records import CHANNEL, NOW, OTHER_CHANNEL

TEXTS = catalogues.load("en")
OTHER = records.channel_info(OTHER_CHANNEL, username=None, title="Городские новости")


@pytest_asyncio.fixture
async def told(database: Database) -> Database:
    """A post that was edited and deleted, forwarded by another channel, between other posts of its channel."""
    origin = Origin(channel_id=CHANNEL, message_id=MessageId(2), title="Вести гарнизона", date=NOW)
    async with database.transaction() as tx:
        await channels.follow(tx, records.channel_info(), joined=True, now=NOW)
        await channels.follow(tx, OTHER, joined=True, now=NOW)
        await posts.put(tx, records.post(1), language="ru", now=NOW)
        first = await posts.put(tx, records.post(2, "Ротации не будет."), language="ru", now=NOW + 1)
        await matches.replace(tx, first.post_id, (records.match(),))
        copy = records.post(7, "Ротации не будет.", channel_id=OTHER_CHANNEL, date=NOW + 60, origin=origin)
        second = await posts.put(tx, copy, language="ru", now=NOW + 61)
        story = await stories.begin(tx, first.post_id, began_at=NOW, continues=None)
        await stories.join(tx, second.post_id, story.id)
        await posts.put(tx, records.post(3), language="ru", now=NOW + 70)
        edited = records.post(2, "Ротация будет.", edited_at=NOW + 80)
        await posts.put(tx, edited, language="ru", now=NOW + 81)
        await posts.delete(tx, CHANNEL, [MessageId(2)], now=NOW + 90)
    return database


async def case_of(connection: Connection, message_id: int) -> Case:
    post = await posts.get(connection, CHANNEL, MessageId(message_id))
    assert post is not None
    return await evidence.gather(connection, records.channel_info(), post)


async def packed(of: Database, message_id: int = 2) -> dict[str, bytes]:
    async with of.reading() as connection:
        document = layout.pack(TEXTS, await case_of(connection, message_id))
    with zipfile.ZipFile(io.BytesIO(document.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read(files: dict[str, bytes], name: str) -> Any:
    return json.loads(files[name])


async def test_each_state_is_there_byte_for_byte_with_its_hash_and_its_place_in_the_chain(told: Database) -> None:
    files = await packed(told)
    rows = read(files, "revisions.json")
    assert [row["file"] for row in rows] == [
        "revisions/2-posted.json", "revisions/4-edited.json", "revisions/5-deleted.json",
    ]  # fmt: skip
    for row in rows:
        assert hashlib.sha256(files[row["file"]]).hexdigest() == row["content_sha256"]
        link = f"{row['previous_chain_sha256']}\n{row['captured_at']}\n{row['content_sha256']}"
        assert hashlib.sha256(link.encode()).hexdigest() == row["chain_sha256"]
    assert rows[2]["previous_chain_sha256"] == rows[1]["chain_sha256"]
    assert [row["captured_utc"] for row in rows[:2]] == ["2026-11-18 11:06:41", "2026-11-18 11:08:01"]
    assert [read(files, row["file"]).get("text") for row in rows] == ["Ротации не будет.", "Ротация будет.", None]


async def test_the_first_of_a_channel_has_no_link_before_it(told: Database) -> None:
    (row,) = read(await packed(told, 1), "revisions.json")
    assert row["previous_chain_sha256"] == ""
    link = f"\n{row['captured_at']}\n{row['content_sha256']}"
    assert hashlib.sha256(link.encode()).hexdigest() == row["chain_sha256"]


async def test_the_post_its_origin_and_its_copies_are_told_in_utc(told: Database) -> None:
    files = await packed(told)
    post = read(files, "post.json")
    assert post["link"] == "https://t.me/garrison_news/2"
    assert (post["channel"]["title"], post["topics"]) == ("Вести гарнизона", ["rotation"])
    assert [post[f"{what}_utc"] for what in ("posted", "edited", "deletion_noticed")] == [
        "2026-11-18 11:06:40", "2026-11-18 11:08:00", "2026-11-18 11:08:10",
    ]  # fmt: skip
    story = read(files, "story.json")
    assert story["began_with"] == "https://t.me/garrison_news/2"
    ours, copy = story["posts"]
    assert [len(one["captured"]) for one in (ours, copy)] == [3, 1]
    assert copy["link"] == f"https://t.me/c/{OTHER_CHANNEL}/7"
    assert copy["forwarded_from"] == {
        "channel_id": CHANNEL, "message_id": 2, "title": "Вести гарнизона", "posted_utc": "2026-11-18 11:06:40",
    }  # fmt: skip


async def test_a_post_of_no_story_has_no_copies(told: Database) -> None:
    assert read(await packed(told, 1), "story.json") == {"began_with": None, "posts": []}


async def test_every_file_is_listed_with_its_hash_as_sha256sum_reads_it(told: Database) -> None:
    files = await packed(told)
    lines = [line.split("  ") for line in files["SHA256SUMS"].decode().splitlines()]
    sums = {name: digest for digest, name in lines}
    assert sums == {name: hashlib.sha256(files[name]).hexdigest() for name in files.keys() - {"SHA256SUMS"}}
    listed = {file["name"]: (file["sha256"], file["bytes"]) for file in read(files, "manifest.json")["files"]}
    assert listed == {
        name: (hashlib.sha256(content).hexdigest(), len(content))
        for name, content in files.items()
        if name not in {"manifest.json", "SHA256SUMS"}
    }
    assert b"https://t.me/garrison_news/2" in files["README.txt"]


async def test_the_same_state_gives_the_same_bytes_and_another_state_others(told: Database) -> None:
    async with told.reading() as connection:
        once, again = [layout.pack(TEXTS, await case_of(connection, 2)) for _ in range(2)]
    assert once == again
    assert once.name == "evidence-garrison_news-2.zip"
    async with told.transaction() as tx:
        # Views are no part of it: they change all the time.
        await database.run(tx, "UPDATE posts SET views = 77", {})
    async with told.reading() as connection:
        case = await case_of(connection, 2)
    assert layout.pack(TEXTS, case) == once
    nameless = replace(case, channel=replace(case.channel, username=None))
    assert layout.pack(TEXTS, nameless).name == f"evidence-{CHANNEL}-2.zip"
    assert layout.pack(TEXTS, nameless).content != once.content


async def test_of_an_erased_text_the_hash_is_there_and_no_file(told: Database) -> None:
    async with told.transaction() as tx:
        place = forgetting.Place(id=PostId(2), channel_id=CHANNEL, message_id=MessageId(2))
        await forgetting.forget(tx, (place,), why="owner", now=NOW + 100, fold=str.lower)
    files = await packed(told)
    rows = read(files, "revisions.json")
    assert [(row["erased"], row["file"], len(row["content_sha256"])) for row in rows] == [(True, None, 64)] * 3
    assert not [name for name in files if name.startswith("revisions/")]
    post = read(files, "post.json")
    assert (post["erased_utc"], post["erased_why"]) == ("2026-11-18 11:08:20", "owner")


async def test_nothing_of_the_computer_that_packs_it_is_in_it(told: Database) -> None:
    async with told.reading() as connection:
        document = layout.pack(TEXTS, await case_of(connection, 2))
    with zipfile.ZipFile(io.BytesIO(document.content)) as archive:
        about = {
            (one.date_time, one.compress_type, one.create_system, one.external_attr >> 16) for one in archive.filelist
        }
    assert about == {((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 3, 0o100644)}
