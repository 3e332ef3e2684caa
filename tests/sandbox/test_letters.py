"""A bot and a user write to each other: texts, pictures, files, edits, buttons, commands; each exactly once."""

import asyncio
import io
import math
from typing import Any

import pytest
from telethon import Button, errors, events, functions, types

from bot.sandbox import faults, state
from bot.sandbox.world import World
from tests.served import Clients

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(200_000)


@pytest.fixture
def people(world: World) -> tuple[state.Account, state.Account]:
    """A user who has written to a bot, and the bot."""
    user, bot = world.add_user(), world.add_bot()
    world.write(user, bot, "/start")
    return user, bot


People = tuple[state.Account, state.Account]


def message_to(user: state.Account, random_id: int, text: str = "тревога") -> Any:
    return functions.messages.SendMessageRequest(
        peer=types.InputPeerUser(user.id, 0), message=text, random_id=random_id
    )


async def test_a_repeated_random_id_is_answered_with_the_first_message(
    world: World, client: Clients, people: People
) -> None:
    user, bot = people
    writer = await client(bot)
    first, second = await writer(message_to(user, 77)), await writer(message_to(user, 77, "другой текст"))
    assert (first.id, second.id) == (2, 2)
    assert (await writer(message_to(user, 78))).id == 3
    assert [letter.text for letter in world.chat(user, bot)] == ["/start", "тревога", "тревога"]
    with pytest.raises(errors.RandomIdEmptyError):
        await writer(message_to(user, 0))


async def test_a_repeated_random_id_may_be_refused_for_a_time_or_for_ever(
    client: Clients, people: People, world: World
) -> None:
    user, bot = people
    writer = await client(bot)
    now = [world.state.clock()]
    world.state.clock = lambda: now[0]
    for seconds, passed, refused in ((60, 59, True), (60, 61, False), (math.inf, 1e9, True)):
        world.state.behaviour = state.Behaviour(duplicate_seconds=seconds)
        await writer(message_to(user, int(passed)))
        now[0] += passed
        if refused:
            with pytest.raises(errors.RandomIdDuplicateError):
                await writer._sender.send(message_to(user, int(passed)))
        else:
            assert (await writer(message_to(user, int(passed)))).id
    assert len(world.chat(user, bot)) == 4


async def test_texts_too_long_empty_or_badly_marked_are_refused(client: Clients, people: People) -> None:
    user, bot = people
    writer = await client(bot)
    with pytest.raises(errors.MessageTooLongError):
        await writer(message_to(user, 1, "🙂" * 2049))
    assert (await writer(message_to(user, 2, "🙂" * 2048))).id
    with pytest.raises(errors.MessageEmptyError):
        await writer(message_to(user, 3, ""))
    bad = message_to(user, 4)
    bad.entities = [types.MessageEntityBold(5, 3)]
    with pytest.raises(errors.EntityBoundsInvalidError):
        await writer(bad)
    with pytest.raises(errors.MediaCaptionTooLongError):
        await writer.send_file(user.id, PICTURE, caption="я" * 1025)


async def test_whom_a_bot_may_not_write_to(world: World, client: Clients, people: People) -> None:
    user, bot = people
    stranger = world.add_user(phone="2")
    writer = await client(bot)
    with pytest.raises(errors.PeerIdInvalidError):
        await writer(message_to(stranger, 1))
    user.blocked.add(bot.id)
    with pytest.raises(errors.UserIsBlockedError):
        await writer(message_to(user, 2))
    user.deleted = True
    with pytest.raises(errors.InputUserDeactivatedError):
        await writer(message_to(user, 3))
    channel = world.add_channel("Канал", "channel")
    with pytest.raises(errors.ChatWriteForbiddenError):
        await writer.send_message("channel", "пост")
    assert channel.posts == {}


async def test_an_edit_is_told_and_the_same_again_is_refused(client: Clients, people: People) -> None:
    user, bot = people
    reader, writer = await client(user), await client(bot)
    edited: asyncio.Queue[Any] = asyncio.Queue()
    reader.add_event_handler(edited.put, events.MessageEdited(incoming=True))
    sent = await writer.send_message(user.id, "было", buttons=Button.inline("Да", b"yes"))
    changed = await writer.edit_message(user.id, sent.id, "**стало**", buttons=Button.inline("Нет", b"no"))
    seen = await edited.get()
    assert (seen.raw_text, seen.message.buttons[0][0].text, seen.message.entities) == (
        "стало",
        "Нет",
        [types.MessageEntityBold(0, 5)],
    )
    assert changed.edit_date is not None
    with pytest.raises(errors.MessageNotModifiedError):
        await writer.edit_message(user.id, sent.id, "**стало**", buttons=Button.inline("Нет", b"no"))
    with pytest.raises(errors.MessageAuthorRequiredError):
        await writer.edit_message(user.id, 1, "чужое")
    with pytest.raises(errors.MessageIdInvalidError):
        await writer.edit_message(user.id, 99, "ничьё")
    with pytest.raises(errors.MessageTooLongError):
        await writer.edit_message(user.id, sent.id, "я" * 4097)


