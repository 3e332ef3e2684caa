from datetime import time
from pathlib import Path

import pytest

from bot import settings

TOKEN = "123456789:" + "A" * 35
HASH = "0123456789abcdef" * 2
GOOD = {"TELEGRAM_API_ID": "12345", "TELEGRAM_API_HASH": HASH, "TELEGRAM_BOT_TOKEN": TOKEN}
KEY = Path(__file__).parents[1] / "bot" / "sandbox" / "server_key.pub.pem"
OWN = {"TELEGRAM_SERVER": "127.0.0.1:4430", "TELEGRAM_SERVER_KEY": str(KEY)}


def problems(environ: dict[str, str], file: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(settings.SettingsError) as caught:
        settings.load(environ, file)
    return caught.value.problems


def test_three_values_are_enough_and_the_rest_has_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = settings.load(GOOD, None)
    assert (found.api_id, found.api_hash, found.bot_token) == (12345, HASH, TOKEN)
    assert found.data_dir == tmp_path / "data"
    assert (found.channels, found.allowed_users, found.timezone) == ((), (), "UTC")
    assert found.digest_time == time(9)
    assert found.retention_days == 365
    assert found.server is None


def test_all_that_is_wrong_is_told_together_each_with_its_fix() -> None:
    told = problems({"TELEGRAM_API_ID": "x", "TIMEZONE": "Mars", "DIGEST_TIME": "25:00", "ALLOWED_USERS": "bob"})
    names = ("TELEGRAM_API_ID", "TELEGRAM_API_HASH", "TELEGRAM_BOT_TOKEN", "ALLOWED_USERS", "TIMEZONE", "DIGEST_TIME")
    assert [sentence.split()[0] for sentence in told] == list(names)
    assert "my.telegram.org" in told[0]
    assert "@BotFather" in told[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_API_ID", "-1"),
        ("TELEGRAM_API_HASH", "zz"),
        ("TELEGRAM_BOT_TOKEN", "token"),
        ("CHANNELS", "good, Путь домой"),
        ("CHANNELS", "https://example.org/name"),
        ("ALLOWED_USERS", "@somebody"),
        ("TIMEZONE", "../etc/passwd"),
        ("TIMEZONE", "Europe"),
        ("DIGEST_TIME", "9"),
        ("RETENTION_DAYS", "0"),
        ("RETENTION_DAYS", "36501"),
        ("RETENTION_DAYS", "a year"),
    ],
)
def test_a_wrong_value_is_one_problem_that_names_it(name: str, value: str) -> None:
    (told,) = problems({**GOOD, name: value})
    assert told.startswith(name)


def test_a_secret_is_in_no_problem_and_in_no_repr() -> None:
    told = problems({**GOOD, "TELEGRAM_API_HASH": "half a secret", "TIMEZONE": "Mars"})
    assert "half a secret" not in "".join(told)
    shown = repr(settings.load(GOOD, None))
    assert HASH not in shown
    assert TOKEN not in shown


@pytest.mark.parametrize("between", [",", " ", "\n", ", ", " ;"])
def test_channels_are_names_or_links_each_once(between: str) -> None:
    written = between.join(["@one", "https://t.me/two", "t.me/s/three/15", "ONE", "https://t.me/+abc"])
    assert settings.load({**GOOD, "CHANNELS": written}, None).channels == ("one", "two", "three", "https://t.me/+abc")


def test_allowed_users_are_numbers_each_once() -> None:
    assert settings.load({**GOOD, "ALLOWED_USERS": "15, 16 15"}, None).allowed_users == (15, 16)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TELEGRAM_API_ID=1\nTIMEZONE='Europe/Kyiv' # here\n", encoding="utf-8")
    found = settings.load(GOOD, file)
    assert found.api_id == 12345
    assert found.timezone == "Europe/Kyiv"


