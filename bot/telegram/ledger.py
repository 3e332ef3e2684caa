"""Writes what is learned of the followed channels, and keeps what is in memory of them in step with the database."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from telethon.tl import types

from bot import ingest, news
from bot.telegram import convert
from storage import channels, posts, rechecks, settings
from storage.database import Database
from storage.models import Channel, ChannelId, ChannelInfo, Cursor, MessageId, Post

_GONE_REMEMBERED = 1000

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True, eq=False)
class Track:
    """A followed channel in memory; what the database holds of it too is changed by the ledger alone.

    `lock` is held while the cursor is looked at and moved on. `gap`: something may be missing. `hurry`: the
    connection came back, so that a pause after a failure is over. `join_tried`: membership is settled for now.
    `newest_pts`: the highest counter that a push named. `pushed`: a push came since the connection was made.
    `whole`: since then nothing is known to be missing. `failed_differences`: refusals in a row. `name`: doubted when
    the server leaves it out, until somebody asks. `quiet`: it shall not be joined.

    `hole`: the id above which history is still to be read, although `cursor.pts` lies behind it. `reading`: history
    is being read now. `gone`: the ids that were last told to be deleted: such a post may come later than its end.
    """

    info: ChannelInfo
    joined: bool
    cursor: Cursor
    held_from: int | None
    trouble: str | None
    quiet: bool = False
    hole: MessageId | None = None
    reading: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    gap: asyncio.Event = field(default_factory=asyncio.Event)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    join_tried: asyncio.Event = field(default_factory=asyncio.Event)
    newest_pts: int = 0
    pushed: bool = False
    whole: bool = False
    failed_differences: int = 0
    name: Literal["known", "doubted", "confirmed"] = "known"
    gone: dict[MessageId, None] = field(default_factory=dict)

    @property
    def behind(self) -> bool:
        """Whether something is being read up on. What the server fails to tell for long is trouble instead."""
        return self.trouble is None and (not self.whole or self.gap.is_set())

    @property
    def reached(self) -> Cursor:
        """How far pushes may follow on.

        Not at all while history is read: a push may delete a post that is in a page under way and not held yet. The
        difference from where the reading began tells it again.
        """
        if self.reading or self.hole is not None or self.held_from is None:
            return replace(self.cursor, pts=None)
        return self.cursor


class Ledger:
    """Holds the tracks and writes for them.

    Args:
        database: where to.
        teller: how posts are classified and who is woken, for `ingest.store`.
        now: UTC seconds by the server's clock.
    """

    def __init__(self, database: Database, teller: ingest.Teller, *, now: Callable[[], int]) -> None:
        self.tracks: dict[ChannelId, Track] = {}
        self.now = now
        self._database = database
        self._teller = teller

    async def begin(self, channel: Channel) -> Track:
        """Track a channel from where the database says it stands."""
        async with self._database.reading() as connection:
            hole = await settings.get(connection, settings.HOLE.format(channel.info.id))
        track = Track(
            info=channel.info,
            joined=channel.joined,
            cursor=channel.cursor,
            held_from=channel.held_from,
            trouble=channel.trouble,
            quiet=channel.quiet,
            hole=MessageId(int(hole)) if hole else None,
        )
        self.tracks[channel.info.id] = track
        return track

    async def keep(self, track: Track, batch: ingest.Batch) -> ingest.Stored:
        """Store a batch, and the cursor that covers it, in one commit. The caller holds the track's lock."""
        late = tuple(post.message_id for post in batch.posts if post.message_id in track.gone)
        batch = replace(batch, deleted=batch.deleted + late)
        stored = await ingest.store(self._database, self._teller, batch, now=self.now())
        track.gone.update(dict.fromkeys(batch.deleted))
        for forgotten in list(track.gone)[:-_GONE_REMEMBERED]:
            del track.gone[forgotten]
        if batch.cursor is not None:
            track.cursor = batch.cursor
        return stored

    async def news(self, found: Sequence[Post]) -> tuple[Post, ...]:
        """Return those posts of which no state is held that is as new by its own date."""
        async with self._database.reading() as connection:
            held = [await posts.get(connection, post.channel_id, post.message_id) for post in found]
        return tuple(
            post
            for post, known in zip(found, held, strict=True)
            if known is None or (known.post.edited_at or 0) < (post.edited_at or 0)
        )

    async def postpone(self, track: Track, message_ids: Sequence[MessageId], *, at: int) -> None:
        """Look posts up again at `at` (UTC seconds): the server did not say anything of them."""
        if message_ids:
            async with self._database.transaction() as tx:
                await rechecks.postpone(tx, track.info.id, message_ids, at=at)

    async def note(self, chats: Sequence[Any]) -> None:
        """Store what an answer or a push says of followed channels, where it differs from what is held."""
        for chat in chats:
            track = self.tracks.get(ChannelId(chat.id)) if isinstance(chat, types.Channel) else None
            if track is None or chat.min:
                continue
            said = convert.to_info(chat)
            if said.username is None and track.info.username is not None and track.name == "known":
                track.name = "doubted"
            await self.learn(track, said)

    async def learn(self, track: Track, said: ChannelInfo) -> None:
        """Store what is said of a channel, and tell its owner what changed; what is left out stays as it was."""
        held = track.info
        info = replace(
            said,
            access_hash=said.access_hash or held.access_hash,
            username=said.username or held.username,
            title=said.title or held.title,
            subscribers=held.subscribers if said.subscribers is None else said.subscribers,
        )
        if info == held:
            return
        changes = await news.learn(self._database, self._teller, info, now=self.now())
        track.info = info
        for change in changes:
            _log.info("Channel %s: %s is now %r, was %r", info.id, change.field, change.after, change.before)

    async def set_joined(self, track: Track, *, joined: bool) -> None:
        """Note whether the account is a member."""
        if track.joined != joined:
            async with self._database.transaction() as tx:
                await channels.set_joined(tx, track.info.id, joined=joined)
            track.joined = joined

    async def begin_history(self, track: Track, since: int) -> None:
        """Note from when on posts are held, before the cursor says up to when."""
        async with self._database.transaction() as tx:
            await channels.set_held_from(tx, track.info.id, since)
        track.held_from = since

    async def open_hole(self, track: Track, above: MessageId) -> None:
        """Note that history is to be read down to `above`, before the cursor goes past it."""
        async with self._database.transaction() as tx:
            await settings.put(tx, settings.HOLE.format(track.info.id), str(above))
        track.hole = above

    async def close_hole(self, track: Track) -> None:
        """Note that history is read."""
        if track.hole is not None:
            async with self._database.transaction() as tx:
                await settings.put(tx, settings.HOLE.format(track.info.id), "")
            track.hole = None

    async def checked(self, track: Track) -> None:
        """Note that the server just confirmed that nothing is missing, and that no trouble is left."""
        async with self._database.transaction() as tx:
            await channels.checked(tx, track.info.id, now=self.now())
            if track.trouble is not None:
                await channels.trouble(tx, track.info.id, None)
        track.trouble = None

    async def trouble(self, track: Track, text: str) -> None:
        """Note what keeps a channel from being read for now."""
        if track.trouble != text:
            async with self._database.transaction() as tx:
                await channels.trouble(tx, track.info.id, text)
            track.trouble = text

    async def lose(self, track: Track, text: str) -> None:
        """Note that a channel can no longer be read, and why; it is tracked no more."""
        async with self._database.transaction() as tx:
            await channels.lose(tx, track.info.id, trouble=text)
        self.tracks.pop(track.info.id, None)
