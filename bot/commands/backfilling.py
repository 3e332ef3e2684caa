"""/backfill: read a channel's older history, as many days back as wanted."""

from bot.commands import listing, removing
from bot.commands.adding import QUERY_SHOWN
from bot.commands.desk import Answer, Asked, lines, say
from bot.render import catalogue, phrases, text
from bot.render.text import Span
from storage import backfills, channels
from storage.backfills import Backfill
from storage.models import Channel

LONGEST_DAYS = 5000
"""Longer than there are channels in Telegram."""
DAY_SECONDS = 24 * 3600

Line = tuple[Span, ...]


async def backfill(asked: Asked) -> Answer:
    """Answer /backfill: with a channel and days, begin; without, say how it is done and what is under way."""
    name, _, days = " ".join(asked.args.split()).rpartition(" ")
    if not asked.is_owner:
        return say(asked, "add.owner_only")
    if not name or not days.isdecimal() or not 0 < int(days[:9]) <= LONGEST_DAYS:
        return lines([catalogue.spans(asked.texts, "backfill.how", n=LONGEST_DAYS), *await under_way(asked)])
    async with asked.desk.database.reading() as connection:
        meant = removing.meant(await channels.followed(connection), name)
    if len(meant) != 1:
        shown = text.line(name, QUERY_SHOWN)
        return say(asked, "backfill.which" if meant else "remove.nothing", query=shown)
    return await _begin(asked, meant[0], int(days))


async def _begin(asked: Asked, channel: Channel, days: int) -> Answer:
    since = asked.now - days * DAY_SECONDS
    title = listing.titled(channel.info)
    when = _moment(asked, since)
    if channel.held_from is not None and channel.held_from <= since:
        return say(asked, "backfill.held", title=title, since=when)
    await asked.desk.reader.read_back(channel.info.id, since=since)
    said = [catalogue.spans(asked.texts, "backfill.begun", title=title, since=when)]
    if days > asked.desk.retention_days:
        said.append(catalogue.spans(asked.texts, "backfill.beyond", n=asked.desk.retention_days))
    return lines(said)


async def under_way(asked: Asked) -> list[Line]:
    """Say of each channel whose history is being read how far it has come."""
    async with asked.desk.database.reading() as connection:
        known = {channel.info.id: channel for channel in await channels.followed(connection)}
        found = await backfills.unfinished(connection)
    return [_line(asked, one, known[one.channel_id]) for one in found]


def _line(asked: Asked, one: Backfill, channel: Channel) -> Line:
    title, since = listing.titled(channel.info), _moment(asked, one.since)
    if one.reached_at is None:
        return catalogue.spans(asked.texts, "backfill.waiting", title=title, since=since)
    values = {"since": since, "reached": _moment(asked, one.reached_at)}
    return catalogue.spans(asked.texts, "backfill.progress", title=title, n=one.posts, **values)


def _moment(asked: Asked, at: int) -> str:
    return phrases.moment(asked.texts, at, asked.zone, near=asked.now)
