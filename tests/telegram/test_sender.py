import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from telethon.tl import types

from bot import delivery
from bot.sandbox import faults, server
from bot.sandbox.state import Account, Behaviour
from bot.sandbox.world import World
from bot.telegram import connection, errors, sender
from storage.document_models import Document
from storage.models import Button, ChatId, Entity, EntityKind, Message
from tests.served import running, world
from tests.telegram import edge

__all__ = ["running", "world"]

PICTURE = b"\x89PNG\r\n\x1a\n and the rest of a picture"
BOLD = (Entity(kind="bold", start=0, length=5),)


@pytest.fixture
def bot(world: World) -> Account:
    return world.add_bot()


@pytest.fixture
def user(world: World, bot: Account) -> Account:
    """Somebody who has written to the bot, so that it may write to him."""
    added = world.add_user()
    world.write(added, bot, "/start")
    return added


@pytest_asyncio.fixture
async def ours(
    tmp_path: Path, running: server.Server, bot: Account, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[sender.Sender]:
    monkeypatch.setattr(connection, "LONGEST_PAUSE_SECONDS", 0)
    client = await edge.open_bot(tmp_path, running, bot)
    client.endure()
    yield sender.Sender(client=client)
    await client.disconnect()


def chat_of(user: Account) -> ChatId:
    return ChatId(user.id)


def texts(world: World, user: Account, bot: Account) -> list[str]:
    return [letter.text for letter in world.chat(user, bot) if letter.sender == bot.id]


async def test_a_message_arrives_with_its_id(world: World, ours: sender.Sender, user: Account, bot: Account) -> None:
    result = await ours.send(chat_of(user), 77, Message(text="A post speaks of rotation."))
    assert texts(world, user, bot) == ["A post speaks of rotation."]
    assert result == delivery.Sent(message_id=world.chat(bot, user)[-1].ids[bot.id])


async def test_the_same_random_id_sends_nothing_twice(
    world: World, ours: sender.Sender, user: Account, bot: Account
) -> None:
    first = await ours.send(chat_of(user), 77, Message(text="Once."))
    assert await ours.send(chat_of(user), 77, Message(text="Once.")) == first
    assert texts(world, user, bot) == ["Once."]


async def test_formats_and_buttons_arrive(world: World, ours: sender.Sender, user: Account, bot: Account) -> None:
    kinds: tuple[EntityKind, ...] = ("bold", "italic", "underline", "strike", "code", "quote")
    formats = tuple(Entity(kind=kind, start=number, length=1) for number, kind in enumerate(kinds))
    link = Entity(kind="link", start=6, length=1, url="https://t.me/way_home/5")
    rows = ((Button(label="Mute", data="mute:t:rotation:1d"), Button(label="Open", url="https://t.me/way_home")),)
    message = Message(text="abcdefg", entities=(*formats, link), buttons=rows, silent=True)
    result = await ours.send(chat_of(user), 77, message)
    letter = world.chat(bot, user)[-1]
    assert result == delivery.Sent(message_id=letter.ids[bot.id])
    assert [type(entity).__name__.removeprefix("MessageEntity") for entity in letter.entities] == [
        "Bold", "Italic", "Underline", "Strike", "Code", "Blockquote", "TextUrl",
    ]  # fmt: skip
    assert letter.entities[-1].url == "https://t.me/way_home/5"
    (row,) = letter.buttons.rows
    assert row.buttons[0].type.data == b"mute:t:rotation:1d"
    assert row.buttons[1].type.url == "https://t.me/way_home"
    assert letter.silent


async def test_a_picture_arrives_with_its_caption(
    world: World, ours: sender.Sender, user: Account, bot: Account
) -> None:
    message = Message(text="Today", entities=BOLD, picture=PICTURE)
    first = await ours.send(chat_of(user), 77, message)
    assert await ours.send(chat_of(user), 77, message) == first
    (letter,) = [letter for letter in world.chat(user, bot) if letter.sender == bot.id]
    assert (letter.text, type(letter.media)) == ("Today", types.MessageMediaPhoto)
    assert PICTURE in [file.content for file in world.state.files.values()]


@pytest.mark.parametrize(
    ("name", "mime_type"),
    [("evidence.zip", "application/zip"), ("posts.csv", "text/csv"), ("evidence", "application/octet-stream")],
)
async def test_a_document_arrives_whole_with_its_name_and_its_caption(
    world: World, ours: sender.Sender, user: Account, name: str, mime_type: str
) -> None:
    content = bytes(range(256)) * 4_000  # more than one part
    message = Message(text="Evidence", entities=BOLD, document=Document(name=name, content=content))
    first = await ours.send(chat_of(user), 77, message)
    assert await ours.send(chat_of(user), 77, message) == first
    (letter,) = [one for one in user.letters.values() if one.media is not None]
    document = letter.media.document
    assert (letter.text, document.mime_type, document.size) == ("Evidence", mime_type, len(content))
    assert [each.file_name for each in document.attributes] == [name]
    assert content in [file.content for file in world.state.files.values()]


async def test_a_document_stays_where_its_formats_are_refused(
    world: World, ours: sender.Sender, user: Account, bot: Account
) -> None:
    world.faults.order("messages.sendMedia", faults.RpcError(400, "ENTITY_BOUNDS_INVALID"))
    message = Message(text="Evidence", entities=BOLD, document=Document(name="evidence.zip", content=b"PK"))
    assert isinstance(await ours.send(chat_of(user), 77, message), delivery.Sent)
    (letter,) = [letter for letter in world.chat(user, bot) if letter.sender == bot.id]
    assert (letter.entities, letter.media.document.size) == ([], 2)


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        (faults.Flood(33), delivery.RetryAfter(seconds=33)),
        (faults.RpcError(420, "SLOWMODE_WAIT_9"), delivery.RetryAfter(seconds=9)),
        (faults.RpcError(400, "USER_IS_BLOCKED"), delivery.Refused(reason="USER_IS_BLOCKED", unreachable=True)),
        (
            faults.RpcError(400, "INPUT_USER_DEACTIVATED"),
            delivery.Refused(reason="INPUT_USER_DEACTIVATED", unreachable=True),
        ),
        (faults.RpcError(400, "PEER_ID_INVALID"), delivery.Refused(reason="PEER_ID_INVALID", unreachable=True)),
        (faults.RpcError(403, "NOT_ALLOWED"), delivery.Refused(reason="NOT_ALLOWED", unreachable=True)),
        (faults.RpcError(400, "MESSAGE_TOO_LONG"), delivery.Refused(reason="MESSAGE_TOO_LONG", unreachable=False)),
        (faults.RpcError(303, "SERVER_MIGRATE"), delivery.Unknown(reason="SERVER_MIGRATE")),
        (faults.RpcError(400, "MSG_WAIT_FAILED"), delivery.Unknown(reason="MSG_WAIT_FAILED")),
    ],
)
async def test_what_the_server_says_decides_what_comes_next(
    world: World, ours: sender.Sender, user: Account, fault: faults.Fault, result: delivery.Result
) -> None:
    world.faults.order("messages.sendMessage", fault)
    assert await ours.send(chat_of(user), 77, Message(text="Hello")) == result


