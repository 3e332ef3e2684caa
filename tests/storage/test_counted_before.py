"""What was flagged before posts were counted by topic is counted when the file is brought to the new form."""

from pathlib import Path

import pytest

from storage import database as databases
from storage import migrate, stats
from storage.database import open_database
from tests.records import CHANNEL, NOW

QUARTER = NOW - NOW % 900


async def test_posts_flagged_before_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "homefront.db"
    with monkeypatch.context() as patched:
        before = migrate._migrations()[:-1]
        patched.setattr(migrate, "_migrations", lambda: before)
        async with open_database(path, now=NOW) as database, database.transaction() as tx:
            await databases.run(
                tx,
                """INSERT INTO channels
                    (id, access_hash, title, verified, fake, scam, restricted, state, joined, added_at)
                VALUES (:id, 1, 'Вести', 0, 0, 0, 0, 'followed', 1, 0)""",
                {"id": CHANNEL},
            )
            for number, date in ((1, QUARTER), (2, QUARTER + 899), (3, QUARTER + 900)):
                await databases.run(
                    tx,
                    """INSERT INTO posts
                        (id, channel_id, message_id, date, captured_at, text, parts, entities, language, flagged)
                    VALUES (:id, :channel, :id, :date, 0, 'Ротация.', '[]', '[]', 'ru', 1)""",
                    {"id": number, "channel": CHANNEL, "date": date},
                )
                for start in (0, 5):
                    await databases.run(
                        tx,
                        """INSERT INTO matches (post_id, topic, start, "end", term, rule)
                        VALUES (:id, 'rotation', :start, 9, '', '')""",
                        {"id": number, "start": start},
                    )
    async with open_database(path, now=NOW) as database, database.reading() as connection:
        bounds = [QUARTER - 900, QUARTER, QUARTER + 900, QUARTER + 1800]
        assert await stats.topic_counts(connection, bounds) == {"rotation": (0, 2, 1)}
