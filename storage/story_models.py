"""The frozen records of stories; all others are in `storage.models`."""

from dataclasses import dataclass
from typing import Literal

from storage.models import ChannelId, ChannelInfo, MessageId, Origin, PostId, StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Posts that tell the same. It began at `began_at`; `continues` names an older one that came up again."""

    id: StoryId
    began_at: int
    continues: StoryId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A post of a story that another post may be a copy of.

    `sure`: it has the same origin, album or words; else only parts of its text were seen in the other. `text` is what
    its channel wrote.
    """

    post_id: PostId
    story: Story
    sure: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """A post of a story, as far as an alert lists it."""

    post_id: PostId
    channel: ChannelInfo
    message_id: MessageId
    date: int
    edited_at: int | None
    deleted_at: int | None
    views: int | None
    origin: Origin | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A flagged post as one that speaks of a topic. `began_at`: when its story did.

    A post that belongs to no story is one of its own: `story_id` is then its own number.
    """

    topic: str
    post_id: PostId
    story_id: StoryId
    began_at: int
    channel_id: ChannelId
    message_id: MessageId
    date: int
    views: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a channel did to a post after publication, as it was last seen, at `at` (UTC seconds)."""

    post_id: PostId
    kind: Literal["edited", "deleted"]
    at: int
    views: int | None
