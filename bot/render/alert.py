"""Alerts: a flagged post told alone, or many of them in a summary."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

from bot.render import buttons, catalogue, passage, phrases, story, text
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage.models import ChannelId, ChannelInfo, Held, Match, Message, MessageId, Post, PostId, StoredPost

_CHANNELS_COUNTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A flagged post in a summary, and the topics it is told for."""

    channel: ChannelInfo
    post: StoredPost
    topics: Sequence[str]


def alert(
    texts: Catalogue,
    *,
    channel: ChannelInfo,
    post: StoredPost,
    topics: Sequence[str],
    timezone: str,
    brought_by_edit: bool = False,
    standing: story.Standing | None = None,
) -> Message:
    """Tell of one flagged post: what, who, when, the passage with the matched words bold, its story, and the link.

    Args:
        texts: the catalogue of the chat's language.
        channel: where it was posted.
        post: the post with its matches.
        topics: what it is told for.
        timezone: name of the chat's time zone.
        brought_by_edit: whether the post was held before and only an edit made it match.
        standing: how its story stands, where others tell it as well or it was told before.
    """
    zone = ZoneInfo(timezone)
    link = phrases.link(channel, post.post.message_id)
    spans = (
        *_head(texts, channel, post, topics, zone),
        *(_edit_line(texts, post, zone) if brought_by_edit else ()),
        *_quotation(texts, post, topics),
        *(() if standing is None else story.tail(texts, standing, timezone=timezone)),
        Span(link, "link", link),
    )
    return text.message(spans, buttons=buttons.under(texts, post))


def _head(
    texts: Catalogue, channel: ChannelInfo, post: StoredPost, topics: Sequence[str], zone: ZoneInfo
) -> list[Span]:
    names = phrases.SEPARATOR.join(phrases.topic(texts, topic) for topic in topics)
    name = phrases.username(channel)
    about = (
        phrases.language(texts, post.language),
        "" if post.post.views is None else catalogue.text(texts, "alert.views", n=post.post.views),
        phrases.media(texts, post.post),
    )
    when = phrases.moment(texts, post.post.date, zone, near=post.captured_at)
    facts = [f"{when} {phrases.zone_name(post.post.date, zone)}", *about]
    return [
        Span(names, "bold"),
        Span(f"\n{phrases.title(channel)}", "bold"),
        Span("".join(f"{phrases.SEPARATOR}{flag}" for flag in (name, *phrases.flags(texts, channel)) if flag)),
        Span("\n" + phrases.SEPARATOR.join(fact for fact in facts if fact) + "\n"),
        *_origin_line(texts, post, zone),
    ]


def _origin_line(texts: Catalogue, post: StoredPost, zone: ZoneInfo) -> list[Span]:
    origin = post.post.origin
    return [] if origin is None else [Span(phrases.origin(texts, origin, zone, near=post.captured_at) + "\n")]


def _edit_line(texts: Catalogue, post: StoredPost, zone: ZoneInfo) -> list[Span]:
    at = post.post.edited_at or post.captured_at
    when = phrases.moment(texts, at, zone, near=post.captured_at)
    return [Span(catalogue.text(texts, "alert.edited", when=when) + "\n")]


def _quotation(texts: Catalogue, post: StoredPost, topics: Sequence[str]) -> list[Span]:
    found = list(passage.passage(texts, post.post, _told(post, topics)))
    # A quotation ends with its last letter, also where nothing follows the name of a part.
    while found and not found[-1].text.strip():
        found.pop()
    if found:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip())
    # In a quotation no post can pass its own lines off as ours.
    return [*(replace(span, quoted="quote") for span in found), Span("\n")]


def _told(post: StoredPost, topics: Sequence[str]) -> list[Match]:
    return [match for match in post.matches if match.topic in topics]


def summary(
    texts: Catalogue, *, entries: Sequence[Entry], timezone: str, reason: Literal["burst", "late"] | Held
) -> tuple[Message, ...]:
    """Tell of many flagged posts: counts on top, then one line a post with its link, newest first.

    Args:
        texts: the catalogue of the chat's language.
        entries: the posts.
        timezone: name of the chat's time zone.
        reason: "burst": more at once than the pace allows; "quiet" and "hourly": held back as the chat wishes; all
            are listed, in as many messages as it takes. "late": found long after they were posted, told in one
            message, in which those beyond its room are counted.
    """
    zone = ZoneInfo(timezone)
    head = _summary_head(texts, entries, reason)
    newest_first = sorted(entries, key=lambda entry: entry.post.post.date, reverse=True)
    lines = [_summary_line(texts, entry, zone) for entry in newest_first]
    if reason == "late":
        return _one_page(texts, head, lines)
    return text.pack([head, *lines])


