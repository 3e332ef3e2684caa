"""What can be wrong with the database, each said so that its owner knows what to do."""


class StorageError(Exception):
    """The database cannot be used; the message says why and what to do."""


class UnsupportedSqliteError(StorageError):
    """The SQLite library of this Python is too old or lacks FTS5."""


class UnreadableDatabaseError(StorageError):
    """The file is not a SQLite database, is damaged, or may not be read or written."""


class ForeignDatabaseError(StorageError):
    """The file is a SQLite database of another program."""


class SchemaVersionError(StorageError):
    """The file was written by a newer Homefront than this one."""


class WrongServerError(StorageError):
    """The folder belongs to another Telegram server (a demo's folder and a real one refuse each other)."""


class StorageFullError(StorageError):
    """The disk, or what the database may take of it, is full."""


class StorageBusyError(StorageError):
    """Another program holds the database for too long."""
