"""What becomes of a database when processes die, share it, or may not use its file."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import database as databases
from storage import errors, migrate, settings
from storage.database import Database, open_database
from tests import records

ROOT = Path(__file__).parents[2]

CHILD = """
import asyncio, sys
from pathlib import Path
from storage import settings
from storage.database import open_database

async def main():
    async with open_database(Path(sys.argv[1]), now=0) as database:
        {body}

asyncio.run(main())
"""

WAIT_WITHIN = """
        async with database.transaction() as tx:
            await settings.put(tx, "kept", "yes")
        async with database.transaction() as tx:
            await settings.put(tx, "lost", "yes")
            assert await settings.get(tx, "lost") == "yes"
            print("within", flush=True)
            sys.stdin.readline()
"""

WRITE_FIFTY = """
        for number in range(50):
            async with database.transaction() as tx:
                await settings.put(tx, f"child {number}", "yes")
"""


def child(path: Path, body: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD.format(body=body.strip()), str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def names(database: Database) -> set[str]:
    async with database.reading() as connection:
        rows = await databases.rows(connection, "SELECT name FROM settings WHERE name NOT LIKE 'migrated%'")
    return {row["name"] for row in rows}


async def write(database: Database, name: str) -> None:
    async with database.transaction() as tx:
        await settings.put(tx, name, "yes")


async def test_a_process_killed_within_a_transaction_leaves_what_was_committed(tmp_path: Path) -> None:
    path = tmp_path / "homefront.db"
    with child(path, WAIT_WITHIN) as process:
        assert process.stdout is not None
        line = await asyncio.to_thread(process.stdout.readline)
        process.send_signal(signal.SIGKILL)
    assert line == "within\n"
    async with open_database(path, now=records.NOW) as database:
        assert await names(database) == {"kept"}


async def test_two_processes_write_in_turns(tmp_path: Path) -> None:
    path = tmp_path / "homefront.db"
    with child(path, WRITE_FIFTY) as process:
        async with open_database(path, now=records.NOW) as database:
            for number in range(50):
                await write(database, f"parent {number}")
            assert await asyncio.to_thread(process.wait) == 0
            assert len(await names(database)) == 100


async def test_a_database_held_by_another_process_for_too_long_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "homefront.db"
    monkeypatch.setattr(migrate, "PATIENCE_SECONDS", 0.05)
    async with open_database(path, now=records.NOW) as database:
        with child(path, WAIT_WITHIN) as process:
            assert process.stdout is not None
            assert process.stdin is not None
            await asyncio.to_thread(process.stdout.readline)
            with pytest.raises(errors.StorageBusyError, match="another program holds"):
                await write(database, "a")
            with pytest.raises(errors.StorageBusyError, match="another program holds"):
                async with open_database(path, now=records.NOW):
                    pass
            process.stdin.write("\n")
        await write(database, "b")
        assert await names(database) == {"kept", "lost", "b"}


@pytest.fixture
def ordinary_user() -> Iterator[Path]:
    """A folder of a user for whom the rights of files count, while root runs the tests."""
    nobody = 65534
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory(prefix="homefront-") as folder:
        if root:
            os.chown(folder, nobody, nobody)
            os.seteuid(nobody)
        try:
            yield Path(folder)
        finally:
            if root:
                os.seteuid(0)
            Path(folder).chmod(0o700)


async def test_a_file_that_may_not_be_written_is_said(ordinary_user: Path) -> None:
    path = ordinary_user / "homefront.db"
    async with open_database(path, now=records.NOW):
        pass
    path.chmod(0o400)
    with pytest.raises(errors.UnreadableDatabaseError, match="may not be written"):
        async with open_database(path, now=records.NOW):
            pass


async def test_a_folder_that_may_not_be_written_is_said(ordinary_user: Path) -> None:
    path = ordinary_user / "homefront.db"
    async with open_database(path, now=records.NOW):
        pass
    await asyncio.to_thread(ordinary_user.chmod, 0o500)
    with pytest.raises(errors.UnreadableDatabaseError, match=r"homefront\.db"):
        async with open_database(path, now=records.NOW):
            pass


async def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "homefront.db"
    async with open_database(path, now=records.NOW) as database:
        await write(database, "a")
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(errors.UnreadableDatabaseError, match="is damaged; put a copy in its place"):
        async with open_database(path, now=records.NOW) as database:
            await names(database)


async def test_opening_twice_in_a_process_keeps_the_locks_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "homefront.db"
    async with open_database(path, now=records.NOW) as database:
        async with open_database(path, now=records.NOW):
            pass
        with child(path, WRITE_FIFTY) as process:
            assert await asyncio.to_thread(process.wait) == 0
        assert len(await names(database)) == 50
