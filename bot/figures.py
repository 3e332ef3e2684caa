"""Collects what a digest tells from what is stored."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from bot import aftermath, headlines, schedule
from bot.pipeline import ranking
from bot.render import chart
from bot.render.digest_data import Chains, ChannelCount, DigestData, Gap, Period, TopicCount
from storage import chains, channels, mentions, stats, waits
from storage.database import Connection
from storage.health_models import ChannelHealth
from storage.models import Channel, ChannelId
from storage.story_models import Mention

USUAL_DAYS = 28
"""Days before the period whose median is what is usual."""
USUAL_DAYS_LEAST = 5
"""With fewer of those held, nothing is called usual."""
LISTED_OF_ONE = 40
"""Stories told of where a single topic was asked for."""
CHANGES = 8
"""Edited and deleted posts that are told of one by one."""
CHECK_SECONDS = 20 * 60
"""Channels are checked every few minutes; one that was checked so recently is complete up to now."""

Behind = Literal["lost", "trouble", "unread", "unchecked", "hole", "waiting", "late"]
"""Why a channel is behind: it is lost, in trouble, its first history or what was missed is not read, it was never
checked or not for long, or Telegram asks for a pause before it is read on."""


async def gather(
    connection: Connection, period: Period, *, topics: Sequence[str], now: int, zone: ZoneInfo
) -> DigestData:
    """Collect what the digest of `period` tells.

    Args:
        connection: of the database; what is stored meanwhile may be in some of the figures already.
        period: which days, and which topic or channel.
        topics: the names of all topics, in the order in which they are told.
        now: UTC seconds.
        zone: the chat's time zone.
    """
    of = None if period.channel is None else period.channel.id
    said = await mentions.between(connection, period.start, period.end, topic=period.topic, channel_id=of)
    read = await stats.read_counts(connection, period.start, period.end)
    healths = [one for one in await stats.health(connection) if of in {None, one.channel.info.id}]
    pauses = await waits.lasting(connection, now=now)
    heads = await chains.heads(connection)
    days = _days(period)
    counts = await _counts(connection, period, topics, days, zone)
    daily = _daily(counts, period, unheld([one.channel for one in healths], days, zone))
    changes = await mentions.changed(connection, period.start, period.end, topic=period.topic, channel_id=of)
    forwards = await mentions.forwards(connection, period.start, period.end) if of is None else ()
    news = await channels.changes(connection, since=period.start)
    # Last, so that the channels of all these posts are among them.
    known = await headlines.infos(connection)
    changed, left = await aftermath.gather(connection, known, changes, most=CHANGES)
    counted = {channel_id: posts for channel_id, posts in read.items() if of in {None, channel_id}}
    return DigestData(
        period=period,
        now=now,
        read=sum(counted.values()),
        read_in=len(counted),
        flagged=len({mention.post_id for mention in said}),
        topics=await _topics(connection, known, said, counts=counts, daily=daily, period=period, now=now),
        channels=await _channels(connection, period, healths, counted, heads, now=now),
        daily=daily,
        days=days,
        news=tuple(change for change in news if change.at < period.end and of in {None, change.channel_id}),
        waits_until=pauses[0].until if pauses else None,
        changed=changed,
        changes_left=left,
        sources=aftermath.sources(forwards, known),
        chains=Chains(channels=len(heads), links=sum(head.seq for head in heads), seal=chains.seal(heads)),
    )


async def _topics(
    connection: Connection,
    known: headlines.Infos,
    said: Sequence[Mention],
    *,
    counts: Mapping[str, Sequence[int]],
    daily: chart.Daily,
    period: Period,
    now: int,
) -> tuple[TopicCount, ...]:
    days = (period.last - period.first).days + 1
    most = ranking.MOST if period.topic is None else LISTED_OF_ONE
    found = []
    for name, row in counts.items():
        of_topic = [mention for mention in said if mention.topic == name]
        ranked = ranking.stories(of_topic, end=min(now, period.end), length=period.end - period.start)
        leading = ranking.leading(ranked, most=most, least=ranking.LEAST if period.topic is None else most)
        found.append(
            TopicCount(
                name=name,
                count=sum(row[-days:]),
                usual=daily.usual[name] * days if name in daily.usual else None,
                stories=len(ranked),
                told=await headlines.gather(connection, known, leading, start=period.start),
            )
        )
    return tuple(found)


def _days(period: Period) -> tuple[date, ...]:
    before = period.first - timedelta(days=USUAL_DAYS)
    return tuple(before + timedelta(days=number) for number in range((period.last - before).days + 1))


async def _counts(
    connection: Connection, period: Period, topics: Sequence[str], days: Sequence[date], zone: ZoneInfo
) -> dict[str, tuple[int, ...]]:
    bounds = [*(schedule.day_bounds(day, zone)[0] for day in days), period.end]
    of = None if period.channel is None else period.channel.id
    found = await stats.topic_counts(connection, bounds, channel_id=of)
    names = tuple(dict.fromkeys((*topics, *sorted(found)))) if period.topic is None else (period.topic,)
    return {name: found.get(name, (0,) * len(days)) for name in names}


def unheld(watched: Sequence[Channel], days: Sequence[date], zone: ZoneInfo) -> int:
    """Say on how many of the first of `days` nothing was held yet."""
    held_from = min((channel.held_from for channel in watched if channel.held_from is not None), default=None)
    if held_from is None:
        return len(days)
    return sum(schedule.day_bounds(day, zone)[0] < held_from for day in days)


def first_counted(rows: Mapping[str, Sequence[int]], unheld: int) -> int:
    """Say from which day on counts say something: what was imported lies before what the reader holds."""
    return min((number for row in rows.values() for number, count in enumerate(row[:unheld]) if count), default=unheld)


def _daily(counts: Mapping[str, Sequence[int]], period: Period, unheld: int) -> chart.Daily:
    unread = first_counted(counts, unheld)
    known = USUAL_DAYS - unread
    usual = {topic: float(median(row[unread:USUAL_DAYS])) for topic, row in counts.items() if known >= USUAL_DAYS_LEAST}
    length = (period.last - period.first).days + 1
    return chart.Daily(counts=counts, marked=length, unread=unread, usual=usual)


async def _channels(
    connection: Connection,
    period: Period,
    healths: Sequence[ChannelHealth],
    read: Mapping[ChannelId, int],
    heads: Sequence[chains.Link],
    *,
    now: int,
) -> tuple[ChannelCount, ...]:
    unreadable = await stats.unreadable_counts(connection, period.start, period.end)
    changes = await stats.change_counts(connection, period.start, period.end)
    nothing = stats.ChangeCounts(edited=0, deleted=0)
    links = {head.channel_id: head for head in heads}
    return tuple(
        ChannelCount(
            health=health,
            read=read.get(channel_id, 0),
            unreadable=unreadable.get(channel_id, 0),
            edited=changes.get(channel_id, nothing).edited,
            deleted=changes.get(channel_id, nothing).deleted,
            gap=gap(health, period, now=now),
            links=links[channel_id].seq if channel_id in links else 0,
            head=links[channel_id].chain_sha256 if channel_id in links else "",
        )
        for health in healths
        for channel_id in (health.channel.info.id,)
    )


def behind(health: ChannelHealth, *, now: int) -> Behind | None:
    """Say why a channel is not known to be complete up to `now` (UTC seconds); None: it is."""
    channel = health.channel
    reasons: tuple[tuple[Behind, bool], ...] = (
        ("lost", channel.state != "followed"),
        ("trouble", channel.trouble is not None),
        ("unread", channel.held_from is None),
        ("unchecked", channel.checked_at is None),
        ("hole", health.hole is not None),
        ("waiting", (health.waits_until or 0) > now),
        ("late", (channel.checked_at or 0) < now - CHECK_SECONDS),
    )
    return next((reason for reason, true in reasons if true), None)


def gap(health: ChannelHealth, period: Period, *, now: int) -> Gap | None:
    """Say why a channel is not known to be complete in `period` as far as it is over at `now`; None: it is complete."""
    channel = health.channel
    # What is behind now is as complete as it was when it was last checked.
    if (channel.checked_at or 0) < min(period.end, now):
        match behind(health, now=now):
            case None:
                pass
            case "lost" | "trouble":
                return Gap(kind="trouble", at=channel.checked_at, trouble=channel.trouble or channel.state)
            case reason:
                return Gap(kind=reason, at=channel.checked_at)
    if channel.held_from is None:
        return Gap(kind="unread")
    return Gap(kind="history", at=channel.held_from) if channel.held_from > period.start else None
