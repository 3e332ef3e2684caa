from collections.abc import AsyncIterator

import pytest_asyncio

from bot.commands import adding
from storage import chats, settings
from storage.database import Database
from tests import records
from tests.commands import chatting


@pytest_asyncio.fixture
async def chat(database: Database) -> AsyncIterator[chatting.Chatting]:
    """The owner's chat, let in, with no channel watched; how they are watched is settled."""
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=records.CHAT, role="owner", language="en", timezone="Europe/Kyiv", now=records.NOW)
        await settings.put(tx, adding.USUAL_WAY, "live")
    yield chatting.Chatting(database)
