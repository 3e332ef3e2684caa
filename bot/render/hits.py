"""What a search found: for each hit time, channel and one passage, with the words that were searched for bold."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.render import catalogue, passage, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage.models import ChannelInfo, StoredPost

PASSAGE_LIMIT = 180
"""Characters of a post that are shown: four lines of a phone."""
_QUERY_SHOWN = 200

Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A post as it was found, its `matches` what was searched for; `current` False: as it was before an edit."""

    channel: ChannelInfo
    stored: StoredPost
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What stands above the hits.

    `total`: the posts that were found; with `more` there are more than these. `ranked`: of so many the most relevant
    come first; None: the newest come first. `missing`: posts that are not in the index yet.
    """

    query: str
    total: int
    more: bool = False
    ranked: int | None = None
    missing: int = 0


def hit_list(texts: Catalogue, sums: Sums, hits: Sequence[Hit], *, zone: ZoneInfo, now: int) -> list[Line]:
    """Give the lines of a page of hits."""
    lines: list[Line] = [(Span(f"🔎 {text.line(sums.query, _QUERY_SHOWN)}", "bold"),), _counted(texts, sums)]
    if sums.missing:
        lines.append(catalogue.spans(texts, "search.missing", n=sums.missing))
    return [*lines, *(_hit(texts, hit, zone, now) for hit in hits)]


def _counted(texts: Catalogue, sums: Sums) -> Line:
    if not sums.total:
        return catalogue.spans(texts, "search.nothing")
    many = "more" if sums.more else "total"
    if sums.ranked is None:
        return catalogue.spans(texts, f"search.{many}_newest", n=sums.total)
    if sums.ranked < sums.total:
        return catalogue.spans(texts, f"search.{many}_partly", n=sums.total, ranked=sums.ranked)
    return catalogue.spans(texts, f"search.{many}_relevance", n=sums.total)


def _hit(texts: Catalogue, hit: Hit, zone: ZoneInfo, now: int) -> Line:
    post = hit.stored.post
    when = phrases.moment(texts, post.date, zone, near=now)
    title = phrases.flagged_title(texts, hit.channel)
    link = phrases.link(hit.channel, post.message_id)
    shown: Line = ()
    if post.text or hit.stored.forgotten_at is not None:
        shown = passage.on_one_line(passage.passage(texts, post, hit.stored.matches, limit=PASSAGE_LIMIT))
    head = (Span("\n"), Span(f"{when} {title}", "link", link), *_marks(texts, hit))
    return (*head, Span("\n"), *(shown or catalogue.spans(texts, "search.no_text")))


def _marks(texts: Catalogue, hit: Hit) -> Line:
    keys = (
        ("search.deleted", hit.stored.deleted_at is not None),
        ("search.earlier", not hit.current),
        ("search.edited", hit.current and hit.stored.post.edited_at is not None),
    )
    return tuple(Span(f"{phrases.SEPARATOR}{catalogue.text(texts, key)}", "italic") for key, holds in keys if holds)
