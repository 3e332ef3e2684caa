import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cli import main
from tests.cli.conftest import CODE, PHONE


@pytest.fixture
def signed_in(settled: Path, typed: Callable[..., None]) -> Path:
    typed(PHONE, CODE)
    assert main.main(["login"]) == 0
    return settled


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """`homefront run` in a process of its own, once it has said how to become its owner."""
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert "?start=" in process.stdout.readline()
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_a_second_process_is_refused(
    signed_in: Path, number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(signed_in) as process:
        assert main.main(["run"]) == 1
        assert "Another Homefront is at work" in capsys.readouterr().err
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert process.returncode == 0, err
        assert out.endswith("Stopped. All that was read is stored.\n")
        assert "hash-that-is-secret" not in out + err
        assert "Traceback" not in err


def test_nobody_signed_in_is_a_sentence(settled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["run"]) == 1
    assert "homefront login" in capsys.readouterr().err


def test_a_database_of_another_program_is_a_sentence(signed_in: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (signed_in / "data" / "homefront.db").write_bytes(b"something else" * 100)
    assert main.main(["run"]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_login_can_be_interrupted_while_it_asks(settled: Path) -> None:
    command = [sys.executable, "-m", "bot", "login"]
    read, write = os.pipe()
    with subprocess.Popen(command, cwd=settled, stdin=read, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.read(5) == "Phone"
        process.send_signal(signal.SIGINT)
        assert "Nothing was changed" in process.communicate(timeout=10)[0]
        assert process.returncode == 1
    os.close(read)
    os.close(write)
