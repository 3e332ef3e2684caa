import argparse
import functools
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rulebook
from bot.cli import match
from bot.pipeline import classify


@functools.cache
def classifier() -> classify.Classifier:
    return rulebook.read().classifier


def answers(*lines: bytes) -> list[dict[str, object]]:
    target = io.BytesIO()
    match.stream(classifier(), io.BytesIO(b"".join(line + b"\n" for line in lines)), target)
    return [json.loads(line) for line in target.getvalue().decode("utf-8").splitlines()]


def test_each_line_is_answered_in_order() -> None:
    found = answers(
        '{"id": 7, "text": "Поймали дезертира"}'.encode(),
        b"",
        b'{"id": "b", "text": "Nothing of note today"}',
    )
    assert found == [
        {"id": 7, "language": "ru", "topics": {"desertion": [{"start": 8, "end": 17, "term": "дезертир"}]}},
        {"id": "b", "language": "en", "topics": {}},
    ]


def test_a_line_that_cannot_be_read_gets_an_error_and_the_rest_goes_on() -> None:
    found = answers(b"{", b"\xff\xfe", b"[1]", b'{"id": 3}', b'{"id": 4, "text": 5}', b'{"id": 5, "text": ""}')
    assert [line.get("line") for line in found] == [1, 2, 3, 4, 5, None]
    assert [line["id"] for line in found] == [None, None, None, 3, 4, 5]
    assert all("error" in line for line in found[:5])


@given(st.lists(st.one_of(st.binary(max_size=40), st.text(max_size=40).map(lambda text: json.dumps(text).encode()))))
def test_whatever_comes_each_line_gets_one_answer_in_json(lines: list[bytes]) -> None:
    written = b"\n".join(lines).split(b"\n")
    target = io.BytesIO()
    match.stream(classifier(), io.BytesIO(b"\n".join(lines)), target)
    assert len(target.getvalue().splitlines()) == sum(bool(line.strip()) for line in written)
    assert all("error" in json.loads(line) for line in target.getvalue().splitlines())


def test_half_a_surrogate_pair_does_no_harm() -> None:
    (found,) = answers(b'{"id": "\\ud83d", "text": "\\ud83d"}')
    assert found["language"] == "und"


def test_numbers_that_json_does_not_have_are_error_lines() -> None:
    found = answers(b'{"id": NaN, "text": "a"}', b'{"id": 1e999, "text": "a"}', b'{"id": 1.5, "text": "a"}')
    assert ["error" in line for line in found] == [True, True, False]
    assert found[2]["id"] == 1.5


def test_deep_nesting_is_an_error_line() -> None:
    (found,) = answers(b"[" * 100_000)
    assert "error" in found


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_the_command_speaks_utf8_whatever_the_locale_says(locale: str) -> None:
    asked = '{"id": 1, "text": "СЗЧ зростає"}\n'.encode()
    done = subprocess.run(
        [sys.executable, "-m", "bot", "match"],
        input=asked,
        capture_output=True,
        env={"LC_ALL": locale, "PYTHONUTF8": "0", "PATH": ""},
        cwd=Path(match.__file__).parents[2],
        check=True,
    )
    assert "сзч" in done.stdout.decode("utf-8")


def test_a_reader_who_leaves_early_ends_it_quietly() -> None:
    command = f'yes \'{{"id": 1, "text": "a"}}\' | head -n 20000 | {sys.executable} -m bot match | head -n 1'
    done = subprocess.run(
        ["/bin/bash", "-c", f"set -o pipefail; {command}; echo ${{PIPESTATUS[2]}}"],
        capture_output=True,
        cwd=Path(match.__file__).parents[2],
        check=False,
    )
    assert done.stderr == b""
    assert done.stdout.splitlines()[-1] == b"0"


def test_the_command_reads_standard_input_and_writes_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = io.BytesIO(b'{"id": 1, "text": "AWOL again"}\n'), io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(source))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(target))
    assert match.run(argparse.Namespace(env=None)) == 0
    assert json.loads(target.getvalue())["topics"]["desertion"][0]["term"] == "awol"
