import getpass
import io
import sys

import pytest

from bot.cli import terminal, trouble


class Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_through_a_pipe_an_answer_is_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(" one \ntwo"))
    assert terminal.ask("First? ") == "one"
    assert terminal.ask_unseen("Second? ") == "two"
    assert capsys.readouterr().out == "First? \nSecond? \n"
    with pytest.raises(trouble.TroubleError):
        terminal.ask("Third? ")


def test_at_a_keyboard_a_secret_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard("one\n"))
    monkeypatch.setattr(getpass, "getpass", lambda question: f" answer to {question}")
    assert terminal.ask("First? ") == "one"
    assert capsys.readouterr().out == "First? "
    assert terminal.ask_unseen("Secret? ") == "answer to Secret?"


def test_a_keyboard_that_is_closed_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr(sys, "stdin", Keyboard())
    monkeypatch.setattr(getpass, "getpass", closed)
    with pytest.raises(trouble.TroubleError):
        terminal.ask_unseen("Secret? ")
