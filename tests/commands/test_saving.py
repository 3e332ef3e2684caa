import pytest

from storage import posts
from storage.database import Database
from storage.models import ChannelId, MessageId
from tests import records
from tests.commands import alerted, chatting
from tests.commands.alerted import press, pressed


async def saves(chat: chatting.Chatting, database: Database, count: int) -> None:
    for number in range(1, count + 1):
        post, _ = await alerted.told(database, number=number, text=f"Пост номер {number}.", message_id=500 + number)
        await press(chat, f"save:{post}", message_id=500 + number, now=records.NOW + number)


async def test_a_post_is_saved_and_dropped_under_its_alert(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database)
    notice, rows = await pressed(chat, f"save:{post}")
    assert (notice, rows[0]) == (
        "Saved. /saved shows what you kept.",
        ["🌐 Translate", "🔕 Mute", "⭐ Saved"],
    )
    notice, rows = await pressed(chat, f"unsave:{post}")
    assert (notice, rows[0][2]) == ("No longer saved.", "⭐ Save")


async def test_nothing_is_saved_at_first(chat: chatting.Chatting) -> None:
    assert (await chat.hears("/saved")).startswith("Nothing is saved in this chat yet.")


async def test_what_was_saved_is_listed_the_last_first(chat: chatting.Chatting, database: Database) -> None:
    await saves(chat, database, 2)
    async with database.transaction() as tx:
        await posts.delete(tx, ChannelId(11), [MessageId(1)], now=records.NOW)
    (message,) = await chat.says("/saved")
    assert message.text == (
        "⭐ 2 saved posts:\n\n"
        "1. 18 Nov 13:06 Базарная площадь\nПост номер 2.\n\n"
        "2. 18 Nov 13:06 Базарная площадь · 🗑 deleted\nПост номер 1."
    )
    assert [entity.url for entity in message.entities if entity.kind == "link"] == [
        "https://t.me/market_square/2",
        "https://t.me/market_square/1",
    ]
    assert alerted.rows(message) == [["✕ 1", "✕ 2"]]


async def test_pages_are_turned_in_place(chat: chatting.Chatting, database: Database) -> None:
    await saves(chat, database, 14)
    (message,) = await chat.says("/saved")
    assert message.text.startswith("⭐ Saved posts 1–6 of 14:\n\n1. 18 Nov 13:06 Базарная площадь\nПост номер 14.")
    assert alerted.rows(message) == [["✕ 1", "✕ 2", "✕ 3"], ["✕ 4", "✕ 5", "✕ 6"], ["Older ›"]]
    _, second = await press(chat, str(message.buttons[-1][0].data), message_id=700)
    assert second is not None
    assert second.text.startswith("⭐ Saved posts 7–12 of 14:")
    assert alerted.rows(second)[-1] == ["‹ Newer", "Older ›"]
    _, last = await press(chat, str(second.buttons[-1][1].data), message_id=700)
    assert last is not None
    assert last.text.startswith("⭐ Saved posts 13–14 of 14:")
    assert alerted.rows(last) == [["✕ 13", "✕ 14"], ["‹ Newer"]]


async def test_one_that_is_removed_leaves_the_list_where_it_was(chat: chatting.Chatting, database: Database) -> None:
    await saves(chat, database, 7)
    (message,) = await chat.says("/saved")
    _, second = await press(chat, str(message.buttons[-1][0].data), message_id=700)
    assert second is not None
    notice, first = await press(chat, str(second.buttons[0][0].data), message_id=700)
    assert notice == "No longer saved."
    assert first is not None
    assert first.text.startswith("⭐ 6 saved posts:")
    for row in first.buttons:
        for button in row:
            _, rest = await press(chat, str(button.data), message_id=700)
    assert rest is not None
    assert rest.text.startswith("Nothing is saved")


async def test_what_others_saved_is_not_mine(chat: chatting.Chatting, database: Database) -> None:
    await saves(chat, database, 1)
    friend = chatting.Chatting(database, chat_id=chatting.FRIEND, allowed=(records.CHAT, chatting.FRIEND))
    await friend.says("/start")
    assert (await friend.hears("/saved")).startswith("Nothing is saved")
    assert (await press(friend, "forget:1:0"))[1] is not None
    assert "1 saved post" in await chat.hears("/saved")


@pytest.mark.parametrize(
    "data", ["save:77", "save:x", "unsave:77", "saved:-1", "saved:", "saved:x", "forget:1", "forget:x:0"]
)
async def test_a_forged_button_saves_and_shows_nothing(chat: chatting.Chatting, database: Database, data: str) -> None:
    await alerted.told(database)
    assert await pressed(chat, data) == (None, [])
    assert (await chat.hears("/saved")).startswith("Nothing is saved")


async def test_a_page_far_behind_the_last_shows_the_last(chat: chatting.Chatting, database: Database) -> None:
    await saves(chat, database, 7)
    _, message = await press(chat, "saved:999999999", message_id=700)
    assert message is not None
    assert message.text.startswith("⭐ Saved posts 7–7 of 7:")
