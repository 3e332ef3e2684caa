"""Takes in what the server pushes. It makes no call: what does not follow on leaves a gap for the catch-up."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telethon.tl import types

from bot import ingest
from bot.telegram import convert, cursors
from bot.telegram.ledger import Ledger, Track
from storage.models import ChannelId, Cursor, MessageId, Post

_WITH_POST = (types.UpdateNewChannelMessage, types.UpdateEditChannelMessage)
_ASKING = (types.UpdateChannelTooLong, types.UpdateChannel)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What pushed updates bring, and how far the channel is known with them. `gap`: something may be missing.

    `late`: posts as they were before a state that should be held already.
    """

    posts: tuple[Post, ...]
    late: tuple[Post, ...]
    deleted: tuple[MessageId, ...]
    cursor: Cursor
    gap: bool


class Live:
    """Takes pushes in one after the other, in a task of its own, so that a lost connection interrupts no storing."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._queue: asyncio.Queue[Any] = asyncio.Queue()

    def receive(self, pushed: Any) -> None:
        """Put down what the server pushed, until `run` comes to it."""
        self._queue.put_nowait(pushed)

    async def run(self) -> None:
        """Take in what is received, for ever."""
        while True:
            await take(self._ledger, await self._queue.get())


async def take(ledger: Ledger, pushed: Any) -> None:
    """Store what one push says of followed channels.

    Args:
        ledger: of the followed channels.
        pushed: one of Telethon's Updates types.
    """
    if isinstance(pushed, types.UpdatesTooLong):
        for track in ledger.tracks.values():
            track.gap.set()
        return
    chats = getattr(pushed, "chats", ())
    await ledger.note(chats)
    updates = pushed.updates if hasattr(pushed, "updates") else [getattr(pushed, "update", None)]
    by_channel: dict[Track, list[Any]] = defaultdict(list)
    for update in updates:
        followed = ledger.tracks.get(_channel_of(update))
        if followed is not None:
            by_channel[followed].append(update)
    for track, found in by_channel.items():
        if any(isinstance(update, types.UpdateChannel) for update in found):
            await _note_membership(ledger, track, chats)
        await _apply(ledger, track, found, convert.channels_among(chats))


def _channel_of(update: Any) -> ChannelId:
    if isinstance(update, _WITH_POST):
        return ChannelId(getattr(update.message.peer_id, "channel_id", 0))
    return ChannelId(getattr(update, "channel_id", 0))


async def _note_membership(ledger: Ledger, track: Track, chats: Sequence[Any]) -> None:
    for chat in chats:
        if isinstance(chat, types.Channel) and chat.id == track.info.id and not chat.min:
            await ledger.set_joined(track, joined=not chat.left)


async def _apply(ledger: Ledger, track: Track, updates: Sequence[Any], sources: Mapping[int, Any]) -> None:
    async with track.lock:
        news = read(track.info.id, track.reached, updates, sources)
        cursor = None if news.cursor == track.reached else news.cursor
        # Late ones are nearly always repeats; of another server one may be news after all.
        posts = (await ledger.news(news.late) if news.late else ()) + news.posts
        if posts or news.deleted or cursor:
            batch = ingest.Batch(
                channel_id=track.info.id, posts=posts, deleted=news.deleted, cursor=cursor, source="live"
            )
            await ledger.keep(track, batch)
    track.pushed = track.pushed or bool(news.posts or news.late)
    track.newest_pts = max(track.newest_pts, *(getattr(update, "pts", None) or 0 for update in updates))
    if news.gap:
        track.gap.set()


def read(channel_id: ChannelId, cursor: Cursor, updates: Sequence[Any], sources: Mapping[int, Any]) -> News:
    """Say what pushed updates of one channel bring; the cursor moves on over those that follow it without a hole."""
    posts: list[Post] = []
    late: list[Post] = []
    deleted: list[MessageId] = []
    gap = False
    for update in updates:
        if isinstance(update, _ASKING):
            gap = True
        if not hasattr(update, "pts_count"):
            continue
        message: Any = getattr(update, "message", None)
        new_id = message.id if isinstance(update, types.UpdateNewChannelMessage) else None
        place = cursors.place(cursor, pts=update.pts, count=update.pts_count, message_id=new_id)
        gap = gap or place == "gap"
        if convert.is_partial(message):
            # Not stored: when it is fetched whole, it would look like an edit.
            gap = gap or place == "next"
            continue
        if place == "next":
            cursor = cursors.after(cursor, pts=update.pts, message_ids=() if new_id is None else (new_id,))
        post = convert.to_post(message, channel_id, sources=sources)
        (late if place == "known" else posts).extend(() if post is None else (post,))
        deleted.extend(_deleted(update))
    return News(posts=tuple(posts), late=tuple(late), deleted=tuple(deleted), cursor=cursor, gap=gap)


def _deleted(update: Any) -> Sequence[MessageId]:
    gone = update.messages if isinstance(update, types.UpdateDeleteChannelMessages) else ()
    return [MessageId(number) for number in gone]
