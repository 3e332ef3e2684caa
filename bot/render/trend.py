"""A trend: how often something came up day by day, the days that stand out, and what was behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.render import catalogue, chart, headline, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.headline import Headline
from bot.render.text import Span
from storage.models import Message

_WORDS_SHOWN = 60
_WEEK = 7

Line = Sequence[Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standout:
    """A day that stands out in the row of `name`, what was usual, and the stories behind it."""

    name: str
    day: date
    count: int
    usual: float
    told: tuple[Headline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What a trend tells.

    `words`: what was searched for, else `counts` are those of topics. `days` and `counts`: oldest first, all of one
    length; on the first `unread` of them nothing was held. `usual`: the median of a day, where enough is held.
    `missing`: posts that are not searched yet.
    """

    words: str | None
    days: tuple[date, ...]
    counts: Mapping[str, Sequence[int]]
    unread: int
    usual: Mapping[str, float]
    standouts: tuple[Standout, ...]
    missing: int = 0


def trend(texts: Catalogue, data: Trend, *, zone: ZoneInfo, picture: bytes | None) -> tuple[Message, ...]:
    """Lay a trend out, `picture` (a PNG) on the first message; what does not fit under it follows."""
    head, body = _head(texts, data), _standouts(texts, data, zone)
    if picture is None:
        return text.pack([*head, *body])
    whole, left = text.captioned([*head, *body])
    if not left:
        return (text.message(text.joined(whole), picture=picture),)
    under, rest = text.captioned(head)
    return (text.message(text.joined(under), picture=picture), *text.pack([*rest, *body]))


def drawn(texts: Catalogue, data: Trend) -> tuple[chart.Daily, chart.Labels]:
    """Give what the picture of a trend shows, and what is written into it."""
    places = {day: place for place, day in enumerate(data.days)}
    daily = chart.Daily(
        counts=data.counts,
        marked=0,
        unread=data.unread,
        usual=data.usual,
        peaks={name: [places[one.day] for one in data.standouts if one.name == name] for name in data.counts},
    )
    labels = chart.Labels(
        title=catalogue.text(texts, "digest.chart_title" if data.words is None else "trend.chart_title"),
        usual=catalogue.text(texts, "digest.chart_usual"),
        unread=catalogue.text(texts, "digest.chart_unread"),
        topics={name: _name(texts, data, name) for name in data.counts},
        days=[phrases.day(texts, day, near=day) for day in data.days],
    )
    return daily, labels


def _name(texts: Catalogue, data: Trend, name: str) -> str:
    return phrases.topic(texts, name) if data.words is None else text.line(data.words, _WORDS_SHOWN)


def _head(texts: Catalogue, data: Trend) -> list[Line]:
    head: list[Line] = [[Span(phrases.whole_days(texts, data.days[0], data.days[-1]), "bold")]]
    head += [_sums(texts, data, name, counts) for name, counts in data.counts.items()]
    if data.missing:
        head.append(catalogue.spans(texts, "search.missing", n=data.missing))
    return head


def _sums(texts: Catalogue, data: Trend, name: str, counts: Sequence[int]) -> Line:
    facts = [catalogue.text(texts, "digest.posts", n=sum(counts))]
    if name in data.usual:
        facts.append(catalogue.text(texts, "digest.usual_whole", n=1, usual=phrases.decimal(texts, data.usual[name])))
    held = counts[data.unread :]
    # Today is not over.
    week, before = sum(held[-_WEEK - 1 : -1]), sum(held[-2 * _WEEK - 1 : -_WEEK - 1])
    if len(held) > 2 * _WEEK and before:
        facts.append(catalogue.text(texts, "trend.week", times=phrases.decimal(texts, week / before)))
    return [Span(_name(texts, data, name), "bold"), Span(f": {phrases.SEPARATOR.join(facts)}")]


def _standouts(texts: Catalogue, data: Trend, zone: ZoneInfo) -> list[Line]:
    if not any(map(sum, data.counts.values())):
        return []
    if not data.standouts:
        return [[Span(catalogue.text(texts, "trend.steady"))]]
    lines: list[Line] = []
    for one in data.standouts:
        usual = catalogue.text(texts, "digest.usual", usual=phrases.decimal(texts, one.usual))
        name = "" if len(data.counts) == 1 else f"{_name(texts, data, one.name)} "
        count = catalogue.number_text(texts, one.count)
        heading = [Span(phrases.whole_day(texts, one.day), "bold"), Span(f": {name}{count}, {usual}")]
        entries = [_entry(texts, data, one.name, told, zone) for told in one.told]
        first, *others = [[*heading, Span("\n"), *entries[0]], *entries[1:]] if entries else [heading]
        lines += [[Span("\n"), *first], *others]
    return lines


def _entry(texts: Catalogue, data: Trend, name: str, told: Headline, zone: ZoneInfo) -> Line:
    topic = name if data.words is None else None
    return headline.entry(texts, told, topic=topic, when=phrases.clock(told.post.post.date, zone), zone=zone)
