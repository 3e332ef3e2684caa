import logging

import pytest

from bot.commands import access, pairing
from bot.commands.access import Door
from storage import chats, outbox
from storage.database import Database
from storage.models import Chat, ChatId
from tests import records
from tests.commands import chatting

CODE = "K7QF2MXD"
STRANGER = ChatId(666_001)


def waiting_for_owner(database: Database) -> chatting.Chatting:
    return chatting.Chatting(database, pairing=pairing.start(CODE, now=records.NOW))


async def people(database: Database) -> tuple[Chat, ...]:
    async with database.reading() as connection:
        return await chats.all_chats(connection)


async def test_the_first_to_send_the_code_by_link_becomes_owner(database: Database) -> None:
    chat = waiting_for_owner(database)
    messages = await chat.says(f"/start {CODE}")
    (owner,) = await people(database)
    assert (owner.id, owner.role, owner.timezone) == (records.CHAT, "owner", "Europe/Kyiv")
    assert messages[0].text.startswith("Welcome!")
    assert "desertion, mobilization or rotation" in messages[0].text
    assert "sample" in messages[1].text
    assert "🔎 Путь домой" in chatting.labels(messages[2])
    assert chat.woken == 1


async def test_the_code_alone_lets_in_too(database: Database) -> None:
    messages = await waiting_for_owner(database).says("k7qf-2mxd")
    assert messages[0].text.startswith("Welcome!")


async def test_the_same_start_again_after_a_crash_greets_no_second_time(database: Database) -> None:
    chat = waiting_for_owner(database)
    await chat.says(f"/start {CODE}", request_id=5)
    assert await chat.says(f"/start {CODE}", request_id=5) == []


