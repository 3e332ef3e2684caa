"""How the value of each setting is read from its text."""

import base64
import binascii
import ipaddress
import re
import zoneinfo
from datetime import time
from pathlib import Path

_NAME = re.compile(r"@?[A-Za-z0-9_]{2,32}", re.ASCII)
_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)/(?:s/)?([A-Za-z0-9_]{2,32})(?:/\d*)?(?:\?\S*)?",
    re.ASCII | re.IGNORECASE,
)
_INVITE = re.compile(r"(?:https?://)?(?:t\.me|telegram\.me)/(?:\+|joinchat/)\S+", re.ASCII | re.IGNORECASE)
_PEM = re.compile(r"-----BEGIN RSA PUBLIC KEY-----\s+(.+?)\s+-----END RSA PUBLIC KEY-----", re.DOTALL)
_DER_SEQUENCE = 0x30


class WrongValueError(Exception):
    """A value is not what its setting wants; the message goes on a sentence that begins with the name."""


def api_id(text: str) -> int:
    """Parse the number of an application at my.telegram.org."""
    if not re.fullmatch(r"[1-9]\d{0,9}", text, re.ASCII):
        raise WrongValueError("is not a number of digits alone")
    return int(text)


def api_hash(text: str) -> str:
    """Parse the hash of an application at my.telegram.org."""
    if not re.fullmatch(r"[0-9a-fA-F]{32}", text):
        raise WrongValueError("is not 32 hexadecimal digits (0–9, a–f)")
    return text.lower()


def bot_token(text: str) -> str:
    """Parse the token of a bot as @BotFather writes it."""
    if not re.fullmatch(r"\d{5,20}:[A-Za-z0-9_-]{30,}", text, re.ASCII):
        raise WrongValueError("does not look like a bot's token")
    return text


def plain(text: str) -> str:
    """Accept a secret of a server that is not Telegram's: it alone knows how they look."""
    if not text.isprintable() or " " in text:
        raise WrongValueError("has a space or a character that cannot be printed")
    return text


def channels(text: str) -> tuple[str, ...]:
    """Parse names and links of channels, each once, in their order."""
    found: dict[str, str] = {}
    for word in re.split(r"[\s,;]+", text.strip(" \t\r\n,;")):
        if word:
            name = _channel(word)
            found.setdefault(name.lower(), name)
    return tuple(found.values())


def users(text: str) -> tuple[int, ...]:
    """Parse numeric ids of users, each once."""
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    for word in words:
        if not re.fullmatch(r"[1-9]\d{0,18}", word, re.ASCII):
            raise WrongValueError(f"has {word!r}, which is not a user's numeric id")
    return tuple(dict.fromkeys(int(word) for word in words))


def timezone(text: str) -> str:
    """Parse the IANA name of a time zone."""
    try:
        zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongValueError(f"names no time zone: {text!r}") from None
    return text


def digest_time(text: str) -> time:
    """Parse a time of day."""
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text, re.ASCII)
    if found is None:
        raise WrongValueError(f"is not a time of day: {text!r}")
    return time(int(found[1]), int(found[2]))


def days(text: str) -> int:
    """Parse a number of days, of a hundred years at most."""
    if not re.fullmatch(r"[1-9]\d{0,4}", text, re.ASCII) or int(text) > 36500:  # noqa: PLR2004
        raise WrongValueError(f"is not a number of days: {text!r}")
    return int(text)


def _channel(word: str) -> str:
    link = _LINK.fullmatch(word)
    if link is not None and link[1].lower() != "joinchat":
        return link[1]
    if _INVITE.fullmatch(word):
        return word
    if not _NAME.fullmatch(word):
        raise WrongValueError(f"has {word!r}, which is no public name or link of a channel")
    return word.removeprefix("@")


def address(text: str) -> tuple[str, int]:
    """Parse host and port of a server on this machine."""
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:]+)\]|([^:\s]+)):(\d{1,5})", text, re.ASCII)
    if found is None or not 0 < int(found[3]) <= 65535:  # noqa: PLR2004 -- the highest port there is
        raise WrongValueError(f"is not host:port: {text!r}")
    host = "127.0.0.1" if (found[1] or found[2]).lower() == "localhost" else found[1] or found[2]
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise WrongValueError(f"is {host}, which is not an address of this machine (loopback)")
    return host, int(found[3])


def key(base: Path, text: str) -> str:
    """Read a public key (PEM, PKCS#1) from the file `text`, relative to `base`, or from `text` itself."""
    pem = text
    if "-----BEGIN" not in text:
        path = base / Path(text).expanduser()
        try:
            pem = path.read_text(encoding="ascii")
        except OSError as error:
            raise WrongValueError(f"names {path}, which cannot be read ({error.strerror})") from None
        except UnicodeDecodeError:
            raise WrongValueError(f"names {path}, which is not a PEM file") from None
    if "BEGIN PUBLIC KEY" in pem:
        raise WrongValueError("is a key in SPKI form; turn it by: openssl rsa -pubin -in KEY -RSAPublicKey_out")
    der(pem)
    return pem


def der(pem: str) -> bytes:
    """Return the bytes inside a PKCS#1 public key; they stay the same however its lines are broken."""
    found = _PEM.search(pem)
    try:
        inside = base64.b64decode("".join(found[1].split()), validate=True) if found else b""
    except binascii.Error:
        inside = b""
    if not inside or inside[0] != _DER_SEQUENCE:
        raise WrongValueError("is no RSA public key in PEM form (PKCS#1)")
    return inside


def folder(base: Path, text: str) -> Path:
    """Return the path of a folder, relative to `base`; it need not exist yet."""
    path = base / Path(text).expanduser()
    if path.exists() and not path.is_dir():
        raise WrongValueError(f"is {path}, which is a file")
    return path


def from_file(base: Path, text: str) -> str:
    """Return what stands in the file `text`, relative to `base`, without the space around it."""
    path = base / Path(text).expanduser()
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise WrongValueError(f"names {path}, which cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise WrongValueError(f"names {path}, which is not a text file") from None
