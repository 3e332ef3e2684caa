import json
from pathlib import Path

import pytest

from bot.cli import main
from tests.cli.test_lock import held_elsewhere

pytestmark = pytest.mark.usefixtures("read_already")


def imported(folder: Path) -> None:
    text = "В городе объявлена мобилизация."
    messages = [{"id": 1, "type": "message", "date_unixtime": "1790000000", "text": text}]
    content = {"name": "Вести", "type": "public_channel", "id": 15, "messages": messages}
    (folder / "result.json").write_text(json.dumps(content), encoding="utf-8")
    assert main.main(["import", str(folder / "result.json")]) == 0


def test_what_is_stored_is_flagged_anew(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(here)
    capsys.readouterr()
    assert main.main(["rematch"]) == 0
    assert capsys.readouterr().out == (
        "1 posts looked at: 0 newly flagged, 0 no longer, 0 for other words or topics than before. Nobody was told.\n"
    )


def test_without_a_database_it_is_a_sentence(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["rematch"]) == 1
    assert "There is nothing to flag" in capsys.readouterr().err


def test_a_second_process_on_the_folder_is_a_sentence(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(here)
    with held_elsewhere(here / "data"):
        assert main.main(["rematch"]) == 1
    assert "Another Homefront is at work" in capsys.readouterr().err
