import hashlib
import json
from typing import Any

import pytest

from storage import channels, database, posts, revisions
from storage.database import Connection
from storage.models import Entity, MessageId, Origin, PostId, TextPart
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, post

EARLIER = NOW - 60


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def history(tx: Connection, count: int = 5) -> None:
    """Give the channel a chain of `count` posts, an edit and a deletion."""
    await posts.put_all(tx, CHANNEL, [(post(number), "ru") for number in range(1, count + 1)], now=EARLIER)
    await posts.put(tx, post(1, "Вода есть."), language="ru", now=NOW)
    await posts.delete(tx, CHANNEL, [MessageId(2)], now=NOW + 1)


def test_the_canonical_form_names_each_field() -> None:
    written = post(
        15,
        "Вода «есть»",
        entities=(Entity(kind="bold", start=0, length=4),),
        grouped_id=3,
        origin=Origin(channel_id=OTHER_CHANNEL, message_id=None, title="Городские новости", date=1),
    )
    assert revisions.canonical(written, "posted") == (
        '{"channel_id":1500000001,"date":1795000000,"edited_at":null,'
        '"entities":[{"kind":"bold","length":4,"start":0,"url":null}],"format":1,"forwards":1,"grouped_id":3,'
        '"kind":"posted","media":null,"message_id":15,'
        '"origin":{"channel_id":1500000002,"date":1,"message_id":null,"title":"Городские новости"},'
        '"parts":[{"end":11,"kind":"message","start":0}],"text":"Вода «есть»","views":10}'
    )


def test_the_canonical_form_of_a_deletion_says_what_is_gone() -> None:
    expected = '{"channel_id":1500000001,"format":1,"kind":"deleted","message_id":15}'
    assert revisions.canonical_deletion(CHANNEL, MessageId(15)) == expected


async def test_revisions_are_chained_as_documented(tx: Connection) -> None:
    await posts.put(tx, post(text="Воды нет."), language="ru", now=EARLIER)
    await posts.put(tx, post(text="Вода есть."), language="ru", now=NOW)
    first, second = await revisions.of_post(tx, CHANNEL, MessageId(1))
    assert (first.seq, first.kind, first.captured_at) == (1, "posted", EARLIER)
    assert (second.seq, second.kind, second.captured_at) == (2, "edited", NOW)
    assert first.canonical is not None
    assert json.loads(first.canonical)["text"] == "Воды нет."
    assert first.content_sha256 == sha256(first.canonical)
    assert first.chain_sha256 == sha256(f"\n{EARLIER}\n{first.content_sha256}")
    assert second.chain_sha256 == sha256(f"{first.chain_sha256}\n{NOW}\n{second.content_sha256}")
    assert await revisions.head(tx, CHANNEL) == second.chain_sha256


async def test_each_channel_has_a_chain_of_its_own(tx: Connection) -> None:
    await channels.follow(tx, channel_info(OTHER_CHANNEL), joined=True, now=NOW)
    await posts.put(tx, post(), language="ru", now=NOW)
    await posts.put(tx, post(channel_id=OTHER_CHANNEL), language="ru", now=NOW)
    (revision,) = await revisions.of_post(tx, OTHER_CHANNEL, MessageId(1))
    assert revision.seq == 1


async def test_a_channel_without_posts_has_no_head_and_holds(tx: Connection) -> None:
    assert await revisions.head(tx, OTHER_CHANNEL) is None
    assert await revisions.verify(tx, OTHER_CHANNEL) is None


async def test_a_chain_that_nobody_touched_holds(tx: Connection) -> None:
    await history(tx)
    assert await revisions.verify(tx, CHANNEL) is None


@pytest.mark.parametrize("count", [998, 999, 1500])
async def test_a_long_chain_holds_and_breaks_at_its_end(tx: Connection, count: int) -> None:
    await history(tx, count)
    assert await revisions.verify(tx, CHANNEL) is None
    await database.run(tx, "UPDATE revisions SET captured_at = 1 WHERE seq = :seq", {"seq": count + 2})
    assert await revisions.verify(tx, CHANNEL) == count + 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("canonical", None),
        ("message_id", 4),
        ("kind", "edited"),
        ("captured_at", EARLIER + 1),
        ("content_sha256", "0" * 64),
        ("chain_sha256", "0" * 64),
    ],
)
async def test_a_change_of_any_column_is_found(tx: Connection, column: str, value: Any) -> None:
    await history(tx)
    if column == "canonical":
        value = revisions.canonical(post(3, "Сегодня в посёлке снова отключили газу."), "posted")
    await database.run(tx, f"UPDATE revisions SET {column} = :value WHERE seq = 3", {"value": value})
    assert await revisions.verify(tx, CHANNEL) == 3


async def test_a_revision_that_was_taken_out_is_found(tx: Connection) -> None:
    await history(tx)
    await database.run(tx, "DELETE FROM revisions WHERE seq = 3", {})
    assert await revisions.verify(tx, CHANNEL) == 3


async def test_a_forgotten_text_leaves_the_chain_whole(tx: Connection) -> None:
    await history(tx)
    await database.run(tx, "UPDATE revisions SET canonical = NULL WHERE seq = 3", {})
    await database.run(tx, "UPDATE posts SET forgotten_at = :now WHERE message_id = 3", {"now": NOW})
    assert await revisions.verify(tx, CHANNEL) is None


async def test_what_a_channel_wrote_is_read_back_without_its_link_preview(tx: Connection) -> None:
    parts = (TextPart(kind="message", start=0, end=5), TextPart(kind="preview", start=7, end=15))
    await posts.put(tx, post(1, "Текст\n\nПросмотр", parts=parts), language="ru", now=NOW)
    await posts.put(tx, post(1, "Другой", edited_at=NOW + 1), language="ru", now=NOW + 1)
    await posts.delete(tx, CHANNEL, [MessageId(1)], now=NOW + 2)
    captured = await revisions.of_post(tx, CHANNEL, MessageId(1))
    assert [revisions.written(one) for one in captured] == ["Текст", "Другой", None]
    await database.run(tx, "UPDATE revisions SET canonical = NULL", {})
    forgotten = await revisions.of_post(tx, CHANNEL, MessageId(1))
    assert [revisions.written(one) for one in forgotten] == [None, None, None]


async def test_what_was_captured_of_edited_posts_is_found_without_deletions(tx: Connection) -> None:
    await history(tx)
    await posts.put(tx, post(3, "Вода скоро будет."), language="ru", now=NOW)
    await posts.delete(tx, CHANNEL, [MessageId(1)], now=NOW + 2)
    found = await revisions.of_edited(tx, [PostId(number) for number in (1, 2, 99)])
    assert list(found) == [PostId(1)]
    assert [(state.kind, revisions.written(state)) for state in found[PostId(1)]] == [
        ("posted", post().text),
        ("edited", "Вода есть."),
    ]
    assert found[PostId(1)] == (await revisions.of_post(tx, CHANNEL, MessageId(1)))[:2]
    assert await revisions.of_edited(tx, [PostId(2)]) == {}