async def test_a_second_person_with_the_right_code_stays_outside(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    chat = waiting_for_owner(database)
    await chat.says(f"/start {CODE}")
    assert await chat.says(f"/start {CODE}", chat_id=STRANGER) == []
    assert [person.id for person in await people(database)] == [records.CHAT]
    assert str(STRANGER) in caplog.text


async def test_strangers_get_silence_and_the_log_keeps_no_text(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    chat = waiting_for_owner(database)
    with caplog.at_level(logging.INFO):
        for text in ("/start", "/status", "my secret plan", "/start guess-guess"):
            assert await chat.says(text) == []
    assert chat.woken == 0
    assert await people(database) == ()
    assert caplog.text.count(f"user {records.CHAT}") >= 4
    assert "secret" not in caplog.text
    assert "guess" not in caplog.text


async def test_a_stranger_presses_a_button_in_vain(database: Database) -> None:
    chat = chatting.Chatting(database)
    assert await chat.presses("find:Путь домой") == (None, [])
    assert chat.reader.asked == []


async def test_five_wrong_codes_end_the_pairing(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    chat = waiting_for_owner(database)
    for _ in range(5):
        assert await chat.says("/start AAAA2222", chat_id=STRANGER) == []
    assert await chat.says(f"/start {CODE}") == []
    assert "no longer valid" in caplog.text
    assert await people(database) == ()


async def test_greetings_are_no_wrong_tries(database: Database) -> None:
    chat = waiting_for_owner(database)
    for text in ("hello", "/start", "/help", "is anybody there?", "/status", "привет"):
        assert await chat.says(text) == []
    assert (await chat.says(CODE))[0].text.startswith("Welcome!")


async def test_an_expired_code_lets_nobody_in(database: Database) -> None:
    chat = waiting_for_owner(database)
    assert await chat.says(f"/start {CODE}", now=records.NOW + pairing.LIFETIME_SECONDS) == []


async def test_ids_of_the_settings_are_let_in_without_code_and_the_first_owns(database: Database) -> None:
    chat = chatting.Chatting(database, allowed=(records.CHAT, chatting.FRIEND))
    assert (await chat.says("/start"))[0].text.startswith("Welcome!")
    messages = await chat.says("/start", chat_id=chatting.FRIEND)
    assert messages[0].text.startswith("Welcome!")
    assert [person.role for person in await people(database)] == ["owner", "reader"]
    assert await chat.says("/start", chat_id=STRANGER) == []


async def test_a_reader_is_offered_no_channels_to_add(database: Database) -> None:
    chat = chatting.Chatting(database, allowed=(records.CHAT, chatting.FRIEND))
    messages = await chat.says("/start", chat_id=chatting.FRIEND)
    assert not messages[-1].buttons
    assert "owner" in messages[-1].text


async def test_somebody_of_the_settings_who_begins_with_a_command_is_answered_that(database: Database) -> None:
    chat = chatting.Chatting(database, allowed=(records.CHAT,))
    assert "desertion" in (await chat.hears("/help")).casefold()


async def test_somebody_whom_the_settings_no_longer_name_is_a_stranger(database: Database) -> None:
    await chatting.Chatting(database, allowed=(records.CHAT, chatting.FRIEND)).says("/start", chat_id=chatting.FRIEND)
    chat = chatting.Chatting(database, allowed=(records.CHAT,), chat_id=chatting.FRIEND)
    assert await chat.says("/status") == []
    assert await chat.presses("find:Путь домой") == (None, [])


async def test_at_start_the_settings_forget_add_and_change_roles_and_time_zone(database: Database) -> None:
    chat = chatting.Chatting(database, allowed=(records.CHAT, chatting.FRIEND))
    await chat.says("/start")
    await chat.says("/start", chat_id=chatting.FRIEND)
    async with database.transaction() as tx:
        await access.settle(tx, Door(allowed=(chatting.FRIEND,)), timezone="Europe/Riga", now=records.NOW)
    (friend,) = await people(database)
    assert (friend.id, friend.role, friend.timezone) == (chatting.FRIEND, "owner", "Europe/Riga")


async def test_whom_the_settings_name_is_told_before_writing_and_greeted_at_last(database: Database) -> None:
    chat = chatting.Chatting(database, allowed=(records.CHAT,))
    async with database.transaction() as tx:
        await access.settle(tx, Door(allowed=(records.CHAT,)), timezone="Europe/Kyiv", now=records.NOW)
    (owner,) = await people(database)
    assert (owner.id, owner.role, owner.timezone) == (records.CHAT, "owner", "Europe/Kyiv")
    assert (await chat.says("/start"))[0].text.startswith("Welcome!")


async def test_without_ids_in_the_settings_everybody_stays_who_was_let_in(database: Database) -> None:
    await waiting_for_owner(database).says(CODE)
    before = await people(database)
    async with database.transaction() as tx:
        await access.settle(tx, Door(), timezone="Europe/Kyiv", now=records.NOW)
    assert await people(database) == before


async def test_a_code_is_shown_only_while_nobody_is_named_or_let_in(database: Database) -> None:
    async with database.reading() as connection:
        assert await access.needs_pairing(connection, Door())
        assert not await access.needs_pairing(connection, Door(allowed=(chatting.FRIEND,)))
    await waiting_for_owner(database).says(CODE)
    async with database.reading() as connection:
        assert not await access.needs_pairing(connection, Door())


async def test_a_chat_that_refused_our_messages_is_reachable_once_it_writes(
    chat: chatting.Chatting, database: Database
) -> None:
    async with database.transaction() as tx:
        await chats.set_unreachable(tx, records.CHAT, records.NOW)
        await outbox.add(
            tx,
            chat_id=records.CHAT,
            kind="alert",
            key="alert:1:1",
            random_id=1,
            message=records.message(),
            now=records.NOW,
        )
    await chat.hears("/help")
    (owner,) = await people(database)
    assert owner.unreachable_since is None
    assert len(await chat.queued()) == 2
    assert chat.woken == 1


async def settled(database: Database, door: Door, *, timezone: str) -> tuple[Chat, ...]:
    async with database.transaction() as tx:
        await access.settle(tx, door, timezone=timezone, now=records.NOW)
    return await people(database)


async def test_the_zone_of_the_settings_holds_for_a_chat_until_it_chooses_its_own(
    chat: chatting.Chatting, database: Database
) -> None:
    (owner,) = await settled(database, Door(), timezone="Europe/Berlin")
    assert owner.timezone == "Europe/Berlin"
    await chat.says("/settings timezone Tbilisi")
    (owner,) = await settled(database, Door(), timezone="Europe/Warsaw")
    assert owner.timezone == "Asia/Tbilisi"


@pytest.mark.parametrize(
    ("code", "language", "greeting"),
    [("uk", "uk", "Вітаю!"), ("ru-RU", "ru", "Добро пожаловать!"), ("de", "en", "Welcome!"), ("", "en", "Welcome!")],
)
async def test_whoever_is_let_in_is_spoken_to_in_the_language_of_his_telegram(
    database: Database, code: str, language: str, greeting: str
) -> None:
    chat = waiting_for_owner(database)
    chat.language = code
    messages = await chat.says(f"/start {CODE}")
    assert messages[0].text.startswith(greeting)
    assert [person.language for person in await people(database)] == [language]


async def test_whom_the_settings_name_is_spoken_to_in_his_language_from_his_first_words_on(database: Database) -> None:
    chat = chatting.Chatting(database, allowed=(records.CHAT,))
    (owner,) = await settled(database, chat.door, timezone="UTC")
    assert owner.language == "en"
    chat.language = "uk"
    assert (await chat.says("/start"))[0].text.startswith("Вітаю!")
    # What he chose since stays, whatever his Telegram speaks.
    await chat.presses("set:language:ru")
    assert (await chat.hears("/nothing")).startswith("Команды /nothing нет")
