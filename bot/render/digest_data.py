"""What a digest tells: records that bot.digest gathers and bot.render.digest lays out."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.render import chart
from bot.render.headline import Headline
from storage.health_models import ChannelHealth
from storage.models import ChannelChange, ChannelId, ChannelInfo

GapKind = Literal["history", "unread", "unchecked", "hole", "waiting", "late", "trouble"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days of the reader's zone from `first` to `last`; `start` and `end` (exclusive) in UTC seconds.

    `topic`, `channel`: the only one to tell of; None: all.
    """

    first: date
    last: date
    start: int
    end: int
    topic: str | None = None
    channel: ChannelInfo | None = None

    @property
    def asked(self) -> str:
        """How one asks for its days: 2026-11-21, 2026-11-15..2026-11-21."""
        return "..".join(dict.fromkeys((self.first.isoformat(), self.last.isoformat())))


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCount:
    """A topic's flagged posts in the period, what is usual for as many days (None: not known), and its stories.

    `stories`: how many they make in all; `told`: those that matter most, in order.
    """

    name: str
    count: int
    usual: float | None
    stories: int
    told: tuple[Headline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A post that was edited or deleted after publication, as was seen at `at`; `posted`: what it is."""

    kind: Literal["edited", "deleted"]
    at: int
    posted: Headline


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A channel that nobody follows here, and whose posts others forward: how many flagged ones, and who does."""

    channel_id: ChannelId
    title: str
    username: str | None
    posts: int
    by: tuple[ChannelInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """The chains of all channels: how many channels and links they have, and one sum of their newest links."""

    channels: int
    links: int
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Why a channel is not complete in the period.

    `history`: held only since `at`; `unread`: its history has not been read to its end; `unchecked`: the server never
    confirmed that nothing is missing; `late`: it did so last at `at`, before the period's end; `hole`: since then
    something was missed that is not read yet; `waiting`: Telegram asks for a pause first; `trouble`: it cannot be read
    because of `trouble`, last checked at `at` (None: never).
    """

    kind: GapKind
    at: int | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCount:
    """A channel in the period: posts read, those without any text, edits and deletions seen, what is missing.

    `health`: what is held of it in all; `head`: the newest link of its chain, the `links`th.
    """

    health: ChannelHealth
    read: int
    unreadable: int
    edited: int
    deleted: int
    gap: Gap | None
    links: int = 0
    head: str = ""

    @property
    def info(self) -> ChannelInfo:
        """What Telegram says of the channel."""
        return self.health.channel.info


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestData:
    """All that a digest tells. `read` counts all posts held of the period, `flagged` the flagged ones of its topics.

    `read_in`: how many channels posted them, with those whose posts were imported.

    `news`: what changed of the channels themselves in the period, oldest first. `waits_until`: the end of the longest
    pause that Telegram now asks the reading account for (UTC seconds).
    `changed`: what was edited or deleted of flagged posts, and up to `changes_left` more; `sources`: channels that were
    found. `now`: when it was gathered, UTC seconds; before the period's end the digest is one of the day so far.
    `due_at`: when it should have been sent (UTC seconds); None: it comes in time, or was asked for.
    """

    period: Period
    now: int
    read: int
    read_in: int
    flagged: int
    topics: tuple[TopicCount, ...]
    channels: tuple[ChannelCount, ...]
    daily: chart.Daily
    days: tuple[date, ...]
    news: tuple[ChannelChange, ...] = ()
    waits_until: int | None = None
    due_at: int | None = None
    changed: tuple[Changed, ...] = ()
    changes_left: int = 0
    sources: tuple[Source, ...] = ()
    chains: Chains | None = None
