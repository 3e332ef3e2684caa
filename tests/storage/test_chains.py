import random
from collections.abc import Sequence
from typing import Any

import pytest

from storage import chains, channels, database, forgetting, posts, revisions
from storage.chains import Break, Page
from storage.database import Connection
from storage.models import MessageId
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, post

ERASED = 4
"""The revision whose text was erased."""
COLUMNS = ("channel_id", "seq", "message_id", "kind", "captured_at", "canonical", "content_sha256", "chain_sha256")
HELD_OF_ERASED = ("message_id", "captured_at", "content_sha256", "chain_sha256")


async def history(tx: Connection) -> int:
    """Give two channels a chain each, with an edit, a deletion and an erased text; return how many revisions."""
    await channels.follow(tx, channel_info(OTHER_CHANNEL), joined=True, now=NOW)
    for channel_id in (CHANNEL, OTHER_CHANNEL):
        written = [(post(number, channel_id=channel_id), "ru") for number in range(1, 6)]
        await posts.put_all(tx, channel_id, written, now=NOW - 60)
        await posts.put(tx, post(1, "Вода есть.", channel_id=channel_id), language="ru", now=NOW)
        await posts.delete(tx, channel_id, [MessageId(2)], now=NOW + 1)
    for channel_id in (CHANNEL, OTHER_CHANNEL):
        held = await posts.get(tx, channel_id, MessageId(ERASED))
        assert held is not None
        place = forgetting.Place(id=held.id, channel_id=channel_id, message_id=MessageId(ERASED))
        await forgetting.forget(tx, (place,), why="owner", now=NOW + 2, fold=str.lower)
    return 2 * 7


async def looked_at(tx: Connection, **options: Any) -> list[Page]:
    return [page async for page in chains.walk(tx, **options)]


async def breaks(tx: Connection) -> list[Break]:
    return [one for page in await looked_at(tx) for one in page.breaks]


def told(found: Sequence[Break]) -> list[tuple[int, int, str, int]]:
    return [(one.channel_id, one.seq, one.fault, one.message_id) for one in found]


async def change(tx: Connection, seq: int, **columns: Any) -> None:
    values = ", ".join(f"{name} = :{name}" for name in columns)
    await database.run(
        tx,
        f"UPDATE revisions SET {values} WHERE channel_id = :of AND seq = :at",
        {**columns, "of": CHANNEL, "at": seq},
    )


async def test_chains_that_nobody_touched_hold_and_what_was_erased_is_counted(tx: Connection) -> None:
    count = await history(tx)
    (page,) = await looked_at(tx)
    assert (page.looked, page.erased, page.breaks, page.found) == (count, 2, (), ())


async def test_where_nothing_was_captured_there_is_nothing_to_check(tx: Connection) -> None:
    assert await looked_at(tx) == []
    assert await chains.heads(tx) == ()


async def test_a_long_chain_is_looked_at_page_by_page(tx: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "PAGE", 3)
    await history(tx)
    assert [page.looked for page in await looked_at(tx)] == [3, 3, 3, 3, 2]
    assert sum(page.looked for page in await looked_at(tx, channel_id=OTHER_CHANNEL)) == 7


async def test_any_byte_that_is_changed_in_any_revision_is_found_there_alone(tx: Connection) -> None:
    await history(tx)
    held = await database.rows(tx, "SELECT * FROM revisions")
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    await tx.thread.execute("PRAGMA defer_foreign_keys = ON")
    await tx.thread.execute("PRAGMA ignore_check_constraints = ON")
    for _ in range(250):
        row = chance.choice(held)
        column = chance.choice(HELD_OF_ERASED if row["canonical"] is None else COLUMNS)
        await tx.thread.execute("SAVEPOINT before")
        await tx.thread.execute(
            f"UPDATE revisions SET {column} = {'?' if isinstance(row[column], int) else 'CAST(? AS TEXT)'} "
            "WHERE channel_id = ? AND seq = ?",
            (changed(row[column], chance), row["channel_id"], row["seq"]),
        )
        found = {(one.channel_id, one.seq) for one in await breaks(tx)}
        place = (row["channel_id"], row["seq"])
        told_where = (column, row["seq"], seed)
        if column in {"channel_id", "seq"}:  # it is missing where it was, unless as the last, and strange where it went
            assert place in found or (found and row["seq"] == 7), told_where
        else:
            assert found == {place}, told_where
        await tx.thread.execute("ROLLBACK TO before")


