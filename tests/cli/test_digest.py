from pathlib import Path

import pytest

from bot.cli import main
from tests.cli.test_importing import export

DAY = "2026-09-21"

pytestmark = pytest.mark.usefixtures("read_already")


@pytest.fixture
def imported(here: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with two posts of 21 September 2026, one of them flagged."""
    assert main.main(["import", export(here)]) == 0
    capsys.readouterr()
    return here


def test_a_day_is_told_with_its_links_and_its_chart(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["digest", "--day", DAY]) == 0
    shown = capsys.readouterr().out
    assert "https://t.me/c/15/1" in shown
    chart = imported / "data" / f"digest-{DAY}.png"
    assert str(chart) in shown
    assert chart.read_bytes().startswith(b"\x89PNG")
    assert chart.stat().st_mode & 0o777 == 0o600


def test_it_takes_the_words_of_the_chat_too(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["digest", "2026-09-20..2026-09-21", "mob"]) == 0
    assert "https://t.me/c/15/1" in capsys.readouterr().out
    assert main.main(["digest", "52w"]) == 2
    assert "For example: homefront digest 7d." in capsys.readouterr().err


def test_one_topic_alone_can_be_told(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["digest", "--day", DAY, "--topic", "desertion"]) == 0
    assert "https://t.me/c/15/1" not in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [["--day", "someday"], ["--day", "2999-01-01"], ["--topic", "weather"]])
def test_a_day_or_topic_that_is_none_is_a_misuse(
    imported: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    assert main.main(["digest", *wrong]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err) > 20


def test_without_a_database_there_is_nothing_to_tell_and_none_is_made(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["digest"]) == 1
    assert "holds no database" in capsys.readouterr().err
    assert list(here.iterdir()) == []


def test_a_chart_that_cannot_be_written_is_a_sentence(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (imported / "data" / f"digest-{DAY}.png").mkdir()
    assert main.main(["digest", "--day", DAY]) == 1
    shown = capsys.readouterr()
    assert "https://t.me/c/15/1" in shown.out
    assert "cannot be written" in shown.err
