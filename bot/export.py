"""Exports posts: reads what was selected and writes it piece by piece, in memory that does not grow with it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from bot import periods
from bot.render import export as layout
from bot.render.export import Layout, Row
from bot.selection import Selection
from storage import channels, exports
from storage.database import Connection
from storage.exports import Exported, Wanted
from storage.models import ChannelId, ChannelInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The next bytes of the file, how many posts they hold, and of how many of these the text was left out."""

    content: bytes
    posts: int = 0
    withheld: int = 0


def wanted(selection: Selection) -> Wanted:
    """Say what is asked of the database."""
    period = selection.period
    return Wanted(
        start=period.start,
        end=period.end,
        topics=selection.topics,
        channel_id=None if period.channel is None else period.channel.id,
        flagged=selection.flagged,
    )


def name(selection: Selection) -> str:
    """Name the file: homefront-2026-11-01-2026-11-21-rotation.csv."""
    kind = [] if selection.flagged or selection.topics else ["all"]
    return periods.file_name(selection.period, (*selection.topics, *kind), selection.form)


async def pieces(connection: Connection, selection: Wanted, written: Layout) -> AsyncGenerator[Piece, None]:
    """Give the file piece by piece."""
    yield Piece(content=layout.head(written))
    infos: dict[ChannelId, ChannelInfo] = {}
    async with aclosing(exports.pages(connection, selection)) as pages:
        async for page in pages:
            told = [await _row(connection, infos, one) for one in page]
            withheld = sum(layout.is_withheld(row, with_deleted=written.with_deleted) for row in told)
            yield Piece(content=layout.rows(written, told), posts=len(told), withheld=withheld)


async def _row(connection: Connection, infos: dict[ChannelId, ChannelInfo], one: Exported) -> Row:
    channel_id = one.stored.post.channel_id
    if channel_id not in infos:
        channel = await channels.get(connection, channel_id)
        if channel is None:
            raise LookupError(f"channel {channel_id} is not in the database")
        infos[channel_id] = channel.info
    return Row(channel=infos[channel_id], stored=one.stored, story_id=one.story_id, content_sha256=one.content_sha256)
