"""Takes posts in: one transaction holds the posts, their language and matches, the alerts they cause, the cursor."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot import followups, indexing, rulebook, schedule, storyline, telling
from bot.hearers import Hearers
from bot.pipeline.classify import Classification
from bot.render.catalogue import Catalogue
from storage import channels, chats, holes, matches, posts, rechecks, stories
from storage.database import Connection, Database
from storage.models import ChannelId, Cursor, MessageId, OutboxKind, Post, PostId, StoredPost

POSTS_BETWEEN_BREATHS = 10
"""Classifying holds the loop for under a millisecond a post; other work gets its turn after so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What was learned of one channel at one time, in the order of the posts.

    `cursor`: how far the channel is complete once this is stored; None leaves it where it is. `shown`: the first and
    the last id of a stretch of which the server showed all there is, and `there` the ids of it. Posts of a "backfill"
    or an "import" are stored and flagged, but nobody is told.
    """

    channel_id: ChannelId
    posts: tuple[Post, ...] = ()
    deleted: tuple[MessageId, ...] = ()
    cursor: Cursor | None = None
    shown: holes.Span | None = None
    there: tuple[MessageId, ...] = ()
    source: Literal["live", "history", "backfill", "import"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """How many posts were new, edited, deleted; how many of the new or edited are flagged; alerts queued."""

    new: int
    edited: int
    deleted: int
    flagged: int
    told: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """What deciding about a post needs besides the post. `wake` tells the delivery that there is work."""

    rules: rulebook.Rulebook
    catalogues: Mapping[str, Catalogue]
    wake: Callable[[], None]


async def store(database: Database, teller: Teller, batch: Batch, *, now: int) -> Stored:
    """Store `batch` whole or not at all.

    Args:
        database: where to.
        teller: how posts are classified and whom to wake.
        batch: what came.
        now: UTC seconds by Telegram's clock.

    Raises:
        LookupError: The channel is not known to the database.
        StorageError: The database cannot take it; nothing of the batch is stored.
    """
    classified = await _classify(teller.rules, batch.posts)
    read = [(post, classification.language) for post, classification in classified]
    flagged = 0
    queued: Counter[OutboxKind] = Counter()
    async with database.transaction() as tx:
        who = await _hearers(tx, batch, now=now)
        puts = await posts.put_all(tx, batch.channel_id, read, now=now)
        for put, (post, classification) in zip(puts, classified, strict=True):
            if put.outcome == "same":
                continue
            flagged += bool(classification.matches)
            queued += await _decide(tx, teller, who, put, _stored(put, post, classification, now), now=now)
        await indexing.stored(tx, puts, classified)
        await rechecks.plan(tx, _looks(puts, classified, now=now))
        deleted = await posts.delete(tx, batch.channel_id, batch.deleted, now=now) if batch.deleted else ()
        queued += await _tell_deletions(tx, teller, who, batch, deleted, now=now)
        await _note_holes(tx, batch, complete_id=who.channel.cursor.complete_id, now=now)
        if batch.cursor is not None:
            await channels.advance(tx, batch.channel_id, batch.cursor)
    if queued:
        teller.wake()
    outcomes = Counter(put.outcome for put in puts)
    return Stored(
        new=outcomes["new"],
        edited=outcomes["edited"],
        deleted=len(deleted),
        flagged=flagged,
        told=queued["alert"],
    )


def _looks(
    puts: Sequence[posts.Put], classified: Sequence[tuple[Post, Classification]], *, now: int
) -> list[tuple[PostId, int | None]]:
    """Say when posts that were seen now are looked up again; old ones that are new here never were to be."""
    looks = []
    for put, (post, classification) in zip(puts, classified, strict=True):
        at = schedule.next_look(post.date, flagged=bool(classification.matches), now=now)
        if at is not None or put.outcome != "new":
            looks.append((put.post_id, at))
    return looks


async def _classify(rules: rulebook.Rulebook, found: Sequence[Post]) -> list[tuple[Post, Classification]]:
    classified = []
    for number, post in enumerate(found, start=1):
        classified.append((post, rulebook.classify(rules, post)))
        if number % POSTS_BETWEEN_BREATHS == 0:
            await asyncio.sleep(0)
    return classified


async def _note_holes(tx: Connection, batch: Batch, *, complete_id: MessageId, now: int) -> None:
    if batch.shown is not None:
        await holes.confirm(tx, batch.channel_id, batch.shown)
        # What is held and not shown is deleted; the server is asked by id, as some leave out what there is.
        await rechecks.doubt(tx, batch.channel_id, batch.shown, batch.there, at=now)
    if batch.cursor is None or not complete_id:
        return
    passed = batch.cursor.complete_id - complete_id
    if passed > len({post.message_id for post in batch.posts if post.message_id > complete_id}):
        await holes.suspect(tx, batch.channel_id, (complete_id + 1, batch.cursor.complete_id))


async def _hearers(tx: Connection, batch: Batch, *, now: int) -> Hearers:
    # Asked at once: each question by itself would be a trip of its own to the connection's thread.
    channel, let_in, mutes = await asyncio.gather(
        channels.get(tx, batch.channel_id), chats.all_chats(tx), chats.mutes(tx, now=now)
    )
    if channel is None:
        raise LookupError(f"channel {batch.channel_id} is not in the database")
    if batch.source in {"backfill", "import"}:
        return Hearers(channel=channel, chats=(), mutes=())
    return Hearers(channel=channel, chats=let_in, mutes=mutes)


def _stored(put: posts.Put, post: Post, classification: Classification, now: int) -> StoredPost:
    return StoredPost(
        id=put.post_id,
        post=post,
        language=classification.language,
        captured_at=now,
        deleted_at=None,
        matches=classification.matches,
    )


async def _decide(
    tx: Connection, teller: Teller, who: Hearers, put: posts.Put, stored: StoredPost, *, now: int
) -> Counter[OutboxKind]:
    """Store what was found in a post, find the story of one that is or was flagged, and queue what that causes."""
    post = stored.post
    edited = put.outcome == "edited"
    if not edited and not stored.matches:
        return Counter()
    found_before = (await matches.of_posts(tx, [stored.id]))[stored.id] if edited else ()
    await matches.replace(tx, stored.id, stored.matches)
    # A link preview that came after the post changes the text too, but nobody edited anything.
    edited_at = post.edited_at if edited else None
    place = await storyline.find(tx, stored.id, post) if edited else None
    if place is None:
        if not stored.matches:
            return Counter()
        place = await storyline.place(tx, stored.id, post, at=edited_at or post.date, now=now)
    known = frozenset(match.topic for match in found_before)
    news = telling.News(stored=stored, place=place, edited_at=edited_at, known=known)
    return await telling.tell(tx, teller.catalogues, who, news, now=now)


async def _tell_deletions(
    tx: Connection, teller: Teller, who: Hearers, batch: Batch, deleted: Sequence[MessageId], *, now: int
) -> Counter[OutboxKind]:
    if not deleted:
        return Counter()
    gone = await stories.among(tx, batch.channel_id, deleted)
    seen = batch.source == "live"
    return await followups.tell_deletions(tx, teller.catalogues, who, gone, seen=seen, now=now)
