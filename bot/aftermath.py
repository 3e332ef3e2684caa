"""What came after publication: edits and deletions of flagged posts, and the channels that they were forwarded from."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from bot import headlines
from bot.render import changes
from bot.render.digest_data import Changed, Source
from storage import revisions
from storage.database import Connection
from storage.mentions import Forward
from storage.models import ChannelId, StoredPost
from storage.story_models import Change

SOURCES = 3
"""Channels found through forwards that are told of: each has a button."""
_LOOKED_AT = 3
"""For each change that is told so many are looked at, since edits of a comma are none."""


async def gather(
    connection: Connection, known: headlines.Infos, found: Sequence[Change], *, most: int
) -> tuple[tuple[Changed, ...], int]:
    """Choose what is told of edits and deletions, deletions first, then what most people saw; and count the others.

    Args:
        connection: of the database.
        known: the channels.
        found: all of them.
        most: how many are told.
    """
    by_weight = sorted(found, key=lambda change: (change.kind == "edited", -(change.views or 0), -change.at))
    looked_at = by_weight[: most * _LOOKED_AT]
    posted = await headlines.single(connection, known, [change.post_id for change in looked_at])
    told: list[Changed] = []
    trifles = 0
    for change, entry in ((change, posted[change.post_id]) for change in looked_at if change.post_id in posted):
        if len(told) == most:
            break
        if change.kind == "deleted" or await _is_edit(connection, entry.post):
            told.append(Changed(kind=change.kind, at=change.at, posted=entry))
        else:
            trifles += 1
    return tuple(told), len(found) - len(told) - trifles


async def _is_edit(connection: Connection, post: StoredPost) -> bool:
    """Say whether more than punctuation, space or a link preview was changed."""
    captured = await revisions.of_post(connection, post.post.channel_id, post.post.message_id)
    texts = [written for written in map(revisions.written, captured) if written is not None]
    return len(texts) < 2 or not changes.is_trivial(texts[0], texts[-1])  # noqa: PLR2004 - before and after


def sources(found: Sequence[Forward], known: headlines.Infos) -> tuple[Source, ...]:
    """Name the channels that flagged posts came from, those first whose posts were forwarded most."""
    counts = Counter(forward.origin.channel_id for forward in found)
    newest = {forward.origin.channel_id: forward.origin for forward in found if forward.origin.title}
    by: dict[ChannelId | None, dict[ChannelId, None]] = defaultdict(dict)
    for forward in found:
        by[forward.origin.channel_id][forward.channel_id] = None
    return tuple(
        Source(
            channel_id=channel_id,
            title=newest[channel_id].title or "",
            username=newest[channel_id].username,
            posts=posts,
            by=tuple(known[one] for one in by[channel_id]),
        )
        for channel_id, posts in counts.most_common()
        if channel_id is not None and channel_id in newest
    )[:SOURCES]