async def test_a_user_who_blocks_the_bot_is_unreachable(
    world: World, ours: sender.Sender, user: Account, bot: Account
) -> None:
    user.blocked.add(bot.id)
    result = await ours.send(chat_of(user), 77, Message(text="Hello"))
    assert result == delivery.Refused(reason="USER_IS_BLOCKED", unreachable=True)


async def test_somebody_who_never_wrote_is_unreachable(world: World, ours: sender.Sender) -> None:
    result = await ours.send(ChatId(world.add_user(phone="79990000002").id), 77, Message(text="Hello"))
    assert result == delivery.Refused(reason="PEER_ID_INVALID", unreachable=True)


async def test_a_lost_reply_means_again_and_again_doubles_nothing(
    ours: sender.Sender, user: Account, bot: Account, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "ANSWER_SECONDS", 0.3)
    world.faults.order("messages.sendMessage", faults.LoseReply())
    assert isinstance(await ours.send(chat_of(user), 77, Message(text="Once.")), delivery.Unknown)
    assert isinstance(await ours.send(chat_of(user), 77, Message(text="Once.")), delivery.Sent)
    assert texts(world, user, bot) == ["Once."]


async def test_a_cut_while_sending_doubles_nothing(
    world: World, ours: sender.Sender, user: Account, bot: Account
) -> None:
    world.faults.order("messages.sendMessage", faults.Drop(executed=True))
    assert isinstance(await ours.send(chat_of(user), 77, Message(text="Once.")), delivery.Sent)
    assert texts(world, user, bot) == ["Once."]


async def test_without_a_connection_nothing_is_asked_of_telethon(
    world: World, ours: sender.Sender, user: Account, running: server.Server
) -> None:
    back = asyncio.Event()
    ours.client.on_reconnect.append(back.set)
    running.cut()
    await edge.until(lambda: not ours.client.linked)
    result = await ours.send(chat_of(user), 77, Message(text="Hello"))
    assert result == delivery.Unsent(reason="not connected")
    await back.wait()
    assert isinstance(await ours.send(chat_of(user), 77, Message(text="Hello")), delivery.Sent)


