"""A Telegram in miniature in a thread of its own, and a folder whose `.env` leads there."""

import io
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from telethon import TelegramClient

from bot import rulebook
from bot.sandbox import keys, thread
from bot.sandbox.world import World

PHONE, CODE = "79990000001", "12345"
TOKEN = "4242:sandbox"


@pytest.fixture(autouse=True)
def _log_restored() -> Iterator[None]:
    """Commands set the log up for the whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def world() -> World:
    """A world with an account to read with, a bot, and a channel."""
    made = World()
    made.add_user(phone=PHONE, code=CODE)
    made.add_bot(token=TOKEN, username="homefront_bot")
    channel = made.add_channel("Вести гарнизона", "garrison_news")
    made.post(channel, "Сегодня в посёлке снова отключили воду.")
    return made


@pytest.fixture
def remote(world: World) -> Iterator[thread.Remote]:
    """The world, served."""
    TelegramClient._config = None
    with thread.serve(world) as served:
        yield served


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, without settings."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def settled(here: Path, remote: thread.Remote) -> Path:
    """The current folder, with settings that lead to the served world; its data go to `data/`."""
    settings = {
        "TELEGRAM_API_ID": "1",
        "TELEGRAM_API_HASH": "hash-that-is-secret",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_SERVER": remote.address,
        "TELEGRAM_SERVER_KEY": str(keys.PUBLIC_KEY),
        "CHANNELS": "@garrison_news",
    }
    (here / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    return here


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts lines on standard input, as through a pipe."""

    def put(*lines: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return put


@pytest.fixture
def read_already(rules: rulebook.Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the topic files and dictionaries read."""
    monkeypatch.setattr(rulebook, "read", lambda _folder: rules)
