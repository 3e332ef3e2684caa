import pytest

from bot.commands.requests import Pressed
from bot.render import alert
from storage import chats, outbox
from storage.database import Database
from storage.models import Button, Message, Mute
from tests import records
from tests.commands import chatting

MARKET = records.channel_info(11, username="market_square", title="Базарная площадь")
SENT = 501


async def alert_is_sent(database: Database) -> Message:
    """An alert for two topics stands in the chat as message 501."""
    message = alert.alert(
        chatting.TEXTS,
        channel=MARKET,
        post=records.stored_post(records.post(channel_id=11), matches=(records.match(),)),
        topics=("desertion", "rotation"),
        timezone="Europe/Kyiv",
    )
    async with database.transaction() as tx:
        queued = await outbox.add(
            tx,
            chat_id=records.CHAT,
            kind="alert",
            key="alert:11:1",
            random_id=1,
            message=message,
            now=records.NOW,
        )
        assert queued is not None
        await outbox.settle(tx, queued, message_id=SENT, now=records.NOW)
    return message


async def mutes(database: Database) -> tuple[Mute, ...]:
    async with database.reading() as connection:
        return await chats.mutes(connection, now=records.NOW)


async def test_a_channel_is_muted_for_a_day_and_the_button_takes_it_back(
    chat: chatting.Chatting, database: Database
) -> None:
    await chat.follows(MARKET)
    message = await alert_is_sent(database)
    first = chatting.buttons(message)[0]
    pressed, messages = await chat.presses(first.data, message_id=SENT)
    assert messages == []
    assert pressed is not None
    assert pressed.notice == "Muted until 19 Nov 13:06: Базарная площадь"
    assert pressed.replace is not None
    assert (pressed.replace.text, pressed.replace.entities) == (message.text, message.entities)
    assert chatting.buttons(pressed.replace)[0] == Button(label="🔔 Unmute channel", data="unmute:c:11")
    assert chatting.buttons(pressed.replace)[1:] == chatting.buttons(message)[1:]
    assert await mutes(database) == (
        Mute(chat_id=records.CHAT, kind="channel", subject="11", until=records.NOW + 86400),
    )
    pressed, _ = await chat.presses("unmute:c:11", message_id=SENT)
    assert pressed == Pressed(notice="Alerts are on again: Базарная площадь", replace=message)
    assert await mutes(database) == ()


async def test_a_second_mute_keeps_the_first_in_the_buttons_even_after_a_restart(
    chat: chatting.Chatting, database: Database
) -> None:
    await chat.follows(MARKET)
    message = await alert_is_sent(database)
    _, *topics = chatting.buttons(message)
    await chat.presses(topics[0].data, message_id=SENT)
    pressed, _ = await chatting.Chatting(database).presses(topics[1].data, message_id=SENT)
    assert pressed is not None
    assert pressed.notice == "Muted until 19 Nov 13:06: Rotation"
    assert pressed.replace is not None
    assert chatting.labels(pressed.replace)[1:3] == ["🔔 Unmute Desertion", "🔔 Unmute Rotation"]


async def test_what_others_muted_shows_in_no_buttons_of_mine(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(MARKET)
    message = await alert_is_sent(database)
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=chatting.FRIEND, role="reader", language="en", timezone="UTC", now=records.NOW)
        await chats.mute(tx, Mute(chat_id=chatting.FRIEND, kind="channel", subject="11", until=None))
    pressed, _ = await chat.presses("unmute:t:rotation", message_id=SENT)
    assert pressed is not None
    assert pressed.replace == message


async def test_a_mute_works_where_the_message_is_not_ours(chat: chatting.Chatting, database: Database) -> None:
    pressed, _ = await chat.presses("mute:t:rotation:1d", message_id=9)
    assert pressed == Pressed(notice="Muted until 19 Nov 13:06: Rotation")
    assert len(await mutes(database)) == 1


async def test_buttons_that_mute_nothing_stay_as_they_are(chat: chatting.Chatting, database: Database) -> None:
    link = Button(label="Open", url="https://t.me/market_square/1")
    async with database.transaction() as tx:
        queued = await outbox.add(
            tx,
            chat_id=records.CHAT,
            kind="alert",
            key="alert:11:2",
            random_id=2,
            message=records.message(buttons=((link,),)),
            now=records.NOW,
        )
        assert queued is not None
        await outbox.settle(tx, queued, message_id=SENT, now=records.NOW)
    pressed, _ = await chat.presses("mute:t:rotation:1d", message_id=SENT)
    assert pressed is not None
    assert pressed.replace is not None
    assert chatting.buttons(pressed.replace) == [link]


@pytest.mark.parametrize(
    "data",
    [
        "mute:c:99:1d",
        "mute:c:x:1d",
        "mute:t:weather:1d",
        "mute:t:rotation",
        "mute:t:rotation:0d",
        "mute:x",
        "unmute:c:99",
        "unmute:",
        "mute:c:" + "9" * 40 + ":1d",
    ],
)
async def test_what_is_not_there_cannot_be_muted(chat: chatting.Chatting, database: Database, data: str) -> None:
    assert await chat.presses(data) == (Pressed(notice="There is nothing left to mute here."), [])
    assert await mutes(database) == ()


async def test_the_notice_of_a_long_title_stays_within_what_telegram_shows(
    chat: chatting.Chatting, database: Database
) -> None:
    await chat.follows(records.channel_info(11, title="Очень длинное название " * 9))
    pressed, _ = await chat.presses("mute:c:11:1d")
    assert pressed is not None
    assert pressed.notice is not None
    assert len(pressed.notice) < 100
