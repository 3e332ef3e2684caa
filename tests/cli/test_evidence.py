import hashlib
import zipfile
from pathlib import Path

import pytest

from bot.cli import main
from tests.cli.test_importing import export

LINK = "https://t.me/c/15/1"

pytestmark = pytest.mark.usefixtures("read_already")


@pytest.fixture
def imported(here: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with two posts of a channel without a public name."""
    assert main.main(["import", export(here)]) == 0
    capsys.readouterr()
    return here


def test_the_file_is_written_and_its_hash_printed(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["evidence", LINK]) == 0
    written = imported / "evidence-15-1.zip"
    assert capsys.readouterr().out == f"{hashlib.sha256(written.read_bytes()).hexdigest()}  {written.name}\n"
    assert written.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(written) as archive:
        assert "мобилизация" in archive.read("revisions/1-posted.json").decode()


def test_another_name_may_be_given_and_again_gives_the_same_bytes(imported: Path) -> None:
    assert main.main(["evidence", LINK, "--output", "one.zip"]) == 0
    assert main.main(["evidence", LINK, "--output", "two.zip"]) == 0
    assert (imported / "one.zip").read_bytes() == (imported / "two.zip").read_bytes()
    assert sorted(path.name for path in imported.iterdir()) == ["data", "one.zip", "result.json", "two.zip"]


@pytest.mark.parametrize(
    ("link", "code", "said"),
    [
        ("yesterday", 2, "yesterday is no link of a post"),
        ("https://t.me/nobody_knows/1", 1, "was never watched"),
        ("https://t.me/c/15/99", 1, "is not held"),
    ],
)
def test_where_there_is_no_such_post_it_is_said(
    imported: Path, capsys: pytest.CaptureFixture[str], link: str, code: int, said: str
) -> None:
    assert main.main(["evidence", link]) == code
    assert said in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_a_sentence(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["evidence", LINK, "--output", "missing/evidence.zip"]) == 1
    assert "missing/evidence.zip cannot be written (No such file or directory)" in capsys.readouterr().err
    (imported / "folder").mkdir()
    assert main.main(["evidence", LINK, "--output", "folder"]) == 1
    assert not (imported / "folder.part").exists()


def test_without_a_database_there_is_no_evidence(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["evidence", LINK]) == 1
    assert "holds no database" in capsys.readouterr().err
