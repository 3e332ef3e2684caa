"""One connection that writes, behind a lock, and one that reads."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from storage import migrate
from storage.errors import UnreadableDatabaseError

Connection = aiosqlite.Connection
"""Its rows are `sqlite3.Row`. A `tx` is the writing connection within `Database.transaction`."""
Values = Mapping[str, Any]

T = TypeVar("T")

MOST_VALUES = 500
"""How many values one statement may list; `chunks` cuts longer lists."""


class Database:
    """An open database file. Every write goes through `transaction`, every question through `reading`."""

    def __init__(self, path: Path, *, writer: Connection, reader: Connection) -> None:
        """Hold two connections to the file at `path`: `open_database` makes and closes them."""
        self.path = path
        self._writer = writer
        self._reader = reader
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Give the connection for one transaction: all of it is stored, or nothing if the block raises.

        Only the holder may use the connection, and only within the block: it is not reentrant.

        Raises:
            StorageError: The disk is full, the file may not be written, another program holds it …
        """
        async with self._lock:
            with _explaining(self.path):
                try:
                    # Inside the try: a cancelled await does not recall its statement, so BEGIN may still happen.
                    await self._writer.execute("BEGIN IMMEDIATE")
                    yield self._writer
                    await self._writer.execute("COMMIT")
                except BaseException:
                    await _to_the_end(self._writer.rollback())
                    raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Give the connection for questions. It sees what is committed, and many may use it at once.

        Raises:
            StorageError: The file cannot be read, or something was written here.
        """
        with _explaining(self.path):
            yield self._reader


@asynccontextmanager
async def open_database(path: Path, *, now: int) -> AsyncIterator[Database]:
    """Open the database at `path`, made or brought to the newest schema where needed, and close it at the end.

    Args:
        path: of the file; its folder is made if it is not there, both for their owner alone.
        now: UTC seconds.

    Raises:
        StorageError: One of its family, with a sentence for the owner of the file.
    """
    migrate.check_sqlite()
    async with AsyncExitStack() as held:
        with _explaining(path):
            address = await asyncio.to_thread(_prepare, path, now=now)
            writer = await held.enter_async_context(_connected(f"{address}?mode=rw"))
            reader = await held.enter_async_context(_connected(f"{address}?mode=ro"))
            await writer.execute("PRAGMA foreign_keys = ON")
            await writer.execute("PRAGMA synchronous = NORMAL")
        yield Database(path, writer=writer, reader=reader)


async def rows(connection: Connection, sql: str, values: Values | None = None) -> list[sqlite3.Row]:
    """Run one statement and fetch all it returns, in a single trip to the connection's thread."""
    return list(await connection.execute_fetchall(sql, values))


async def row(connection: Connection, sql: str, values: Values | None = None) -> sqlite3.Row | None:
    """Run one statement that returns one row or none."""
    found = await rows(connection, sql, values)
    return found[0] if found else None


async def run(tx: Connection, sql: str, values: Values) -> None:
    """Run one statement that returns nothing."""
    await tx.execute(sql, values)


async def run_each(tx: Connection, sql: str, values: Collection[Values]) -> None:
    """Run one statement once for each of `values`, in a single trip."""
    if values:
        await tx.executemany(sql, values)


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut `values` into pieces that one statement may list."""
    for start in range(0, len(values), MOST_VALUES):
        yield values[start : start + MOST_VALUES]


def listed(values: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    """Name `values` for an IN: `:v0, :v1 …`, and what each stands for."""
    named = {f"v{number}": value for number, value in enumerate(values)}
    return ", ".join(f":{name}" for name in named), named


def _prepare(path: Path, *, now: int) -> str:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made here because SQLite would make it readable for all; its companions (-wal, -shm) copy this mode. A file
        # that is there is not touched: to close it would drop the locks of this process on it
        # (https://www.sqlite.org/howtocorrupt.html, 2.2).
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise UnreadableDatabaseError(f"{path} cannot be made: {error.strerror}") from error
    with closing(sqlite3.connect(path, isolation_level=None, timeout=migrate.PATIENCE_SECONDS)) as connection:
        migrate.migrate(connection, path, now=now)
        connection.execute("PRAGMA journal_mode = WAL")
    return path.absolute().as_uri()


@asynccontextmanager
async def _connected(address: str) -> AsyncIterator[Connection]:
    opened = aiosqlite.connect(address, uri=True, isolation_level=None, timeout=migrate.PATIENCE_SECONDS)
    async with opened as connection:
        connection.row_factory = sqlite3.Row
        yield connection


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        explained = migrate.explained(error, path)
        if explained is None:
            raise
        raise explained from error


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Wait for `work` to end even when cancelled meanwhile, then be cancelled."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
