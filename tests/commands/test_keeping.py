"""The button that shows what is kept of a deleted post."""

import pytest

from bot.render import followup
from storage import channels, chats, outbox, posts
from storage import database as databases
from storage.database import Database
from storage.models import OutboxId, PostId, Role, Subject
from tests import records
from tests.commands import chatting

SENT = 501
TEXT = "Родные требуют ротации."


@pytest.fixture
async def told(chat: chatting.Chatting, database: Database) -> chatting.Chatting:
    """The owner's chat, in which message 501 says that a post was deleted."""
    message = followup.deleted(
        chatting.TEXTS,
        channel=records.channel_info(),
        post=records.post(text=TEXT),
        post_id=PostId(1),
        at=records.NOW + 60,
        seen=True,
        owner=True,
        silent=False,
    )
    async with database.transaction() as tx:
        await channels.follow(tx, records.channel_info(), joined=True, now=records.NOW)
        await posts.put(tx, records.post(text=TEXT), language="ru", now=records.NOW)
        queued = await outbox.add(
            tx,
            chat_id=records.CHAT,
            kind="followup",
            key="deleted:1",
            random_id=1,
            message=message,
            subject=Subject(post_id=PostId(1), topics=("rotation",)),
            now=records.NOW,
        )
        assert queued is not None
        await outbox.settle(tx, queued, message_id=SENT, now=records.NOW)
    return chat


async def pressed(chat: chatting.Chatting, data: str, *, message_id: int = SENT) -> tuple[str | None, str | None]:
    answer, messages = await chat.presses(data, message_id=message_id)
    assert answer is not None
    assert messages == []
    return answer.notice, answer.replace.text if answer.replace else None


async def test_the_text_is_shown_in_place_and_hidden_again(told: chatting.Chatting) -> None:
    notice, shown = await pressed(told, "kept:1")
    assert notice is None
    assert shown is not None
    assert shown.endswith(TEXT)
    assert await pressed(told, "kept:1:0") == (None, "🗑 Deleted after 60 seconds · Вести гарнизона")


async def test_what_is_pressed_before_its_id_is_noted_is_answered_all_the_same(
    told: chatting.Chatting, database: Database
) -> None:
    async def note() -> None:
        async with database.transaction() as tx:
            await outbox.settle(tx, OutboxId(1), message_id=SENT + 1, now=records.NOW)

    told.screen.on_its_way = note
    _, shown = await pressed(told, "kept:1", message_id=SENT + 1)
    assert shown is not None


async def test_only_the_owner_is_shown_it(told: chatting.Chatting, database: Database) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=records.CHAT, role="reader", language="en", timezone="UTC", now=records.NOW)
    assert await pressed(told, "kept:1") == ("Only the owner can open it.", None)


@pytest.mark.parametrize("data", ["kept:", "kept:0", "kept:x", "kept:1:1", "kept:99999999999999999999"])
async def test_a_button_that_cannot_be_read_shows_nothing(told: chatting.Chatting, data: str) -> None:
    notice, shown = await pressed(told, data)
    assert notice is not None
    assert shown is None


@pytest.mark.parametrize("role", ["owner", "reader"])
async def test_a_forged_button_is_refused_in_silence(told: chatting.Chatting, database: Database, role: Role) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=records.CHAT, role=role, language="en", timezone="UTC", now=records.NOW)
    assert await pressed(told, "kept:2") == (None, None)
    assert await pressed(told, "kept:1", message_id=7) == (None, None)


async def test_what_is_no_longer_kept_is_said_to_be_gone(told: chatting.Chatting, database: Database) -> None:
    async with database.transaction() as tx:
        await databases.run(tx, "UPDATE posts SET text = ''", {})
    assert await pressed(told, "kept:1") == ("The text is no longer kept.", None)
