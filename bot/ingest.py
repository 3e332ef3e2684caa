"""Takes posts in: one transaction holds the posts, their language and matches, the alerts they cause, the cursor."""

import asyncio
import collections
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot import audience, pacing, rulebook, schedule
from bot.pipeline.classify import Classification
from bot.render import alert
from bot.render.catalogue import Catalogue
from storage import channels, chats, holes, matches, outbox, posts, rechecks
from storage.database import Connection, Database
from storage.models import (
    Channel,
    ChannelId,
    Chat,
    Cursor,
    MessageId,
    Mute,
    Post,
    PostId,
    StoredPost,
    Subject,
)

POSTS_BETWEEN_BREATHS = 10
"""Classifying holds the loop for under a millisecond a post; other work gets its turn after so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What was learned of one channel at one time, in the order of the posts.

    `cursor`: how far the channel is complete once this is stored; None leaves it where it is. `shown`: the first and
    the last id of a stretch of which the server showed all there is. Posts of a "backfill" or an "import" are stored
    and flagged, but nobody is told.
    """

    channel_id: ChannelId
    posts: tuple[Post, ...] = ()
    deleted: tuple[MessageId, ...] = ()
    cursor: Cursor | None = None
    shown: holes.Span | None = None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hearers:
    """Who is told of a channel's posts, and what each does not want to hear of."""

    channel: Channel
    chats: Sequence[Chat]
    mutes: Sequence[Mute]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flagged:
    """A post with matches; `edited_at` is set when it was an edit that came."""

    stored: StoredPost
    edited_at: int | None


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
    flagged = told = 0
    async with database.transaction() as tx:
        hearers = await _hearers(tx, batch, now=now)
        puts = await posts.put_all(tx, batch.channel_id, read, now=now)
        for put, (post, classification) in zip(puts, classified, strict=True):
            if put.outcome == "same":
                continue
            if put.outcome == "edited" or classification.matches:
                await matches.replace(tx, put.post_id, classification.matches)
            if classification.matches:
                flagged += 1
                told += await _tell(tx, teller, hearers, _flagged(put, post, classification, now), now=now)
        await rechecks.plan(tx, _looks(puts, classified, now=now))
        deleted = await posts.delete(tx, batch.channel_id, batch.deleted, now=now) if batch.deleted else ()
        await _note_holes(tx, batch, complete_id=hearers.channel.cursor.complete_id)
        if batch.cursor is not None:
            await channels.advance(tx, batch.channel_id, batch.cursor)
    if told:
        teller.wake()
    outcomes = collections.Counter(put.outcome for put in puts)
    return Stored(new=outcomes["new"], edited=outcomes["edited"], deleted=len(deleted), flagged=flagged, told=told)


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


async def _note_holes(tx: Connection, batch: Batch, *, complete_id: MessageId) -> None:
    if batch.shown is not None:
        await holes.confirm(tx, batch.channel_id, batch.shown)
    if batch.cursor is None or not complete_id:
        return
    passed = batch.cursor.complete_id - complete_id
    if passed > len({post.message_id for post in batch.posts if post.message_id > complete_id}):
        await holes.suspect(tx, batch.channel_id, (complete_id + 1, batch.cursor.complete_id))


async def _hearers(tx: Connection, batch: Batch, *, now: int) -> _Hearers:
    # Asked at once: each question by itself would be a trip of its own to the connection's thread.
    channel, let_in, mutes = await asyncio.gather(
        channels.get(tx, batch.channel_id), chats.all_chats(tx), chats.mutes(tx, now=now)
    )
    if channel is None:
        raise LookupError(f"channel {batch.channel_id} is not in the database")
    if batch.source in {"backfill", "import"}:
        return _Hearers(channel=channel, chats=(), mutes=())
    return _Hearers(channel=channel, chats=let_in, mutes=mutes)


def _flagged(put: posts.Put, post: Post, classification: Classification, now: int) -> _Flagged:
    # A link preview that came after the post changes the text too, but nobody edited anything.
    edited_at = post.edited_at if put.outcome == "edited" else None
    return _Flagged(
        stored=StoredPost(
            id=put.post_id,
            post=post,
            language=classification.language,
            captured_at=now,
            deleted_at=None,
            matches=classification.matches,
        ),
        edited_at=edited_at,
    )


async def _tell(tx: Connection, teller: Teller, hearers: _Hearers, flagged: _Flagged, *, now: int) -> int:
    stored, channel = flagged.stored, hearers.channel.info
    matched = {match.topic for match in stored.matches}
    late = now - (flagged.edited_at or stored.post.date) > pacing.LATE_SECONDS
    told = 0
    for chat in hearers.chats:
        telling = audience.decide(chat, hearers.mutes, channel_id=channel.id, topics=matched, now=now)
        if telling is None:
            continue
        message = alert.alert(
            teller.catalogues[chat.language],
            channel=channel,
            post=stored,
            topics=telling.topics,
            timezone=chat.timezone,
            brought_by_edit=flagged.edited_at is not None,
        )
        added = await outbox.add(
            tx,
            chat_id=chat.id,
            kind="alert",
            key=alert_key(stored.post),
            random_id=outbox.new_random_id(),
            message=replace(message, silent=telling.silent),
            subject=Subject(post_id=stored.id, topics=telling.topics, late=late, held=telling.held),
            now=now,
            not_before=telling.not_before,
        )
        told += added is not None
    return told


def alert_key(post: Post) -> str:
    """Name the alert of `post`: the parts of an album share one, and a post is alerted once, however it is edited."""
    part = post.message_id if post.grouped_id is None else f"album{post.grouped_id}"
    return f"alert:{post.channel_id}:{part}"
