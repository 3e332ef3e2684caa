"""What the buttons of the commands carry: all that is needed to act on them after a restart, in at most 64 bytes."""

from bot.render.alert import DATA_LIMIT
from storage.models import ChannelId, ChannelInfo


def find(query: str) -> str | None:
    """Look `query` up; None: it is too long for a button."""
    data = f"find:{query}"
    return data if len(data.encode()) <= DATA_LIMIT else None


def add(info: ChannelInfo) -> str:
    """Watch this channel. The id says which one was meant, should its username have gone to another one meanwhile."""
    return f"add:{info.id}:{info.username or ''}"


def drop(channel_id: ChannelId) -> str:
    """Stop watching this channel."""
    return f"drop:{channel_id}"


def unmute(kind: str, subject: str) -> str:
    """Lift a mute; `kind` and `subject` as in the button that muted ("c" and an id, "t" and a topic)."""
    return f"unmute:{kind}:{subject}"
