"""What a report tells: records that bot.report gathers and bot.render.report lays out."""

from dataclasses import dataclass

from bot.render.digest_data import Period
from storage.models import ChannelInfo, StoredPost, StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What a post said when it was first read, how often it was seen to be edited since, and when last (UTC seconds).

    `original`: None where it was forgotten.
    """

    original: str | None
    times: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A flagged post, its channel, the story it belongs to, and what edits made of it."""

    channel: ChannelInfo
    post: StoredPost
    story: StoryId | None = None
    edited: Edited | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """All that a report tells.

    `now`: when it was gathered, UTC seconds. `read` counts all posts held of the period, posted in `read_in` channels;
    `reported` are the flagged ones of its topics, newest first, of which `left_out` older ones found no room. Of the
    `watched` channels those that are not known to be complete are `incomplete`. `topics`: names of all topics, in
    their order. `oldest`: the date of the oldest post that is held of the period (UTC seconds; None: of none).
    `with_deleted`: the text of deleted posts is shown.
    """

    period: Period
    now: int
    read: int
    read_in: int
    topics: tuple[str, ...]
    reported: tuple[Reported, ...]
    watched: int
    incomplete: tuple[ChannelInfo, ...] = ()
    left_out: int = 0
    oldest: int | None = None
    with_deleted: bool = False
