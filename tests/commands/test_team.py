import pytest

from bot.commands import access, reception
from bot.commands.requests import Moved, Press
from storage import chats, outbox
from storage.database import Database
from storage.models import ChatId
from tests import records
from tests.commands import alerted, chatting
from tests.commands.alerted import press
from tests.commands.test_people import OLENA, come_in, let_in

GROUP = ChatId(-4_300_001)


async def test_a_group_is_off_until_the_owner_calls_and_off_again_when_he_sends_away(
    chat: chatting.Chatting, database: Database
) -> None:
    assert await chat.says("/digest", chat_id=GROUP, sender=records.CHAT) == []
    (message,) = await chat.says("/here", chat_id=GROUP, sender=records.CHAT)
    assert message.text.startswith("From now on I write alerts and digests to this group.")
    _, group = await let_in(database)
    assert (group.id, group.role, group.label, group.is_group) == (GROUP, "reader", "Newsroom", True)
    assert (await chat.says("/digest", chat_id=GROUP, sender=records.CHAT))[0].text
    before = await chat.queued()
    assert await chat.says("/leave", chat_id=GROUP, sender=records.CHAT) == []
    (said,) = [one.message.text for one in await chat.queued() if one not in before]
    assert said == "I no longer write to Newsroom, and answer nobody there. /here in the group calls me back."
    assert len(await let_in(database)) == 1
    assert await chat.says("/digest", chat_id=GROUP, sender=records.CHAT) == []


async def test_a_group_is_called_by_nobody_else(chat: chatting.Chatting, database: Database) -> None:
    await come_in(chat)
    for stranger in (OLENA, chatting.FRIEND, GROUP):
        assert await chat.says("/here", chat_id=GROUP, sender=stranger) == []
    assert len(await let_in(database)) == 2


