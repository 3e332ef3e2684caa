"""The records of the sandbox's world: accounts, channels, posts, private messages. No sockets, no protocol.

Formats, media, buttons and rich texts are kept as the Telegram objects they travel as; nothing here looks into them.
Times are UTC seconds by the world's clock.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.journal import Event, Journal

Kind = Literal["broadcast", "megagroup"]


class RefusedError(Exception):
    """The world does not do what a call asked for: Telegram's error code and message."""

    def __init__(self, code: int, message: str) -> None:
        """Refuse with e.g. 400, "USERNAME_NOT_OCCUPIED"."""
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How this server differs from others that speak the same protocol.

    Attributes:
        global_message_ids: all messages of the server share one counter.
        sparse: optional fields are left out where the protocol allows it, and access hashes are all 0.
        missing_calls: methods (e.g. "contacts.search") that the server says it does not have.
        broken_calls: methods that always answer 500.
        duplicate_seconds: a repeated random_id is answered with RANDOM_ID_DUPLICATE for so long after the first, then
            with the first message; 0: with the first message at once; `math.inf`: never with the first message.
        too_long: a channel difference of more events than this is not told but answered with TooLong.
        slice: most events in one answer of a difference.
        callback_seconds: how long a pressed button waits for the bot's answer.
        channels_limit: how many channels an account may join.
        channels_limit_premium: the same of one with Premium.
        intervals: seconds that must lie between two calls of an account, by method; a sooner one is asked to wait.
    """

    global_message_ids: bool = False
    sparse: bool = False
    missing_calls: frozenset[str] = frozenset()
    broken_calls: frozenset[str] = frozenset()
    duplicate_seconds: float = 0.0
    too_long: float = math.inf
    slice: int = 100
    callback_seconds: float = 10.0
    channels_limit: int = 500
    channels_limit_premium: int = 1000
    intervals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a forwarded post came from: a post of a channel, or somebody whose name alone is shown."""

    date: int
    channel_id: int | None = None
    post_id: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rich:
    """A rich text: as posts show it, and whole when they show a part only."""

    shown: Any
    whole: Any


@dataclass(slots=True, kw_only=True)
class Post:
    """A message of a channel or a large group. `service`: it only says that something happened (e.g. a new title).

    `sender`: who wrote it, in a group.
    """

    id: int
    channel_id: int
    date: int
    text: str = ""
    entities: list[Any] = field(default_factory=list)
    media: Any = None
    rich: Rich | None = None
    grouped_id: int | None = None
    origin: Origin | None = None
    views: int = 1
    forwards: int = 0
    author: str | None = None
    silent: bool = False
    service: Any = None
    edited_at: int | None = None
    sender: int | None = None
    buttons: Any = None
    reply_to: int | None = None


@dataclass(slots=True, kw_only=True)
class Group:
    """A small group, whose messages lie in the boxes of its members. `moved_to`: the channel it became."""

    id: int
    title: str
    created_at: int
    members: set[int] = field(default_factory=set)
    moved_to: int | None = None


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel or group. `username` None: it is private, and `invite` leads to it. `lost`: nobody may read it.

    `order`: the ids of its posts, rising.
    """

    id: int
    title: str
    username: str | None
    kind: Kind
    created_at: int
    subscribers: int = 0
    verified: bool = False
    scam: bool = False
    fake: bool = False
    restricted: bool = False
    about: str = ""
    invite: str | None = None
    lost: bool = False
    members: set[int] = field(default_factory=set)
    banned: set[int] = field(default_factory=set)
    posts: dict[int, Post] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    journal: Journal = field(default_factory=Journal)
    last_id: int = 0


@dataclass(slots=True, kw_only=True)
class Letter:
    """A message of a private chat or a small group; each side knows it by an id of its own.

    `group`: its id, with `receiver` 0. `service`: it only says that something happened.
    """

    sender: int
    receiver: int
    date: int
    text: str
    ids: dict[int, int] = field(default_factory=dict)
    entities: list[Any] = field(default_factory=list)
    media: Any = None
    buttons: Any = None
    silent: bool = False
    reply_to: "Letter | None" = None
    edited_at: int | None = None
    group: int | None = None
    service: Any = None

    def peer_of(self, account_id: int) -> int:
        """Say with whom the account has this message."""
        return self.receiver if account_id == self.sender else self.sender


@dataclass(slots=True, kw_only=True)
class Account:
    """A user or a bot. `letters`: its private messages by its own ids, `met`: with whom; `language`: of its app."""

    id: int
    first_name: str
    username: str | None = None
    phone: str | None = None
    code: str = ""
    password: str | None = None
    token: str | None = None
    letters: dict[int, Letter] = field(default_factory=dict)
    journal: Journal = field(default_factory=Journal)
    last_id: int = 0
    met: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    deleted: bool = False
    premium: bool = False
    privacy_mode: bool = False
    language: str | None = None
    menus: dict[tuple[int, str], list[Any]] = field(default_factory=dict)

    @property
    def commands(self) -> list[Any]:
        """The bot's menu for everybody whose language has none of its own."""
        return self.menus.get((0, ""), [])

    @property
    def is_bot(self) -> bool:
        """Whether this is a bot."""
        return self.token is not None


