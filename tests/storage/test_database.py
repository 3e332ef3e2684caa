import asyncio
import sqlite3
from pathlib import Path

import pytest

from storage import database as databases
from storage import errors, settings
from storage.database import Connection, Database, open_database
from tests import records

ROWS_EACH = 5


async def names(database: Database) -> set[str]:
    async with database.reading() as connection:
        rows = await databases.rows(connection, "SELECT name FROM settings WHERE name NOT LIKE 'migrated%'")
    return {row["name"] for row in rows}


async def write(database: Database, prefix: str, *, fails: bool = False) -> None:
    async with database.transaction() as tx:
        for number in range(ROWS_EACH):
            await settings.put(tx, f"{prefix} {number}", "yes")
        if fails:
            raise RuntimeError(prefix)


async def test_what_was_committed_can_be_read(database: Database) -> None:
    await write(database, "a")
    assert await names(database) == {f"a {number}" for number in range(ROWS_EACH)}


async def test_nothing_is_seen_before_the_commit(database: Database) -> None:
    async with database.transaction() as tx:
        await settings.put(tx, "a", "yes")
        assert await names(database) == set()
    assert await names(database) == {"a"}


async def test_a_block_that_raises_stores_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError, match="a"):
        await write(database, "a", fails=True)
    assert await names(database) == set()


async def test_coroutines_do_not_mix_their_transactions(database: Database) -> None:
    work = [write(database, f"{number}", fails=number % 3 == 0) for number in range(30)]
    results = await asyncio.gather(*work, return_exceptions=True)
    failed = {str(result) for result in results if result is not None}
    assert failed == {f"{number}" for number in range(0, 30, 3)}
    expected = {f"{number} {row}" for number in range(30) if number % 3 for row in range(ROWS_EACH)}
    assert await names(database) == expected


@pytest.mark.parametrize("start", range(0, 400, 50))
async def test_a_transaction_cancelled_at_any_point_is_whole_or_absent(database: Database, start: int) -> None:
    whole = 0
    for turns in range(start, start + 50):
        task = asyncio.create_task(write(database, f"{turns}"))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await write(database, "next")
        stored = {name for name in await names(database) if name.startswith(f"{turns} ")}
        assert len(stored) in {0, ROWS_EACH}
        whole += len(stored) == ROWS_EACH
    assert start or whole < 50


@pytest.mark.parametrize("statement", range(1, ROWS_EACH + 3))
async def test_a_transaction_cancelled_within_any_statement_is_whole_or_absent(
    database: Database, statement: int
) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(write(database, "a"))
    seen: list[str] = []

    def trace(sql: str) -> None:
        seen.append(sql)
        if len(seen) == statement:
            loop.call_soon_threadsafe(task.cancel)

    await database._writer.thread.set_trace_callback(trace)
    await asyncio.gather(task, return_exceptions=True)
    assert len(await names(database)) in {0, ROWS_EACH}
    await write(database, "b")
    assert {f"b {number}" for number in range(ROWS_EACH)} <= await names(database)


async def test_those_who_wait_get_their_turn_when_one_before_them_is_cancelled(database: Database) -> None:
    async with database.transaction() as tx:
        waiting = [asyncio.create_task(write(database, f"{number}")) for number in range(3)]
        await settings.put(tx, "first", "yes")
        waiting[0].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert {name.split()[0] for name in await names(database)} == {"first", "1", "2"}


async def test_a_second_cancellation_does_not_stop_the_rollback(database: Database) -> None:
    async def insist() -> None:
        async with database.transaction() as tx:
            await settings.put(tx, "a", "yes")
            raise RuntimeError

    # Wherever the cancellation falls, before the error or while it is rolled back.
    for turns in range(200):
        task = asyncio.create_task(insist())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert not database._writer.thread.in_transaction
    assert await names(database) == set()


async def test_the_rollback_is_awaited_when_cancelled_and_the_cancellation_goes_on() -> None:
    begun, free, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await free.wait()
        ended.set()

    task = asyncio.create_task(databases._to_the_end(work()))
    await begun.wait()
    task.cancel()
    asyncio.get_running_loop().call_soon(free.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_a_full_disk_is_said_and_what_was_acknowledged_stays(database: Database) -> None:
    async def fill(tx: Connection) -> None:
        for number in range(1000):
            await settings.put(tx, f"{number}", "x" * 10_000)

    await write(database, "kept")
    await database._writer.thread.execute("PRAGMA max_page_count = 100")
    with pytest.raises(errors.StorageFullError, match=r"no room left for .*homefront\.db; free some space"):
        async with database.transaction() as tx:
            await fill(tx)
    assert not database._writer.thread.in_transaction
    assert {name.split()[0] for name in await names(database)} == {"kept"}
    await database._writer.thread.execute("PRAGMA max_page_count = 100000")
    await write(database, "after")
    assert {name.split()[0] for name in await names(database)} == {"kept", "after"}


async def test_nothing_is_written_where_only_reading_was_asked_for(database: Database) -> None:
    with pytest.raises(errors.UnreadableDatabaseError, match="may not be written"):
        async with database.reading() as connection:
            await settings.put(connection, "a", "yes")


async def test_a_question_sees_what_its_transaction_wrote_before(database: Database) -> None:
    async with database.transaction() as tx:
        await settings.put(tx, "a", "no")
        await settings.put(tx, "a", "yes")
        assert await settings.get(tx, "a") == "yes"


async def test_what_fails_within_a_transaction_takes_all_of_it_along(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as tx:
            await settings.put(tx, "before", "yes")
            await databases.run(tx, "INSERT INTO settings (name) VALUES ('wrong')", {})
            await settings.put(tx, "after", "yes")

    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
        await fail()
    assert await names(database) == set()
    await write(database, "next")
    assert len(await names(database)) == ROWS_EACH


async def test_a_bug_is_not_explained_away(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
        async with database.transaction() as tx:
            await databases.run(tx, "INSERT INTO settings (name) VALUES ('a')", {})


async def test_errors_of_other_databases_are_not_taken_for_ours(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="another file"):
        async with open_database(tmp_path / "homefront.db", now=records.NOW):
            raise sqlite3.OperationalError("another file")


def test_long_lists_are_cut() -> None:
    assert [len(piece) for piece in databases.chunks(range(1001))] == [500, 500, 1]
    assert list(databases.chunks([])) == []
