import hashlib
import io
import zipfile

import pytest

from bot import catalogues
from storage import chats
from storage.database import Database
from storage.models import ChatId
from tests import records
from tests.commands import alerted, chatting

GROUP = ChatId(-77)
LINK = "https://t.me/market_square/1"


async def test_the_owner_gets_a_file_with_its_hash(chat: chatting.Chatting, database: Database) -> None:
    await alerted.told(database)
    (message,) = await chat.says(f"/evidence {LINK}")
    assert message.document is not None
    assert message.document.name == "evidence-market_square-1.zip"
    with zipfile.ZipFile(io.BytesIO(message.document.content)) as archive:
        assert alerted.TEXT.encode() in archive.read("revisions/1-posted.json")
    assert message.text == (
        "Evidence of a post of Базарная площадь: 1 captured state, 0 other posts of its story. "
        "README.txt in it says how to check it.\n\n"
        "It holds the texts as they were captured; numbers of persons are not masked. Look at what you pass on.\n\n"
        f"SHA-256 of this file:\n{hashlib.sha256(message.document.content).hexdigest()}"
    )
    assert [(entity.kind, entity.url) for entity in message.entities] == [("link", LINK), ("code", None)]


async def test_what_is_asked_in_a_group_goes_to_the_owner_alone(chat: chatting.Chatting, database: Database) -> None:
    await alerted.told(database)
    await chat.says("/here", chat_id=GROUP, sender=records.CHAT)
    assert await chat.says(f"/evidence {LINK}", chat_id=GROUP, sender=records.CHAT) == []
    assert [one.message.document is not None for one in await chat.queued()][-1]


async def test_a_reader_gets_none(chat: chatting.Chatting, database: Database) -> None:
    await alerted.told(database)
    reader = await let_in(chat, database)
    (message,) = await reader.says(f"/evidence {LINK}")
    assert message.document is None
    assert message.text.startswith("Only the owner of this bot gets evidence")


async def let_in(chat: chatting.Chatting, database: Database) -> chatting.Chatting:
    async with database.transaction() as tx:
        await chats.pair(
            tx, chat_id=chatting.FRIEND, role="reader", language="en", timezone="Europe/Kyiv", now=records.NOW
        )
    return chatting.Chatting(database, chat_id=chatting.FRIEND)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("", "evidence.how"),
        ("the post of yesterday", "evidence.how"),
        ("https://t.me/nobody_knows/1", "why.no_channel"),
        ("https://t.me/market_square/99", "why.no_post"),
    ],
)
async def test_where_there_is_no_such_post_it_is_said(
    chat: chatting.Chatting, database: Database, written: str, key: str
) -> None:
    await alerted.told(database)
    assert await chat.hears(f"/evidence {written}") == catalogues.load("en").texts[key]
