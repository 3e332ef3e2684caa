"""Pure: who may be told of a channel's posts, and what each does not want to hear of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from storage.models import Channel, ChannelId, Chat, ChatId, Mute, OutboxMessage, StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearers:
    """Who is told of what happens in a channel, and what each muted."""

    channel: Channel
    chats: Sequence[Chat]
    mutes: Sequence[Mute]


def wanted(hearers: Hearers, chat_id: ChatId, topics: Collection[str], *, of: ChannelId) -> tuple[str, ...]:
    """Leave of the topics of a post in the channel `of` those that a chat wants to be told of."""
    muted = _muted(hearers, chat_id)
    if ("channel", str(of)) in muted:
        return ()
    return tuple(sorted(topic for topic in topics if ("topic", topic) not in muted))


def follows(hearers: Hearers, alert: OutboxMessage, story_id: StoryId, *, of: ChannelId) -> bool:
    """Say whether a chat wants to hear how a story goes on that it was alerted of, with a post of the channel `of`."""
    if alert.subject is None or ("story", str(story_id)) in _muted(hearers, alert.chat_id):
        return False
    return bool(wanted(hearers, alert.chat_id, alert.subject.topics, of=of))


def _muted(hearers: Hearers, chat_id: ChatId) -> set[tuple[str, str]]:
    return {(mute.kind, mute.subject) for mute in hearers.mutes if mute.chat_id == chat_id}
