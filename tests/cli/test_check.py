from collections.abc import Callable
from pathlib import Path

import pytest

from bot import settings
from bot.cli import check, lock, main
from bot.sandbox import thread
from bot.sandbox.world import World
from storage import channels, chats
from storage import settings as stored_settings
from storage.database import open_database
from storage.models import ChatId
from tests import records
from tests.cli.conftest import CODE, PHONE


def checked(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = main.main(["check"])
    return code, capsys.readouterr().out


@pytest.fixture
def signed_in(settled: Path, typed: Callable[..., None]) -> Path:
    typed(PHONE, CODE)
    assert main.main(["login"]) == 0
    return settled


async def store(folder: Path, *infos: tuple[str, str | None]) -> None:
    """Put channels into the database, each with its username and its trouble; the last one is lost."""
    found = settings.load({}, folder / ".env")
    path = folder / "data" / "homefront.db"
    async with open_database(path, now=records.NOW) as database, database.transaction() as tx:
        await stored_settings.bind_server(tx, settings.fingerprint(found))
        for number, (username, trouble) in enumerate(infos, start=1):
            info = records.channel_info(number, username=username, title=f"Вести {number}")
            await channels.follow(tx, info, joined=number == 1, now=records.NOW)
            await channels.trouble(tx, info.id, trouble)
            await channels.checked(tx, info.id, now=records.NOW)


def test_everything_right_is_told_line_by_line(signed_in: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = checked(capsys)
    assert code == 0, shown
    assert "✗" not in shown
    for said in ("Settings: complete", "Data folder", "Server: answers", "signed in", "@homefront_bot", "none yet"):
        assert said in shown


def test_wrong_settings_are_each_a_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = checked(capsys)
    assert code == 1
    assert shown.count("✗ Settings: ") == 3


def test_nobody_signed_in_is_told_and_the_bot_is_tried_all_the_same(
    settled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown = checked(capsys)
    assert code == 1
    assert "✗ Reading account" in shown
    assert "homefront login" in shown
    assert "✓ Bot: @homefront_bot" in shown
    assert shown.endswith("1 of these need you.\n")


def test_a_wrong_token_is_told(signed_in: Path, capsys: pytest.CaptureFixture[str]) -> None:
    env = signed_in / ".env"
    env.write_text(env.read_text(encoding="utf-8").replace("4242:sandbox", "4242:revoked"), encoding="utf-8")
    code, shown = checked(capsys)
    assert code == 1
    assert "✗ Bot:" in shown
    assert "4242:revoked" not in shown


def test_a_server_that_does_not_answer_is_told_once(settled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    env = settled / ".env"
    lines = [line for line in env.read_text(encoding="utf-8").splitlines() if not line.startswith("TELEGRAM_SERVER=")]
    env.write_text("\n".join([*lines, "TELEGRAM_SERVER=127.0.0.1:1"]), encoding="utf-8")
    code, shown = checked(capsys)
    assert code == 1
    assert "✗ Server: No server answers at 127.0.0.1:1" in shown
    assert "Bot" not in shown


def test_a_clock_that_is_off_is_told() -> None:
    assert check._clock(5).fine
    off = check._clock(-45)
    assert not off.fine
    assert "45 s off" in off.text


def test_a_folder_that_others_can_look_into_is_told(signed_in: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (signed_in / "data").chmod(0o755)
    code, shown = checked(capsys)
    assert code == 1
    assert "✗ Data folder: others can look into it. Close it: chmod 700" in shown


def test_a_folder_that_cannot_be_used_is_told(settled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    env = settled / ".env"
    env.write_text(env.read_text(encoding="utf-8") + "DATA_DIR=file/inside\n", encoding="utf-8")
    (settled / "file").touch()
    code, shown = checked(capsys)
    assert code == 1
    assert "✗ Data folder: The data folder" in shown


def test_while_homefront_runs_the_accounts_are_left_alone(
    settled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "is_held", lambda _data_dir: True)
    code, shown = checked(capsys)
    assert code == 0
    assert "Homefront is running on this folder" in shown


async def test_each_channel_is_told(settled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await store(settled, ("garrison_news", None), ("city", "Telegram asks for a pause."), ("gone", None))
    found = settings.load({}, settled / ".env")
    async with open_database(settled / "data" / "homefront.db", now=records.NOW) as database:
        async with database.transaction() as tx:
            await channels.lose(tx, records.channel_info(3).id, trouble="it became private")
            chat = ChatId(5)
            await chats.pair(tx, chat_id=chat, role="owner", language="en", timezone="UTC", now=records.NOW)
            await chats.set_unreachable(tx, chat, records.NOW)
        lines = [line async for line in check._stored(found, database)]
    assert [line.fine for line in lines] == [True, False, True, False, False]
    texts = [line.text for line in lines]
    assert texts[0] == "Database: 0 posts of 3 channels."
    assert "Write /start" in texts[1]
    assert "Вести 1 @garrison_news: 0 posts, complete as of 2026-11-18 11:06, pushed by Telegram." in texts
    assert "Вести 2 @city: Telegram asks for a pause." in texts[3]
    assert "lost (it became private)" in texts[4]


async def test_a_channel_that_is_named_but_not_read_is_told(settled: Path) -> None:
    await store(settled, ("city", None))
    found = settings.load({}, settled / ".env")
    async with open_database(settled / "data" / "homefront.db", now=records.NOW) as database:
        lines = [line async for line in check._stored(found, database)]
    assert [line.text for line in lines if not line.fine] == [
        "garrison_news: named in CHANNELS, but not read. `homefront run` follows it or says why not."
    ]
    assert lines[1].text.startswith("Chats: none yet")


def test_a_database_that_is_none_is_told(signed_in: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (signed_in / "data" / "homefront.db").write_text("no database, but long enough to be looked at" * 50)
    code, shown = checked(capsys)
    assert code == 1
    assert "✗ Database:" in shown


def test_a_folder_of_another_server_is_told(
    signed_in: Path, remote: thread.Remote, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    del remote, world
    (signed_in / "result.json").write_text(
        '{"type": "public_channel", "id": 7, "name": "x", "messages": []}', encoding="utf-8"
    )
    real = signed_in / "real.env"
    real.write_text("DATA_DIR=data\n", encoding="utf-8")
    assert main.main(["--env", str(real), "import", "result.json"]) == 0
    code, shown = checked(capsys)
    assert code == 1
    assert "another Telegram server" in shown
