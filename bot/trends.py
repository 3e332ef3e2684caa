"""Trends: what is asked for, how often it came up day by day, and what was behind the days that stand out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from bot import figures, headlines, indexing, schedule, search
from bot.pipeline import days, outliers, quoting, ranking, searching, topic_names
from bot.render import chart
from bot.render import trend as layout
from bot.render.catalogue import Catalogue
from bot.render.headline import Headline
from bot.render.trend import Standout, Trend
from storage import channels, hits, mentions, stats
from storage.database import Connection, Database
from storage.models import Match, Message
from storage.story_models import Mention

DAYS = 30
"""Where nothing else is said."""
LONGEST_DAYS = 366
_STORIES = 2
"""Stories that are told of a day."""
_LOOKED_AT = 400
"""Posts of a day, the newest that a search finds, of which the most seen are told."""


class SpanError(ValueError):
    """So many days are not told of at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a trend is asked of: topics, or what a search finds; of the last `days` days up to today."""

    topics: tuple[str, ...]
    days: int
    words: str | None = None
    query: search.Search | None = None


def read(typed: str, *, topics: Sequence[str], known: search.Known, today: date, zone: ZoneInfo) -> Asked:
    """Understand what stands behind /trend: `[topic|words] [30d|12w]`, or the span of time first.

    Args:
        typed: as it was typed.
        topics: the names of the topics; so much of one as no other begins with is enough.
        known: what names in a search can mean.
        today: the last day.
        zone: whose days are meant.

    Raises:
        SpanError: More than `LONGEST_DAYS` days.
        SearchError: The words cannot be read as a search.
    """
    words = typed.split()
    asked = None
    for place in (-1, 0):
        if asked is None and words and (asked := days.back(words[place])) is not None:
            del words[place]
    back = asked or DAYS
    if back > LONGEST_DAYS:
        raise SpanError
    topic = topic_names.meant(words[0], topics) if len(words) == 1 else None
    if not words or topic is not None:
        return Asked(topics=tuple(topics) if topic is None else (topic,), days=back)
    said = " ".join(words)
    return Asked(topics=(), days=back, words=said, query=search.read(said, known, today=today, zone=zone))


async def compose(
    database: Database, texts: Catalogue, asked: Asked, *, now: int, zone: ZoneInfo
) -> tuple[Message, ...]:
    """Write a trend from what is stored.

    Args:
        database: where the posts are.
        texts: the catalogue of the chat's language.
        asked: what is asked for.
        now: UTC seconds.
        zone: the chat's time zone.
    """
    missing = 0 if asked.query is None else await indexing.behind(database)
    async with database.reading() as connection:
        data = replace(await gather(connection, asked, now=now, zone=zone), missing=missing)
    picture = None
    if any(map(sum, data.counts.values())):
        # Drawing takes a third of a second, in which alerts must not wait.
        picture = await asyncio.to_thread(chart.daily_chart, *layout.drawn(texts, data))
    return layout.trend(texts, data, zone=zone, picture=picture)


async def gather(connection: Connection, asked: Asked, *, now: int, zone: ZoneInfo) -> Trend:
    """Collect what a trend tells; see `compose`."""
    today = schedule.day_of(now, zone)
    every = [today - timedelta(days=ago) for ago in range(asked.days + outliers.USUAL_DAYS - 1, -1, -1)]
    bounds = [schedule.day_bounds(every[0], zone)[0], *(schedule.day_bounds(day, zone)[1] for day in every)]
    rows = await _rows(connection, asked, bounds)
    held = figures.first_counted(rows, figures.unheld(await channels.every(connection), every, zone))
    first = outliers.USUAL_DAYS
    found = outliers.days(rows, first=first, held=held)
    unread = min(max(0, held - first), asked.days)
    counts = {name: row[first:] for name, row in rows.items()}
    enough = asked.days - unread >= outliers.LEAST_DAYS
    return Trend(
        words=asked.words,
        days=tuple(every[first:]),
        counts=counts,
        unread=unread,
        usual={name: float(median(row[unread:])) for name, row in counts.items()} if enough else {},
        standouts=tuple(
            [
                Standout(
                    name=one.name,
                    day=every[one.place],
                    count=one.count,
                    usual=one.usual,
                    told=await _behind(connection, asked, one.name, bounds[one.place], bounds[one.place + 1]),
                )
                for one in found
            ]
        ),
    )


async def _rows(connection: Connection, asked: Asked, bounds: Sequence[int]) -> Mapping[str, Sequence[int]]:
    if asked.query is not None:
        return {"": await hits.day_counts(connection, asked.query.wanted, bounds)}
    counted = await stats.topic_counts(connection, bounds)
    return {name: counted.get(name, (0,) * (len(bounds) - 1)) for name in asked.topics}


async def _behind(connection: Connection, asked: Asked, name: str, start: int, end: int) -> tuple[Headline, ...]:
    """Tell what was behind a day: the stories of a topic, or of the posts that a search finds, that mattered most."""
    said: Sequence[Mention]
    if asked.query is None:
        said = await mentions.between(connection, start, end, topic=name)
    else:
        wanted = replace(asked.query.wanted, start=start, end=end)
        found = await hits.find(connection, wanted, order="newest", limit=_LOOKED_AT)
        said = await mentions.of_posts(connection, [hit.post_id for hit in found])
    ranked = ranking.stories(said, end=end, length=end - start)[:_STORIES]
    told = await headlines.gather(connection, await headlines.infos(connection), ranked, start=start)
    return told if asked.query is None else tuple(_as_searched(one, asked.query) for one in told)


def _as_searched(told: Headline, read: search.Search) -> Headline:
    """Make what was searched for bold, and quote the sentence that holds it."""
    text = told.post.post.text
    places = searching.places(text, [alternative for alternatives in read.every for alternative in alternatives])
    found = tuple(Match(topic="", start=start, end=end, term="", rule="") for start, end in places)
    return replace(told, post=replace(told.post, matches=found), sentence=quoting.sentence(text, found))
