"""A bot that listens on the sandbox, for tests of the dispatcher."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time
from pathlib import Path

import pytest

from bot.commands import desk, reader
from bot.commands.access import Door
from bot.sandbox import server
from bot.sandbox.state import Account
from bot.sandbox.world import World
from bot.telegram import connection, dispatcher, progress, sender
from storage import chats, outbox
from storage.database import Database
from storage.models import ChatId
from tests import records
from tests.commands import chatting
from tests.commands.chatting import FakeReader
from tests.telegram import edge


class SlowReader(FakeReader):
    """A reader whose searches and translations wait until they may go on."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.may_go_on = asyncio.Event()
        self.asked_for = asyncio.Event()

    async def find(self, query: str) -> reader.Found:
        self.asked_for.set()
        await self.may_go_on.wait()
        return await super().find(query)

    async def translate(self, text: str, *, to: str) -> reader.Translation:
        self.asked_for.set()
        await self.may_go_on.wait()
        return await super().translate(text, to=to)


class Shown:
    """What the bot sent: changed at once, and nothing is on its way."""

    def __init__(self, sending: sender.Sender) -> None:
        self.edit = sending.edit

    async def settled(self, chat_id: ChatId) -> None:
        return


class Stage:
    """A bot that listens, a database, and what was answered."""

    def __init__(self, folder: Path, running: server.Server, database: Database, bot: Account) -> None:
        self.folder, self.running, self.database, self.bot = folder, running, database, bot
        self.reader = SlowReader(database)
        self.user_id = 0
        self.woken = asyncio.Event()

    async def let_in(self, user: Account) -> None:
        self.user_id = user.id
        async with self.database.transaction() as tx:
            await chats.pair(tx, chat_id=ChatId(user.id), role="owner", language="en", timezone="UTC", now=records.NOW)

    def desk(self, screen: desk.Screen, menus: desk.Menus) -> desk.Desk:
        return desk.Desk(
            database=self.database,
            reader=self.reader,
            catalogues=chatting.ALL,
            rules=chatting.rules(),
            door=Door(),
            timezone="UTC",
            digest_time=time(9),
            wake=self.woken.set,
            screen=screen,
            menus=menus,
            username=str(self.bot.username),
        )

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[dispatcher.Dispatcher]:
        """The bot's process, from its start to its end."""
        client = await edge.open_bot(self.folder, self.running, self.bot)
        client.endure()
        sending = sender.Sender(client=client)
        ours = dispatcher.Dispatcher(
            client=client,
            database=self.database,
            desk=self.desk(Shown(sending), sending),
            sender=sending,
            clock=edge.now,
        )
        try:
            async with asyncio.TaskGroup() as group:
                running = group.create_task(ours.run())
                yield ours
                running.cancel()
        finally:
            await client.disconnect()

    async def keys(self) -> list[str]:
        async with self.database.reading() as connection:
            found = await outbox.pending(connection, ChatId(self.user_id), now=edge.now() + 1000)
        return [message.key for message in sorted(found, key=lambda message: message.id)]

    async def answered(self, count: int) -> list[str]:
        """Wait until so many answers are in the outbox; gives their keys."""
        async with asyncio.timeout(10):
            self.woken.clear()
            while len(keys := await self.keys()) < count:
                await self.woken.wait()
                self.woken.clear()
        return keys

    async def kept_pts(self) -> int | None:
        async with self.database.reading() as connection:
            kept = await progress.get(connection, bot_id=self.bot.id)
        return kept.pts if kept else None

    async def settled(self) -> None:
        """Wait until the progress reached what the server knows of the bot."""
        async with asyncio.timeout(10):
            while await self.kept_pts() != self.bot.journal.pts:  # noqa: ASYNC110 -- the database sets no event
                await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect again without pauses, and keep the progress at once."""
    monkeypatch.setattr(connection, "LONGEST_PAUSE_SECONDS", 0)
    monkeypatch.setattr(dispatcher, "SETTLING_SECONDS", 0)


@pytest.fixture
def stage(tmp_path: Path, world: World, running: server.Server, database: Database) -> Stage:
    return Stage(tmp_path, running, database, world.add_bot())


@pytest.fixture
async def user(world: World, stage: Stage) -> Account:
    added = world.add_user()
    await stage.let_in(added)
    return added