def changed(value: int | str, chance: random.Random) -> int | bytes:
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(24, 31))
    content = bytearray(value.encode())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"canonical": revisions.canonical(post(3, "Сегодня отключили газ."), "posted")}, "text"),
        ({"canonical": "[]"}, "text"),
        ({"content_sha256": "0" * 64}, "hash"),
        ({"captured_at": NOW + 1}, "link"),
        ({"chain_sha256": "0" * 64}, "link"),
        ({"canonical": "[]", "content_sha256": "0" * 64}, "link"),
        ({"message_id": 4}, "place"),
        ({"kind": "edited"}, "place"),
        ({"canonical": None}, "erased"),
    ],
)
async def test_what_was_changed_is_said(tx: Connection, columns: dict[str, Any], fault: str) -> None:
    await history(tx)
    await change(tx, 3, **columns)
    assert told(await breaks(tx)) == [(CHANNEL, 3, fault, columns.get("message_id", 3))]


@pytest.mark.parametrize("content", ["[]", "no JSON", "{}"])
async def test_a_link_made_for_something_that_is_no_post_is_found(tx: Connection, content: str) -> None:
    await history(tx)
    before = await database.row(
        tx, "SELECT chain_sha256 AS chain FROM revisions WHERE channel_id = :of AND seq = 6", {"of": CHANNEL}
    )
    assert before is not None
    made = chains.sha256(content)
    await change(
        tx, 7, canonical=content, content_sha256=made, chain_sha256=chains.link(before["chain"], NOW + 1, made)
    )
    assert told(await breaks(tx)) == [(CHANNEL, 7, "place", 2)]


async def test_several_changes_are_each_told_once(tx: Connection) -> None:
    await history(tx)
    await change(tx, 2, captured_at=1)
    await change(tx, 3, chain_sha256="0" * 64)
    await change(tx, 6, canonical="{}")
    assert [(seq, fault) for _, seq, fault, _ in told(await breaks(tx))] == [(2, "link"), (3, "link"), (6, "text")]


async def test_revisions_that_were_taken_out_are_told_as_one_gap(tx: Connection) -> None:
    await history(tx)
    await database.run(tx, "DELETE FROM revisions WHERE channel_id = :of AND seq IN (3, 4)", {"of": CHANNEL})
    (gap,) = await breaks(tx)
    assert (gap.channel_id, gap.seq, gap.last, gap.fault, gap.message_id) == (CHANNEL, 3, 4, "missing", 5)


def test_an_order_that_only_a_change_in_the_file_itself_can_make_is_found() -> None:
    row = chains._Row(
        channel_id=CHANNEL,
        seq=3,
        message_id=MessageId(3),
        kind="",
        captured_at=0,
        canonical=None,
        content="",
        chain="",
        forgotten=0,
    )
    (found,), end = chains._follow(chains._End(seq=5, links=("",)), row)
    assert (found.fault, found.seq, end.seq) == ("place", 3, 3)


async def test_a_text_in_the_place_of_a_number_is_no_number(tx: Connection) -> None:
    await database.rows(tx, "CREATE TEMP TABLE revisions AS SELECT * FROM main.revisions")
    await tx.thread.execute(
        "INSERT INTO temp.revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (CHANNEL, "one", 1.5, None, None, None, None, None),
    )
    assert told(await breaks(tx)) == [(CHANNEL, 0, "place", 0)]


async def test_a_sum_of_all_chains_is_found_at_its_time(tx: Connection) -> None:
    await history(tx)
    now = chains.seal(await chains.heads(tx))
    await posts.put(tx, post(6), language="ru", now=NOW + 9)
    later = chains.seal(await chains.heads(tx))
    assert await chains.sealed(tx, {now, later, "0" * 64}) == {now: NOW + 1, later: NOW + 9}
    await change(tx, 3, chain_sha256="0" * 64)
    assert await chains.sealed(tx, {now, later}) == {now: NOW + 1, later: NOW + 9}  # what that breaks, `walk` says
    await change(tx, 7, chain_sha256="0" * 64)
    assert await chains.sealed(tx, {now}) == {}


async def test_heads_are_the_newest_links_and_are_found_in_their_chains(tx: Connection) -> None:
    await history(tx)
    ours, other = await chains.heads(tx)
    assert (ours.channel_id, ours.seq, other.channel_id, other.seq) == (CHANNEL, 7, OTHER_CHANNEL, 7)
    assert ours.chain_sha256 == await revisions.head(tx, CHANNEL)
    (page,) = await looked_at(tx, noted=(ours.chain_sha256[:12], other.chain_sha256, "0" * 8))
    assert page.found == (ours, other)
