"""The top of a digest: what is needed in ten seconds, and how far the channels are held."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.render import catalogue, phrases
from bot.render.catalogue import Catalogue
from bot.render.digest_data import DigestData, Period, TopicCount
from bot.render.text import Span

_NAMES = 5
_NEWS = 5

Line = Sequence[Span]


def lines(texts: Catalogue, data: DigestData, zone: ZoneInfo) -> list[Line]:
    """Give the lines of the top; a quiet day says so in the first."""
    title = Span(_title(texts, data.period), "bold")
    if not data.read:
        return [[title, Span(f": {_nothing_read(texts, data)}")], *_late(texts, data, zone)]
    if not data.flagged:
        quiet = _sentence(texts, data, "quiet" if data.period.topic is None else "quiet_for")
        return [
            [title, Span(f": {quiet}")],
            *_late(texts, data, zone),
            *_changes(texts, data),
            *_news(texts, data),
            *_completeness(texts, data, zone),
        ]
    so_far = ""
    if data.now < data.period.end:
        when = f"{phrases.clock(data.now, zone)} {phrases.zone_name(data.now, zone)}"
        so_far = phrases.SEPARATOR + catalogue.text(texts, "digest.so_far", when=when)
    return [
        [title, Span(so_far)],
        *_late(texts, data, zone),
        [Span(_sentence(texts, data, "read"))],
        *(_topic(texts, data, topic) for topic in data.topics),
        *_changes(texts, data),
        *_news(texts, data),
        *_completeness(texts, data, zone),
    ]


def _title(texts: Catalogue, period: Period) -> str:
    days = phrases.whole_days(texts, period.first, period.last)
    return days if period.channel is None else f"{days}{phrases.SEPARATOR}{phrases.title(period.channel)}"


def _sentence(texts: Catalogue, data: DigestData, key: str) -> str:
    topic = "" if data.period.topic is None else phrases.topic(texts, data.period.topic)
    flagged = "digest.flagged" if data.period.topic is None else "digest.flagged_for"
    return catalogue.text(
        texts,
        f"digest.{key}",
        posts=catalogue.text(texts, "digest.posts_read", n=data.read),
        channels=catalogue.text(texts, "digest.in_channels", n=data.read_in),
        flagged=catalogue.text(texts, flagged, n=data.flagged, topic=topic),
        topic=topic,
    )


def _late(texts: Catalogue, data: DigestData, zone: ZoneInfo) -> list[Line]:
    if data.due_at is None:
        return []
    due = phrases.moment(texts, data.due_at, zone, near=data.now)
    sent = phrases.moment(texts, data.now, zone, near=data.now)
    return [[Span(catalogue.text(texts, "digest.late", due=due, sent=sent))]]


def _nothing_read(texts: Catalogue, data: DigestData) -> str:
    if data.period.channel is not None and not data.channels:
        return catalogue.text(texts, "digest.nothing_of_channel")
    if not data.channels:
        return catalogue.text(texts, "digest.no_channels")
    if any(channel.gap for channel in data.channels):
        return catalogue.text(texts, "digest.nothing_read")
    return catalogue.text(texts, "digest.nothing_posted", n=len(data.channels))


def _topic(texts: Catalogue, data: DigestData, topic: TopicCount) -> Line:
    name = Span(phrases.topic(texts, topic.name), "bold")
    count = Span(f" {catalogue.number_text(texts, topic.count)}")
    if topic.usual is None:
        return [name, count]
    usual = phrases.decimal(texts, topic.usual)
    days = (data.period.last - data.period.first).days + 1
    if data.now < data.period.end:
        compared = catalogue.text(texts, "digest.usual_whole", n=days, usual=usual)
    elif topic.count and topic.usual:
        times = phrases.decimal(texts, topic.count / topic.usual)
        compared = catalogue.text(texts, "digest.times_usual", times=times, usual=usual)
    else:
        compared = catalogue.text(texts, "digest.usual", usual=usual)
    return [name, count, Span(phrases.SEPARATOR + compared)]


def _changes(texts: Catalogue, data: DigestData) -> list[Line]:
    counts = (
        ("digest.edited", sum(channel.edited for channel in data.channels)),
        ("digest.deleted", sum(channel.deleted for channel in data.channels)),
        ("digest.unreadable", sum(channel.unreadable for channel in data.channels)),
    )
    said = [catalogue.text(texts, key, n=count) for key, count in counts if count]
    return [[Span(phrases.SEPARATOR.join(said))]] if said else []


def _news(texts: Catalogue, data: DigestData) -> list[Line]:
    titles = {channel.info.id: phrases.title(channel.info) for channel in data.channels}
    known = [change for change in data.news if change.channel_id in titles]
    said = [phrases.change(texts, titles[change.channel_id], change) for change in known[:_NEWS]]
    if len(known) > _NEWS:
        said.append(catalogue.text(texts, "digest.more_news", n=len(known) - _NEWS))
    return [[Span(line)] for line in said]


def _completeness(texts: Catalogue, data: DigestData, zone: ZoneInfo) -> list[Line]:
    missing = [phrases.title(channel.info) for channel in data.channels if channel.gap]
    if missing:
        who, everything = names(texts, missing), catalogue.number_text(texts, len(data.channels))
        said = catalogue.text(texts, "digest.incomplete", n=len(missing), all=everything, names=who)
    else:
        said = catalogue.text(texts, "digest.complete", n=len(data.channels))
    return [[Span(said)], *_wait(texts, data, zone)]


def _wait(texts: Catalogue, data: DigestData, zone: ZoneInfo) -> list[Line]:
    if data.waits_until is None:
        return []
    when = phrases.moment(texts, data.waits_until, zone, near=data.now)
    return [[Span(catalogue.text(texts, "proof.wait", when=when))]]


def names(texts: Catalogue, found: Sequence[str]) -> str:
    """Name the first of many, and count the others."""
    left = len(found) - _NAMES
    more = [catalogue.text(texts, "digest.and_more", n=left)] if left > 0 else []
    return ", ".join([*found[:_NAMES], *more])