async def test_a_picture_and_a_file_reach_the_user_whole(client: Clients, people: People) -> None:
    user, bot = people
    reader, writer = await client(user), await client(bot)
    await reader.get_dialogs()
    await writer.send_file(
        user.id, named("chart.png", PICTURE), caption="график", buttons=Button.url("см.", "https://x.y")
    )
    await writer.send_file(user.id, named("posts.csv", b"a,b\n1,2\n"), force_document=True)
    await writer.send_file(user.id, bytes(11_000_000), force_document=True)
    big, table, picture = await reader.get_messages(bot.id, limit=3)
    assert picture.raw_text == "график"
    assert await reader.download_media(picture, bytes) == PICTURE
    assert (table.file.name, await reader.download_media(table, bytes)) == ("posts.csv", b"a,b\n1,2\n")
    assert len(await reader.download_media(big, bytes)) == 11_000_000
    again = await writer.send_file(user.id, (await writer.get_messages(user.id, ids=picture.id)).media)
    assert again.photo.id == picture.photo.id
    await writer.send_file(user.id, (await writer.get_messages(user.id, ids=table.id)).media)
    assert (await reader.get_messages(bot.id, limit=1))[0].document.id == table.document.id
    await writer.edit_message(user.id, again.id, file=named("b.png", PICTURE[:100]))
    assert len(await reader.download_media((await reader.get_messages(bot.id, ids=again.id)), bytes)) == 100


async def test_media_that_are_not_there_are_refused(client: Clients, people: People) -> None:
    user, bot = people
    writer = await client(bot)
    for named, error in (
        (types.InputMediaPhoto(types.InputPhoto(1, 1, b"")), errors.MediaEmptyError),
        (types.InputMediaContact("1", "a", "b", ""), errors.MediaInvalidError),
        (types.InputMediaUploadedPhoto(types.InputFile(9, 1, "x.png", "")), errors.FilePartsInvalidError),
    ):
        with pytest.raises(error):
            await writer(functions.messages.SendMediaRequest(types.InputPeerUser(user.id, 0), named, "", random_id=5))
    location = types.InputPhotoFileLocation(1, 1, b"", "x")
    with pytest.raises(errors.FileIdInvalidError):
        await writer(functions.upload.GetFileRequest(location, 0, 1024))


async def test_deleted_messages_are_gone_for_both(world: World, client: Clients, people: People) -> None:
    user, bot = people
    reader, writer = await client(user), await client(bot)
    deleted: asyncio.Queue[Any] = asyncio.Queue()
    reader.add_event_handler(deleted.put, events.MessageDeleted())
    sent = await writer.send_message(user.id, "лишнее")
    await writer.delete_messages(user.id, [sent.id, 99])
    assert (await deleted.get()).deleted_ids == [sent.id]
    assert [letter.text for letter in world.chat(user, bot)] == ["/start"]
    assert await writer.get_messages(user.id, ids=sent.id) is None


async def test_a_pressed_button_is_told_to_the_bot_and_its_answer_to_the_user(client: Clients, people: People) -> None:
    user, bot = people
    reader, writer = await client(user), await client(bot)
    await reader.get_dialogs()
    await writer.send_message(user.id, "Выберите", buttons=[Button.inline("Сутки", b"mute:1d")])
    message = (await reader.get_messages(bot.id, limit=1))[0]

    async def answer(event: Any) -> None:
        assert (event.sender_id, event.data, event.message_id) == (user.id, b"mute:1d", message.id)
        await event.answer("Тихо на сутки", alert=True)

    writer.add_event_handler(answer, events.CallbackQuery())
    answered = await message.click(0)
    assert (answered.message, answered.alert) == ("Тихо на сутки", True)
    with pytest.raises(errors.DataInvalidError):
        await reader(functions.messages.GetBotCallbackAnswerRequest(bot.id, message.id, data=b"forged"))
    with pytest.raises(errors.MessageIdInvalidError):
        await reader(functions.messages.GetBotCallbackAnswerRequest(bot.id, 99, data=b"forged"))
    with pytest.raises(errors.QueryIdInvalidError):
        await writer(functions.messages.SetBotCallbackAnswerRequest(5, 0))
    with pytest.raises(errors.ButtonDataInvalidError):
        await writer.send_message(user.id, "Длинно", buttons=[types.KeyboardInlineButton("x", _data(b"1" * 65))])


