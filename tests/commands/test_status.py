from dataclasses import replace

from bot.commands.reader import ReaderState, Wait
from bot.commands.requests import Pressed
from storage import channels, chats, outbox, posts, settings, waits
from storage.database import Database
from storage.models import ChannelId, ChatId, Cursor, MessageId
from storage.waits import StoredWait
from tests import records
from tests.commands import chatting

MARKET = records.channel_info(11, username="market_square", title="Базарная площадь")
RIVER = records.channel_info(12, username="river_news", title="Вести с реки", fake=True)
READS = ReaderState(connected=True, clock_offset=0)


async def test_all_is_well(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(MARKET)
    async with database.transaction() as tx:
        for number, text in enumerate(("Рынок открыт.", "Рынок закрыт.", ""), start=1):
            post = records.post(number, text, channel_id=11, date=records.NOW - 7200 + number)
            await posts.put(tx, post, language="ru", now=records.NOW)
        edited = records.post(1, "Рынок открыт до ночи.", channel_id=11, edited_at=records.NOW)
        await posts.put(tx, edited, language="ru", now=records.NOW)
        await posts.delete(tx, ChannelId(11), [MessageId(2)], now=records.NOW)
        await channels.advance(tx, ChannelId(11), Cursor(pts=5, complete_id=MessageId(3)))
        await channels.set_held_from(tx, ChannelId(11), records.NOW - 7 * 86400)
        await channels.checked(tx, ChannelId(11), now=records.NOW - 180)
    assert (await chat.hears("/status")).splitlines() == [
        "✅ The channel is being read.",
        "",
        "Базарная площадь",
        "watched since 18 Nov 13:06, posts held from 11 Nov 13:06 on",
        "3 posts held · the last of 18 Nov 11:06",
        "1 not readable · 1 edited · 1 deleted",
        "checked 3 minutes ago",
        "complete up to id 3 · 0 ids confirmed as empty · 0 ids not yet known",
        "",
        "“Not readable”: a picture, video or voice message without text.",
    ]


async def test_a_channel_just_added(chat: chatting.Chatting) -> None:
    await chat.follows(RIVER, joined=False)
    chat.reader.now_is = ReaderState(connected=True, clock_offset=30, catching_up=(ChannelId(12), ChannelId(99)))
    assert (await chat.hears("/status")).splitlines() == [
        "✅ The channel is being read.",
        "⏳ Reading what was missed, in 1 channel.",
        "",
        "Вести с реки · ⚠️ labelled FAKE by Telegram",
        "watched since 18 Nov 13:06, its history is still being read",
        "0 posts held",
        "0 not readable · 0 edited · 0 deleted",
        "not checked yet · read every few minutes",
    ]


async def test_a_channel_checked_within_the_minute(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(MARKET)
    async with database.transaction() as tx:
        await channels.checked(tx, ChannelId(11), now=records.NOW - 20)
    assert "checked just now" in await chat.hears("/status")


async def test_without_channels_status_says_so(chat: chatting.Chatting) -> None:
    assert await chat.hears("/status") == "I watch no channel yet: /channels"


async def test_a_reader_that_is_away_is_the_first_line(chat: chatting.Chatting) -> None:
    chat.reader.now_is = ReaderState(connected=False, clock_offset=0)
    assert (await chat.hears("/status")).startswith("⚠️ The reading account is not connected to Telegram.")


async def test_a_wrong_clock_is_warned_of(chat: chatting.Chatting) -> None:
    await chat.follows(MARKET)
    chat.reader.now_is = ReaderState(connected=True, clock_offset=-31)
    assert "The clock of this computer is off by 31 seconds." in await chat.hears("/status")


async def test_pauses_are_told(chat: chatting.Chatting) -> None:
    await chat.follows(MARKET)
    waits = (Wait(seconds=45), Wait(seconds=7200, channel_id=ChannelId(11)), Wait(seconds=1, channel_id=ChannelId(9)))
    chat.reader.now_is = ReaderState(connected=True, clock_offset=0, waiting=waits)
    said = (await chat.hears("/status")).splitlines()
    assert said[1:4] == [
        "⏳ Telegram asks for a pause of 45 seconds.",
        "⏳ Telegram asks for a pause of 2 hours for Базарная площадь.",
        "⏳ Telegram asks for a pause of 1 second.",
    ]


async def test_a_channel_of_which_something_is_missing_says_so_although_just_checked(
    chat: chatting.Chatting, database: Database
) -> None:
    await chat.follows(MARKET, RIVER)
    async with database.transaction() as tx:
        for number in (11, 12):
            await channels.set_held_from(tx, ChannelId(number), records.NOW - 86400)
            await channels.checked(tx, ChannelId(number), now=records.NOW)
        await settings.put(tx, settings.HOLE.format(11), "3")
        pause = StoredWait(request=waits.READING[0], until=records.NOW + 60, channel_id=ChannelId(12))
        await waits.put(tx, pause)
    said = (await chat.hears("/status")).splitlines()
    assert said[1] == "⏳ Reading what was missed, in 2 channels."
    assert "⏳ What was missed is not all read yet." in said
    assert "⏳ Telegram asks for a pause before I read on." in said


async def test_channels_in_trouble_are_told(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(MARKET, RIVER)
    async with database.transaction() as tx:
        await channels.trouble(tx, ChannelId(11), "The server fails.")
        await channels.lose(tx, ChannelId(12), trouble="It became private.")
    said = await chat.hears("/status")
    assert said.startswith("⚠️ 2 channels cannot be read at present, see below.")
    assert "⚠️ The server fails." in said
    assert "⚠️ No longer read. It became private." in said


async def test_what_waits_and_what_was_refused_is_counted(chat: chatting.Chatting, database: Database) -> None:
    async with database.transaction() as tx:
        added = [
            await outbox.add(
                tx,
                chat_id=records.CHAT,
                kind="alert",
                key=f"alert:1:{number}",
                random_id=number,
                message=records.message(),
                now=records.NOW - 400 + 100 * number,
            )
            for number in (1, 2, 3)
        ]
        assert added[2] is not None
        await outbox.refuse(tx, added[2], error="MESSAGE_TOO_LONG")
        await chats.pair(tx, chat_id=ChatId(77), role="reader", language="en", timezone="UTC", now=records.NOW)
        await chats.set_unreachable(tx, ChatId(77), records.NOW)
    *_, message = await chat.says("/status")
    assert "✉️ 2 messages are waiting to be sent, the oldest for 5 minutes." in message.text
    assert "⚠️ 1 message was refused by Telegram and not sent.\nThe last one was of " in message.text
    assert ": MESSAGE_TOO_LONG" in message.text
    assert "⚠️ 1 chat cannot be written to" in message.text


async def test_more_channels_than_a_message_holds_are_turned_by_buttons_those_in_trouble_first(
    chat: chatting.Chatting, database: Database
) -> None:
    infos = [
        records.channel_info(number, username=f"news_{number}", title=f"Вести {number}") for number in range(1, 61)
    ]
    await chat.follows(*infos)
    chat.reader.now_is = replace(READS, catching_up=(ChannelId(59),))
    async with database.transaction() as tx:
        await channels.trouble(tx, ChannelId(60), "The server fails.")
    (page,) = await chat.says("/status")
    titles = [line for line in page.text.splitlines() if line.startswith("Вести")]
    assert titles[:3] == ["Вести 60", "Вести 59", "Вести 1"]
    assert chatting.labels(page) == ["1/3", "›"]
    seen = list(titles)
    for labels in (["‹", "2/3", "›"], ["‹", "3/3"]):
        pressed, queued = await chat.presses(chatting.buttons(page)[-1].data)
        assert pressed is not None
        assert queued == []
        assert pressed.replace is not None
        page = pressed.replace
        assert chatting.labels(page) == labels
        seen += [line for line in page.text.splitlines() if line.startswith("Вести")]
    assert len(set(seen)) == 60
    assert await chat.presses("status:9999") == (Pressed(replace=page), [])


async def test_a_forged_number_of_a_page_turns_none(chat: chatting.Chatting) -> None:
    assert await chat.presses("status:-1") == (Pressed(), [])
