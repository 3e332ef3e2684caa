"""What can be wrong with Telegram's server or our accounts there, each said so that its owner knows what to do."""

from typing import Literal

from telethon import errors as refusals
from telethon.errors import rpcerrorlist

GARBLED = (refusals.TypeNotFoundError, refusals.BadMessageError)
"""What Telethon raises for an answer that it cannot read. The call may have been done."""


class TelegramError(Exception):
    """Telegram cannot be used; the message says why and what to do. It never holds a secret."""


class UnreachableError(TelegramError):
    """Nothing answers at the server's address, or what answers is no Telegram server."""


class WrongKeyError(TelegramError):
    """The server does not hold the key that we trust."""


class SessionFileError(TelegramError):
    """A session file is damaged, in use, or belongs to another server."""


class SignedOutError(TelegramError):
    """The session does not count, or no longer: somebody must sign in."""


class WrongCredentialsError(TelegramError):
    """Telegram does not know the api id, the api hash or the bot token."""


class AccountError(TelegramError):
    """Telegram has banned, frozen or deleted the account."""


class WaitError(TelegramError):
    """Telegram asks for a pause of `seconds` before it can go on."""

    def __init__(self, seconds: int) -> None:
        """Say how long the pause is, and keep it in `seconds`."""
        super().__init__(f"Telegram asks to wait {spell(seconds)} before trying again.")
        self.seconds = seconds


_API = (
    "Telegram does not know this TELEGRAM_API_ID and TELEGRAM_API_HASH. "
    "Copy both from https://my.telegram.org, 'API development tools'."
)
_SIGNED_OUT = "This session is signed out: it was ended in Telegram's settings, or by Telegram."
_BANNED = "Telegram has closed this account, so it cannot be used. Write to recover@telegram.org, or use another one."
_FROZEN = (
    "Telegram has frozen this account, so it cannot be used. Appeal to @SpamBot with it, or sign in with another one."
)

_TWICE = (
    "This session was used from two places at once, so Telegram has ended it for good. "
    "Sign in anew, and never copy a session file to a second machine."
)
_DELETED = "This account was deleted. Sign in with another one."

Kind = Literal["signed_out", "twice", "banned", "frozen", "deleted", "unknown"]
_KINDS: dict[str, Kind] = {
    _SIGNED_OUT: "signed_out",
    _TWICE: "twice",
    _BANNED: "banned",
    _FROZEN: "frozen",
    _DELETED: "deleted",
}
_NAMES: dict[type[Exception], str] = {kind: name for name, kind in rpcerrorlist.rpc_errors_dict.items()}

_SENTENCES: dict[str, tuple[type[TelegramError], str]] = {
    "API_ID_INVALID": (WrongCredentialsError, _API),
    "CONNECTION_API_ID_INVALID": (WrongCredentialsError, _API),
    "API_ID_PUBLISHED_FLOOD": (
        WrongCredentialsError,
        "This TELEGRAM_API_ID was published somewhere, so Telegram limits it. Get your own from https://my.telegram.org.",
    ),
    "ACCESS_TOKEN_INVALID": (
        WrongCredentialsError,
        "Telegram does not know this TELEGRAM_BOT_TOKEN. Ask @BotFather for it with /token and copy all of it.",
    ),
    "ACCESS_TOKEN_EXPIRED": (
        WrongCredentialsError,
        "This TELEGRAM_BOT_TOKEN was revoked. Ask @BotFather for the new one with /token.",
    ),
    "AUTH_KEY_DUPLICATED": (SignedOutError, _TWICE),
    "USER_DEACTIVATED": (AccountError, _DELETED),
    "USER_DEACTIVATED_BAN": (AccountError, _BANNED),
    "PHONE_NUMBER_BANNED": (AccountError, _BANNED),
    "PHONE_NUMBER_UNOCCUPIED": (
        AccountError,
        "There is no Telegram account with this number. Make one with a Telegram app, then sign in here.",
    ),
    "PHONE_NUMBER_FLOOD": (
        AccountError,
        "Too many codes were asked for with this number. Try again tomorrow.",
    ),
    "PHONE_PASSWORD_FLOOD": (
        AccountError,
        "Too many sign-ins were tried with this number. Try again tomorrow.",
    ),
}


def sentence(error: refusals.RPCError) -> TelegramError:
    """Return what Telegram's refusal means to the owner, as an error to raise."""
    seconds = wait(error)
    if seconds is not None:
        return WaitError(seconds)
    name = name_of(error)
    if name in _SENTENCES:
        kind, text = _SENTENCES[name]
        return kind(text)
    if name.startswith("FROZEN_"):
        return AccountError(_FROZEN)
    # Telethon takes every 406 for an error of the key; to Telegram it is a refusal like others: TRANSLATIONS_DISABLED.
    if isinstance(error, refusals.UnauthorizedError) or name.startswith("AUTH_KEY_"):
        return SignedOutError(_SIGNED_OUT)
    return TelegramError(f"Telegram refuses with error {error.code} {name}.")


def kind(error: TelegramError) -> Kind:
    """Say what became of an account, so that its owner can be told in his language."""
    return _KINDS.get(str(error), "unknown")


def name_of(error: refusals.RPCError) -> str:
    """Return a refusal as the server wrote it, such as "PEER_ID_INVALID", which Telethon keeps of unknown ones only."""
    return _NAMES.get(type(error), str(error.message))


def wait(error: refusals.RPCError) -> int | None:
    """Return the seconds of pause that a refusal asks for, whole; None if it is not one that asks for a pause."""
    if not isinstance(error, refusals.FloodError):
        return None
    seconds = getattr(error, "seconds", None)
    return None if seconds is None else max(1, int(seconds))


def ends_the_session(error: refusals.RPCError) -> bool:
    """Say whether the refusal is about our session, account or api id, so that every other call fails too."""
    return isinstance(sentence(error), SignedOutError | AccountError | WrongCredentialsError)


def spell(seconds: int) -> str:
    """Return a duration for people, such as "2 h 5 min"; `seconds` is rounded up to what is shown."""
    if seconds < 60:  # noqa: PLR2004 -- seconds of a minute
        return f"{seconds} s"
    minutes = -(-seconds // 60)
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)