@dataclass(slots=True, kw_only=True)
class Press:
    """A pressed button that waits for the bot. `resolve` takes the bot's answer."""

    id: int
    user_id: int
    bot_id: int
    under: Letter | Post
    data: bytes
    date: int
    resolve: Callable[[Any], None]
    told: bool = False


@dataclass(slots=True, kw_only=True)
class Key:
    """An auth key and who is signed in with it. `password_wanted`: whose code was right, but not yet the password."""

    data: bytes
    salt: int
    account_id: int | None = None
    password_wanted: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An uploaded file."""

    id: int
    content: bytes
    name: str
    mime_type: str = "image/png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """Something an account should hear of at once. `source`: the key it was done with, which knows already."""

    account_id: int
    subject: Literal["channel", "letter", "press", "about"]
    channel_id: int | None = None
    event: Event | None = None
    press: Press | None = None
    source: int | None = None


@dataclass(slots=True, kw_only=True)
class State:
    """Everything the server knows. It outlives servers: a restarted one goes on with it."""

    clock: Callable[[], float]
    behaviour: Behaviour
    keys: dict[int, Key] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    translations: dict[tuple[str, str], str] = field(default_factory=dict)
    files: dict[int, File] = field(default_factory=dict)
    parts: dict[tuple[int, int], dict[int, bytes]] = field(default_factory=dict)
    sent: dict[tuple[int, int, int], Letter | Post] = field(default_factory=dict)
    presses: dict[int, Press] = field(default_factory=dict)
    code_hashes: dict[str, str] = field(default_factory=dict)
    passwords_asked: dict[int, Any] = field(default_factory=dict)
    listeners: list[Callable[[Push], None]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    called_at: dict[tuple[int | None, str], float] = field(default_factory=dict)
    last_message_id: int = 0
    last_number: int = 1_000_000_000

    def now(self) -> int:
        """Return the server's date, in whole seconds."""
        return int(self.clock())

    def number(self) -> int:
        """Return a number that was not given before: an id of anything but messages."""
        self.last_number += 1
        return self.last_number

    def message_id(self, counter: Account | Channel) -> int:
        """Return the next message id of an account's box or of a channel."""
        if self.behaviour.global_message_ids:
            self.last_message_id += 1
            return self.last_message_id
        counter.last_id += 1
        return counter.last_id

    def tell(self, push: Push) -> None:
        """Pass on what an account should hear of."""
        for listener in tuple(self.listeners):
            listener(push)

    def access_hash(self, account_id: int, peer_id: int) -> int:
        """Return what `account_id` must show to speak of `peer_id`: another account's is of no use."""
        digest = hashlib.sha256(f"{account_id}:{peer_id}".encode()).digest()
        return int.from_bytes(digest[:8], "little", signed=True)
