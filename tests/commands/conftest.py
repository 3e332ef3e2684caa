from collections.abc import AsyncIterator

import pytest_asyncio

from storage import chats
from storage.database import Database
from tests import records
from tests.commands import chatting


@pytest_asyncio.fixture
async def chat(database: Database) -> AsyncIterator[chatting.Chatting]:
    """The owner's chat, let in, with no channel watched."""
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=records.CHAT, role="owner", language="en", timezone="Europe/Kyiv", now=records.NOW)
    yield chatting.Chatting(database)
