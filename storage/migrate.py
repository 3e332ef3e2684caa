"""Brings a database file to the schema of this version, and refuses what is not ours or newer than us."""

import sqlite3
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from storage.errors import (
    ForeignDatabaseError,
    SchemaVersionError,
    StorageBusyError,
    StorageError,
    StorageFullError,
    UnreadableDatabaseError,
    UnsupportedSqliteError,
)

APPLICATION_ID = 0x484D4652
"""Stands in the header of every database of ours ("HMFR"), so that we know it from another program's."""
OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""
FULL_TEXT_SEARCH = "fts5"
"""The module of SQLite that must be there."""
PATIENCE_SECONDS = 5.0
"""How long to wait for another process that is writing."""

_KNOWN = {
    "FULL": (StorageFullError, "there is no room left for {path}; free some space on its disk and start again"),
    "BUSY": (StorageBusyError, "another program holds {path}; close it and start again"),
    "LOCKED": (StorageBusyError, "another program holds {path}; close it and start again"),
    "READONLY": (UnreadableDatabaseError, "{path} may not be written; give its owner the right to write"),
    "PERM": (UnreadableDatabaseError, "{path} may not be opened; give its owner the right to read and write"),
    "CANTOPEN": (UnreadableDatabaseError, "{path} cannot be opened; see that the folder exists and is writable"),
    "NOTADB": (UnreadableDatabaseError, "{path} is not a database; move it away and start again"),
    "CORRUPT": (UnreadableDatabaseError, "{path} is damaged; put a copy in its place and start again"),
    "IOERR": (UnreadableDatabaseError, "{path} cannot be read or written; see whether its disk is well"),
}


def explained(error: sqlite3.Error, path: Path) -> StorageError | None:
    """Say what the owner of the file at `path` can do about `error`; None if it is a bug of ours."""
    name = getattr(error, "sqlite_errorname", "")
    known = _KNOWN.get(name.split("_")[1] if "_" in name else "")
    if known is None:
        return None
    kind, sentence = known
    return kind(sentence.format(path=path) + f" (SQLite: {error})")


def check_sqlite() -> None:
    """Raise UnsupportedSqliteError unless this Python's SQLite is recent enough and has FTS5."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise UnsupportedSqliteError(
            f"this Python uses SQLite {sqlite3.sqlite_version}, but 3.37 or newer is needed; use a newer Python"
        )
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"CREATE VIRTUAL TABLE probe USING {FULL_TEXT_SEARCH} (text)")
    except sqlite3.OperationalError as error:
        raise UnsupportedSqliteError(
            f"the SQLite of this Python lacks full-text search ({error}); use a Python that has it"
        ) from error
    finally:
        connection.close()


def migrate(connection: sqlite3.Connection, path: Path, *, now: int) -> None:
    """Bring the file that `connection` has open to the newest schema, or leave it untouched.

    Args:
        connection: in autocommit (`isolation_level=None`).
        path: of the file, for the sentences.
        now: UTC seconds, noted for each migration that is applied.

    Raises:
        ForeignDatabaseError: It is a database of another program.
        SchemaVersionError: A newer Homefront wrote it.
    """
    migrations = _migrations()
    connection.execute("BEGIN IMMEDIATE")
    try:
        held = _version(connection, path, newest=migrations[-1][0])
        for number, script in migrations:
            if number > held:
                _apply(connection, number, script, now=now)
        # Even if nothing is new: SQLite opens a file that may not be written in silence, until the first write.
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {migrations[-1][0]}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _version(connection: sqlite3.Connection, path: Path, *, newest: int) -> int:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application or version or tables:
            raise ForeignDatabaseError(f"{path} belongs to another program; name another folder or file")
    if version > newest:
        raise SchemaVersionError(
            f"{path} was written by a newer Homefront (schema {version}, this one knows {newest}); upgrade Homefront"
        )
    return version


def _apply(connection: sqlite3.Connection, number: int, script: str, *, now: int) -> None:
    for statement in _statements(script):
        connection.execute(statement)
    connection.execute("INSERT INTO settings (name, value) VALUES (?, ?)", (f"migrated:{number}", str(now)))


def _migrations() -> list[tuple[int, str]]:
    files = resources.files("storage").joinpath("migrations").iterdir()
    scripts = [file for file in files if file.name.endswith(".sql")]
    return sorted((int(file.name[:4]), file.read_text(encoding="utf-8")) for file in scripts)


def _statements(script: str) -> Iterator[str]:
    # sqlite3.executescript would commit first, and a migration must be whole or not at all.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    yield statement
