import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sandbox import faults, server
from bot.sandbox.world import World
from bot.telegram import accounts, connection, errors, login
from bot.telegram.client import Client
from tests.served import running, world
from tests.telegram import edge

__all__ = ["running", "world"]

PHONE, CODE, PASSWORD = "79990000001", "12345", "correct horse"


class Person:
    """Somebody at the terminal, who types one line after another."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.asked: list[str] = []
        self.asked_secretly: list[str] = []
        self.heard: list[str] = []

    def answers(self, question: str) -> str:
        self.asked.append(question)
        if not self.lines:
            raise EOFError
        return self.lines.pop(0)

    def answers_unseen(self, question: str) -> str:
        self.asked_secretly.append(question)
        return self.answers(question)

    async def logs_in(self, client: Client) -> accounts.Account:
        return await login.login(client, self.answers, self.heard.append, ask_secretly=self.answers_unseen)


@pytest_asyncio.fixture
async def client(tmp_path: Path, running: server.Server, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    """The client that is to be signed in."""
    monkeypatch.setattr(connection, "LONGEST_PAUSE_SECONDS", 0)
    opened = await accounts.open_for_login(edge.place(tmp_path, running, "reader.session"), clock=edge.now)
    yield opened
    await opened.disconnect()


async def test_phone_and_code_sign_in(world: World, client: Client) -> None:
    user = world.add_user(phone=PHONE, code=CODE, first_name="Олена", username="olena")
    person = Person("+7 999 000-00-01", "1-2-3-4-5")
    account = await person.logs_in(client)
    assert account == accounts.Account(id=user.id, name="Олена", username="olena", bot=False)
    assert person.heard == ["Telegram has sent a code to your Telegram app.", "Signed in as Олена (@olena)."]


async def test_a_password_is_asked_for_when_there_is_one(world: World, client: Client) -> None:
    world.add_user(phone=PHONE, code=CODE, password=PASSWORD)
    person = Person(PHONE, CODE, PASSWORD)
    await person.logs_in(client)
    assert person.asked_secretly == ["Password: "]
    assert person.heard[-1] == "Signed in as Reader."


async def test_what_is_typed_wrong_may_be_typed_again(world: World, client: Client) -> None:
    world.add_user(phone=PHONE, code=CODE, password=PASSWORD)
    person = Person("my phone", "79991111111", PHONE, "", "54321", CODE, "", "wrong", PASSWORD)
    await person.logs_in(client)
    assert [text.split(".")[0] for text in person.heard] == [
        "This is not a phone number",
        "Telegram does not know this phone number",
        "Telegram has sent a code to your Telegram app",
        "No code was typed",
        "This code is wrong",
        "This account has two-step verification: its password is needed too",
        "No password was typed",
        "This password is wrong",
        "Signed in as Reader",
    ]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["a", "b", "c"], "No phone number"),
        ([PHONE, "1", "2", "3"], "No right code"),
        ([PHONE, CODE, "1", "2", "3"], "No right password"),
        ([PHONE], "input ended"),
    ],
)
async def test_after_three_wrong_tries_it_ends(world: World, client: Client, lines: list[str], words: str) -> None:
    world.add_user(phone=PHONE, code=CODE, password=PASSWORD)
    with pytest.raises(errors.TelegramError, match=words):
        await Person(*lines).logs_in(client)


async def test_an_expired_code_is_replaced(world: World, client: Client) -> None:
    world.add_user(phone=PHONE, code=CODE)
    world.faults.order("auth.signIn", faults.RpcError(400, "PHONE_CODE_EXPIRED"))
    person = Person(PHONE, CODE, CODE)
    await person.logs_in(client)
    assert "This code has expired. Telegram has sent a new one." in person.heard
    assert world.state.calls["auth.sendCode"] == 2


@pytest.mark.parametrize(
    ("call", "refusal", "words"),
    [
        ("auth.sendCode", faults.Flood(7200), "wait 2 h"),
        ("auth.sendCode", faults.RpcError(400, "API_ID_INVALID"), "TELEGRAM_API_ID"),
        ("auth.sendCode", faults.RpcError(400, "PHONE_NUMBER_BANNED"), "closed this account"),
        ("auth.signIn", faults.RpcError(400, "PHONE_NUMBER_UNOCCUPIED"), "no Telegram account"),
        ("auth.signIn", faults.RpcError(400, "SOMETHING_ELSE"), "SOMETHING_ELSE"),
    ],
)
async def test_what_telegram_refuses_is_said_without_what_was_typed(
    world: World, client: Client, call: str, refusal: faults.Fault, words: str
) -> None:
    world.add_user(phone=PHONE, code=CODE)
    world.faults.order(call, refusal)
    with pytest.raises(errors.TelegramError, match=words) as raised:
        await Person(PHONE, CODE).logs_in(client)
    assert PHONE not in str(raised.value)
    assert CODE not in str(raised.value)


async def test_who_is_signed_in_already_is_told_so(world: World, client: Client) -> None:
    world.add_user(phone=PHONE, code=CODE)
    await Person(PHONE, CODE).logs_in(client)
    person = Person()
    await person.logs_in(client)
    assert person.heard == ["Already signed in as Reader."]


async def test_a_connection_that_breaks_for_good_is_told(world: World, client: Client, running: server.Server) -> None:
    world.add_user(phone=PHONE, code=CODE)

    class Unlucky(Person):
        def answers(self, question: str) -> str:
            if question == "Code: ":
                loop.call_soon_threadsafe(closing.set)
                ended.wait(10)
            return super().answers(question)

    loop, closing, ended = asyncio.get_running_loop(), asyncio.Event(), threading.Event()
    attempt = asyncio.ensure_future(Unlucky(PHONE, CODE).logs_in(client))
    await closing.wait()
    await client.disconnect()
    ended.set()
    with pytest.raises(errors.UnreachableError, match="connection to the server broke"):
        await attempt
