"""Pure: who may be told of a channel's posts, and what each does not want to hear of."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import audience
from storage.models import Channel, ChannelId, Chat, Mute, OutboxMessage, StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearers:
    """Who is told of what happens in a channel, and what each muted."""

    channel: Channel
    chats: Sequence[Chat]
    mutes: Sequence[Mute]


def muted_story(hearers: Hearers, chat: Chat, story_id: StoryId) -> bool:
    """Say whether a chat wants to hear no more of a story."""
    muted = {(mute.kind, mute.subject) for mute in hearers.mutes if mute.chat_id == chat.id}
    return ("story", str(story_id)) in muted


def follows(hearers: Hearers, chat: Chat, alert: OutboxMessage, story_id: StoryId, *, of: ChannelId) -> bool:
    """Say whether a chat wants to hear how a story goes on that it was alerted of, with a post of the channel `of`."""
    if alert.subject is None or muted_story(hearers, chat, story_id):
        return False
    return bool(audience.wanted(chat, hearers.mutes, channel_id=of, topics=alert.subject.topics))
