"""A story in one entry of a list: time, channel, a sentence, how many saw it, who else tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.render import catalogue, passage, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage.models import ChannelInfo, MessageId, StoredPost

SENTENCE_LIMIT = 220
"""Characters of a sentence that are shown: five lines of a phone."""
_NAMED = 2
_TITLE_LIMIT = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The first post by which another channel tells a story."""

    channel: ChannelInfo
    message_id: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A story in a stretch of time: its first post, of which the characters `sentence` are quoted, and the others.

    `posts`: all of it, with what a channel repeats; `reach`: views in all channels; `since`: when the story began, if
    that was before.
    """

    channel: ChannelInfo
    post: StoredPost
    sentence: tuple[int, int]
    copies: tuple[Copy, ...] = ()
    posts: int = 1
    reach: int = 0
    since: int | None = None


def entry(texts: Catalogue, told: Headline, *, topic: str | None, when: str, zone: ZoneInfo) -> list[Span]:
    """Give the entry of a story.

    Args:
        texts: the catalogue of the chat's language.
        told: the story.
        topic: whose words are bold; None: those of every topic.
        when: the time of its post, as the list shows times.
        zone: the chat's time zone.
    """
    spans = [*post(texts, told, when=when), Span("\n"), *quotation(texts, told, topic=topic)]
    facts = _facts(texts, told, zone)
    return [*spans, Span("\n"), *_separated(facts)] if facts else spans


def post(texts: Catalogue, told: Headline, *, when: str) -> list[Span]:
    """Give the first line of an entry: the link to the post, and what became of it."""
    stored = told.post
    link = phrases.link(told.channel, stored.post.message_id)
    marks = (("✏️", stored.post.edited_at), ("🗑", stored.deleted_at))
    said = "".join(f" {mark}" for mark, at in marks if at is not None)
    return [
        Span(phrases.BULLET),
        Span(f"{when} {phrases.flagged_title(texts, told.channel)}", "link", link),
        Span(said),
    ]


def quotation(texts: Catalogue, told: Headline, *, topic: str | None) -> Sequence[Span]:
    """Give the sentence of an entry, the words of the topic bold."""
    if not told.post.post.text and told.post.forgotten_at is None:
        return catalogue.spans(texts, "headline.no_text")
    matches = [match for match in told.post.matches if topic in {None, match.topic}]
    found = passage.passage(texts, told.post.post, matches, limit=SENTENCE_LIMIT, within=told.sentence)
    return passage.on_one_line(found)


def _facts(texts: Catalogue, told: Headline, zone: ZoneInfo) -> list[list[Span]]:
    channels = 1 + len(told.copies)
    facts: list[list[Span]] = []
    if told.reach and channels > 1:
        within = catalogue.text(texts, "story.channels", n=channels)
        facts.append([Span(catalogue.text(texts, "story.reach", n=told.reach, channels=within))])
    elif told.reach:
        facts.append([Span(catalogue.text(texts, "digest.views", n=told.reach))])
    if told.posts > channels:
        facts.append([Span(catalogue.text(texts, "headline.posts", n=told.posts))])
    if told.copies:
        facts.append([Span(f"{catalogue.text(texts, 'story.also')} "), *_others(texts, told.copies)])
    if told.since is not None:
        when = phrases.moment(texts, told.since, zone, near=told.post.post.date)
        facts.append([Span(catalogue.text(texts, "headline.since", when=when))])
    return facts


def _others(texts: Catalogue, copies: Sequence[Copy]) -> list[Span]:
    spans: list[Span] = []
    for number, copy in enumerate(copies[:_NAMED]):
        title = text.cut(phrases.title(copy.channel), _TITLE_LIMIT)
        spans += [Span(", " if number else ""), Span(title, "link", phrases.link(copy.channel, copy.message_id))]
    left = len(copies) - _NAMED
    return [*spans, Span(f", {catalogue.text(texts, 'story.more', n=left)}")] if left > 0 else spans


def _separated(facts: Sequence[Sequence[Span]]) -> list[Span]:
    spans: list[Span] = []
    for number, fact in enumerate(facts):
        spans += [*([Span(phrases.SEPARATOR)] if number else []), *fact]
    return spans
