"""`homefront setup`: asks for what `.env` needs, says where it comes from, and writes it for its owner alone."""

import argparse
import contextlib
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import dotenv

from bot import settings, settings_values
from bot.cli import terminal
from bot.cli.trouble import TroubleError

TRIES = 5
_PLAIN = re.compile(r"[A-Za-z0-9@+_.,:/-]*", re.ASCII)

WELCOME = """\
Homefront reads public channels with a Telegram user account and writes to you through a bot.
Six answers are needed. Press Enter for what stands in [brackets]; Ctrl-C ends it and nothing is written."""

CHANNELS_LATER = """\
You can leave this empty: once the bot knows you, /channels in the chat offers a starter list to choose from, found by
their titles (among them "Путь домой" and "Московский телеграф"), and /add finds more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked for one setting. `secret`: neither the answer nor what stands there already is shown."""

    name: str
    text: str
    parse: Callable[[str], object]
    secret: bool = False


QUESTIONS = (
    Question(
        name="TELEGRAM_API_ID",
        text="""\
The application that reads. On https://my.telegram.org sign in with the phone number of the account that shall read
(a few months old, and not your only one), choose "API development tools" and make an application; any name will do.
The page then shows "App api_id", a number, and "App api_hash", 32 letters and digits.""",
        parse=settings_values.api_id,
    ),
    Question(
        name="TELEGRAM_API_HASH",
        text="The hash from the same page. What you type or paste is not shown.",
        parse=settings_values.api_hash,
        secret=True,
    ),
    Question(
        name="TELEGRAM_BOT_TOKEN",
        text="""\
The bot that writes to you. In Telegram write /newbot to @BotFather, choose a name for it, and copy the token that he
sends, such as 123456789:AAE… What you type or paste is not shown.""",
        parse=settings_values.bot_token,
        secret=True,
    ),
    Question(
        name="CHANNELS",
        text=f"Public channels to read from the start: names or links, with commas between.\n{CHANNELS_LATER}",
        parse=settings_values.channels,
    ),
    Question(
        name="TIMEZONE",
        text="Your time zone, by name: Europe/Kyiv, Europe/Berlin, America/New_York … All times are shown in it.",
        parse=settings_values.timezone,
    ),
    Question(
        name="DIGEST_TIME",
        text="When the digest of the day shall come, in that zone.",
        parse=settings_values.digest_time,
    ),
)


def run(arguments: argparse.Namespace) -> int:
    """Ask, check and write; raises TroubleError when the answers end or stay wrong, with nothing written."""
    path = arguments.env or Path.cwd() / ".env"
    before = _existing(path)
    if before is None:
        terminal.say(f"{path} stays as it is.")
        return 0
    terminal.say(WELCOME)
    answers = dict(before)
    for question in QUESTIONS:
        if f"{question.name}_FILE" in before:
            continue
        # The secrets of another server than Telegram's look as they like.
        parse = settings_values.plain if question.secret and "TELEGRAM_SERVER" in before else question.parse
        answers[question.name] = _answer(question, parse, _default(question.name, before))
    _write(path, answers)
    terminal.say(
        f"\nWritten to {path}, readable by you alone. Whoever has this file can use your bot.\n"
        "Next: homefront login   signs the reading account in\n"
        "then: homefront run     reads the channels and prints the code that makes you the bot's owner"
    )
    return 0


def _existing(path: Path) -> dict[str, str] | None:
    """Return what the file holds already, nothing if it is not there; None: it shall stay as it is."""
    if not path.exists():
        return {}
    terminal.say(f"{path} is there already. Its values become the suggestions, and are written anew.")
    if terminal.ask("Change it? [y/N] ").lower() not in {"y", "yes"}:
        return None
    try:
        found = dotenv.dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise TroubleError(f"{path} cannot be read ({error}). It was not changed.") from None
    return {name: value for name, value in found.items() if value}


def _default(name: str, before: Mapping[str, str]) -> str | None:
    if name in before:
        return before[name]
    if name == "TIMEZONE":
        return _zone_here()
    return next(setting.default for setting in settings.SETTINGS if setting.name == name)


def _zone_here() -> str:
    """Return the time zone of this machine, where it can be told, for a suggestion."""
    with contextlib.suppress(OSError, settings_values.WrongValueError):
        _, found, name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
        return settings_values.timezone(name) if found else "UTC"
    return "UTC"


def _answer(question: Question, parse: Callable[[str], object], default: str | None) -> str:
    terminal.say(f"\n{question.text}")
    shown = "" if default is None else " [keep it]" if question.secret else f" [{default or 'none'}]"
    ask = terminal.ask_unseen if question.secret else terminal.ask
    for _ in range(TRIES):
        answer = ask(f"{question.name}{shown}: ") or default
        if answer is None:
            terminal.say("This one is needed.")
            continue
        try:
            parse(answer)
        except settings_values.WrongValueError as error:
            terminal.say(f"That {error}. Please try again.")
        else:
            return answer
    raise TroubleError(
        f"{question.name} was not right {TRIES} times. Nothing was written; start again with it at hand."
    )


def _write(path: Path, answers: Mapping[str, str]) -> None:
    lines = ["# Written by `homefront setup`. What each setting means: .env.example. Keep this file for yourself."]
    lines.extend(f"{name}={_quoted(value)}" for name, value in answers.items() if value)
    whole = None
    try:
        # Made 0600 under another name and put in place whole: at no time can others read it, or is it half written.
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            whole = Path(file.name)
            file.write("\n".join(lines) + "\n")
        whole.replace(path)
    except OSError as error:
        if whole is not None:
            whole.unlink(missing_ok=True)
        raise TroubleError(f"{path} cannot be written ({error.strerror}). Nothing was changed.") from None


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
