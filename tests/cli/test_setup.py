import io
import sys
from pathlib import Path

import pytest

from bot import settings
from bot.cli import main, setup

HASH = "0123456789abcdef" * 2
TOKEN = "123456789:" + "A" * 35
ANSWERS = ("12345", HASH, TOKEN, "@one, https://t.me/two", "Europe/Kyiv", "8:30")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def set_up(monkeypatch: pytest.MonkeyPatch, *lines: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return main.main(["setup"])


def test_the_answers_are_written_for_their_owner_alone_and_can_be_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up(monkeypatch, *ANSWERS) == 0
    file = tmp_path / ".env"
    assert file.stat().st_mode & 0o777 == 0o600
    found = settings.load({}, file)
    assert (found.api_id, found.api_hash, found.bot_token) == (12345, HASH, TOKEN)
    assert (found.channels, found.timezone) == (("one", "two"), "Europe/Kyiv")
    shown = capsys.readouterr().out
    assert HASH not in shown
    assert TOKEN not in shown
    assert "my.telegram.org" in shown
    assert "@BotFather" in shown
    assert "homefront login" in shown


def test_an_answer_that_cannot_be_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong_first = [word for answer in ANSWERS for word in ("?", answer)]
    assert set_up(monkeypatch, *wrong_first) == 0
    assert settings.load({}, tmp_path / ".env").api_id == 12345
    assert capsys.readouterr().out.count("Please try again.") == len(ANSWERS)


def test_enter_takes_the_suggestion_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up(monkeypatch, "", "12345", HASH, TOKEN, "", "", "") == 0
    assert "This one is needed." in capsys.readouterr().out
    found = settings.load({}, tmp_path / ".env")
    assert (found.channels, found.digest_time.hour) == ((), 9)


def test_a_file_that_is_there_is_left_alone_unless_its_owner_says_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_API_ID=1\n", encoding="utf-8")
    assert set_up(monkeypatch, "") == 0
    assert (tmp_path / ".env").read_text(encoding="utf-8") == "TELEGRAM_API_ID=1\n"


def test_what_stands_in_the_file_is_kept_by_enter_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up(monkeypatch, *ANSWERS) == 0
    with (tmp_path / ".env").open("a", encoding="utf-8") as file:
        file.write("DATA_DIR='it\\'s \\\\ here'\nFOREIGN=x\n")
    before = settings.load({}, tmp_path / ".env")
    capsys.readouterr()
    assert set_up(monkeypatch, "y", "", "", "", "", "Europe/Berlin", "") == 0
    after = settings.load({}, tmp_path / ".env")
    assert after.timezone == "Europe/Berlin"
    assert (after.bot_token, after.channels, after.data_dir) == (before.bot_token, before.channels, before.data_dir)
    assert "FOREIGN=x" in (tmp_path / ".env").read_text(encoding="utf-8")
    shown = capsys.readouterr().out
    assert HASH not in shown
    assert TOKEN not in shown


def test_what_comes_from_a_file_is_not_asked_and_another_server_has_its_own_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "TELEGRAM_BOT_TOKEN_FILE=token\nTELEGRAM_SERVER=127.0.0.1:1\nTELEGRAM_SERVER_KEY=key\n", encoding="utf-8"
    )
    assert set_up(monkeypatch, "yes", "5", "any", "", "", "") == 0
    written = (tmp_path / ".env").read_text(encoding="utf-8").splitlines()
    assert {"TELEGRAM_API_HASH=any", "TELEGRAM_BOT_TOKEN_FILE=token", "TELEGRAM_SERVER=127.0.0.1:1"} <= set(written)


def test_answers_that_end_early_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up(monkeypatch, "12345") == 1
    assert "ended before" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_stays_wrong_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up(monkeypatch, *["no number"] * setup.TRIES) == 1
    assert "Nothing was written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_or_read_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe")
    assert set_up(monkeypatch, "y") == 1
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / ".env").unlink()
    (tmp_path / ".env").mkdir()
    assert set_up(monkeypatch, "y", *ANSWERS) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_the_zone_of_this_machine_is_suggested_where_it_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "resolve", lambda _path: Path("/usr/share/zoneinfo/Europe/Kyiv"))
    assert setup._zone_here() == "Europe/Kyiv"
    monkeypatch.setattr(Path, "resolve", lambda _path: Path("/usr/share/zoneinfo/Mars"))
    assert setup._zone_here() == "UTC"
    monkeypatch.setattr(Path, "resolve", lambda _path: Path("/etc/localtime"))
    assert setup._zone_here() == "UTC"
