"""The file of a session: its key must be stored, what the server tells again need not."""

import contextlib
import logging
import sqlite3
from collections.abc import Iterator
from typing import Any

from telethon.sessions import SQLiteSession

from bot.telegram import errors

_log = logging.getLogger(__name__)


class Session(SQLiteSession):  # type: ignore[misc] # Telethon offers these hooks to subclasses only
    """Telethon's session file that, while its disk is full or another program holds it, does without what it can.

    Telethon writes to it whenever it hears of a user or channel, and every minute. Raised there, an error would end
    the connection's upkeep, and hide the database's own, which says what to do.
    """

    _conn: Any
    _owes_key = False

    def process_entities(self, tlo: Any) -> None:
        """Store who `tlo` speaks of, if possible."""
        with self._bearing():
            super().process_entities(tlo)

    def set_update_state(self, entity_id: int, state: Any) -> None:
        """Store where the updates stand, if possible: Homefront has its own account of it."""
        with self._bearing():
            super().set_update_state(entity_id, state)

    def save(self) -> None:
        """Commit; raises SessionFileError when a key is not stored by it."""
        with self._bearing():
            super().save()
            self._owes_key = False

    def close(self) -> None:
        """Commit if possible, and close the file."""
        connection = self._conn
        with self._bearing():
            super().close()
        if self._conn is not None and connection is not None:
            connection.close()
            self._conn = None

    def _update_session_table(self) -> None:
        self._owes_key = True
        with self._bearing():
            super()._update_session_table()

    @contextlib.contextmanager
    def _bearing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if self._owes_key:
                raise errors.SessionFileError(
                    f"{self.filename} cannot be written ({error}). "
                    "See that its disk has room and that no other program holds it, then start again."
                ) from None
            _log.warning("%s cannot be written: %s", self.filename, error)
