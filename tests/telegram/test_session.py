"""A session file that cannot be written: only a key that would be lost is worth an error."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from telethon.crypto import AuthKey
from telethon.tl import types

from bot.telegram import errors
from bot.telegram.session import Session


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reader.session"


@pytest.fixture
def session(path: Path) -> Iterator[Session]:
    opened = Session(str(path))
    opened.set_dc(2, "127.0.0.1", 1)
    opened.auth_key = AuthKey(b"k" * 256)
    opened.save()
    opened._conn.execute("PRAGMA busy_timeout = 0")
    yield opened
    opened.close()


def somebody() -> types.contacts.ResolvedPeer:
    user = types.User(id=77, access_hash=5, first_name="Somebody")
    return types.contacts.ResolvedPeer(peer=None, chats=[], users=[user])


def test_it_does_without_what_can_be_asked_for_again(
    path: Path, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other, caplog.at_level(logging.WARNING):
        other.execute("BEGIN IMMEDIATE")
        session.process_entities(somebody())
        session.set_update_state(0, types.updates.State(1, 0, datetime.now(UTC), 0, 0))  # noqa: TID251 -- any date
        session.save()
        other.execute("ROLLBACK")
    assert {"locked" in record.getMessage() for record in caplog.records} == {True}
    session.process_entities(somebody())
    session.close()
    with closing(Session(str(path))) as again:
        assert again.get_input_entity(types.PeerUser(77)).access_hash == 5


def test_a_key_that_cannot_be_stored_is_an_error(path: Path, session: Session) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.SessionFileError, match="cannot be written"):
            session.auth_key = AuthKey(b"n" * 256)
        other.execute("ROLLBACK")
    session.save()


def test_it_closes_even_when_it_cannot_be_written(path: Path, session: Session) -> None:
    session.process_entities(somebody())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM sessions").fetchone()
        session.close()
        other.execute("ROLLBACK")
    assert session._conn is None
