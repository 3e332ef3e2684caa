"""The settings of Homefront: read once, strictly; all that is wrong is told together, each with its fix."""

import difflib
import hashlib
import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import TypeVar

from dotenv import parser as dotenv_parser

from bot import settings_values

T = TypeVar("T")

_LIKENESS = 0.85
_TOLD = "\0"  # stands for a value that could not be read, so that it is not told twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a person needs to know of one setting. `default` None: it must be given."""

    name: str
    where: str
    default: str | None = None


SETTINGS = (
    Setting(
        name="TELEGRAM_API_ID",
        where="It is the number 'App api_id' on https://my.telegram.org under 'API development tools'.",
    ),
    Setting(
        name="TELEGRAM_API_HASH",
        where="It is 'App api_hash' (32 letters and digits), beside the api_id on https://my.telegram.org.",
    ),
    Setting(
        name="TELEGRAM_BOT_TOKEN",
        where="@BotFather in Telegram sends it when you write /newbot to him; it looks like 123456789:AAE….",
    ),
    Setting(name="DATA_DIR", where="Name a folder that you may write to.", default="data/"),
    Setting(
        name="CHANNELS",
        where="Write public names or links: @name, https://t.me/name. A title can be searched with /add.",
        default="",
    ),
    Setting(
        name="ALLOWED_USERS",
        where="Write numeric ids of Telegram users, or leave it empty to pair by a one-time code.",
        default="",
    ),
    Setting(
        name="TIMEZONE",
        where="Write a name such as Europe/Kyiv, Europe/Berlin or UTC, as in the list of IANA time zones.",
        default="UTC",
    ),
    Setting(name="DIGEST_TIME", where="Write hours and minutes, such as 09:00.", default="09:00"),
    Setting(
        name="RETENTION_DAYS",
        where="Write a whole number of days, from 1 to 36500, such as 365.",
        default="365",
    ),
    Setting(
        name="TELEGRAM_SERVER",
        where="For tests only: write 127.0.0.1:PORT, or remove it to use Telegram.",
        default="",
    ),
    Setting(
        name="TELEGRAM_SERVER_KEY",
        where="For tests only: name the PEM file that begins with 'BEGIN RSA PUBLIC KEY'.",
        default="",
    ),
)
"""Every setting, in the order of `.env.example`. Each may also come from the file named in NAME_FILE."""

_BY_NAME = {setting.name: setting for setting in SETTINGS}


class SettingsError(Exception):
    """Some settings are missing or wrong; `problems` has a sentence for each that says what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Keep the sentences in `problems`."""
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Another server than Telegram's, on a loopback address; `key_pem` is its public key in PKCS#1."""

    host: str
    port: int
    key_pem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """What work on the data folder alone needs: no account, no key."""

    data_dir: Path
    timezone: str
    server: Server | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked. `channels` are public names; invite links stay, for the reader to refuse."""

    api_id: int
    api_hash: str = field(repr=False)
    bot_token: str = field(repr=False)
    data_dir: Path
    channels: tuple[str, ...]
    allowed_users: tuple[int, ...]
    timezone: str
    digest_time: time
    retention_days: int
    server: Server | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    """Values as written, the folder that relative paths start from, and the sentences gathered so far."""

    values: dict[str, str]
    folder: Path
    problems: list[str]

    def parsed(self, name: str, parse: Callable[[str], T], *, otherwise: T) -> T:
        """Return the value of `name`; where it is missing or wrong, note why and return `otherwise`."""
        setting = _BY_NAME[name]
        text = self.values.get(name, setting.default)
        if text is None:
            self.problems.append(f"{name} is missing. {setting.where}")
        if text is None or text == _TOLD:
            return otherwise
        try:
            return parse(text)
        except settings_values.WrongValueError as error:
            self.problems.append(f"{name} {error}. {setting.where}")
            return otherwise


def process_environment() -> Mapping[str, str]:
    """Return the environment of this process; the only place that reads it."""
    return dict(os.environ)  # noqa: TID251 -- this is the one place


def env_file(given: Path | None) -> Path | None:
    """Return the settings file to read: `given`, else `.env` in the current folder if there is one."""
    if given is not None:
        return given
    here = Path.cwd() / ".env"
    return here if here.is_file() else None


def load(environ: Mapping[str, str], file: Path | None) -> Settings:
    """Return the settings from `environ`, which wins, and `file`; raises SettingsError with all problems."""
    raw = _read(environ, file)
    other = any(raw.values.get(name) for name in ("TELEGRAM_SERVER", "TELEGRAM_SERVER_KEY"))
    settings = Settings(
        api_id=raw.parsed("TELEGRAM_API_ID", settings_values.api_id, otherwise=0),
        api_hash=raw.parsed(
            "TELEGRAM_API_HASH", settings_values.plain if other else settings_values.api_hash, otherwise=""
        ),
        bot_token=raw.parsed(
            "TELEGRAM_BOT_TOKEN", settings_values.plain if other else settings_values.bot_token, otherwise=""
        ),
        data_dir=_data_dir(raw),
        channels=raw.parsed("CHANNELS", settings_values.channels, otherwise=()),
        allowed_users=raw.parsed("ALLOWED_USERS", settings_values.users, otherwise=()),
        timezone=raw.parsed("TIMEZONE", settings_values.timezone, otherwise="UTC"),
        digest_time=raw.parsed("DIGEST_TIME", settings_values.digest_time, otherwise=time(9)),
        retention_days=raw.parsed("RETENTION_DAYS", settings_values.days, otherwise=365),
        server=_server(raw),
    )
    if raw.problems:
        raise SettingsError(raw.problems)
    return settings


def load_local(environ: Mapping[str, str], file: Path | None) -> Local:
    """Return what work on the data folder needs, from the same places; raises SettingsError."""
    raw = _read(environ, file)
    local = Local(
        data_dir=_data_dir(raw),
        timezone=raw.parsed("TIMEZONE", settings_values.timezone, otherwise="UTC"),
        server=_server(raw),
    )
    if raw.problems:
        raise SettingsError(raw.problems)
    return local


def fingerprint(settings: Settings | Local) -> str:
    """Return what the data folder is bound to: "telegram", or the SHA-256 of the other server's key."""
    if settings.server is None:
        return "telegram"
    return hashlib.sha256(settings_values.der(settings.server.key_pem)).hexdigest()


