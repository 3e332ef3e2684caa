"""Pure: what a chat is told of, when, and whether it makes a sound, by what the chat set for itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot import schedule
from storage.models import ChannelId, Chat, Held, Mute, OutboxKind

BY_ITSELF: frozenset[OutboxKind] = frozenset({"alert", "summary", "followup"})
"""What comes without being asked for, and therefore not in quiet hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """That a chat is told of a post: for which `topics`, whether `silent`, when.

    `not_before`: UTC seconds; None: at once. `held`: why it must wait until then.
    """

    topics: tuple[str, ...]
    silent: bool
    not_before: int | None = None
    held: Held | None = None


def decide(
    chat: Chat, mutes: Sequence[Mute], *, channel_id: ChannelId, topics: Collection[str], now: int
) -> Telling | None:
    """Say how a chat is told of a flagged post; None: it is not.

    Args:
        chat: with what it set.
        mutes: those that hold now, of any chat.
        channel_id: where the post stands.
        topics: what it was flagged for.
        now: UTC seconds.
    """
    heard = wanted(chat, mutes, channel_id=channel_id, topics=topics)
    if not heard:
        return None
    silent = all(topic in chat.silent_topics for topic in heard)
    until = held_until(chat, now=now)
    if until is None:
        return Telling(topics=heard, silent=silent)
    not_before, held = until
    return Telling(topics=heard, silent=silent, not_before=not_before, held=held)


def wanted(chat: Chat, mutes: Sequence[Mute], *, channel_id: ChannelId, topics: Collection[str]) -> tuple[str, ...]:
    """Say for which of `topics` a chat wants an alert of a channel's post, in their order; see `decide`."""
    muted = {(mute.kind, mute.subject) for mute in mutes if mute.chat_id == chat.id}
    if chat.mode == "digest" or ("channel", str(channel_id)) in muted:
        return ()
    chosen = [topic for topic in topics if not chat.topics or topic in chat.topics]
    return tuple(sorted(topic for topic in chosen if ("topic", topic) not in muted))


def held_until(chat: Chat, *, now: int) -> tuple[int, Held] | None:
    """Say until when (UTC seconds) and why an alert that is decided now waits; None: it goes at once."""
    over = quiet_until(chat, now)
    if chat.mode != "hourly":
        return None if over is None else (over, "quiet")
    full = schedule.next_hour(now, ZoneInfo(chat.timezone))
    later = quiet_until(chat, full)
    return later or full, "hourly" if later is None and over is None else "quiet"


def due(chat: Chat, *, now: int) -> int:
    """Say when what follows on an alert may be told (UTC seconds)."""
    until = held_until(chat, now=now)
    return now if until is None else until[0]


def quiet_until(chat: Chat, at: int) -> int | None:
    """Say when the quiet hours of a chat end that `at` lies in (UTC seconds); None: it lies in none."""
    if chat.quiet_from is None or chat.quiet_to is None:
        return None
    begin, end = schedule.of_minutes(chat.quiet_from), schedule.of_minutes(chat.quiet_to)
    return schedule.quiet_until(at, begin, end, ZoneInfo(chat.timezone))
