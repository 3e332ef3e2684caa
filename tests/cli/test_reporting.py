from pathlib import Path

import pytest

from bot.cli import clock, main
from tests.cli.test_importing import export

NAME = "homefront-2026-09-21.html"

pytestmark = pytest.mark.usefixtures("read_already")


@pytest.fixture
def imported(here: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with two posts of 21 September 2026, one of them flagged."""
    assert main.main(["import", export(here)]) == 0
    capsys.readouterr()
    return here


def test_a_report_is_written_into_the_folder_one_is_in(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["report", "2026-09-21"]) == 0
    written = imported / NAME
    assert NAME in capsys.readouterr().out
    assert "https://t.me/c/15/1" in written.read_text(encoding="utf-8")
    assert written.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in imported.glob("*.part")] == []


@pytest.mark.parametrize(("out", "name"), [("mine.html", "mine.html"), ("folder", f"folder/{NAME}")])
def test_it_goes_where_it_is_told_to(imported: Path, out: str, name: str) -> None:
    (imported / "folder").mkdir()
    assert main.main(["report", "2026-09-21", "--output", out]) == 0
    assert (imported / name).is_file()


def test_without_days_it_is_of_the_last_thirty(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: 1_791_000_000)
    assert main.main(["report", "--with-deleted"]) == 0
    assert (imported / "homefront-2026-09-04-2026-10-03.html").is_file()


def test_a_file_that_cannot_be_written_leaves_nothing_behind(
    imported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["report", "2026-09-21", "--output", "nowhere/mine.html"]) == 1
    assert "cannot be written" in capsys.readouterr().err
    before = sorted(imported.iterdir())
    (imported / "full.html.part").mkdir()
    assert main.main(["report", "2026-09-21", "--output", "full.html"]) == 1
    assert sorted(imported.iterdir()) == sorted([*before, imported / "full.html.part"])


def test_what_is_no_period_is_a_misuse(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["report", "someday"]) == 2
    assert "someday" in capsys.readouterr().err


def test_without_a_database_there_is_nothing_to_report_and_none_is_made(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["report"]) == 1
    assert "holds no database" in capsys.readouterr().err
    assert list(here.iterdir()) == []
