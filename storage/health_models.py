"""The frozen record of how far a channel is held."""

from dataclasses import dataclass

from storage.models import Channel, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHealth:
    """What is held of a channel. `unreadable`: posts without any text; the last post is the newest by its id.

    `empty`: ids without a post, as the server confirmed; `unknown`: not known yet. `forgotten`: posts without text now.

    `hole`: the id above which history is still to be read; None: all is. `waits_until`: the end of the last pause that
    Telegram asked for when this channel was read (UTC seconds, perhaps over).
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
    hole: MessageId | None = None
    waits_until: int | None = None