async def test_a_button_pressed_while_the_bot_was_away_is_told_once_it_asks(
    world: World, client: Clients, people: People
) -> None:
    user, bot = people
    reader = await client(user)
    world.write(bot, user, "Выберите", buttons=types.ReplyInlineMarkup([_row(b"1")]))
    await reader.get_dialogs()
    pressing = asyncio.ensure_future((await reader.get_messages(bot.id, limit=1))[0].click(0))
    while not world.state.presses:
        await reader.get_me()
    writer = await client(bot)
    request = functions.updates.GetDifferenceRequest(pts=bot.journal.pts, date=0, qts=0)
    (query,) = (await writer(request)).other_updates
    await writer(functions.messages.SetBotCallbackAnswerRequest(query.query_id, 0, message="поздно, но да"))
    assert (await pressing).message == "поздно, но да"


async def test_a_button_that_nobody_answers_gives_up(world: World, client: Clients, people: People) -> None:
    user, bot = people
    world.state.behaviour = state.Behaviour(callback_seconds=0.05)
    reader = await client(user)
    world.write(bot, user, "Выберите", buttons=types.ReplyInlineMarkup([_row(b"1")]))
    await reader.get_dialogs()
    message = (await reader.get_messages(bot.id, limit=1))[0]
    with pytest.raises(errors.BotResponseTimeoutError):
        await reader(functions.messages.GetBotCallbackAnswerRequest(bot.id, message.id, data=b"1"))
    assert world.state.presses == {}


async def test_the_menu_of_commands_is_kept(client: Clients, people: People) -> None:
    user, bot = people
    reader, writer = await client(user), await client(bot)
    await reader.get_dialogs()
    scope = types.BotCommandScopeDefault()
    menu = [types.BotCommand("digest", "The day on one page")]
    await writer(functions.bots.SetBotCommandsRequest(scope, "", menu))
    assert (await writer(functions.bots.GetBotCommandsRequest(scope, "")))[0].command == "digest"
    full = await reader(functions.users.GetFullUserRequest(bot.id))
    assert full.full_user.bot_info.commands[0].description == "The day on one page"
    assert (await reader(functions.users.GetFullUserRequest(user.id))).full_user.bot_info is None
    his = types.BotCommandScopePeer(await writer.get_input_entity(user.id))
    for mine, code in ((scope, "uk"), (his, "")):
        assert await writer(functions.bots.GetBotCommandsRequest(mine, code)) == []
        await writer(functions.bots.SetBotCommandsRequest(mine, code, [types.BotCommand("add", code or "his")]))
        assert [one.command for one in await writer(functions.bots.GetBotCommandsRequest(mine, code))] == ["add"]
    assert (await writer(functions.bots.GetBotCommandsRequest(scope, "")))[0].command == "digest"
    with pytest.raises(errors.BotCommandsTooMuchError):
        await writer(functions.bots.SetBotCommandsRequest(scope, "", menu * 101))
    with pytest.raises(errors.BotCommandInvalidError):
        await writer(functions.bots.SetBotCommandsRequest(scope, "", [types.BotCommand("digest", "")]))


async def test_replies_and_silence_are_kept(client: Clients, people: People) -> None:
    user, bot = people
    reader, writer = await client(user), await client(bot)
    arrived: asyncio.Queue[Any] = asyncio.Queue()
    reader.add_event_handler(arrived.put, events.NewMessage(incoming=True))
    await writer.send_message(user.id, "ответ", reply_to=1, silent=True)
    seen = (await arrived.get()).message
    assert (seen.reply_to.reply_to_msg_id, seen.silent) == (1, True)
    await reader.send_read_acknowledge(bot.id)
    async with reader.action(bot.id, "typing"):
        pass


async def test_an_app_does_not_hear_of_what_it_sent_but_the_users_others_do(
    world: World, client: Clients, people: People
) -> None:
    user, bot = people
    phone, laptop = await client(user), await client(user)
    heard: asyncio.Queue[Any] = asyncio.Queue()
    laptop.add_event_handler(heard.put, events.NewMessage(outgoing=True))
    order = world.faults.order(faults.PUSH, faults.RepeatPush(0), times=faults.ALWAYS, account=user.id)
    await phone.get_dialogs()
    await phone.send_message(bot.id, "с телефона")
    assert (await heard.get()).raw_text == "с телефона"
    assert order.fired == 1


def named(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def _row(data: bytes) -> Any:
    return types.KeyboardInlineButtonRow([types.KeyboardInlineButton("Да", _data(data))])


def _data(data: bytes) -> Any:
    return types.InlineButtonTypeCallback(data=data)
