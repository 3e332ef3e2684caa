import re

import pytest

from bot.commands import inviting, people
from storage import chats
from storage.database import Database
from storage.models import Chat, ChatId, Message
from tests import records
from tests.commands import alerted, chatting
from tests.commands.alerted import press

OLENA = ChatId(4_200_003)
DAY = 24 * 3600


async def invited(chat: chatting.Chatting, words: str = "/invite Olena") -> str:
    """Have the owner invite somebody; give the code of the link."""
    (message,) = await chat.says(words)
    found = re.search(r"https://t\.me/homefront_bot\?start=([A-Z0-9]{20})$", message.text, re.MULTILINE)
    assert found is not None, message.text
    return found[1]


async def come_in(chat: chatting.Chatting, who: ChatId = OLENA) -> list[Message]:
    return await chat.says(f"/start {await invited(chat)}", chat_id=who)


async def let_in(database: Database) -> list[Chat]:
    async with database.reading() as connection:
        return sorted(await chats.all_chats(connection), key=lambda chat: chat.is_group)


async def test_an_invitation_lets_one_person_in_as_a_reader(chat: chatting.Chatting, database: Database) -> None:
    (message,) = await chat.says("/invite  Olena ")
    link = re.search(r"\S+start=(\S+)", message.text)
    assert link is not None
    assert message.text == (
        f"Send this link to Olena:\n\n{link[0]}\n\n"
        "It lets one person in, as a reader, once, until 19 Nov 13:06. /people shows it and takes it back."
    )
    assert [entity.kind for entity in message.entities] == ["code"]
    welcome = await chat.says(f"/start {link[1]}", chat_id=OLENA, now=records.NOW + DAY - 1)
    assert welcome[0].text.startswith("Welcome!")
    _, olena = await let_in(database)
    assert (olena.id, olena.role, olena.label) == (OLENA, "reader", "Olena")
    assert [message.text for message in [one.message for one in await chat.queued()]][-1] == (
        "👤 Olena used your invitation and can read with you now. /people shows everybody."
    )


async def test_an_invitation_works_once(chat: chatting.Chatting, database: Database) -> None:
    code = await invited(chat)
    await chat.says(f"/start {code}", chat_id=OLENA, request_id=5)
    assert await chat.says(f"/start {code}", chat_id=chatting.FRIEND) == []
    assert await chat.says(f"/start {code}", chat_id=OLENA, request_id=5) == []
    assert [person.id for person in await let_in(database)] == [records.CHAT, OLENA]


async def test_who_is_in_uses_up_no_invitation(chat: chatting.Chatting, database: Database) -> None:
    code = await invited(chat)
    await chat.says(f"/start {code}")
    assert (await chat.says(f"/start {code}", chat_id=OLENA))[0].text.startswith("Welcome!")


@pytest.mark.parametrize("text", ["/start {code}x", "{code}", "/start", "/help {code}", "/start ' OR 1=1 --"])
async def test_nothing_but_the_link_lets_in(chat: chatting.Chatting, database: Database, text: str) -> None:
    code = await invited(chat)
    assert await chat.says(text.format(code=code), chat_id=OLENA) == []
    assert len(await let_in(database)) == 1


async def test_an_invitation_ends_after_a_day(chat: chatting.Chatting, database: Database) -> None:
    code = await invited(chat)
    assert await chat.says(f"/start {code}", chat_id=OLENA, now=records.NOW + DAY) == []
    assert "Invitations" not in await chat.hears("/people", now=records.NOW + DAY)


async def test_an_invitation_can_be_taken_back(chat: chatting.Chatting, database: Database) -> None:
    code = await invited(chat)
    (message,) = await chat.says("/people")
    assert message.text == (
        "Who may use me:\n1. You, the owner\n\n"
        "Invitations that nobody has used yet:\n• Olena – until 19 Nov 13:06\n\n"
        "One more person: /invite and what you call them. A group: /here says how. "
        "Tap below to take somebody out."
    )
    assert alerted.rows(message) == [["✕ Invitation: Olena"]]
    notice, after = await press(chat, str(message.buttons[0][0].data))
    assert notice == "That link lets nobody in any more."
    assert after is not None
    assert "Olena" not in after.text
    assert await chat.says(f"/start {code}", chat_id=OLENA) == []


async def test_an_invitation_needs_no_name(chat: chatting.Chatting, database: Database) -> None:
    code = await invited(chat, "/invite")
    (message,) = await chat.says("/people")
    assert "• no name given – until" in message.text
    await chat.says(f"/start {code}", chat_id=OLENA)
    assert f"2. user {OLENA} – reader, since 18 Nov 13:06" in await chat.hears("/people")