async def test_what_is_on_its_way_when_the_client_closes_is_unknown(
    world: World, ours: sender.Sender, user: Account
) -> None:
    world.faults.order("messages.sendMessage", faults.LoseReply())
    sending = asyncio.ensure_future(ours.send(chat_of(user), 77, Message(text="Hello")))
    await edge.until(lambda: world.state.calls["messages.sendMessage"])
    await ours.client.disconnect()
    assert await sending == delivery.Unknown(reason="connection closed")
    assert isinstance(await ours.send(chat_of(user), 77, Message(text="Hello")), delivery.Unsent)


async def test_sending_can_be_cancelled(world: World, ours: sender.Sender, user: Account) -> None:
    world.faults.order("messages.sendMessage", faults.LoseReply())
    sending = asyncio.ensure_future(ours.send(chat_of(user), 77, Message(text="Hello")))
    await edge.until(lambda: world.state.calls["messages.sendMessage"])
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


async def test_a_session_that_ended_stops_the_sending(
    world: World, ours: sender.Sender, user: Account, bot: Account
) -> None:
    world.sign_out(bot)
    with pytest.raises(errors.SignedOutError):
        await ours.send(chat_of(user), 77, Message(text="Hello"))


@pytest.mark.parametrize("refused", ["ENTITY_BOUNDS_INVALID", "BUTTON_DATA_INVALID"])
async def test_an_alert_whose_looks_are_refused_goes_out_plain(
    world: World, ours: sender.Sender, user: Account, bot: Account, refused: str
) -> None:
    world.faults.order("messages.sendMessage", faults.RpcError(400, refused))
    message = Message(text="Hello", entities=BOLD, buttons=((Button(label="x", data="x"),),))
    assert isinstance(await ours.send(chat_of(user), 77, message), delivery.Sent)
    letter = world.chat(user, bot)[-1]
    assert (letter.text, letter.entities, letter.buttons) == ("Hello", [], None)


async def test_a_picture_that_is_refused_leaves_its_caption(
    world: World, ours: sender.Sender, user: Account, bot: Account
) -> None:
    world.faults.order("messages.sendMedia", faults.RpcError(400, "PHOTO_INVALID_DIMENSIONS"))
    message = Message(text="Today", entities=BOLD, picture=PICTURE)
    assert isinstance(await ours.send(chat_of(user), 77, message), delivery.Sent)
    letter = world.chat(user, bot)[-1]
    assert (letter.text, letter.media, len(letter.entities)) == ("Today", None, 1)


async def test_a_message_refused_in_every_form_is_refused(world: World, ours: sender.Sender, user: Account) -> None:
    world.faults.order("messages.sendMessage", faults.RpcError(400, "MESSAGE_EMPTY"), times=faults.ALWAYS)
    result = await ours.send(chat_of(user), 77, Message(text="Hello", entities=BOLD))
    assert result == delivery.Refused(reason="MESSAGE_EMPTY", unreachable=False)


class TestAServerThatKeepsAccessHashesToItself:
    @pytest.fixture
    def world(self) -> World:
        return World(behaviour=Behaviour(sparse=True))

    async def test_is_asked_for_them_once(self, world: World, ours: sender.Sender, user: Account, bot: Account) -> None:
        before = world.state.calls["users.getUsers"]
        for random_id in (1, 2, 3):
            assert isinstance(await ours.send(chat_of(user), random_id, Message(text="Hello")), delivery.Sent)
        assert world.state.calls["users.getUsers"] == before + 1
        assert len(texts(world, user, bot)) == 3


class TestAServerWithoutUploads:
    @pytest.fixture
    def world(self) -> World:
        return World(behaviour=Behaviour(broken_calls=frozenset({"upload.saveFilePart"})))

    async def test_gets_the_caption_at_the_second_try(
        self, world: World, ours: sender.Sender, user: Account, bot: Account
    ) -> None:
        message = Message(text="Today", picture=PICTURE)
        assert isinstance(await ours.send(chat_of(user), 77, message), delivery.Unknown)
        assert isinstance(await ours.send(chat_of(user), 77, message), delivery.Sent)
        assert texts(world, user, bot) == ["Today"]


class TestAServerThatNeverForgetsADuplicate:
    @pytest.fixture
    def world(self) -> World:
        return World(behaviour=Behaviour(duplicate_seconds=float("inf")))

    async def test_has_the_message_when_it_says_so_again_and_again(
        self, ours: sender.Sender, user: Account, bot: Account, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sender, "DUPLICATES_THAT_PROVE", 2)
        await ours.send(chat_of(user), 77, Message(text="Once."))
        results = [await ours.send(chat_of(user), 77, Message(text="Once.")) for _ in range(2)]
        assert results == [delivery.Unknown(reason="RANDOM_ID_DUPLICATE"), delivery.Sent(message_id=0)]
        assert texts(world, user, bot) == ["Once."]


async def test_a_press_that_nobody_waits_for_any_more_is_only_logged(
    ours: sender.Sender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await ours.answer(12345, "Muted")
    assert "QUERY_ID_INVALID" in caplog.text
