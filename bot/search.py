"""Searches the posts that are held: reads what was typed, asks the index, brings the posts and what is bold in them."""

import json
import operator
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from bot import rulebook, schedule
from bot.pipeline import query, searching, topic_names
from bot.pipeline.searching import Alternative, SearchError
from bot.render import catalogue, text
from bot.render.catalogue import Catalogue
from bot.render.hits import Hit, Sums
from bot.render.text import Span
from storage import channels, hits, posts, revisions
from storage.database import Connection
from storage.models import Channel, ChannelId, ChannelInfo, Match, Post, StoredPost, TextPart

_SHOWN = 60

Meant = Callable[[Sequence[Channel], str], Sequence[Channel]]
"""Gives the channels that a name, a link or a title means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search that was understood: what the index is asked, and for each thing that shall be there its forms."""

    wanted: hits.Wanted
    every: tuple[tuple[Alternative, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits of one page, and how many there are in all: see `hits.count`."""

    hits: tuple[Hit, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What names in a search can mean."""

    rules: rulebook.Rulebook
    channels: Sequence[Channel]
    meant: Meant


def read(typed: str, known: Known, *, today: date, zone: ZoneInfo) -> Search:
    """Understand a search.

    Args:
        typed: what stands behind the command.
        known: the topics, channels and words there are.
        today: the day that it was asked on, in `zone`.
        zone: whose days are meant.

    Raises:
        SearchError: It cannot be read, or names a topic or a channel that is not there.
    """
    asked = searching.parse(typed, today=today)

    def forms(word: str) -> set[str]:
        codes = rulebook.languages_of(known.rules.words, word, query.Word(word, "forms"))
        return {form for code in codes for form in known.rules.words.forms(word, code)}

    every = tuple(searching.alternatives(word, forms) for word in asked.every)
    without = [phrase for word in asked.without for phrase in searching.alternatives(word, forms)]
    return Search(
        every=every,
        wanted=hits.Wanted(
            every=tuple(tuple(map(_phrase, alternatives)) for alternatives in every),
            without=tuple(map(_phrase, without)),
            topics=tuple(dict.fromkeys(_topic(known.rules, name) for name in asked.topics)),
            channels=tuple(dict.fromkeys(one for name in asked.channels for one in _channels(known, name))),
            languages=asked.languages,
            start=0 if asked.first is None else schedule.day_bounds(asked.first, zone)[0],
            end=hits.LATEST if asked.last is None else schedule.day_bounds(asked.last, zone)[1],
        ),
    )


async def find(
    connection: Connection, search: Search, *, order: hits.Order, limit: int, offset: int = 0, newest: int = hits.LATEST
) -> Found:
    """Return hits with their posts, as `hits.find` orders them."""
    found = await hits.find(connection, search.wanted, order=order, limit=limit, offset=offset, newest=newest)
    held = {post.id: post for post in await posts.by_ids(connection, [hit.post_id for hit in found])}
    infos = await _infos(connection, {post.post.channel_id for post in held.values()})
    shown = [
        await _hit(connection, search, infos[held[hit.post_id].post.channel_id], held[hit.post_id], current=hit.current)
        for hit in found
    ]
    total = await hits.count(connection, search.wanted, most=hits.COUNTED[order], newest=newest)
    return Found(hits=tuple(shown), total=total)


def sums(typed: str, total: int, *, order: hits.Order, missing: int) -> Sums:
    """Give what stands above the hits: how many there are, and how many of them are in order of relevance."""
    more = total > hits.COUNTED[order]
    counted = min(total, hits.COUNTED[order])
    ranked = None if order == "newest" else hits.RANKED if more else counted
    return Sums(query=typed, total=counted, more=more, ranked=ranked, missing=missing)


def explained(texts: Catalogue, error: SearchError, rules: rulebook.Rulebook) -> tuple[Span, ...]:
    """Say in a sentence, with an example, why a search cannot be read."""
    return catalogue.spans(
        texts, f"search.wrong_{error.problem}", found=text.line(error.found, _SHOWN), topics=", ".join(topics(rules))
    )


def _phrase(alternative: Alternative) -> hits.Phrase:
    return hits.Phrase(words=alternative.words, prefix=alternative.prefix)


def topics(rules: rulebook.Rulebook) -> tuple[str, ...]:
    """List the topics that posts may be flagged for, also those that are off by now."""
    return tuple(sorted({rule.topic for rule in rules.files} | rules.own.keys()))


def _topic(rules: rulebook.Rulebook, name: str) -> str:
    meant = topic_names.meant(name, topics(rules))
    if meant is None:
        raise SearchError("topic", name)
    return meant


def _channels(known: Known, name: str) -> Iterable[ChannelId]:
    found = known.meant(known.channels, name)
    if not found:
        raise SearchError("channel", name)
    return (channel.info.id for channel in found)


async def _infos(connection: Connection, channel_ids: Collection[ChannelId]) -> dict[ChannelId, ChannelInfo]:
    every = await channels.every(connection)
    return {channel.info.id: channel.info for channel in every if channel.info.id in channel_ids}


async def _hit(connection: Connection, search: Search, info: ChannelInfo, held: StoredPost, *, current: bool) -> Hit:
    post = held.post if current else await _earlier(connection, search, held.post)
    everything = [alternative for alternatives in search.every for alternative in alternatives]
    matches = tuple(
        Match(topic="", start=start, end=end, term="", rule="")
        for start, end in searching.places(post.text, everything)
    )
    return Hit(channel=info, stored=replace(held, post=post, matches=matches), current=current)


async def _earlier(connection: Connection, search: Search, post: Post) -> Post:
    """Give a post as it was when it said most of what is searched for, the newest of equals."""
    texts = [
        _as_it_was(post, revision.canonical)
        for revision in reversed(await revisions.of_post(connection, post.channel_id, post.message_id))
        if revision.canonical is not None and revision.kind != "deleted"
    ]

    def said(old: Post) -> int:
        return sum(bool(searching.places(old.text, alternatives)) for alternatives in search.every)

    return max(texts, key=said, default=post)


def _as_it_was(post: Post, canonical: str) -> Post:
    content = json.loads(canonical)
    parts = map(operator.itemgetter("kind", "start", "end"), content["parts"])
    return replace(
        post,
        text=content["text"],
        parts=tuple(TextPart(kind=kind, start=start, end=end) for kind, start, end in parts),
        entities=(),
    )
