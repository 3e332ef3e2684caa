"""Digests: at the top what is needed in ten seconds, then the stories with their links, then what is held."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.render import catalogue, chart, digest_channels, digest_head, headline, paging, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.digest_data import Changed, DigestData, Period, Source, TopicCount
from bot.render.text import Span
from storage.models import Button, Message

_LOUDEST = 3
_LABEL_LIMIT = 30

Line = Sequence[Span]


def digest(
    texts: Catalogue, data: DigestData, *, zone: ZoneInfo, picture: bytes | None, word: str | None
) -> tuple[Message, ...]:
    """Lay a digest out, `picture` (a PNG) on the first message.

    Where it does not fit under the picture, only its head stands there, or as many lines of it as fit. What is longer
    than one message has pages, whose buttons carry `word` and a number; without a word all of it is told at once.
    """
    head, body, below = digest_head.lines(texts, data, zone), _body(texts, data, zone), _adding(texts, data.sources)
    if picture is None:
        return _pages([*head, *body], word, below)
    whole, left = text.captioned([*head, *body])
    if not left:
        return (text.message(text.joined(whole), picture=picture, buttons=below),)
    under, rest = text.captioned(head)
    return (text.message(text.joined(under), picture=picture), *_pages([*rest, *body], word, below))


def page(texts: Catalogue, data: DigestData, number: int, *, zone: ZoneInfo, word: str) -> Message:
    """Give a page of a digest, from 0, with its head where there is no picture that it stands under."""
    head = digest_head.lines(texts, data, zone)
    items = [*(text.captioned(head)[1] if data.flagged else head), *_body(texts, data, zone)]
    return paging.page(items, number, word=word, below=_adding(texts, data.sources))


def _pages(items: Sequence[Line], word: str | None, below: paging.Rows) -> tuple[Message, ...]:
    return text.pack(items) if word is None else (paging.page(items, 0, word=word, below=below),)


def labels(texts: Catalogue, data: DigestData) -> chart.Labels:
    """Give what is written into the chart of a digest."""
    return chart.Labels(
        title=catalogue.text(texts, "digest.chart_title"),
        usual=catalogue.text(texts, "digest.chart_usual"),
        unread=catalogue.text(texts, "digest.chart_unread"),
        topics={topic: phrases.topic(texts, topic) for topic in data.daily.counts},
        days=[phrases.day(texts, day, near=day) for day in data.days],
    )


def _body(texts: Catalogue, data: DigestData, zone: ZoneInfo) -> list[Line]:
    sections = (
        *(_stories(texts, data.period, topic, zone) for topic in data.topics),
        _changed(texts, data, zone),
        _loud_and_silent(texts, data),
        _sources(texts, data.sources),
    )
    lines: list[Line] = []
    for section in sections:
        if section:
            heading, first, *others = section
            # A heading is never parted from its first line.
            lines += [[Span("\n"), *heading, Span("\n"), *first], *others]
    return [*lines, *digest_channels.lines(texts, data, zone)]


def _stories(texts: Catalogue, period: Period, topic: TopicCount, zone: ZoneInfo) -> list[Line]:
    if not topic.told:
        return []
    count = catalogue.text(texts, "digest.stories", n=topic.stories)
    heading = [Span(phrases.topic(texts, topic.name), "bold"), Span(f"{phrases.SEPARATOR}{count}")]
    entries = [
        headline.entry(texts, told, topic=topic.name, when=_when(texts, period, told.post.post.date, zone), zone=zone)
        for told in topic.told
    ]
    left = topic.stories - len(entries)
    return [heading, *entries, *([_more(texts, period, topic.name, left)] if left > 0 else [])]


def _when(texts: Catalogue, period: Period, at: int, zone: ZoneInfo) -> str:
    day = datetime.fromtimestamp(at, zone).date()
    if period.first == period.last == day:
        return phrases.clock(at, zone)
    return phrases.moment(texts, at, zone, near=period.end - 1)


def _more(texts: Catalogue, period: Period, topic: str, left: int) -> Line:
    if period.topic is not None:
        return [Span(phrases.BULLET), *catalogue.spans(texts, "digest.more_stories_plain", n=left)]
    of = () if period.channel is None else (phrases.username(period.channel) or phrases.title(period.channel),)
    command = Span(" ".join(("/digest", period.asked, topic, *of)), "code")
    return [Span(phrases.BULLET), *catalogue.spans(texts, "digest.more_stories", n=left, command=command)]


def _changed(texts: Catalogue, data: DigestData, zone: ZoneInfo) -> list[Line]:
    if not data.changed:
        return []
    heading = [Span(catalogue.text(texts, "digest.changed"), "bold")]
    changes = [_change(texts, data.period, change, zone) for change in data.changed]
    more = [Span(phrases.BULLET), *catalogue.spans(texts, "digest.more_changes", n=data.changes_left)]
    return [heading, *changes, *([more] if data.changes_left else [])]


def _change(texts: Catalogue, period: Period, change: Changed, zone: ZoneInfo) -> Line:
    posted = change.posted
    post = posted.post.post
    when = _when(texts, period, post.date, zone)
    done = catalogue.text(texts, f"digest.post_{change.kind}", when=_when(texts, period, change.at, zone))
    link = phrases.link(posted.channel, post.message_id)
    title = phrases.flagged_title(texts, posted.channel)
    return [
        *(Span(phrases.BULLET), Span(f"{when} {title}", "link", link), Span(phrases.SEPARATOR + done + "\n")),
        *headline.quotation(texts, posted, topic=None),
    ]


def _loud_and_silent(texts: Catalogue, data: DigestData) -> list[Line]:
    if not data.flagged or len(data.channels) < 2:  # noqa: PLR2004 - one alone is neither
        return []
    by_count = sorted(data.channels, key=lambda channel: -channel.read)
    loud = [
        catalogue.text(texts, "digest.named_count", name=phrases.title(channel.info), n=channel.read)
        for channel in by_count[:_LOUDEST]
        if channel.read
    ]
    silent = [phrases.title(channel.info) for channel in data.channels if not channel.read]
    said = []
    if loud and len(data.channels) > _LOUDEST:
        said.append(catalogue.text(texts, "digest.loudest", names=", ".join(loud)))
    if silent:
        said.append(catalogue.text(texts, "digest.silent", names=digest_head.names(texts, silent)))
    heading = [Span(catalogue.text(texts, "digest.voices"), "bold")]
    return [heading, *([Span(line)] for line in said)] if said else []


def _sources(texts: Catalogue, sources: Sequence[Source]) -> list[Line]:
    if not sources:
        return []
    heading = [Span(catalogue.text(texts, "digest.sources"), "bold")]
    return [heading, *(_source(texts, source) for source in sources)]


def _source(texts: Catalogue, source: Source) -> Line:
    title = text.line(source.title, phrases.TITLE_LIMIT)
    url = None if source.username is None else f"https://t.me/{source.username}"
    name = Span(title, "link" if url else "bold", url)
    by = digest_head.names(texts, [phrases.title(info) for info in source.by])
    return [Span(phrases.BULLET), *catalogue.spans(texts, "digest.source", n=source.posts, name=name, by=by)]


def _adding(texts: Catalogue, sources: Sequence[Source]) -> paging.Rows:
    """Give a button for each channel that can be added; one without a public name cannot."""
    return tuple(
        (
            Button(
                label=catalogue.text(texts, "digest.add", name=text.line(source.title, _LABEL_LIMIT)),
                data=f"add:{source.channel_id}:{source.username}",
            ),
        )
        for source in sources
        if source.username is not None
    )
