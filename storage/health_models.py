"""The frozen record of how far a channel is held."""

from dataclasses import dataclass

from storage.models import Channel, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHealth:
    """What is held of a channel. `unreadable`: posts without any text; the last post is the newest by its id.

    `empty`: ids without a post, as the server confirmed; `unknown`: not known yet. `forgotten`: posts without text now.
    """

    channel: Channel
    posts: int
    unreadable: int
    edited: int
    deleted: int
    last_message_id: MessageId | None
    last_date: int | None
    empty: int = 0
    unknown: int = 0
    forgotten: int = 0
