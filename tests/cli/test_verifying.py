import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main, verifying
from storage import chains
from tests.cli.test_importing import export

CHANNEL = 15

pytestmark = pytest.mark.usefixtures("read_already")


@pytest.fixture
def imported(here: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with two posts, each captured once."""
    assert main.main(["import", export(here)]) == 0
    capsys.readouterr()
    return here


def change(folder: Path, sql: str, *values: Any) -> None:
    with closing(sqlite3.connect(folder / "data" / "homefront.db")) as connection, connection:
        connection.execute(sql, values)


def heads(capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main.main(["verify", "--heads"]) == 0
    return [line.split()[0] for line in capsys.readouterr().out.splitlines()[:-1]]


def test_what_nobody_touched_stands(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["verify"]) == 0
    assert capsys.readouterr().out == "✓ 2 revisions of 1 channel as captured: every chain holds.\n"


def test_a_changed_byte_is_told_with_its_place(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(imported, "UPDATE revisions SET canonical = replace(canonical, 'Воды', 'Вода') WHERE seq = 2")
    assert main.main(["verify"]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("✗ Вести [red]города[/red]: revision 2, of post 2, captured 20")
    assert first.endswith(
        ": what was captured was changed afterwards: its SHA-256 is not the one that was noted. https://t.me/c/15/2"
    )
    assert last.startswith("1 break in 2 revisions of 1 channel. This check changed nothing.")


def test_a_revision_that_is_gone_is_told(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(imported, "DELETE FROM revisions WHERE seq = 1")
    assert main.main(["verify"]) == 1
    assert "✗ Вести [red]города[/red]: revision 1 is not there any more.\n" in capsys.readouterr().out
    change(imported, "UPDATE revisions SET seq = 4")
    assert main.main(["verify"]) == 1
    assert "revisions 1 to 3 are not there any more.\n" in capsys.readouterr().out


def test_a_channel_and_a_time_that_are_none_are_told_all_the_same(
    imported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(imported, "UPDATE revisions SET channel_id = 16, captured_at = 1 << 60 WHERE seq = 1")
    assert main.main(["verify"]) == 1
    shown = capsys.readouterr().out
    assert "✗ channel 16: revision 1, of post 1, captured at 1152921504606846976: its time of capture or" in shown


def test_a_text_that_was_erased_is_no_break(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(imported, "UPDATE revisions SET canonical = NULL WHERE seq = 1")
    assert main.main(["verify"]) == 1
    assert "what was captured is gone, although its post was never forgotten. https://t.me/c/15/1" in (
        capsys.readouterr().out
    )
    change(imported, "UPDATE posts SET text = '', forgotten_at = 1, forgotten_why = 'owner' WHERE message_id = 1")
    assert main.main(["verify"]) == 0
    assert capsys.readouterr().out == (
        "✓ 2 revisions of 1 channel as captured: every chain holds. "
        "1 of them had their text erased; their SHA-256 stands.\n"
    )


def test_of_very_many_breaks_only_the_first_are_shown(
    imported: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "MOST_SHOWN", 1)
    change(imported, "UPDATE revisions SET canonical = '{}'")
    assert main.main(["verify"]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == 2
    assert "2 breaks in 2 revisions of 1 channel, the first 1 of them above." in shown[1]


def test_a_head_that_was_noted_is_found_again(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (head,) = heads(capsys)
    content = json.loads((imported / "result.json").read_text(encoding="utf-8"))
    content["messages"].append({"id": 3, "type": "message", "date_unixtime": "1790000090", "text": "Вода есть."})
    (imported / "result.json").write_text(json.dumps(content), encoding="utf-8")
    assert main.main(["import", "result.json"]) == 0
    capsys.readouterr()
    assert main.main(["verify", "--noted", head[:16].upper()]) == 0
    assert capsys.readouterr().out.startswith(
        f"✓ {head[:16]} stands in Вести [red]города[/red] as revision 2; 1 came after it.\n"
    )


def test_the_sum_in_a_digest_is_found_again(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (head,) = heads(capsys)
    seal = chains.sha256(f"{CHANNEL} 2 {head}")
    content = json.loads((imported / "result.json").read_text(encoding="utf-8"))
    content["messages"].append({"id": 3, "type": "message", "date_unixtime": "1790000090", "text": "Вода есть."})
    (imported / "result.json").write_text(json.dumps(content), encoding="utf-8")
    assert main.main(["import", "result.json"]) == 0
    capsys.readouterr()
    assert main.main(["verify", "--noted", seal]) == 0
    assert capsys.readouterr().out.startswith(f"✓ {seal} is the sum of all chains as they stood after a capture of 20")
    change(imported, "DELETE FROM revisions WHERE seq > 1")
    assert main.main(["verify", "--noted", seal]) == 1
    assert f"✗ {seal} stands in no chain and is no sum of them" in capsys.readouterr().out


def test_a_chain_that_was_cut_off_lacks_the_head_that_was_noted(
    imported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (head,) = heads(capsys)
    change(imported, "DELETE FROM revisions WHERE seq = 2")
    assert main.main(["verify"]) == 0
    capsys.readouterr()
    assert main.main(["verify", "--noted", head]) == 1
    assert f"✗ {head} stands in no chain" in capsys.readouterr().out


def test_what_can_be_no_head_is_a_misuse(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["verify", "--noted", "way_home"]) == 2
    assert "way_home is no head of a chain" in capsys.readouterr().err


def test_without_a_database_there_is_nothing_to_check(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["verify"]) == 1
    assert "holds no database" in capsys.readouterr().err
    assert list(here.iterdir()) == []
