from bot.telegram import progress
from storage.database import Database

HERE = progress.Progress(pts=120, qts=3, date=1_795_000_000)


async def test_progress_is_kept_and_moves(database: Database) -> None:
    async with database.transaction() as tx:
        await progress.put(tx, progress.Progress(pts=1, qts=0, date=1), bot_id=42)
        await progress.put(tx, HERE, bot_id=42)
    async with database.reading() as connection:
        assert await progress.get(connection, bot_id=42) == HERE


async def test_there_is_none_at_first(database: Database) -> None:
    async with database.reading() as connection:
        assert await progress.get(connection, bot_id=42) is None


async def test_that_of_another_bot_does_not_count(database: Database) -> None:
    async with database.transaction() as tx:
        await progress.put(tx, HERE, bot_id=41)
    async with database.reading() as connection:
        assert await progress.get(connection, bot_id=42) is None