async def test_a_group_answers_the_owner_and_readers_and_takes_no_notice_of_others(
    chat: chatting.Chatting, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await come_in(chat)
    await chat.says("/here", chat_id=GROUP, sender=records.CHAT)
    (message,) = await chat.says("/help", chat_id=GROUP, sender=OLENA)
    assert "Only the owner of this bot can use:" in message.text
    (message,) = await chat.says("/remove x", chat_id=GROUP, sender=OLENA)
    assert "Only the owner" in message.text
    assert await chat.says("/help", chat_id=GROUP, sender=chatting.FRIEND) == []
    assert str(chatting.FRIEND) not in caplog.text


async def test_owner_only_screens_asked_for_in_a_group_go_to_his_private_chat(
    chat: chatting.Chatting, database: Database
) -> None:
    await chat.says("/here", chat_id=GROUP, sender=records.CHAT)
    before = await chat.queued()
    for command in ("/invite Olena", "/people"):
        assert await chat.says(command, chat_id=GROUP, sender=records.CHAT, request_id=7) == []
        assert await chat.says(command, chat_id=GROUP, sender=records.CHAT, request_id=7) == []
    (invitation,) = [one.message.text for one in await chat.queued() if one not in before]
    assert invitation.startswith("Send this link to Olena")


async def test_buttons_in_a_group_serve_those_who_may_ask_and_nobody_else(
    chat: chatting.Chatting, database: Database
) -> None:
    await come_in(chat)
    await chat.says("/here", chat_id=GROUP, sender=records.CHAT)
    post, _ = await alerted.told(database, chat_id=GROUP)
    group = chatting.Chatting(database, chat_id=GROUP)
    assert await group.presses(f"save:{post}", message_id=alerted.SENT, sender=chatting.FRIEND) == (None, [])
    pressed, _ = await group.presses(f"save:{post}", message_id=alerted.SENT, sender=OLENA)
    assert pressed is not None
    assert pressed.notice == "Saved. /saved shows what you kept."
    (message,) = await chat.says("/saved", chat_id=GROUP, sender=OLENA)
    assert message.text.startswith("⭐ 1 saved post:")
    pressed, _ = await group.presses(f"out:{OLENA}", sender=OLENA)
    assert (pressed.notice, pressed.replace) == (None, None) if pressed else False


async def test_a_group_can_be_taken_out_from_the_list(chat: chatting.Chatting, database: Database) -> None:
    await chat.says("/here", chat_id=GROUP, sender=records.CHAT)
    (message,) = await chat.says("/people")
    assert "2. 👥 Newsroom – group, since 18 Nov 13:06" in message.text
    _, sure = await press(chat, str(message.buttons[0][0].data))
    assert sure is not None
    assert sure.text.startswith("Stop writing to Newsroom?")
    await press(chat, str(sure.buttons[0][0].data))
    assert len(await let_in(database)) == 1


async def test_a_group_stays_where_the_settings_name_people(database: Database) -> None:
    chat = chatting.Chatting(database, allowed=(records.CHAT,))
    await chat.says("/start")
    await chat.says("/here", chat_id=GROUP, sender=records.CHAT)
    async with database.transaction() as tx:
        await access.settle(tx, chat.door, timezone="Europe/Riga", now=records.NOW)
    assert [(one.id, one.role, one.timezone) for one in await let_in(database)] == [
        (records.CHAT, "owner", "Europe/Riga"),
        (GROUP, "reader", "Europe/Riga"),
    ]


@pytest.mark.parametrize("command", ["/here", "/leave"])
async def test_how_a_group_is_called_is_said_in_private(chat: chatting.Chatting, command: str) -> None:
    said = await chat.hears(command)
    assert said.startswith("To let a group read with you: add me to the group, then write there (tap to copy):")
    assert "\n\n/here@homefront_bot\n\n" in said


async def test_a_group_that_moves_takes_along_what_is_its_own(chat: chatting.Chatting, database: Database) -> None:
    after = ChatId(-1_001_500_000_009)
    await chat.says("/here", chat_id=GROUP, sender=records.CHAT)
    post, _ = await alerted.told(database, chat_id=GROUP)
    await chat.presses("saved:0")
    group = chatting.Chatting(database, chat_id=GROUP)
    await group.presses(f"mute:{post}:c:0", message_id=alerted.SENT, sender=records.CHAT)
    for _ in range(2):
        await reception.moved(chat.desk, Moved(chat_id=GROUP, after=after))
    assert [one.id for one in await let_in(database)] == [records.CHAT, after]
    async with database.reading() as connection:
        assert [mute.chat_id for mute in await chats.mutes(connection, now=records.NOW)] == [after]
        assert await outbox.by_sent(connection, after, alerted.SENT) is None
    assert len(await chat.queued(after)) == 1


@pytest.mark.parametrize("command", ["/here", "/leave", "/invite", "/people"])
async def test_a_reader_is_refused_politely_in_a_group(
    chat: chatting.Chatting, database: Database, command: str
) -> None:
    await come_in(chat)
    await chat.says("/here", chat_id=GROUP, sender=records.CHAT)
    (message,) = await chat.says(command, chat_id=GROUP, sender=OLENA)
    assert message.text.startswith("Only the owner of this bot can let people and groups in.")
    assert len(await let_in(database)) == 3


async def test_a_message_that_stands_for_a_late_notice_goes_to_nobody_who_was_removed(
    chat: chatting.Chatting, database: Database
) -> None:
    press_of_olena = Press(chat_id=OLENA, sender=OLENA, query_id=1, message_id=2, data="translate:1")
    await come_in(chat)
    before = len(await chat.queued(OLENA))
    await reception.late(chat.desk, press_of_olena, "Too late.", now=records.NOW)
    assert len(await chat.queued(OLENA)) == before + 1
    async with database.transaction() as tx:
        await chats.remove(tx, OLENA)
    await reception.late(chat.desk, press_of_olena, "Too late.", now=records.NOW)
    assert await reception.drawn(chat.desk, press_of_olena, "main", now=records.NOW) is None
    assert await chat.queued(OLENA) == []
