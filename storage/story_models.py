"""The frozen records of stories; all others are in `storage.models`."""

from dataclasses import dataclass

from storage.models import ChannelInfo, MessageId, Origin, PostId, StoryId


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