async def test_there_are_not_more_invitations_than_one_can_watch(chat: chatting.Chatting) -> None:
    for _ in range(inviting.MOST_WAITING):
        await invited(chat)
    assert (await chat.hears("/invite")).startswith("There are 20 invitations that nobody has used.")
    (message,) = await chat.says("/invite", now=records.NOW + DAY)
    assert message.text.startswith("Send this link")


async def test_a_person_removed_gets_nothing_more_and_is_not_answered(
    chat: chatting.Chatting, database: Database
) -> None:
    await come_in(chat)
    await alerted.told(database, chat_id=OLENA, message_id=None)
    (message,) = await chat.says("/people")
    assert "2. Olena – reader, since 18 Nov 13:06" in message.text
    assert alerted.rows(message) == [["✕ 2. Olena"]]
    _, sure = await press(chat, str(message.buttons[0][0].data))
    assert sure is not None
    assert sure.text.startswith("Take Olena out? No more alerts or digests go there, and I no longer answer.")
    assert alerted.rows(sure) == [["Yes, take out"], ["No"]]
    yes, no = (str(row[0].data) for row in sure.buttons)
    assert await press(chat, no) == (None, message)
    notice, after = await press(chat, yes)
    assert notice == "Olena is out."
    assert after is not None
    assert "Olena" not in after.text
    assert await chat.queued(OLENA) == []
    assert await chat.says("/status", chat_id=OLENA) == []
    olena = chatting.Chatting(database, chat_id=OLENA)
    assert await olena.presses("saved:0") == (None, [])
    assert (await press(chat, yes))[1] == after


async def test_a_person_of_the_settings_is_removed_there(database: Database) -> None:
    chat = chatting.Chatting(database, allowed=(records.CHAT, OLENA))
    await chat.says("/start")
    await chat.says("/start", chat_id=OLENA)
    (message,) = await chat.says("/people")
    notice, after = await press(chat, str(message.buttons[0][0].data))
    assert notice is not None
    assert notice.startswith("This person is named in ALLOWED_USERS.")
    assert after is None
    assert (await chat.hears("/invite")).startswith("Who may use me stands in the setting ALLOWED_USERS.")


async def test_who_refuses_our_messages_is_marked(chat: chatting.Chatting, database: Database) -> None:
    await come_in(chat)
    async with database.transaction() as tx:
        await chats.set_unreachable(tx, OLENA, records.NOW)
    assert "since 18 Nov 13:06 · ⚠️ takes no messages from me" in await chat.hears("/people")


@pytest.mark.parametrize("command", ["/invite", "/people", "/here", "/leave"])
async def test_a_reader_is_told_politely_what_the_owner_alone_may_do(
    chat: chatting.Chatting, database: Database, command: str
) -> None:
    await come_in(chat)
    (message,) = await chat.says(command, chat_id=OLENA)
    assert message.text.startswith("Only the owner of this bot can let people and groups in.")


@pytest.mark.parametrize("data", [f"out:{records.CHAT}", f"out:{OLENA}", f"outyes:{OLENA}", "revoke:1", "people:"])
async def test_a_reader_forges_the_buttons_of_the_owner_in_vain(
    chat: chatting.Chatting, database: Database, data: str
) -> None:
    await come_in(chat)
    await invited(chat, "/invite Dmytro")
    olena = chatting.Chatting(database, chat_id=OLENA)
    assert await press(olena, data) == (None, None)
    assert len(await let_in(database)) == 2
    assert "Dmytro" in await chat.hears("/people")


@pytest.mark.parametrize("data", [f"outyes:{records.CHAT}", "out:x", "out:", "outyes:1:1", "revoke:x", "revoke:"])
async def test_the_owner_cannot_go_and_nonsense_does_nothing(
    chat: chatting.Chatting, database: Database, data: str
) -> None:
    assert await press(chat, data) == (None, None)
    assert len(await let_in(database)) == 1


async def test_help_says_what_each_role_may_do(chat: chatting.Chatting, database: Database) -> None:
    await come_in(chat)
    owner, (reader,) = await chat.hears("/help"), await chat.says("/help", chat_id=OLENA)
    assert "\n\nYou alone, as the owner, can use:\n/add – " in owner
    assert "\n\nOnly the owner of this bot can use:\n/add – " in reader.text
    for text in (owner, reader.text):
        assert text.index("/saved – ") < text.index("can use:") < text.index("/invite – ")
    assert "/add Путь домой" in owner
    assert "/add Путь домой" not in reader.text


async def test_a_long_list_of_people_stays_within_one_keyboard(chat: chatting.Chatting, database: Database) -> None:
    async with database.transaction() as tx:
        for number in range(people.SHOWN + 5):
            await chats.pair(
                tx, chat_id=ChatId(900 + number), role="reader", language="en", timezone="UTC", now=records.NOW + 1
            )
    (message,) = await chat.says("/people")
    assert len(chatting.buttons(message)) == people.SHOWN - 1
