"""The report: what its page is given. Whatever a channel wrote goes there as text and nothing else."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.render import catalogue, changes, digest_head, lapse, masking, passage, phrases
from bot.render.catalogue import Catalogue
from bot.render.digest_data import Period
from bot.render.report_data import Edited, ReportData, Reported
from bot.render.text import Span
from storage.models import ChannelId, EntityKind, StoredPost, StoryId

PASSAGE_LIMIT = 360
"""Characters of a post's text that are shown before it is unfolded."""
_ELEMENTS: Mapping[EntityKind, str] = {"bold": "mark", "italic": "em", "strike": "del", "underline": "ins"}

Row = dict[str, Any]
"""A post as the page takes it: times in words, and of what it is filtered by the place in the lists of `head`."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the rows share: the places of what they refer to, and when each story began in the period.

    `first`: the first day that is told of.
    """

    zone: ZoneInfo
    period: Period
    first: date
    topics: Mapping[str, int]
    channels: Mapping[ChannelId, int]
    languages: Mapping[str, int]
    stories: Mapping[StoryId, int]
    began: Mapping[StoryId, int]
    with_deleted: bool


def frame(data: ReportData, *, zone: ZoneInfo) -> Frame:
    """Give topics, channels, languages and stories their places; the most frequent channels and languages are first."""
    began: dict[StoryId, int] = {}
    for one in data.reported:
        if one.story is not None:
            began[one.story] = min(one.post.post.date, began.get(one.story, one.post.post.date))
    told = {match.topic for one in data.reported for match in one.post.matches}
    topics = (*data.topics, *sorted(told)) if data.period.topic is None else (data.period.topic,)
    return Frame(
        zone=zone,
        period=data.period,
        first=_first(data, zone),
        topics=_places(dict.fromkeys(topics)),
        channels=_places(_most_first(one.channel.id for one in data.reported)),
        languages=_places(_most_first(one.post.language for one in data.reported)),
        stories=_places(began),
        began=began,
        with_deleted=data.with_deleted,
    )


def _most_first(found: Iterable[_T]) -> list[_T]:
    return [one for one, _ in Counter(found).most_common()]


def _places(names: Iterable[_T]) -> dict[_T, int]:
    return {name: place for place, name in enumerate(names)}


def title(texts: Catalogue, period: Period) -> str:
    """Name the report by what was asked for: Flagged posts, Sat 21 Nov 2026 · Rotation · Путь домой."""
    days = catalogue.text(texts, "report.title", days=phrases.whole_days(texts, period.first, period.last))
    topic = () if period.topic is None else (phrases.topic(texts, period.topic),)
    channel = () if period.channel is None else (phrases.title(period.channel),)
    return phrases.SEPARATOR.join((days, *topic, *channel))


def left_out(texts: Catalogue, data: ReportData, zone: ZoneInfo) -> str:
    """Say from when on the flagged posts stand in the report, and how many older ones found no room."""
    since = phrases.whole_day(texts, _first(data, zone))
    posts = catalogue.number_text(texts, len(data.reported))
    return catalogue.text(texts, "report.left_out", n=data.left_out, posts=posts, since=since)


def _first(data: ReportData, zone: ZoneInfo) -> date:
    """Give the first day that is told of: that of the oldest post, or of the oldest that found room."""
    oldest = data.reported[-1].post.post.date if data.left_out else data.oldest
    return data.period.first if oldest is None else datetime.fromtimestamp(oldest, zone).date()


def head(texts: Catalogue, data: ReportData, places: Frame) -> dict[str, Any]:
    """Give all of a page but its rows: what stands on top, what can be filtered by, and its own words."""
    length = (data.period.last - places.first).days + 1
    days = [places.first + timedelta(days=number) for number in range(length)]
    infos = {one.channel.id: one.channel for one in data.reported}
    return {
        "title": title(texts, data.period),
        "facts": _facts(texts, data, places.zone),
        "topics": [phrases.topic(texts, name) for name in places.topics],
        "channels": [phrases.flagged_title(texts, infos[channel_id]) for channel_id in places.channels],
        "languages": [
            phrases.language(texts, code) or catalogue.text(texts, "report.no_language") for code in places.languages
        ],
        "days": [phrases.day(texts, day, near=data.period.last) for day in days],
        "labels": catalogue.below(texts, "report.page."),
    }


