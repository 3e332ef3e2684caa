import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cli import lock
from bot.cli.trouble import TroubleError

HOLDER = """
import sys
from pathlib import Path
from bot.cli import lock
with lock.held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(data_dir: Path) -> Iterator[None]:
    """Another process holds the folder."""
    command = [sys.executable, "-c", HOLDER, str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.stdin.close()


def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    with lock.held(tmp_path / "new" / "data"):
        assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "new" / "data" / "lock").stat().st_mode & 0o777 == 0o600


def test_a_second_process_gets_a_sentence(tmp_path: Path) -> None:
    assert not lock.is_held(tmp_path)
    with held_elsewhere(tmp_path):
        assert lock.is_held(tmp_path)
        with pytest.raises(TroubleError, match="Another Homefront is at work"), lock.held(tmp_path):
            pass
    assert not lock.is_held(tmp_path)
    with lock.held(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TroubleError, match="cannot be used"), lock.held(tmp_path / "file"):
        pass
    assert not lock.is_held(tmp_path / "none")


def test_an_error_in_the_block_is_not_taken_for_one_of_the_lock(tmp_path: Path) -> None:
    with pytest.raises(BlockingIOError), lock.held(tmp_path):
        raise BlockingIOError