def _data_dir(raw: _Raw) -> Path:
    return raw.parsed("DATA_DIR", lambda text: settings_values.folder(raw.folder, text), otherwise=raw.folder)


def _server(raw: _Raw) -> Server | None:
    address, key = raw.values.get("TELEGRAM_SERVER"), raw.values.get("TELEGRAM_SERVER_KEY")
    if not address and not key:
        return None
    host, port, pem = "", 0, ""
    if address:
        host, port = raw.parsed("TELEGRAM_SERVER", settings_values.address, otherwise=("", 0))
    if key:
        pem = raw.parsed("TELEGRAM_SERVER_KEY", lambda text: settings_values.key(raw.folder, text), otherwise="")
    if not address or not key:
        given, missing = ("TELEGRAM_SERVER", "TELEGRAM_SERVER_KEY")[:: 1 if address else -1]
        raw.problems.append(f"{given} is given without {missing}. {_BY_NAME[missing].where}")
    return Server(host=host, port=port, key_pem=pem)


def _read(environ: Mapping[str, str], file: Path | None) -> _Raw:
    problems: list[str] = []
    folder = file.parent.resolve() if file else Path.cwd()
    written = _parse_file(file, problems) if file else {}
    values: dict[str, str] = {}
    for source in (written, environ):
        for setting in SETTINGS:
            _take(source, setting.name, into=values, folder=folder, problems=problems)
    return _Raw(values=values, folder=folder, problems=problems)


def _take(source: Mapping[str, str], name: str, *, into: dict[str, str], folder: Path, problems: list[str]) -> None:
    value, path = source.get(name, "").strip(), source.get(f"{name}_FILE", "").strip()
    if value and path:
        problems.append(f"{name} and {name}_FILE are both given. Remove one of them.")
        into[name] = _TOLD
    elif value:
        into[name] = value
    elif path:
        try:
            into[name] = settings_values.from_file(folder, path)
        except settings_values.WrongValueError as error:
            problems.append(f"{name}_FILE {error}. {_BY_NAME[name].where}")
            into[name] = _TOLD


def _parse_file(file: Path, problems: list[str]) -> dict[str, str]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        problems.append(f"{file} cannot be read ({error.strerror}). Run `homefront setup` to write it.")
        return {}
    except UnicodeDecodeError:
        problems.append(f"{file} is not a text file in UTF-8. Save it anew as UTF-8.")
        return {}
    found: dict[str, str] = {}
    for binding in dotenv_parser.parse_stream(io.StringIO(text)):
        line = binding.original.line + len(binding.original.string) - len(binding.original.string.lstrip("\n"))
        if binding.error:
            problems.append(f"Line {line} of {file} cannot be read. Write it as NAME=value.")
        elif binding.key is not None:
            found[binding.key] = binding.value or ""
            problems.extend(_misspelt(binding.key, line, file))
    return found


def _misspelt(name: str, line: int, file: Path) -> list[str]:
    known = [*_BY_NAME, *(f"{setting}_FILE" for setting in _BY_NAME)]
    if name in known:
        return []
    near = difflib.get_close_matches(name, known, n=1, cutoff=_LIKENESS)
    return [f"Line {line} of {file}: {name} is no setting. Did you mean {near[0]}?"] if near else []
