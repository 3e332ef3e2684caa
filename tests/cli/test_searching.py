import asyncio
from pathlib import Path

import pytest

from bot.cli import main
from storage import search
from storage.database import open_database
from tests.cli.test_lock import held_elsewhere
from tests.cli.test_rematching import imported
from tests.records import NOW

pytestmark = pytest.mark.usefixtures("read_already")
FOUND = "🔎 мобилизация\n1 post\n\n21 Sep 14:13 Вести (https://t.me/c/15/1)\nВ городе объявлена мобилизация.\n"


@pytest.fixture
def holding(here: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with one post."""
    imported(here)
    capsys.readouterr()
    return here


async def emptied(folder: Path) -> None:
    async with open_database(folder / "data" / "homefront.db", now=NOW) as database, database.transaction() as tx:
        await search.start_anew(tx, folding=1)


@pytest.mark.parametrize("options", [[], ["--relevance"], ["--limit", "1"]])
def test_what_is_found_is_printed(holding: Path, capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    assert main.main(["search", "мобилизация", *options]) == 0
    assert capsys.readouterr().out == FOUND


def test_an_exclusion_is_written_within_quotes(holding: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["search", "мобилизация -город"]) == 0
    assert "Nothing found." in capsys.readouterr().out


def test_what_is_not_indexed_yet_is_indexed_first(holding: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(emptied(holding))
    assert main.main(["search", "мобилизация"]) == 0
    assert capsys.readouterr().out.endswith(FOUND)


def test_beside_a_running_homefront_it_shows_what_is_indexed(holding: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(emptied(holding))
    with held_elsewhere(holding / "data"):
        assert main.main(["search", "мобилизация"]) == 0
    assert "still being indexed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["from:soon"], "I cannot read “soon” as a day."),
        (["вода", "topic:x"], "for example: homefront search вода topic:rotation"),
        (["вода", "--limit", "0"], "--limit takes a number from 1 to 1000."),
    ],
)
def test_what_cannot_be_read_is_a_misuse(
    holding: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main.main(["search", *words]) == 2
    assert said.lower() in capsys.readouterr().err.lower()


def test_without_a_database_it_is_a_sentence(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["search", "вода"]) == 1
    assert "There is nothing to search" in capsys.readouterr().err
