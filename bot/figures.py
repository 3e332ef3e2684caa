"""Collects what a digest tells from what is stored."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from bot import schedule
from bot.render import chart
from bot.render.digest_data import ChannelCount, DigestData, Gap, Listed, Period, TopicCount
from storage import channels, stats, waits
from storage.database import Connection
from storage.health_models import ChannelHealth
from storage.models import Channel, ChannelId, ChannelInfo, StoredPost

USUAL_DAYS = 28
"""Days before the period whose median is what is usual."""
USUAL_DAYS_LEAST = 5
"""With fewer of those held, nothing is called usual."""
LISTED = 10
"""Posts listed a topic."""
LISTED_OF_ONE = 40
"""Posts listed where a single topic was asked for."""
CHECK_SECONDS = 20 * 60
"""Channels are checked every few minutes; one that was checked so recently is complete up to now."""


async def gather(
    connection: Connection, period: Period, *, topics: Sequence[str], now: int, zone: ZoneInfo
) -> DigestData:
    """Collect what the digest of `period` tells.

    Args:
        connection: of the database; one transaction, so that all figures are of the same moment.
        period: which days, and which topic.
        topics: the names of all topics, in the order in which they are told.
        now: UTC seconds.
        zone: the chat's time zone.
    """
    flagged = await stats.flagged(connection, period.start, period.end, topic=period.topic)
    infos = await _infos(connection, flagged)
    read = await stats.read_counts(connection, period.start, period.end)
    healths = await stats.health(connection)
    watched = [health.channel for health in healths]
    pauses = await waits.lasting(connection, now=now)
    days = _days(period)
    counts = await _counts(connection, period, topics, days, zone)
    daily = _daily(counts, period, _unheld(watched, days, zone))
    length = (period.last - period.first).days + 1
    return DigestData(
        period=period,
        now=now,
        read=sum(read.values()),
        read_in=len(read),
        flagged=len(flagged),
        topics=tuple(
            TopicCount(
                name=topic,
                count=sum(counts[topic][-length:]),
                usual=daily.usual[topic] * length if topic in daily.usual else None,
                listed=_listed(flagged, infos, topic, most=LISTED if period.topic is None else LISTED_OF_ONE),
            )
            for topic in counts
        ),
        channels=await _channels(connection, period, healths, read, now=now),
        daily=daily,
        days=days,
        news=tuple(
            change for change in await channels.changes(connection, since=period.start) if change.at < period.end
        ),
        waits_until=pauses[0].until if pauses else None,
    )


async def _infos(connection: Connection, found: Sequence[StoredPost]) -> dict[ChannelId, ChannelInfo]:
    known = [await channels.get(connection, channel_id) for channel_id in {post.post.channel_id for post in found}]
    return {channel.info.id: channel.info for channel in known if channel is not None}


def _days(period: Period) -> tuple[date, ...]:
    before = period.first - timedelta(days=USUAL_DAYS)
    return tuple(before + timedelta(days=number) for number in range((period.last - before).days + 1))


async def _counts(
    connection: Connection, period: Period, topics: Sequence[str], days: Sequence[date], zone: ZoneInfo
) -> dict[str, tuple[int, ...]]:
    bounds = [*(schedule.day_bounds(day, zone)[0] for day in days), period.end]
    found = await stats.topic_counts(connection, bounds)
    names = tuple(dict.fromkeys((*topics, *sorted(found)))) if period.topic is None else (period.topic,)
    return {name: found.get(name, (0,) * len(days)) for name in names}


def _unheld(watched: Sequence[Channel], days: Sequence[date], zone: ZoneInfo) -> int:
    held_from = min((channel.held_from for channel in watched if channel.held_from is not None), default=None)
    if held_from is None:
        return len(days)
    return sum(schedule.day_bounds(day, zone)[0] < held_from for day in days)


def _daily(counts: Mapping[str, Sequence[int]], period: Period, unheld: int) -> chart.Daily:
    # What was imported lies before what the reader holds, and is shown all the same.
    first_counted = min(
        (number for row in counts.values() for number, count in enumerate(row) if count), default=unheld
    )
    unread = min(unheld, first_counted)
    known = USUAL_DAYS - unread
    usual = {topic: float(median(row[unread:USUAL_DAYS])) for topic, row in counts.items() if known >= USUAL_DAYS_LEAST}
    length = (period.last - period.first).days + 1
    return chart.Daily(counts=counts, marked=length, unread=unread, usual=usual)


def _listed(
    found: Sequence[StoredPost], infos: Mapping[ChannelId, ChannelInfo], topic: str, *, most: int
) -> tuple[Listed, ...]:
    of_topic = [post for post in found if any(match.topic == topic for match in post.matches)]
    by_views = sorted(of_topic, key=lambda post: post.post.views or 0, reverse=True)
    known = [post for post in by_views if post.post.channel_id in infos]
    return tuple(Listed(channel=infos[post.post.channel_id], post=post) for post in known[:most])


async def _channels(
    connection: Connection, period: Period, healths: Sequence[ChannelHealth], read: Mapping[ChannelId, int], *, now: int
) -> tuple[ChannelCount, ...]:
    unreadable = await stats.unreadable_counts(connection, period.start, period.end)
    changes = await stats.change_counts(connection, period.start, period.end)
    nothing = stats.ChangeCounts(edited=0, deleted=0)
    return tuple(
        ChannelCount(
            health=health,
            read=read.get(health.channel.info.id, 0),
            unreadable=unreadable.get(health.channel.info.id, 0),
            edited=changes.get(health.channel.info.id, nothing).edited,
            deleted=changes.get(health.channel.info.id, nothing).deleted,
            gap=gap(health.channel, period, now=now),
        )
        for health in healths
    )


def gap(channel: Channel, period: Period, *, now: int) -> Gap | None:
    """Say why a channel is not known to be complete in `period` as far as it is over at `now`; None: it is complete."""
    checked_at = channel.checked_at
    needed = period.end if period.end <= now else now - CHECK_SECONDS
    if checked_at is None or checked_at < needed:
        if channel.trouble is not None or channel.state != "followed":
            return Gap(kind="trouble", at=checked_at, trouble=channel.trouble or channel.state)
        return Gap(kind="unchecked") if checked_at is None else Gap(kind="late", at=checked_at)
    if channel.held_from is None:
        return Gap(kind="unread")
    return Gap(kind="history", at=channel.held_from) if channel.held_from > period.start else None
