import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import channels, chats, errors, migrate, outbox, stories
from storage import database as databases
from storage.database import open_database
from storage.models import Chat, ChatId, OutboxId, PostId, StoryId
from tests import records

NUMBERS = [number for number, _ in migrate._migrations()]
NEWEST = max(NUMBERS)
"""The number of the last migration."""
FIRST_CHAT = "INSERT INTO chats (id, role, language, timezone, paired_at) VALUES (:id, 'owner', 'en', 'Europe/Kyiv', 5)"
"""A chat as the first version stored it."""
CHANNEL_OF_OLD = """
INSERT INTO channels (id, access_hash, title, verified, fake, scam, restricted, state, joined, added_at)
VALUES (5, 77, 'Вести гарнизона', 0, 0, 0, 0, 'followed', 1, 5)"""
POST_OF_OLD = """
INSERT INTO posts (id, channel_id, message_id, date, captured_at, text, parts, entities, language, grouped_id)
VALUES (:id, 5, :id, :date, 5, 'Пост', '[]', '[]', 'ru', :album)"""


def schema(path: Path) -> list[tuple[str, str | None]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def header(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as connection:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        return application, connection.execute("PRAGMA user_version").fetchone()[0]


def foreign(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


async def test_a_file_that_is_not_there_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "data" / "homefront.db"
    async with open_database(path, now=records.NOW):
        pass
    assert header(path) == (migrate.APPLICATION_ID, NEWEST)
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_an_empty_file_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "homefront.db"
    path.touch()
    async with open_database(path, now=records.NOW) as database, database.reading() as connection:
        rows = await databases.rows(connection, "SELECT name, value FROM settings")
    assert [tuple(row) for row in rows] == [(f"migrated:{number}", str(records.NOW)) for number in NUMBERS]


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "homefront.db"
    async with open_database(path, now=records.NOW):
        pass
    before = schema(path)
    async with open_database(path, now=records.NOW + 1) as database, database.reading() as connection:
        rows = await databases.rows(connection, "SELECT value FROM settings")
    assert [row["value"] for row in rows] == [str(records.NOW)] * len(NUMBERS)
    assert schema(path) == before


async def test_file_and_companions_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "homefront.db"
    async with open_database(path, now=records.NOW) as database, database.transaction() as tx:
        await databases.rows(tx, "INSERT INTO settings VALUES ('a', 'b')")
        modes = {file.name: file.stat().st_mode & 0o777 for file in os.scandir(tmp_path)}
    assert modes == {"homefront.db": 0o600, "homefront.db-wal": 0o600, "homefront.db-shm": 0o600}


async def test_a_folder_with_signs_of_addresses_in_its_name_is_found(tmp_path: Path) -> None:
    path = tmp_path / "50% что? #1" / "homefront.db"
    async with open_database(path, now=records.NOW):
        assert path.exists()


async def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "homefront.db"
    foreign(path, f"PRAGMA application_id = {migrate.APPLICATION_ID}", "PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(errors.SchemaVersionError, match=f"newer Homefront \\(schema 99, this one knows {NEWEST}\\)"):
        async with open_database(path, now=records.NOW):
            pass
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE notes (text TEXT)", "PRAGMA user_version = 1", "PRAGMA application_id = 252006674"]
)
async def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "homefront.db"
    foreign(path, statement)
    before = path.read_bytes()
    with pytest.raises(errors.ForeignDatabaseError, match="belongs to another program"):
        async with open_database(path, now=records.NOW):
            pass
    assert path.read_bytes() == before


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "homefront.db"
    path.write_bytes(b"These are my notes of last week." * 100)
    with pytest.raises(errors.UnreadableDatabaseError, match=r"homefront\.db is not a database; move it away"):
        async with open_database(path, now=records.NOW):
            pass
    assert path.read_bytes() == b"These are my notes of last week." * 100


async def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.UnreadableDatabaseError, match="cannot be opened"):
        async with open_database(tmp_path, now=records.NOW):
            pass


async def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(errors.UnreadableDatabaseError, match=r"homefront\.db cannot be made"):
        async with open_database(tmp_path / "data" / "homefront.db", now=records.NOW):
            pass


async def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "homefront.db"
    async with open_database(path, now=records.NOW):
        pass
    before = schema(path)
    broken = (NEWEST + 1, "CREATE TABLE extra (id INTEGER);\nCREATE TABLE extra (id INTEGER);")
    monkeypatch.setattr(migrate, "_migrations", lambda: [(NEWEST, ""), broken])
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        async with open_database(path, now=records.NOW):
            pass
    assert schema(path) == before
    assert header(path) == (migrate.APPLICATION_ID, NEWEST)


async def test_a_later_migration_is_applied_to_an_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "homefront.db"
    async with open_database(path, now=records.NOW):
        pass
    script = """
    -- A trigger has semicolons of its own.
    CREATE TABLE extra (id INTEGER);
    CREATE TRIGGER extra_made AFTER INSERT ON extra BEGIN
        DELETE FROM extra WHERE id < 0;
    END;
    CREATE INDEX extra_id ON extra (id)  -- the last one needs none
    """
    monkeypatch.setattr(
        migrate, "_migrations", lambda: [(NEWEST, "CREATE TABLE never (id INTEGER);"), (NEWEST + 1, script)]
    )
    async with open_database(path, now=records.NOW):
        pass
    names = {name for name, _ in schema(path)}
    assert {"extra", "extra_made", "extra_id"} <= names
    assert "never" not in names
    assert header(path) == (migrate.APPLICATION_ID, NEWEST + 1)


def test_an_old_sqlite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(errors.UnsupportedSqliteError, match="use a newer Python"):
        migrate.check_sqlite()


def test_a_sqlite_without_full_text_search_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "FULL_TEXT_SEARCH", "fts99")
    with pytest.raises(errors.UnsupportedSqliteError, match="lacks full-text search"):
        migrate.check_sqlite()


def test_an_error_that_only_a_bug_can_cause_is_not_explained(tmp_path: Path) -> None:
    assert migrate.explained(sqlite3.OperationalError("no such column"), tmp_path) is None
    with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute("SELECT nothing")
    assert migrate.explained(caught.value, tmp_path) is None


async def test_an_outbox_of_the_first_version_keeps_its_messages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "homefront.db"
    with monkeypatch.context() as patched:
        first = migrate._migrations()[:1]
        patched.setattr(migrate, "_migrations", lambda: first)
        async with open_database(path, now=records.NOW) as database, database.transaction() as tx:
            await databases.run(tx, FIRST_CHAT, {"id": records.CHAT})
            await databases.run(tx, "INSERT INTO mutes VALUES (:id, 'topic', 'rotation', NULL)", {"id": records.CHAT})
            for number, (state, into) in enumerate([("sent", None), ("folded", 1), ("waiting", None)], start=1):
                await databases.run(
                    tx,
                    """INSERT INTO outbox (id, chat_id, kind, key, random_id, text, entities, buttons, silent, state,
                        created_at, not_before, folded_into)
                    VALUES (:id, :chat_id, 'alert', :id, :id, 'text', '[]', '[]', 0, :state, 5, 5, :into)""",
                    {"id": number, "chat_id": records.CHAT, "state": state, "into": into},
                )
    async with open_database(path, now=records.NOW) as database, database.transaction() as tx:
        held = await outbox.by_ids(tx, [OutboxId(number) for number in (1, 2, 3)])
        assert [(one.state, one.act, one.depends_on) for one in held] == [
            ("sent", "send", None),
            ("folded", "send", None),
            ("waiting", "send", None),
        ]
        assert [one.id for one in await outbox.pending(tx, records.CHAT, now=5)] == [3]
        assert [(one.kind, one.subject, one.until) for one in await chats.mutes(tx, now=5)] == [
            ("topic", "rotation", None)
        ]
        await chats.remove(tx, records.CHAT)
        assert await databases.rows(tx, "PRAGMA foreign_key_check") == []
        assert await outbox.by_ids(tx, [OutboxId(1)]) == ()


async def test_a_chat_of_the_first_version_has_set_nothing_and_troubles_are_worded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "homefront.db"
    troubles = {
        1: ("Путь домой can no longer be read: it was closed, made private …", "closed"),
        2: ("Вести is no longer followed: its name now leads to another channel. What is held …", "taken"),
        3: ("the server fails to tell what is new (TIMEOUT); it is tried again", "TIMEOUT"),
        4: ("Something else.", "Something else."),
    }
    with monkeypatch.context() as patched:
        before = [one for one in migrate._migrations() if one[0] < 7]
        patched.setattr(migrate, "_migrations", lambda: before)
        async with open_database(path, now=records.NOW) as database, database.transaction() as tx:
            await databases.run(tx, FIRST_CHAT, {"id": records.CHAT})
            for number, (trouble, _) in troubles.items():
                info = records.channel_info(number, username=None)
                await channels.follow(tx, info, joined=True, now=records.NOW)
                await channels.trouble(tx, info.id, trouble)
    async with open_database(path, now=records.NOW) as database, database.reading() as connection:
        assert await chats.get(connection, records.CHAT) == Chat(
            id=records.CHAT, role="owner", language="en", timezone="Europe/Kyiv", paired_at=5
        )
        found = {channel.info.id: channel.trouble for channel in await channels.followed(connection)}
    assert found == {number: noted for number, (_, noted) in troubles.items()}


async def test_what_was_told_before_there_were_stories_is_a_story_and_is_not_told_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "homefront.db"
    with monkeypatch.context() as patched:
        before = migrate._migrations()[:2]
        patched.setattr(migrate, "_migrations", lambda: before)
        async with open_database(path, now=records.NOW) as database, database.transaction() as tx:
            for chat_id in (1, 2):
                await databases.run(tx, FIRST_CHAT, {"id": chat_id})
            await databases.run(tx, CHANNEL_OF_OLD, {})
            albums = {2: 77, 3: 77, 4: 77}
            for number in range(1, 6):
                await databases.run(tx, POST_OF_OLD, {"id": number, "date": 100 + number, "album": albums.get(number)})
            await databases.run(tx, "UPDATE posts SET flagged = 1 WHERE id <> 4", {})
            told = [(1, 1, "alert:5:1"), (2, 1, "alert:5:1"), (1, 3, "alert:5:album77"), (2, 2, "alert:5:album77")]
            for number, (chat_id, post_id, key) in enumerate(told, start=1):
                await databases.run(
                    tx,
                    """INSERT INTO outbox (chat_id, kind, act, key, random_id, text, entities, buttons, silent, state,
                        post_id, topics, created_at, not_before)
                    VALUES (:chat, 'alert', 'send', :key, :id, 'text', '[]', '[]', 0, 'waiting', :post, '[]', 5, 5)""",
                    {"chat": chat_id, "key": key, "id": number, "post": post_id},
                )
    async with open_database(path, now=records.NOW) as database, database.reading() as connection:
        found = [await stories.of_post(connection, PostId(number)) for number in range(1, 6)]
        assert [story and (story.id, story.began_at) for story in found] == [(1, 101), (2, 102), (2, 102), None, None]
        alerts = await stories.alerts(connection, StoryId(2), [ChatId(1), ChatId(2)])
        assert [alert.random_id for alert in alerts.values()] == [3, 4]
        assert await databases.rows(connection, "PRAGMA foreign_key_check") == []
