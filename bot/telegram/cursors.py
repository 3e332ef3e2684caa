"""Decides what an update or an answer of the server means for how far a channel is known without a hole."""

from collections.abc import Iterable
from typing import Literal

from storage.models import Cursor, MessageId

Place = Literal["next", "known", "gap"]


def place(cursor: Cursor, *, pts: int | None, count: int | None, message_id: int | None = None) -> Place:
    """Say where an update stands: the very next after `cursor`, covered by it already, or after a hole.

    Args:
        cursor: how far the channel is known.
        pts: the channel's counter after the update; 0 or None says nothing.
        count: how many steps of the counter the update makes.
        message_id: of the post, if the update brings a new one.
    """
    if not pts or cursor.pts is None:
        return "gap"
    if pts - (count or 0) == cursor.pts:
        return "next"
    # A new post that should long be known but is not: the server's counter began anew.
    unheard = message_id is not None and message_id > cursor.complete_id
    return "gap" if pts > cursor.pts or unheard else "known"


def after(cursor: Cursor, *, pts: int | None, message_ids: Iterable[int] = ()) -> Cursor:
    """Give the cursor once everything up to `pts` and `message_ids` is held."""
    return Cursor(pts=pts, complete_id=MessageId(max(cursor.complete_id, *message_ids, 0)))
