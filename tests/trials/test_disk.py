"""The disk is full, the database is held by another program, or it may not be written."""

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot import folder
from storage import migrate
from tests.end_to_end import homefront as home
from tests.trials import proof, scene

SMALL, LARGE = "6m", "64m"
END_SECONDS = 90

pytestmark = pytest.mark.trial


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own for the data folder; only root can make one."""
    data = tmp_path / "data"
    data.mkdir()
    if _mount("-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(data)):
        pytest.skip("this user may not mount a small disk")
    try:
        yield data
    finally:
        subprocess.run(["umount", str(data)], check=True)


@pytest.mark.timeout(600)
async def test_a_full_disk(small_disk: Path, stage: scene.Scene) -> None:
    stage.add_channels(5)
    figures: list[str] = []
    with scene.telling(stage, f"disk of {SMALL} full", figures):
        async with home.homefront("run", env=stage.environment()) as terminal:
            await scene.at_work(terminal)
            async with scene.load(stage, per_second=100):
                said = await _failed(terminal)
        acknowledged = _rows(stage)
        async with home.homefront("run", env=stage.environment()) as terminal:
            said_again = await _failed(terminal)
        assert _mount("-o", f"remount,size={LARGE}", str(small_disk)) == 0
        async with home.homefront("run", env=stage.environment()):
            found = await proof.settled(stage, patience=180)
        kept = acknowledged <= _rows(stage)
        figures += [f"{len(acknowledged)} rows stored before, {'all' if kept else 'not all'} kept", *found.figures()]
    assert "disk is full" in said
    assert "disk is full" in said_again
    assert kept
    assert found.failures == {}
    assert found.clean
    assert await proof.chains_hold(stage)


@pytest.mark.timeout(600)
async def test_a_database_that_another_program_holds(stage: scene.Scene) -> None:
    stage.add_channels(5)
    figures: list[str] = []
    with scene.telling(stage, f"database held for more than {migrate.PATIENCE_SECONDS:.0f} s", figures):
        async with home.homefront("run", env=stage.environment()) as terminal:
            await scene.at_work(terminal)
            async with scene.load(stage, per_second=10):
                assert await _some_stored(stage)
                with _held(stage):
                    said = await _failed(terminal)
        acknowledged = _rows(stage)
        with _held(stage):
            async with home.homefront("run", env=stage.environment()) as terminal:
                said_again = await _failed(terminal)
        async with home.homefront("run", env=stage.environment()):
            found = await proof.settled(stage, patience=120)
        kept = acknowledged <= _rows(stage)
        figures += [f"{len(acknowledged)} rows stored before, {'all' if kept else 'not all'} kept", *found.figures()]
    assert "another program holds" in said
    assert "another program holds" in said_again
    assert kept
    assert found.failures == {}
    assert found.clean


@pytest.mark.timeout(600)
@pytest.mark.parametrize("what", ["database", "folder"])
async def test_what_may_not_be_written(stage: scene.Scene, what: str) -> None:
    stage.add_channels(5)
    figures: list[str] = []
    with scene.telling(stage, f"{what} read-only", figures):
        async with home.homefront("run", env=stage.environment()):
            for _ in range(50):
                stage.happen()
            assert (await proof.settled(stage, patience=60)).clean
        acknowledged = _rows(stage)
        for _ in range(50):
            stage.happen()
        data = stage.found.data_dir
        with _read_only(data if what == "folder" else folder.database(data)):
            async with home.homefront("run", env=stage.environment()) as terminal:
                said = await _failed(terminal)
        async with home.homefront("run", env=stage.environment()):
            found = await proof.settled(stage, patience=120)
        kept = acknowledged <= _rows(stage)
        figures += [f"{len(acknowledged)} rows stored before, {'all' if kept else 'not all'} kept", *found.figures()]
    assert "may not be written" in said or "cannot be used" in said
    assert kept
    assert found.failures == {}
    assert found.clean


async def _failed(terminal: home.Terminal) -> str:
    """Wait until a process ends with an error and a sentence; returns what it printed."""
    async with asyncio.timeout(END_SECONDS):
        said = await scene.printed(terminal)
        code = await terminal.process.wait()
    assert code == 1, said
    assert "Traceback" not in said, said
    return said


async def _some_stored(stage: scene.Scene) -> bool:
    while len(_rows(stage)) < 20:  # noqa: ASYNC110 -- nobody tells it
        await asyncio.sleep(proof.LOOK_SECONDS)
    return True


@contextmanager
def _held(stage: scene.Scene) -> Iterator[None]:
    """Hold the database for writing, as another program would."""
    with closing(sqlite3.connect(folder.database(stage.found.data_dir), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def _read_only(path: Path) -> Iterator[None]:
    """Forbid writing to a file or folder; root is not bound by permissions, so for root it is mounted so."""
    if os.getuid():
        mode = path.stat().st_mode
        path.chmod(mode & ~0o222)
        yield
        path.chmod(mode)
        return
    if _mount("--bind", str(path), str(path)):
        pytest.skip("this user is root but may not mount")
    try:
        assert _mount("-o", "remount,bind,ro", str(path)) == 0
        yield
    finally:
        subprocess.run(["umount", str(path)], check=True)


def _mount(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode


def _rows(stage: scene.Scene) -> set[tuple[object, ...]]:
    """Return what was captured of posts, and what was sent: none of it may ever be gone."""
    with closing(sqlite3.connect(folder.database(stage.found.data_dir))) as connection:
        captured = connection.execute("SELECT channel_id, seq, chain_sha256 FROM revisions").fetchall()
        sent = connection.execute("SELECT chat_id, key, random_id FROM outbox").fetchall()
    return {*captured, *sent}
