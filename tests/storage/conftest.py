"""What the tests of storage share."""

from collections.abc import AsyncIterator

import pytest_asyncio

from storage import channels, chats
from storage.database import Connection, Database
from tests import records


@pytest_asyncio.fixture
async def tx(database: Database) -> AsyncIterator[Connection]:
    """A transaction in a database with a followed channel and a paired chat."""
    async with database.transaction() as connection:
        await channels.follow(connection, records.channel_info(), joined=True, now=records.NOW)
        await chats.pair(
            connection, chat_id=records.CHAT, role="owner", language="en", timezone="Europe/Kyiv", now=records.NOW
        )
        yield connection
