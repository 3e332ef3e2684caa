"""Digests: at the top what is needed in ten seconds, then the posts with their links, then what is held."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.render import catalogue, chart, passage, phrases, proof, text
from bot.render.catalogue import Catalogue
from bot.render.digest_data import ChannelCount, DigestData, Gap, Listed, Period, TopicCount
from bot.render.text import Span
from storage.models import ChannelInfo, Message

_NAMES = 5
_LOUDEST = 3
_NEWS = 5
_COMPLETE_CHANNELS = 20
_TROUBLE_LIMIT = 120

Line = Sequence[Span]


def digest(texts: Catalogue, data: DigestData, *, zone: ZoneInfo, picture: bytes | None) -> tuple[Message, ...]:
    """Lay a digest out in as few messages as hold it, `picture` (a PNG) on the first.

    Where it does not fit under the picture, only its head stands there and the rest follows.
    """
    head = _head(texts, data, zone)
    rest = [*_posts(texts, data, zone), *_channels(texts, data, zone)]
    if picture is None:
        return text.pack([*head, *rest])
    whole = text.joined([*head, *rest])
    if sum(text.utf16(span.text) for span in whole) <= text.CAPTION_LIMIT:
        return (text.message(whole, picture=picture),)
    return (text.message(text.joined(head), picture=picture), *text.pack(rest))


def labels(texts: Catalogue, data: DigestData) -> chart.Labels:
    """Give what is written into the chart of a digest."""
    return chart.Labels(
        title=catalogue.text(texts, "digest.chart_title"),
        usual=catalogue.text(texts, "digest.chart_usual"),
        unread=catalogue.text(texts, "digest.chart_unread"),
        topics={topic: phrases.topic(texts, topic) for topic in data.daily.counts},
        days=[phrases.day(texts, day, near=day) for day in data.days],
    )


def _head(texts: Catalogue, data: DigestData, zone: ZoneInfo) -> list[Line]:
    title = Span(_period(texts, data.period), "bold")
    if not data.read:
        return [[title, Span(f": {_nothing_read(texts, data)}")]]
    if not data.flagged:
        quiet = _sentence(texts, data, "quiet" if data.period.topic is None else "quiet_for")
        return [
            [title, Span(f": {quiet}")],
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
        [Span(_sentence(texts, data, "read"))],
        *(_topic(texts, data, topic) for topic in data.topics),
        *_changes(texts, data),
        *_news(texts, data),
        *_completeness(texts, data, zone),
        *_loud_and_silent(texts, data),
    ]


def _period(texts: Catalogue, period: Period) -> str:
    last = phrases.whole_day(texts, period.last)
    if period.first == period.last:
        return last
    return catalogue.text(texts, "digest.days", first=phrases.whole_day(texts, period.first), last=last)


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


def _nothing_read(texts: Catalogue, data: DigestData) -> str:
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
        names, everything = _names(texts, missing), catalogue.number_text(texts, len(data.channels))
        said = catalogue.text(texts, "digest.incomplete", n=len(missing), all=everything, names=names)
    else:
        said = catalogue.text(texts, "digest.complete", n=len(data.channels))
    return [[Span(said)], *_wait(texts, data, zone)]


def _wait(texts: Catalogue, data: DigestData, zone: ZoneInfo) -> list[Line]:
    if data.waits_until is None:
        return []
    when = phrases.moment(texts, data.waits_until, zone, near=data.now)
    return [[Span(catalogue.text(texts, "proof.wait", when=when))]]


def _loud_and_silent(texts: Catalogue, data: DigestData) -> list[Line]:
    by_count = sorted(data.channels, key=lambda channel: -channel.read)
    loud = [
        catalogue.text(texts, "digest.named_count", name=phrases.title(channel.info), n=channel.read)
        for channel in by_count[:_LOUDEST]
        if channel.read
    ]
    silent = [phrases.title(channel.info) for channel in data.channels if not channel.read]
    said = []
    if len(data.channels) > _LOUDEST:
        said.append(catalogue.text(texts, "digest.loudest", names=", ".join(loud)))
    if silent:
        said.append(catalogue.text(texts, "digest.silent", names=_names(texts, silent)))
    return [[Span(line)] for line in said]


def _names(texts: Catalogue, names: Sequence[str]) -> str:
    left = len(names) - _NAMES
    more = [catalogue.text(texts, "digest.and_more", n=left)] if left > 0 else []
    return ", ".join([*names[:_NAMES], *more])


def _posts(texts: Catalogue, data: DigestData, zone: ZoneInfo) -> list[Line]:
    lines: list[Line] = []
    for topic in data.topics:
        if not topic.listed:
            continue
        first, *others = (_post(texts, data.period, listed, topic.name, zone) for listed in topic.listed)
        # A heading is never parted from its first post.
        lines += [[Span("\n"), Span(phrases.topic(texts, topic.name), "bold"), Span("\n"), *first], *others]
        left = topic.count - len(topic.listed)
        if left > 0:
            lines.append(_more(texts, data.period, topic.name, left))
    return lines


def _more(texts: Catalogue, period: Period, topic: str, left: int) -> Line:
    if period.topic is not None:
        return catalogue.spans(texts, "digest.more_posts_plain", n=left)
    command = Span(f"/digest {period.asked} {topic}", "code")
    return catalogue.spans(texts, "digest.more_posts", n=left, command=command)


def _post(texts: Catalogue, period: Period, listed: Listed, topic: str, zone: ZoneInfo) -> Line:
    post = listed.post.post
    when = phrases.clock(post.date, zone)
    if period.first != period.last:
        when = phrases.moment(texts, post.date, zone, near=period.end - 1)
    matches = [match for match in listed.post.matches if match.topic == topic]
    found = passage.passage(texts, post, matches, limit=passage.LINE_LIMIT)
    link = phrases.link(listed.channel, post.message_id)
    return [
        Span(phrases.BULLET),
        Span(f"{when} {phrases.flagged_title(texts, listed.channel)}", "link", link),
        Span(" "),
        *passage.on_one_line(found),
        *(Span(f"{phrases.SEPARATOR}{fact}") for fact in _post_facts(texts, listed, zone)),
    ]


def _post_facts(texts: Catalogue, listed: Listed, zone: ZoneInfo) -> list[str]:
    post, near = listed.post.post, listed.post.post.date
    facts = [] if post.views is None else [catalogue.text(texts, "digest.views", n=post.views)]
    for key, at in (("digest.post_edited", post.edited_at), ("digest.post_deleted", listed.post.deleted_at)):
        if at is not None:
            facts.append(catalogue.text(texts, key, when=phrases.moment(texts, at, zone, near=near)))
    return facts


def _channels(texts: Catalogue, data: DigestData, zone: ZoneInfo) -> list[Line]:
    missing = [channel for channel in data.channels if channel.gap]
    complete = [channel for channel in data.channels if not channel.gap]
    if not data.channels:
        return []
    complete.sort(key=lambda channel: -channel.read)
    shown, others = complete[:_COMPLETE_CHANNELS], complete[_COMPLETE_CHANNELS:]
    lines = [line for channel in (*missing, *shown) for line in _channel(texts, data, channel, zone)]
    if others:
        posts = catalogue.text(texts, "digest.posts_read", n=sum(channel.read for channel in others))
        lines.append(catalogue.spans(texts, "digest.more_complete", n=len(others), posts=posts))
    heading = Span(catalogue.text(texts, "digest.channels"), "bold")
    return [[Span("\n"), heading, Span("\n"), *lines[0]], *lines[1:]]


def _channel(texts: Catalogue, data: DigestData, channel: ChannelCount, zone: ZoneInfo) -> list[Line]:
    """Say what came of a channel in the period and, below, how far it is held in all."""
    counts = (
        ("digest.channel_edited", channel.edited),
        ("digest.channel_deleted", channel.deleted),
        ("digest.unreadable", channel.unreadable),
    )
    facts = [
        f"{'⚠️' if channel.gap else '✓'} {phrases.flagged_title(texts, channel.info)}",
        catalogue.text(texts, "digest.posts", n=channel.read),
        *(catalogue.text(texts, key, n=count) for key, count in counts if count),
        *([_gap(texts, channel.info, channel.gap, data.period, zone)] if channel.gap else []),
    ]
    held = proof.line(texts, channel.health, zone, now=data.now)
    return [[Span(phrases.SEPARATOR.join(facts), quoted="folded")], [Span(held, "italic", quoted="folded")]]


def _gap(texts: Catalogue, info: ChannelInfo, gap: Gap, period: Period, zone: ZoneInfo) -> str:
    when = "" if gap.at is None else phrases.moment(texts, gap.at, zone, near=period.end - 1)
    trouble = text.line(phrases.trouble(texts, info, gap.trouble), _TROUBLE_LIMIT)
    kind = "trouble_unchecked" if gap.kind == "trouble" and gap.at is None else gap.kind
    return catalogue.text(texts, f"digest.gap_{kind}", when=when, trouble=trouble)
