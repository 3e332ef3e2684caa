import hashlib

import pytest

from storage import posts
from storage.database import Database, run
from storage.models import ChannelId, Message, MessageId
from storage.revisions import of_post
from tests import records
from tests.commands import alerted, chatting
from tests.commands.alerted import pressed


async def cited(chat: chatting.Chatting, post: int) -> Message:
    answer, (message,) = await chat.presses(f"cite:{post}", message_id=alerted.SENT)
    assert answer is not None
    assert (answer.notice, answer.replace) == (None, None)
    return message


async def newest_hash(database: Database) -> str:
    async with database.reading() as connection:
        found = [one for one in await of_post(connection, ChannelId(11), MessageId(1)) if one.kind != "deleted"]
    assert found[-1].canonical is not None
    assert hashlib.sha256(found[-1].canonical.encode()).hexdigest() == found[-1].content_sha256
    return found[-1].content_sha256


async def test_a_citation_is_one_text_to_copy(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database)
    message = await cited(chat, post)
    citation = (
        "Базарная площадь, Telegram channel @market_square, post 1\n"
        "https://t.me/market_square/1\n"
        "Posted 2026-11-18 11:06:40 UTC\n"
        "Captured 2026-11-18 11:06:40 UTC\n"
        f"SHA-256 of what was captured: {await newest_hash(database)}"
    )
    assert message.text == f"To cite it, tap the text: it is copied.\n\n{citation}"
    (entity,) = message.entities
    assert (entity.kind, message.text[entity.start : entity.start + entity.length]) == ("code", citation)


async def test_an_edited_and_deleted_post_is_cited_as_it_was_last_captured(
    chat: chatting.Chatting, database: Database
) -> None:
    post, _ = await alerted.told(database)
    edit = records.post(1, "Воды не будет до среды.", channel_id=11, edited_at=records.NOW + 60)
    async with database.transaction() as tx:
        await posts.put(tx, edit, language="ru", now=records.NOW + 61)
        await posts.delete(tx, ChannelId(11), [MessageId(1)], now=records.NOW + 3600)
    lines = (await cited(chat, post)).text.split("\n")
    assert lines[4:] == [
        "Posted 2026-11-18 11:06:40 UTC",
        "Edited 2026-11-18 11:07:40 UTC",
        "Deleted, as noticed 2026-11-18 12:06:40 UTC",
        "Captured 2026-11-18 11:07:41 UTC",
        f"SHA-256 of what was captured: {await newest_hash(database)}",
    ]


async def test_a_channel_without_a_name_is_cited_by_its_number(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database)
    async with database.transaction() as tx:
        await run(tx, "UPDATE channels SET username = NULL WHERE id = :id", {"id": 11})
    assert "channel without a public name (id 11), post 1\nhttps://t.me/c/11/1" in (await cited(chat, post)).text


async def test_where_no_state_is_held_there_is_nothing_to_cite(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database)
    async with database.transaction() as tx:
        await run(tx, "DELETE FROM revisions WHERE channel_id = :id", {"id": 11})
    notice, _ = await pressed(chat, f"cite:{post}")
    assert notice == "No state of this post is held any more, so that there is nothing to cite."


@pytest.mark.parametrize("data", ["cite:77", "cite:", "cite:x"])
async def test_a_forged_button_cites_nothing(chat: chatting.Chatting, database: Database, data: str) -> None:
    await alerted.told(database)
    assert await pressed(chat, data) == (None, [])
