"""One connection that writes, behind a lock, and one that reads."""

import asyncio
import os
import sqlite3
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from operator import methodcaller
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from storage import migrate
from storage.errors import UnreadableDatabaseError

Values = Mapping[str, Any]
_Ahead = deque[Callable[[sqlite3.Cursor], object]]

T = TypeVar("T")

MOST_VALUES = 500
"""How many values one statement may list; `chunks` cuts longer lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A connection in a thread of its own. A `tx` is the writing one within `Database.transaction`.

    The trip to the thread takes longer than most statements do there. What a transaction does not wait for is put
    down in `ahead` and goes along with its next question or its COMMIT. The connection that reads has no `ahead`.
    """

    thread: aiosqlite.Connection
    ahead: _Ahead | None = None


class _Writer(sqlite3.Connection):
    """Runs what was put down in `ahead` before each statement: sqlite3 offers this to subclasses only."""

    def __init__(self, ahead: _Ahead, *connecting: Any, **options: Any) -> None:
        super().__init__(*connecting, **options)
        self.ahead = ahead

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        """Run what goes ahead, in its order, then this statement."""
        cursor = self.cursor()
        while self.ahead:
            self.ahead.popleft()(cursor)
        return cursor.execute(sql, values)

    def rollback(self) -> None:
        """Forget what was to go ahead, and undo what went.

        This comes in its turn after a statement that was cancelled: cleared earlier, that one might commit a part.
        """
        self.ahead.clear()
        super().rollback()


class Database:
    """An open database file. Every write goes through `transaction`, every question through `reading`."""

    def __init__(
        self, path: Path, *, writer: aiosqlite.Connection, ahead: _Ahead, reader: aiosqlite.Connection
    ) -> None:
        """Hold two connections to the file at `path`: `open_database` makes and closes them.

        `ahead`: what the writer runs before its next statement.
        """
        self.path = path
        self._writer = Connection(thread=writer, ahead=ahead)
        self._ahead = ahead
        self._reader = Connection(thread=reader)
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Give the connection for one transaction: all of it is stored, or nothing if the block raises.

        Only the holder may use the connection, and only within the block: it is not reentrant. What `run` and
        `run_each` are given goes along with the next question or the end of the block, and fails there.

        Raises:
            StorageError: The disk is full, the file may not be written, another program holds it …
        """
        async with self._lock:
            with _explaining(self.path):
                try:
                    # A cancelled await does not recall its statement: the rollback comes after it, in its turn.
                    self._ahead.append(methodcaller("execute", "BEGIN IMMEDIATE"))
                    yield self._writer
                    await self._writer.thread.execute("COMMIT")
                except BaseException:
                    await _to_the_end(self._writer.thread.rollback())
                    raise

    async def empty_log(self) -> None:
        """Empty the write-ahead log as far as nobody reads it: what was erased still stands there.

        Raises:
            StorageError: The file cannot be written.
        """
        async with self._lock:
            with _explaining(self.path):
                # Fetched to the end: a statement under way would bar the next COMMIT.
                await self._writer.thread.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

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
            ahead: _Ahead = deque()
            writer = await held.enter_async_context(_connected(f"{address}?mode=rw", partial(_Writer, ahead)))
            reader = await held.enter_async_context(_connected(f"{address}?mode=ro", sqlite3.Connection))
            await writer.execute("PRAGMA foreign_keys = ON")
            await writer.execute("PRAGMA synchronous = NORMAL")
            # What is erased is written over, and not only left to the next page that needs the room.
            await writer.execute("PRAGMA secure_delete = ON")
        yield Database(path, writer=writer, ahead=ahead, reader=reader)


async def rows(connection: Connection, sql: str, values: Values | None = None) -> list[sqlite3.Row]:
    """Run one statement and fetch all it returns, in a single trip to the connection's thread."""
    return list(await connection.thread.execute_fetchall(sql, values))


async def row(connection: Connection, sql: str, values: Values | None = None) -> sqlite3.Row | None:
    """Run one statement that returns one row or none."""
    found = await rows(connection, sql, values)
    return found[0] if found else None


async def pages(
    connection: Connection, sql: str, values: Values, *, size: int
) -> AsyncGenerator[list[sqlite3.Row], None]:
    """Run one statement and give what it returns `size` rows at a time, all as it stood at the beginning."""
    async with connection.thread.execute(sql, values) as cursor:
        while found := list(await cursor.fetchmany(size)):
            yield found


async def run(tx: Connection, sql: str, values: Values) -> None:
    """Run one statement that returns nothing; see `Database.transaction` for when."""
    await run_each(tx, sql, (values,))


async def run_each(tx: Connection, sql: str, values: Collection[Values]) -> None:
    """Run one statement that returns nothing, once for each of `values`; see `Database.transaction` for when."""
    if tx.ahead is None:
        await tx.thread.executemany(sql, values)
    elif values:
        tx.ahead.append(methodcaller("executemany", sql, values))


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
async def _connected(address: str, factory: Callable[..., sqlite3.Connection]) -> AsyncIterator[aiosqlite.Connection]:
    patience = migrate.PATIENCE_SECONDS
    opened = aiosqlite.connect(address, uri=True, isolation_level=None, timeout=patience, factory=factory)
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
