"""What an alert says of its story: who else tells it and how much later, where it came from, how many saw it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.render import catalogue, lapse, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage.models import ChannelId, Message, Origin, PostId
from storage.story_models import Appearance

_NAMED = 3
_NAMED_WHERE_SPREAD = 5
_TITLE_LIMIT = 28
"""UTF-16 units of a title in the list of those who tell a story as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a story stands: its posts, oldest first, of which `quoted` is the one in the alert.

    `before`: the post with which an older story began that this one continues.
    """

    quoted: PostId
    appearances: Sequence[Appearance]
    before: Appearance | None = None

    @property
    def lead(self) -> Appearance:
        """The post in the alert."""
        return next(one for one in self.appearances if one.post_id == self.quoted)


def channels(appearances: Iterable[Appearance]) -> int:
    """Count the channels that tell a story; one that repeats itself counts once."""
    return len({one.channel.id for one in appearances})


def tail(texts: Catalogue, standing: Standing, *, timezone: str) -> tuple[Span, ...]:
    """Give the lines of an alert about its story, each with its line break; none while there is nothing to say.

    Args:
        texts: the catalogue of the chat's language.
        standing: how the story stands.
        timezone: name of the chat's time zone.
    """
    zone = ZoneInfo(timezone)
    spans: list[Span] = []
    if standing.before is not None:
        spans += (*_before(texts, standing, standing.before, zone), Span("\n"))
    others = _others(standing)
    if others:
        spans += (Span(f"{catalogue.text(texts, 'story.also')} "), *_named(texts, standing.lead, others, _NAMED))
        spans += (Span("\n"), *_origin(texts, standing, zone), *_reach(texts, standing.appearances), Span("\n"))
    return tuple(spans)


def renewed(alert: Message, lines: Sequence[Span]) -> Message:
    """Give an alert with `lines` about its story instead of those it had; its words and its link stay as they were.

    What the channel made of its post meanwhile is told below the alert, not in it.
    """
    if "\n" not in alert.text:
        return alert  # its post is forgotten, and it says no more than that
    units = alert.text.encode("utf-16-le")
    last = text.utf16(alert.text[: alert.text.rfind("\n") + 1])
    end = max((entity.start + entity.length for entity in alert.entities if entity.kind == "quote"), default=last - 1)
    between, found = text.compose(lines)
    head = units[: 2 * end].decode("utf-16-le") + "\n"
    start = end + 1
    middle = f"{between}\n" if between else ""
    moved = start + text.utf16(middle) - last
    behind = (
        *(replace(entity, start=entity.start + start) for entity in found),
        *(replace(entity, start=entity.start + moved) for entity in alert.entities if entity.start >= last),
    )
    ahead = [entity for entity in alert.entities if entity.start + entity.length <= end]
    while len(ahead) + len(behind) > text.ENTITY_LIMIT:
        ahead.pop()  # the last bold words
    entities = (*ahead, *behind)
    return replace(alert, text=head + middle + units[2 * last :].decode("utf-16-le"), entities=entities)


def spread(texts: Catalogue, standing: Standing, *, silent: bool) -> Message:
    """Say below an alert how many channels tell its story by now, since an alert that changes makes no sound."""
    lead = standing.lead
    count = channels(standing.appearances)
    first = Span(_title(lead), "link", _link(lead))
    spans = (
        Span(catalogue.text(texts, "story.spread", n=count), "bold"),
        Span("\n"),
        *_joined([(first,), *_listed(texts, lead, _others(standing), _NAMED_WHERE_SPREAD - 1)]),
        Span("\n"),
        *_reach(texts, standing.appearances),
    )
    return text.message(spans, silent=silent)


def _others(standing: Standing) -> list[list[Appearance]]:
    """Give what each other channel posted, the channel that was first at it first."""
    lead = standing.lead
    by_channel: dict[ChannelId, list[Appearance]] = defaultdict(list)
    for one in standing.appearances:
        if one.channel.id != lead.channel.id:
            by_channel[one.channel.id].append(one)
    return list(by_channel.values())


def _named(texts: Catalogue, lead: Appearance, others: Sequence[Sequence[Appearance]], limit: int) -> list[Span]:
    return _joined(_listed(texts, lead, others, limit))


def _listed(
    texts: Catalogue, lead: Appearance, others: Sequence[Sequence[Appearance]], limit: int
) -> list[tuple[Span, ...]]:
    shown = [_one(texts, lead, of_channel) for of_channel in others[:limit]]
    left = len(others) - limit
    return [*shown, (Span(catalogue.text(texts, "story.more", n=left)),)] if left > 0 else shown


def _one(texts: Catalogue, lead: Appearance, of_channel: Sequence[Appearance]) -> tuple[Span, ...]:
    first = of_channel[0]
    gone = " 🗑" if all(one.deleted_at is not None for one in of_channel) else ""
    return (
        Span(_title(first), "link", _link(first)),
        Span(f" {lapse.distance(texts, first.date - lead.date)}{gone}"),
    )


def _joined(items: Sequence[Sequence[Span]]) -> list[Span]:
    return [span for number, item in enumerate(items) for span in ((Span(", "),) if number else ()) + tuple(item)]


def _origin(texts: Catalogue, standing: Standing, zone: ZoneInfo) -> list[Span]:
    """Name where the story came from, where the alert itself does not say it: it is no forward, but others are."""
    lead = standing.lead
    origins = [one.origin for one in standing.appearances if one.origin is not None and one.origin.title]
    if lead.origin is not None or not origins or any(_is(lead, origin) for origin in origins):
        return []
    origin = min(origins, key=lambda one: lead.date if one.date is None else one.date)
    name = text.line(origin.title or "", phrases.TITLE_LIMIT)
    if origin.date is None:
        return [Span(catalogue.text(texts, "story.origin", title=name) + "\n")]
    when = phrases.moment(texts, origin.date, zone, near=lead.date)
    return [Span(catalogue.text(texts, "story.origin_when", title=name, when=when) + "\n")]


def _is(post: Appearance, origin: Origin) -> bool:
    return origin.channel_id == post.channel.id and origin.message_id == post.message_id


def _reach(texts: Catalogue, appearances: Sequence[Appearance]) -> list[Span]:
    most: dict[ChannelId, int] = defaultdict(int)
    for one in appearances:
        # The parts of an album are seen together, and who sees a post again is no other reader.
        most[one.channel.id] = max(most[one.channel.id], one.views or 0)
    shown = catalogue.text(texts, "story.channels", n=len(most))
    return [Span(catalogue.text(texts, "story.reach", n=sum(most.values()), channels=shown))]


def _before(texts: Catalogue, standing: Standing, before: Appearance, zone: ZoneInfo) -> list[Span]:
    channel = Span(_title(before), "link", _link(before))
    when = phrases.moment(texts, before.date, zone, near=standing.lead.date)
    return list(catalogue.spans(texts, "story.before", channel=channel, when=when))


def _title(one: Appearance) -> str:
    return text.cut(phrases.title(one.channel), _TITLE_LIMIT)


def _link(one: Appearance) -> str:
    return phrases.link(one.channel, one.message_id)
