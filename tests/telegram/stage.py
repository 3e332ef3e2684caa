"""The reader at work on a served world, for tests over real MTProto."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from bot import catalogues, ingest
from bot.render import catalogue, phrases
from bot.sandbox import server
from bot.sandbox.state import Account, Channel
from bot.sandbox.world import World
from bot.telegram import accounts
from bot.telegram.client import Client
from bot.telegram.follower import Pace
from bot.telegram.reader import Reader
from storage import channels, database, models, posts, revisions
from storage.errors import StorageFullError
from storage.models import ChannelId, MessageId, Revision, StoredPost
from tests.telegram import edge

PATIENCE = 20
SWIFT = Pace(quick=600, slow=(600, 600), first_pause=0.02, longest_pause=0.05, join=0.05, limit=5, limit_asked=2)
"""Nothing is read on a timer, so that what a test waits for came by the way it is about."""
BUSY = Pace(quick=0.05, slow=(0.05, 0.05), first_pause=0.02, longest_pause=0.05, join=0.05, limit=5, limit_asked=2)
"""Timers run all the time."""


class Watched:
    """A database that says when something was committed."""

    def __init__(self, real: database.Database) -> None:
        self.path = real.path
        self.committed = asyncio.Event()
        self.full = False
        self._real = real

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[database.Connection]:
        if self.full:
            raise StorageFullError("the disk is full")
        async with self._real.transaction() as tx:
            yield tx
        self.committed.set()

    def reading(self) -> AbstractAsyncContextManager[database.Connection]:
        return self._real.reading()


def news(world: World, username: str = "way_home", title: str = "Путь домой", posts: int = 1) -> Channel:
    """A public channel that has posted a little just now."""
    channel = world.add_channel(title, username, subscribers=61_000)
    for number in range(posts):
        world.post(channel, f"до нас {number}", date=edge.now() - posts + number)
    return channel


@dataclass(slots=True)
class Told:
    """What the owner was told."""

    texts: list[str] = field(default_factory=list)
    spoken: asyncio.Event = field(default_factory=asyncio.Event)

    async def tell(self, key: str, values: Mapping[str, phrases.Told]) -> None:
        self.texts.append(catalogue.text(catalogues.load("en"), key, **phrases.worded(values, ZoneInfo("UTC"))))
        self.spoken.set()

    async def something(self) -> None:
        """Wait until something was told."""
        async with asyncio.timeout(PATIENCE):
            await self.spoken.wait()


@dataclass(slots=True, kw_only=True)
class Stage:
    """A world, an account on it that is signed in, and a database; readers come and go."""

    folder: Path
    world: World
    running: server.Server
    account: Account
    watched: Watched
    teller: ingest.Teller
    told: Told = field(default_factory=Told)
    clock: Callable[[], int] = edge.now

    @property
    def database(self) -> database.Database:
        return cast(database.Database, self.watched)

    def place(self) -> accounts.Place:
        return edge.place(self.folder, self.running, "reader.session")

    async def sign_in(self) -> None:
        client = await accounts.open_for_login(self.place(), clock=self.clock)
        await client.send_code_request(self.account.phone)
        await client.sign_in(self.account.phone, self.account.code)
        await client.disconnect()

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        client = await accounts.open_reader(self.place(), clock=self.clock)
        client.endure()
        try:
            yield client
        finally:
            await client.disconnect()

    @asynccontextmanager
    async def reader(self, *wanted: str, pace: Pace = SWIFT) -> AsyncIterator[Reader]:
        """A reader that runs; what ends it early fails the test."""
        stop = asyncio.Event()
        async with self.client() as client:
            reader = self.make(client, wanted, pace=pace)
            run = asyncio.create_task(reader.run(stop))
            await asyncio.sleep(0)
            try:
                yield reader
            finally:
                stop.set()
                await run

    def make(self, client: Client, wanted: Sequence[str] = (), *, pace: Pace = SWIFT) -> Reader:
        return Reader(
            client,
            self.database,
            self.teller,
            clock=self.clock,
            tell=self.told.tell,
            wanted=wanted,
            pace=pace,
        )

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something is true of the database."""
        async with asyncio.timeout(PATIENCE):
            while not await true():
                await self.watched.committed.wait()
                self.watched.committed.clear()

    async def until_runs(self, reader: Reader) -> None:
        """Wait until a reader answers."""

        async def runs() -> bool:
            return reader.state().connected

        await self.until(runs)

    async def channel(self, of: Channel) -> models.Channel:
        async with self.watched.reading() as connection:
            found = await channels.get(connection, ChannelId(of.id))
        assert found is not None
        return found

    async def held(self, of: Channel) -> dict[int, StoredPost]:
        """All posts of a channel that are held, by message id."""
        async with self.watched.reading() as connection:
            rows = await database.rows(connection, "SELECT id FROM posts WHERE channel_id = :id", {"id": of.id})
            found = await posts.by_ids(connection, [row["id"] for row in rows])
        return {post.post.message_id: post for post in found}

    async def texts(self, of: Channel) -> dict[int, str]:
        """What is held and not deleted."""
        return {number: post.post.text for number, post in (await self.held(of)).items() if post.deleted_at is None}

    async def agrees(self, of: Channel) -> bool:
        """Whether what is held is what the server shows, and the cursor stands where the server stands."""
        if not await self.knows(of):
            return False
        shown = {number: post.text for number, post in of.posts.items() if post.service is None}
        cursor = (await self.channel(of)).cursor
        return await self.texts(of) == shown and cursor.pts == of.journal.pts

    async def whole(self, *of: Channel) -> None:
        """Wait until all that these channels show is held."""

        async def true() -> bool:
            return all([await self.agrees(one) for one in of])

        await self.until(true)

    async def settled(self, reader: Reader, *of: Channel) -> None:
        """Wait until these channels are whole and nothing is left to ask for."""

        async def true() -> bool:
            return all([await self.agrees(one) for one in of]) and (reader.state().catching_up == ())

        await self.until(true)

    async def quiet(self, reader: Reader) -> bool:
        """Whether nothing is left to ask for."""
        return reader.state().catching_up == ()

    async def joined(self, of: Channel) -> bool:
        return (await self.channel(of)).joined

    async def knows(self, of: Channel) -> bool:
        async with self.watched.reading() as connection:
            return await channels.get(connection, ChannelId(of.id)) is not None

    async def revisions(self, of: Channel, number: int) -> tuple[Revision, ...]:
        async with self.watched.reading() as connection:
            return await revisions.of_post(connection, ChannelId(of.id), MessageId(number))
