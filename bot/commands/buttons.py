"""What the buttons of the commands carry: all that is needed to act on them after a restart, in at most 64 bytes."""

from bot.commands.reader import Way
from bot.render import phrases
from bot.render.buttons import DATA_LIMIT
from storage.models import ChannelId, ChannelInfo, PostId

_LONGEST_ID = 15


def find(query: str) -> str | None:
    """Look `query` up; None: it is too long for a button."""
    data = f"find:{query}"
    return data if len(data.encode()) <= DATA_LIMIT else None


def add(info: ChannelInfo, way: Way | None = None) -> str:
    """Watch this channel, in the usual way or in this one.

    The id says which one was meant, should its username have gone to another one meanwhile.
    """
    return f"{way or 'add'}:{info.id}:{phrases.username(info)[1:]}"


def settle(info: ChannelInfo, way: Way) -> str:
    """Watch this channel and, from now on, all others in this way."""
    return f"way:{add(info, way)}"


def drop(channel_id: ChannelId) -> str:
    """Stop watching this channel."""
    return f"drop:{channel_id}"


def channel_id(written: str) -> ChannelId | None:
    """Read the id of a channel from what a button carried; None: it is none, for buttons can be forged."""
    if not written.isdecimal() or len(written) > _LONGEST_ID:
        return None
    return ChannelId(int(written))


def post_id(written: str) -> PostId | None:
    """Read our row number of a post from what a button carried; None: it is none."""
    number = channel_id(written)
    return None if number is None else PostId(number)