def fitting(
    texts: Catalogue, *, entries: Sequence[Entry], timezone: str, reason: Literal["burst"] | Held = "burst"
) -> int:
    """Say how many of `entries`, the first ones and one at least, fit one message that `summary` makes of them."""
    lines: list[list[Span]] = []
    length = 0
    for entry in entries:
        lines.append(_summary_line(texts, entry, ZoneInfo(timezone)))
        length += sum(text.utf16(span.text) for span in lines[-1])
        if length > text.TEXT_LIMIT:
            break

    def pages(count: int) -> int:
        return len(text.pack([_summary_head(texts, entries[:count], reason), *lines[:count]]))

    return bisect_right(range(len(lines) + 1), 1, lo=2, key=pages) - 1


def _one_page(texts: Catalogue, head: Sequence[Span], lines: Sequence[Sequence[Span]]) -> tuple[Message, ...]:
    def page(shown: int) -> tuple[Message, ...]:
        left = len(lines) - shown
        rest = [catalogue.spans(texts, "summary.more_posts", n=left)] if left else []
        return text.pack([head, *lines[:shown], *rest])

    shown = bisect_right(range(len(lines) + 1), 1, key=lambda count: len(page(count))) - 1
    return page(shown)[:1]


def _summary_head(texts: Catalogue, entries: Sequence[Entry], reason: str) -> list[Span]:
    topics = Counter(topic for entry in entries for topic in entry.topics)
    channels = Counter(entry.channel.id for entry in entries)
    titles = {entry.channel.id: phrases.title(entry.channel) for entry in entries}
    by_topic = [
        catalogue.text(texts, "summary.count", name=phrases.topic(texts, name), n=count)
        for name, count in topics.most_common()
    ]
    by_channel = [
        catalogue.text(texts, "summary.count", name=titles[channel], n=count)
        for channel, count in channels.most_common(_CHANNELS_COUNTED)
    ]
    if len(channels) > _CHANNELS_COUNTED:
        left = len(channels) - _CHANNELS_COUNTED
        by_channel.append(catalogue.text(texts, "summary.more_channels", n=left))
    title = catalogue.text(texts, f"summary.{reason}", n=len(entries))
    why = [Span(catalogue.text(texts, "summary.late_reason") + "\n", "italic")] if reason == "late" else []
    counts = f"{phrases.SEPARATOR.join(by_topic)}\n{phrases.SEPARATOR.join(by_channel)}\n"
    return [Span(title, "bold"), Span("\n"), *why, Span(counts)]


def _summary_line(texts: Catalogue, entry: Entry, zone: ZoneInfo) -> list[Span]:
    post = entry.post
    found = passage.passage(texts, post.post, _told(post, entry.topics), limit=passage.LINE_LIMIT)
    when = phrases.moment(texts, post.post.date, zone, near=post.captured_at)
    link = phrases.link(entry.channel, post.post.message_id)
    return [
        Span(phrases.BULLET),
        Span(f"{when} {phrases.flagged_title(texts, entry.channel)}", "link", link),
        Span(" "),
        *passage.on_one_line(found),
    ]


def sample(texts: Catalogue, *, timezone: str, now: int) -> Message:
    """Show what an alert looks like to somebody who was just let in. Its channel and post are invented."""
    word = catalogue.text(texts, "sample.match")
    shown = catalogue.text(texts, "sample.text", match=word)
    start = shown.index(word)
    found = Match(topic="mobilization", start=start, end=start + len(word), term=word, rule=word)
    channel = ChannelInfo(id=ChannelId(0), access_hash=0, username=None, title=catalogue.text(texts, "sample.title"))
    post = Post(channel_id=channel.id, message_id=MessageId(0), date=now, text=shown, views=1234)
    stored = StoredPost(
        id=PostId(0), post=post, language=texts.language, captured_at=now, deleted_at=None, matches=(found,)
    )
    topics = (found.topic,)
    return text.message(
        (
            Span(catalogue.text(texts, "sample.notice") + "\n\n", "italic"),
            *_head(texts, channel, stored, topics, ZoneInfo(timezone)),
            *_quotation(texts, stored, topics),
        )
    )