def test_an_empty_value_counts_as_not_given(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TIMEZONE=Europe/Kyiv\nDIGEST_TIME=\n", encoding="utf-8")
    found = settings.load({**GOOD, "TIMEZONE": ""}, file)
    assert found.timezone == "Europe/Kyiv"
    assert found.digest_time == time(9)


def test_relative_paths_start_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (tmp_path / "token").write_text(TOKEN + "\n", encoding="utf-8")
    file = tmp_path / ".env"
    file.write_text(
        f"TELEGRAM_API_ID=1\nTELEGRAM_API_HASH={HASH}\nTELEGRAM_BOT_TOKEN_FILE=token\nDATA_DIR=held\n", encoding="utf-8"
    )
    found = settings.load({}, Path("../.env"))
    assert found.bot_token == TOKEN
    assert found.data_dir == tmp_path / "held"


def test_a_value_and_its_file_together_are_one_problem(tmp_path: Path) -> None:
    (told,) = problems({**GOOD, "TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "token")})
    assert told.startswith("TELEGRAM_BOT_TOKEN and TELEGRAM_BOT_TOKEN_FILE are both given")


def test_a_file_of_a_value_that_cannot_be_read_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\xff")
    rest = {"TELEGRAM_API_ID": "1", "TELEGRAM_BOT_TOKEN": TOKEN}
    (told,) = problems({**rest, "TELEGRAM_API_HASH_FILE": str(tmp_path / "none")})
    assert told.startswith("TELEGRAM_API_HASH_FILE names")
    (told,) = problems({**rest, "TELEGRAM_API_HASH_FILE": str(tmp_path / "binary")})
    assert "not a text file" in told


def test_a_file_of_a_value_in_the_environment_wins_over_the_value_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("Europe/Berlin", encoding="utf-8")
    file = tmp_path / ".env"
    file.write_text("TIMEZONE=Europe/Kyiv\n", encoding="utf-8")
    assert settings.load({**GOOD, "TIMEZONE_FILE": "zone"}, file).timezone == "Europe/Berlin"


def test_a_line_that_cannot_be_read_is_told_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TIMEZONE=UTC\n\nDIGEST_TIME='09:00\n", encoding="utf-8")
    told = problems(GOOD, file)
    assert len(told) == 1
    assert "Line 3 of" in told[0]


def test_a_misspelt_name_is_told_and_a_foreign_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("COMPOSE_PROJECT_NAME=x\nDIGEST_TIMES=09:00\n", encoding="utf-8")
    (told,) = problems(GOOD, file)
    assert "Line 2" in told
    assert "Did you mean DIGEST_TIME?" in told


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    (told,) = problems(GOOD, tmp_path / "none")
    assert "cannot be read" in told
    (tmp_path / "binary").write_bytes(b"\xff\xfe\xff")
    (told,) = problems(GOOD, tmp_path / "binary")
    assert "not a text file" in told


def test_the_file_in_the_current_folder_is_found_and_a_given_one_goes_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings.env_file(None) is None
    (tmp_path / ".env").touch()
    assert settings.env_file(None) == tmp_path / ".env"
    assert settings.env_file(Path("other")) == Path("other")


def test_a_data_dir_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (told,) = problems({**GOOD, "DATA_DIR": str(tmp_path / "file")})
    assert "which is a file" in told


@pytest.mark.parametrize("address", ["127.0.0.1:4430", "localhost:4430", "127.8.8.8:4430", "[::1]:4430"])
def test_another_server_may_stand_on_this_machine(address: str) -> None:
    found = settings.load({**GOOD, **OWN, "TELEGRAM_SERVER": address}, None)
    assert found.server is not None
    assert found.server.port == 4430
    assert found.server.host == address.rpartition(":")[0].strip("[]").replace("localhost", "127.0.0.1")


@pytest.mark.parametrize("address", ["149.154.167.50:443", "example.org:443", "127.0.0.1", "127.0.0.1:0", ":4430"])
def test_another_server_may_not_stand_elsewhere(address: str) -> None:
    (told,) = problems({**GOOD, **OWN, "TELEGRAM_SERVER": address})
    assert told.startswith("TELEGRAM_SERVER ")


@pytest.mark.parametrize("name", ["TELEGRAM_SERVER", "TELEGRAM_SERVER_KEY"])
def test_a_server_without_its_key_or_a_key_without_its_server_is_told(name: str) -> None:
    (told,) = problems({**GOOD, name: OWN[name]})
    assert told.startswith(f"{name} is given without")


def test_half_a_server_is_looked_at_all_the_same() -> None:
    told = problems({**GOOD, "TELEGRAM_SERVER": "149.154.167.50:443"})
    assert len(told) == 2
    told = problems({**GOOD, "TELEGRAM_SERVER_KEY": "/none.pem"})
    assert len(told) == 2


def test_the_secrets_of_another_server_look_as_they_like() -> None:
    found = settings.load({"TELEGRAM_API_ID": "1", "TELEGRAM_API_HASH": "h", "TELEGRAM_BOT_TOKEN": "1:t", **OWN}, None)
    assert (found.api_hash, found.bot_token) == ("h", "1:t")
    (told,) = problems({**GOOD, **OWN, "TELEGRAM_BOT_TOKEN": "two words"})
    assert told.startswith("TELEGRAM_BOT_TOKEN has a space")


def test_a_key_may_stand_in_the_setting_itself() -> None:
    found = settings.load({**GOOD, **OWN, "TELEGRAM_SERVER_KEY": KEY.read_text(encoding="ascii")}, None)
    assert found.server is not None
    assert "BEGIN RSA PUBLIC KEY" in found.server.key_pem


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "openssl rsa"),
        (b"-----BEGIN RSA PUBLIC KEY-----\n!!!\n-----END RSA PUBLIC KEY-----\n", "no RSA public key"),
        (b"-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----\n", "no RSA public key"),
        (b"", "no RSA public key"),
        (b"\xff", "not a PEM file"),
        (None, "cannot be read"),
    ],
)
def test_a_key_that_is_none_is_told(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)
    (told,) = problems({**GOOD, **OWN, "TELEGRAM_SERVER_KEY": str(path)})
    assert told.startswith("TELEGRAM_SERVER_KEY ")
    assert said in told


def test_the_fingerprint_tells_servers_apart_but_not_the_way_a_key_is_written() -> None:
    pem = KEY.read_text(encoding="ascii")
    own = settings.load({**GOOD, **OWN}, None)
    rewritten = settings.load({**GOOD, **OWN, "TELEGRAM_SERVER_KEY": pem.replace("\n", "\r\n")}, None)
    assert settings.fingerprint(settings.load(GOOD, None)) == "telegram"
    assert settings.fingerprint(own) == settings.fingerprint(rewritten)
    assert len(settings.fingerprint(own)) == 64


def test_work_on_the_folder_needs_no_account(tmp_path: Path) -> None:
    found = settings.load_local({"DATA_DIR": str(tmp_path), "TIMEZONE": "Europe/Kyiv"}, None)
    assert (found.data_dir, found.timezone, found.server) == (tmp_path, "Europe/Kyiv", None)
    assert settings.fingerprint(found) == "telegram"
    with pytest.raises(settings.SettingsError):
        settings.load_local({"TIMEZONE": "Mars"}, None)


def test_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGEST_TIME", "10:30")
    assert settings.process_environment()["DIGEST_TIME"] == "10:30"
