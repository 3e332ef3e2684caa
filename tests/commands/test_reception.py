import asyncio

from bot.commands import reception
from bot.commands.requests import Press
from storage import chats, outbox
from storage.database import Database
from tests import records
from tests.commands import chatting

MARKET = records.channel_info(11, username="market_square", title="Базарная площадь")


async def test_a_command_that_comes_twice_is_answered_once(chat: chatting.Chatting) -> None:
    assert len(await chat.says("/help", request_id=7)) == 1
    assert await chat.says("/help", request_id=7) == []


async def test_a_command_that_comes_twice_at_once_is_answered_once(chat: chatting.Chatting) -> None:
    command = chat.command("/channels", request_id=7)
    desk = chat.desk
    await asyncio.gather(*(reception.command(desk, command, now=records.NOW) for _ in range(5)))
    assert len(await chat.queued()) == 1


async def test_an_answer_already_sent_is_not_given_again(chat: chatting.Chatting, database: Database) -> None:
    await chat.says("/help", request_id=7)
    (queued,) = await chat.queued()
    async with database.transaction() as tx:
        await outbox.settle(tx, queued.id, message_id=8, now=records.NOW)
    assert await chat.says("/help", request_id=7) == []


async def test_a_second_answer_of_another_length_adds_nothing_to_the_first(chat: chatting.Chatting) -> None:
    assert len(await chat.says("/channels", request_id=7)) == 1
    await chat.follows(*(records.channel_info(20 + n, username=f"many_{n}", title="Очень " * 10) for n in range(120)))
    assert await chat.says("/channels", request_id=7) == []


async def test_replies_are_keyed_by_request_and_number(chat: chatting.Chatting) -> None:
    await chat.follows(*(records.channel_info(20 + n, username=f"many_{n}", title="Очень " * 10) for n in range(120)))
    await chat.says("/channels", request_id=7)
    queued = await chat.queued()
    assert [message.key for message in queued] == [f"reply:7:{number}" for number in range(len(queued))]
    assert {message.kind for message in queued} == {"reply"}
    assert chat.woken == 1


async def test_a_press_that_comes_twice_is_answered_once(chat: chatting.Chatting) -> None:
    chat.reader.knows("Вести", MARKET)
    _, messages = await chat.presses("find:Вести", query_id=70)
    assert len(messages) == 1
    _, messages = await chat.presses("find:Вести", query_id=70)
    assert messages == []


async def test_a_chat_in_which_a_button_is_pressed_can_be_written_to_again(
    chat: chatting.Chatting, database: Database
) -> None:
    async with database.transaction() as tx:
        await chats.set_unreachable(tx, records.CHAT, records.NOW)
    await chat.presses("saved:0")
    async with database.reading() as connection:
        held = await chats.get(connection, records.CHAT)
    assert held is not None
    assert held.unreachable_since is None
    assert chat.woken == 1


async def test_what_is_no_alert_of_ours_is_not_drawn_anew(chat: chatting.Chatting) -> None:
    press = Press(chat_id=records.CHAT, sender=records.CHAT, query_id=1, message_id=77, data="vote:1:1")
    await reception.redraw(chat.desk, press, now=records.NOW)
    assert await chat.queued() == []


async def test_the_alias_answers_like_its_command(chat: chatting.Chatting) -> None:
    assert [m.text for m in await chat.says("/summary")] == [m.text for m in await chat.says("/digest")]
