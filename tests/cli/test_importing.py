import json
from pathlib import Path

import pytest

from bot.cli import main
from tests.cli.test_lock import held_elsewhere

pytestmark = pytest.mark.usefixtures("read_already")


def export(folder: Path) -> str:
    messages = [
        {"id": 1, "type": "message", "date_unixtime": "1790000000", "text": "В городе объявлена мобилизация."},
        {"id": 2, "type": "message", "date_unixtime": "1790000060", "text": "Воды нет."},
    ]
    content = {"name": "Вести [red]города[/red]", "type": "public_channel", "id": 15, "messages": messages}
    (folder / "result.json").write_text(json.dumps(content), encoding="utf-8")
    return str(folder / "result.json")


def test_an_export_is_imported_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = export(here)
    assert main.main(["import", file]) == 0
    assert capsys.readouterr().out == (
        "Вести [red]города[/red]: 2 new posts, 0 edited since they were held, 0 held already; "
        "1 of those stored now speak of a topic.\n"
    )
    assert main.main(["import", file]) == 0
    assert ": 0 new posts, 0 edited since they were held, 2 held already; 0 of" in capsys.readouterr().out


def test_a_broken_export_is_a_sentence_and_leaves_no_database(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "result.json").write_text('{"messages": [', encoding="utf-8")
    assert main.main(["import", "result.json"]) == 1
    assert "Nothing was stored" in capsys.readouterr().err
    assert not (here / "data" / "homefront.db").exists()


def test_a_second_process_on_the_folder_is_a_sentence(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = export(here)
    (here / "data").mkdir()
    with held_elsewhere(here / "data"):
        assert main.main(["import", file]) == 1
    assert "Another Homefront is at work" in capsys.readouterr().err


def test_without_a_file_it_is_a_misuse(here: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(["import"])
    assert ended.value.code == 2
