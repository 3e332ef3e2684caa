from pathlib import Path

import pytest

from bot.cli import main
from tests.cli.test_importing import export

pytestmark = pytest.mark.usefixtures("read_already")


@pytest.fixture
def imported(here: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with two posts of 21 September 2026, one of them flagged."""
    assert main.main(["import", export(here)]) == 0
    capsys.readouterr()
    return here


def test_a_trend_is_told_with_its_chart(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["trend", "mobilization", "52w"]) == 0
    shown = capsys.readouterr().out
    assert "Mobilization: 1 post" in shown
    chart = imported / "data" / "trend.png"
    assert str(chart) in shown
    assert chart.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("wrong", "said"), [(["rotation", "99w"], "homefront trend rotation 12w"), (['"вода'], "homefront search")]
)
def test_what_cannot_be_read_is_a_misuse(
    imported: Path, capsys: pytest.CaptureFixture[str], wrong: list[str], said: str
) -> None:
    assert main.main(["trend", *wrong]) == 2
    assert said in capsys.readouterr().err


def test_without_a_database_there_is_nothing_to_tell(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["trend"]) == 1
    assert "holds no database" in capsys.readouterr().err
    assert list(here.iterdir()) == []
