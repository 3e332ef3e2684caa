import argparse
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from bot import settings
from bot.cli import main, trouble
from storage import errors


def run_as(monkeypatch: pytest.MonkeyPatch, command: Callable[[argparse.Namespace], int]) -> int:
    """Run `homefront check` where the command is `command`."""
    monkeypatch.setitem(sys.modules, "bot.cli.check", SimpleNamespace(run=command))
    return main.main(["check"])


def failing_with(error: BaseException) -> Callable[[argparse.Namespace], int]:
    def fail(_arguments: argparse.Namespace) -> int:
        raise error

    return fail


def test_without_a_command_the_help_is_shown_and_the_code_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([]) == 2
    shown = capsys.readouterr().err
    assert all(command.name in shown for command in main.COMMANDS)


def test_the_version_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("homefront 0.")


def test_every_command_has_its_own_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in main.COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main.main([command.name, "--help"])
        assert ended.value.code == 0
        assert command.about in capsys.readouterr().out.replace("\n", " ").replace("  ", " ")


def test_an_unknown_command_is_a_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(["dance"])
    assert ended.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["--env", "here", "check"], ["check", "--env", "here"]])
def test_the_settings_file_may_be_named_before_or_after_the_command(argv: list[str]) -> None:
    assert str(main.build_parser().parse_args(argv).env) == "here"


def test_the_code_of_a_command_is_the_code_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_as(monkeypatch, lambda _arguments: 1) == 1


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (trouble.TroubleError("It rains. Take a coat."), 1, "It rains. Take a coat.\n"),
        (trouble.TroubleError("No such day.", code=2), 2, "No such day.\n"),
        (errors.StorageFullError("The disk is full."), 1, "The disk is full.\n"),
        (KeyboardInterrupt(), 1, "Stopped"),
    ],
)
def test_what_the_user_can_mend_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    assert run_as(monkeypatch, failing_with(error)) == code
    assert said in capsys.readouterr().err


def test_all_problems_of_the_settings_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_as(monkeypatch, failing_with(settings.SettingsError(["A is missing.", "B is wrong."]))) == 2
    shown = capsys.readouterr().err
    assert "  - A is missing.\n  - B is wrong.\n" in shown


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        run_as(monkeypatch, failing_with(ZeroDivisionError()))


def test_a_reader_that_has_enough_is_no_failure_to_explain(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", sys.stdout)  # so that it comes back
        assert run_as(patched, failing_with(BrokenPipeError())) == 1


def test_the_help_needs_none_of_the_libraries() -> None:
    program = "import sys; from bot.cli import main; main.build_parser(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"telethon", "rich", "aiosqlite", "pymorphy3", "matplotlib", "asyncio"} & set(loaded)
    assert "bot.cli.main" in loaded


def test_python_m_bot_is_the_same() -> None:
    done = subprocess.run([sys.executable, "-m", "bot", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("homefront ")
