import csv
import io
import json
import sqlite3
from contextlib import closing
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


def texts(content: bytes, separator: str = ",") -> list[str]:
    read = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator)
    return [row["text"] for row in read]


def test_flagged_posts_are_written_into_a_file(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["export", DAY]) == 0
    written = imported / f"homefront-{DAY}.csv"
    assert texts(written.read_bytes()) == ["В городе объявлена мобилизация."]
    assert written.stat().st_mode & 0o777 == 0o600
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.strip() == f"1 post in {written.name}."


def test_options_choose_posts_and_form(imported: Path) -> None:
    assert main.main(["export", DAY, "--all", "--format", "jsonl", "--output", "all.jsonl"]) == 0
    lines = (imported / "all.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["message_id"] for line in lines] == [1, 2]
    assert main.main(["export", f"{DAY}..{DAY}", "--topic", "desertion", "--semicolons", "--output", "none.csv"]) == 0
    assert texts((imported / "none.csv").read_bytes(), ";") == []


def test_it_goes_through_a_pipe(here: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main.main(["import", export(here)]) == 0
    capfdbinary.readouterr()
    assert main.main(["export", DAY, "--output", "-"]) == 0
    shown = capfdbinary.readouterr()
    assert texts(shown.out) == ["В городе объявлена мобилизация."]
    assert shown.err.strip() == b"1 post."


def test_deleted_texts_come_only_when_asked_for(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(imported / "data" / "homefront.db")) as connection, connection:
        connection.execute("UPDATE posts SET deleted_at = date + 60 WHERE message_id = 1")
    assert main.main(["export", DAY, "--output", "one.csv"]) == 0
    assert "1 post in one.csv. Of 1 the text is left out" in capsys.readouterr().err
    assert main.main(["export", DAY, "--with-deleted", "--output", "two.csv"]) == 0
    assert [texts((imported / f"{name}.csv").read_bytes()) for name in ("one", "two")] == [
        [""], ["В городе объявлена мобилизация."],
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [["someday"], ["9999-11-21"], ["--topic", "weather"]])
def test_what_cannot_be_read_is_a_misuse(imported: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    assert main.main(["export", *wrong]) == 2
    said = capsys.readouterr().err
    assert "homefront export " in said
    assert "/export" not in said
    assert sorted(path.name for path in imported.iterdir()) == ["data", "result.json"]


def test_without_a_database_there_is_nothing_to_export(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["export"]) == 1
    assert "holds no database" in capsys.readouterr().err
    assert list(here.iterdir()) == []
