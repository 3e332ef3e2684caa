from collections.abc import Callable
from pathlib import Path

import pytest
from telethon.crypto import rsa

from bot.cli import main
from bot.sandbox.world import World
from tests.cli.conftest import CODE, PHONE


def test_phone_and_code_sign_the_account_in_and_again_is_no_matter(
    settled: Path, typed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(PHONE, CODE)
    assert main.main(["login"]) == 0
    assert "homefront run" in capsys.readouterr().out
    assert (settled / "data" / "reader.session").stat().st_mode & 0o777 == 0o600
    typed()
    assert main.main(["login"]) == 0
    assert "Already signed in" in capsys.readouterr().out


def test_a_password_is_asked_for_where_there_is_one(
    settled: Path, world: World, typed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    world.add_user(phone="79990000002", code="77777", password="open sesame")
    typed("79990000002", "77777", "close sesame", "open sesame")
    assert main.main(["login"]) == 0
    assert "password is wrong" in capsys.readouterr().out


def test_a_wrong_code_three_times_is_a_sentence(
    settled: Path, typed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(PHONE, "1", "2", "3")
    assert main.main(["login"]) == 1
    assert "No right code was typed" in capsys.readouterr().err


def test_answers_that_end_early_are_a_sentence(
    settled: Path, typed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(PHONE)
    assert main.main(["login"]) == 1
    assert "ended before" in capsys.readouterr().err


def test_a_wrong_server_key_is_a_sentence_within_seconds(
    settled: Path,
    typed: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rsa, "_server_keys", {})  # what another test trusted, this process must not
    other = (
        "MIIBCgKCAQEAyMEdY1aR+sCR3ZSJrtztKTKqigvO/vBfqACJLZtS7QMgCGXJ6XIR\n"
        "yy7mx66W0/sOFa7/1mAZtEoIokDP3ShoqF4fVNb6XeqgQfaUHd8wJpDWHcR2OFwv\n"
        "plUUI1PLTktZ9uW2WE23b+ixNwJjJGwBDJPQEQFBE+vfmH0JP503wr5INS1poWg/\n"
        "j25sIWeYPHYeOrFp/eXaqhISP6G+q2IeTaWTXpwZj4LzXq5YOpk4bYEQ6mvRq7D1\n"
        "aHWfYmlEGepfaYR8Q0YqvvhYtMte3ITnuSJs171+GDqpdKcSwHnd6FudwGO4pcCO\n"
        "j4WcDuXc2CTHgH8gFTNhp/Y8/SpDOhvn9QIDAQAB"
    )
    key = settled / "other.pem"
    key.write_text(f"-----BEGIN RSA PUBLIC KEY-----\n{other}\n-----END RSA PUBLIC KEY-----\n", encoding="ascii")
    lines = (settled / ".env").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("TELEGRAM_SERVER_KEY")]
    (settled / ".env").write_text("\n".join([*kept, "TELEGRAM_SERVER_KEY=other.pem"]), encoding="utf-8")
    typed()
    code = main.main(["login"])
    shown = capsys.readouterr()
    assert code == 1
    assert "does not hold the key" in shown.err
    assert "hash-that-is-secret" not in shown.err + shown.out


def test_missing_settings_are_told_together(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["login"]) == 2
    assert capsys.readouterr().err.count("is missing") == 3
