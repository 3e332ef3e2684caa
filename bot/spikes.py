"""Tells by itself when a topic runs above what is usual for the hour of the week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot import audience, headlines, schedule
from bot.pipeline import ranking
from bot.pipeline import spikes as deciding
from bot.pipeline.spikes import Spike
from bot.render import spike as layout
from bot.render.catalogue import Catalogue
from storage import channels, chats, mentions, outbox, spikes, stats
from storage.database import Connection, Database
from storage.models import ChannelId, Chat, Mute
from storage.story_models import Mention

QUARTER, HOUR = 900, schedule.HOUR
STORIES = 3
"""Stories of a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class High:
    """A topic that runs high, and the posts that speak of it in the hour that began at `start` (UTC seconds)."""

    topic: str
    start: int
    spike: Spike
    mentions: Sequence[Mention]


async def look(
    database: Database, catalogues: Mapping[str, Catalogue], *, topics: Sequence[str], zone: ZoneInfo, now: int
) -> tuple[str, ...]:
    """Tell of each topic that runs high now and was not told of in the last hours; return which.

    Args:
        database: where the posts are.
        catalogues: the texts by language.
        topics: the names of the topics that are on.
        zone: whose weeks are meant.
        now: UTC seconds.

    Raises:
        StorageError: The database cannot take it; then nobody is told, and nothing noted.
    """
    async with database.reading() as connection:
        found = await _high(connection, topics, zone=zone, now=now)
    for high in found:
        async with database.transaction() as tx:
            # What is noted and what is queued are one: after a crash it is told once all the same.
            await spikes.note(tx, high.topic, now=now)
            for chat in await chats.all_chats(tx):
                await _tell(tx, catalogues[chat.language], chat, high, await chats.mutes(tx, now=now), now=now)
    return tuple(high.topic for high in found)


async def _high(connection: Connection, topics: Sequence[str], *, zone: ZoneInfo, now: int) -> list[High]:
    end = now - now % QUARTER + QUARTER
    hours = [(schedule.weeks_before(end - HOUR, weeks, zone), weeks) for weeks in range(deciding.WEEKS, 0, -1)]
    since = {channel.info.id: channel.held_from for channel in await channels.followed(connection)}
    held = [start for start, _ in hours if any(at is not None and at <= start for at in since.values())]
    if len(held) < deciding.LEAST_WEEKS:
        return []
    known_since = held[-deciding.weeks_known(len(held))]
    said = _steady(await mentions.between(connection, end - HOUR, end), since, until=known_since)
    bounds = [at for start in held for at in (start, start + HOUR)]
    counted = await stats.topic_counts(connection, bounds)
    told = await spikes.told(connection)
    found = []
    for topic in topics:
        of_topic = [mention for mention in said if mention.topic == topic]
        # Every second interval is an hour; those between are the weeks.
        before = counted.get(topic, (0,) * (len(bounds) - 1))[::2]
        spike = deciding.decide(len(of_topic), before, told_at=told.get(topic), now=now)
        if spike is not None:
            found.append(High(topic=topic, start=end - HOUR, spike=spike, mentions=of_topic))
    return found


def _steady(said: Sequence[Mention], since: Mapping[ChannelId, int | None], *, until: int) -> list[Mention]:
    """Leave out what channels say that were added lately: what is usual knows nothing of them yet."""
    held = {channel_id for channel_id, at in since.items() if at is not None and at <= until}
    return [mention for mention in said if mention.channel_id in held]


async def _tell(tx: Connection, texts: Catalogue, chat: Chat, high: High, mutes: Sequence[Mute], *, now: int) -> None:
    muted = {mute.subject for mute in mutes if mute.chat_id == chat.id and mute.kind == "story"}
    heard = [
        mention
        for mention in high.mentions
        if audience.wanted(chat, mutes, channel_id=mention.channel_id, topics=(high.topic,))
        and str(mention.story_id) not in muted
    ]
    if len(heard) < deciding.LEAST_POSTS:
        return
    ranked = ranking.stories(heard, end=now, length=HOUR)[:STORIES]
    told = await headlines.gather(tx, await headlines.infos(tx), ranked, start=high.start)
    zone = ZoneInfo(chat.timezone)
    message = layout.spike(
        texts,
        high.topic,
        posts=high.spike.posts,
        usual=high.spike.usual,
        hour=(high.start, now),
        told=told,
        zone=zone,
    )
    await outbox.add(
        tx,
        chat_id=chat.id,
        kind="notice",
        key=f"spike:{high.topic}:{now}",
        random_id=outbox.new_random_id(),
        message=replace(message, silent=high.topic in chat.silent_topics),
        now=now,
        not_before=audience.due(chat, now=now),
    )
