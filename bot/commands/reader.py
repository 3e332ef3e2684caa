"""What the commands need of the reader, the user account that finds and follows channels."""

from dataclasses import dataclass
from typing import Literal, Protocol

from storage import models

RefusalReason = Literal["group", "private", "invite", "unknown", "person", "bot", "malformed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Public broadcast channels that fit a query, best first.

    `exact`: asked by username or link, so there is one. Empty when a title was searched and nothing fits.
    """

    infos: tuple[models.ChannelInfo, ...]
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What was asked for is not a public broadcast channel (`unknown`: nobody has that username)."""

    reason: RefusalReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Telegram asks for a pause of so many seconds from now; `channel_id` None: for no one channel."""

    seconds: int
    channel_id: models.ChannelId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """The reader cannot ask now: not connected, signed out, or the server fails.

    `reason` goes to the log, not to the chat.
    """

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A text in another language, as the server has it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Untranslated:
    """The server does not translate this, or not for us. `reason` goes to the log, not to the chat."""

    reason: str


Way = Literal["live", "quiet"]
"""How a channel is read: as a member, which its administrators can see, or from outside, every few minutes."""
Found = Candidates | Refusal | Wait | Unavailable
Following = models.Channel | Refusal | Wait | Unavailable
Translation = Translated | Untranslated | Wait | Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderState:
    """How the reader fares now. `clock_offset`: server's clock minus ours, in seconds."""

    connected: bool
    clock_offset: int
    waiting: tuple[Wait, ...] = ()
    catching_up: tuple[models.ChannelId, ...] = ()


class Reader(Protocol):
    """Finds and follows channels. None of these raises for what Telegram answers: the answer is the value."""

    async def find(self, query: str) -> Found:
        """Look `query` up: `@name`, `name`, a t.me link, or else words of a title to search for."""
        ...

    async def follow(self, info: models.ChannelInfo, *, way: Way) -> Following:
        """Follow a channel that `find` gave or the database holds; its history is read afterwards.

        Following twice changes nothing. A channel that shall not or may not be joined is followed all the same,
        on a timer.
        """
        ...

    async def unfollow(self, channel_id: models.ChannelId) -> None:
        """Stop reading a channel; what is held stays. Needs no connection: leaving it may come later."""
        ...

    async def read_back(self, channel_id: models.ChannelId, *, since: int) -> None:
        """Read the history of a followed channel down to `since` (UTC seconds) when nothing is more urgent.

        It outlives restarts, and the owner is told when it is done.
        """
        ...

    async def translate(self, text: str, *, to: str) -> Translation:
        """Have the server translate `text` into the language `to` ("en"); it learns nothing but the words."""
        ...

    def state(self) -> ReaderState:
        """Say how the reader fares, without asking the server."""
        ...