def _facts(texts: Catalogue, data: ReportData, zone: ZoneInfo) -> list[str]:
    read = catalogue.text(
        texts,
        "digest.read",
        posts=catalogue.text(texts, "digest.posts_read", n=data.read),
        channels=catalogue.text(texts, "digest.in_channels", n=data.read_in),
        flagged=catalogue.text(texts, "digest.flagged", n=len(data.reported) + data.left_out),
    )
    when = f"{phrases.moment(texts, data.now, zone, near=0)} {phrases.zone_name(data.now, zone)}"
    return [
        read,
        *_completeness(texts, data),
        *([left_out(texts, data, zone)] if data.left_out else []),
        catalogue.text(texts, "report.made", when=when, zone=str(zone)),
    ]


def _completeness(texts: Catalogue, data: ReportData) -> list[str]:
    if not data.watched:
        return []
    if not data.incomplete:
        return [catalogue.text(texts, "digest.complete", n=data.watched)]
    missing = [phrases.title(channel) for channel in data.incomplete]
    names = digest_head.names(texts, missing)
    everything = catalogue.number_text(texts, data.watched)
    return [catalogue.text(texts, "digest.incomplete", n=len(missing), all=everything, names=names)]


def row(texts: Catalogue, one: Reported, places: Frame) -> Row:
    """Lay out a post: short, since there may be thousands of them."""
    post = one.post.post
    found: dict[str, Any] = {
        "at": post.date,
        "when": _moment(texts, post.date, places),
        "day": (datetime.fromtimestamp(post.date, places.zone).date() - places.first).days,
        "channel": places.channels[one.channel.id],
        "topics": sorted({places.topics[found.topic] for found in one.post.matches if found.topic in places.topics}),
        "language": places.languages[one.post.language],
        "lang": one.post.language,
        "link": phrases.link(one.channel, post.message_id),
        "views": post.views,
        "facts": _post_facts(texts, one.post, places) or None,
        "text": _text(texts, one, places),
        "edited": _edited(texts, one, places),
        "deleted": one.post.deleted_at and _when(texts, "digest.post_deleted", one.post.deleted_at, places),
    }
    if one.story is not None:
        found["story"] = places.stories[one.story]
        apart = post.date - places.began[one.story]
        found["lag"] = lapse.distance(texts, apart) if apart else None
    return {name: value for name, value in found.items() if value is not None}


def _moment(texts: Catalogue, at: int, places: Frame) -> str:
    return phrases.moment(texts, at, places.zone, near=places.period.end - 1)


def _when(texts: Catalogue, key: str, at: int, places: Frame) -> str:
    return catalogue.text(texts, key, when=_moment(texts, at, places))


def _post_facts(texts: Catalogue, stored: StoredPost, places: Frame) -> list[str]:
    post = stored.post
    origin = post.origin and phrases.origin(texts, post.origin, places.zone, near=places.period.end - 1)
    return [fact for fact in (phrases.media(texts, post), origin) if fact]


def _text(texts: Catalogue, one: Reported, places: Frame) -> list[list[list[str]]]:
    """Give what stands before the passage with the matches, the passage, and what stands after it."""
    if _is_hidden(one.post, places):
        return [[], _pieces([Span(catalogue.text(texts, "report.deleted_hidden"), "italic")]), []]
    matches = [found for found in one.post.matches if found.topic in places.topics]
    whole = passage.whole(texts, one.post.post, matches, limit=PASSAGE_LIMIT)
    return [_pieces(whole.before), _pieces(whole.passage), _pieces(whole.after)]


def _is_hidden(stored: StoredPost, places: Frame) -> bool:
    return stored.deleted_at is not None and stored.forgotten_at is None and not places.with_deleted


def _edited(texts: Catalogue, one: Reported, places: Frame) -> dict[str, Any] | None:
    post = one.post.post
    if one.edited is None:
        at = post.edited_at
        return None if at is None else {"said": _when(texts, "digest.post_edited", at, places)}
    said = _edits(texts, one.edited, post.date)
    if one.edited.original is None or _is_hidden(one.post, places):
        return {"said": said}
    if changes.is_trivial(one.edited.original, post.written):
        return {"said": f"{said}. {catalogue.text(texts, 'report.reverted')}"} if one.edited.times > 1 else None
    sides = changes.side_by_side(masking.masked(one.edited.original), masking.masked(post.written))
    return {"said": said, "before": _pieces(sides.before), "after": _pieces(sides.after)}


def _edits(texts: Catalogue, edited: Edited, posted: int) -> str:
    key = "followup.edited" if edited.times == 1 else "followup.edited_again"
    return catalogue.text(texts, key, n=edited.times, lapse=lapse.after(texts, edited.at - posted))


def _pieces(spans: Sequence[Span]) -> list[list[str]]:
    """Give spans as pairs of text and the name of the element it stands in; alone where it needs none."""
    return [[span.text] if span.style is None else [span.text, _ELEMENTS[span.style]] for span in spans]
