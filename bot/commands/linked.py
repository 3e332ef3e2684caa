"""The post behind a link that somebody wrote: https://t.me/name/15, t.me/c/1500000001/15, with or without https."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.commands import buttons
from storage import channels, posts
from storage.database import Connection
from storage.models import Channel, MessageId, StoredPost

Missing = Literal["how", "no_channel", "no_post"]
"""It is no link of a post; its channel was never watched; the post is not held."""

_LINK = re.compile(
    r"(?:https?://)?(?:t\.me|telegram\.me)/(?:c/(?P<id>\d{1,15})|(?:s/)?(?P<name>\w+))/(?P<message>\d{1,9})(?:[/?].*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A post that is held, and its channel."""

    channel: Channel
    post: StoredPost


async def find(connection: Connection, written: str) -> Linked | Missing:
    """Return the post that a link leads to, or why there is none."""
    link = _LINK.fullmatch(written.strip())
    if link is None:
        return "how"
    channel = await _channel(connection, link)
    if channel is None:
        return "no_channel"
    post = await posts.get(connection, channel.info.id, MessageId(int(link["message"])))
    return "no_post" if post is None else Linked(channel=channel, post=post)


async def _channel(connection: Connection, link: re.Match[str]) -> Channel | None:
    if link["name"]:
        return await channels.by_username(connection, link["name"])
    channel_id = buttons.channel_id(link["id"])
    return None if channel_id is None else await channels.get(connection, channel_id)
