"""Looks posts up by their ids: recent ones again, for what no update told of them, and ids that are not known."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from telethon.tl import functions, types

from bot import ingest
from bot.telegram import catchup
from bot.telegram.calls import CallFailedError, Calls, FloodedError
from bot.telegram.follower import Pace
from bot.telegram.ledger import Ledger, Track
from storage import holes, rechecks
from storage.database import Database
from storage.holes import Hole
from storage.models import ChannelId, MessageId

AT_ONCE = 100
"""Ids in one call, as many as the server takes."""
SOON_SECONDS = 120
"""What is due so soon is looked up along."""
UNANSWERED_SECONDS = 3600
REFUSED_SECONDS = 3600


@dataclass(slots=True, kw_only=True)
class _Pause:
    failures: int
    until: float


class Recheck:
    """Looks posts up again when they are due, one call after the other.

    Args:
        calls: asks the server.
        ledger: holds the followed channels and stores what is found.
        database: knows which posts are due.
        pace: how long to pause after failures, and when nothing is due.
    """

    def __init__(self, calls: Calls, ledger: Ledger, database: Database, *, pace: Pace) -> None:
        self._calls = calls
        self._ledger = ledger
        self._database = database
        self._pace = pace
        self._pauses: dict[ChannelId, _Pause] = {}

    async def run(self) -> None:
        """Look up what falls due, for ever.

        Raises:
            TelegramError: The session or the account is of no use any more.
            StorageError: The database cannot take what is found.
        """
        while True:
            try:
                worked = await self.step()
            except FloodedError as error:
                await asyncio.sleep(error.left)
                continue
            if not worked:
                await asyncio.sleep(self._pace.recheck)

    async def step(self) -> bool:
        """Look up posts of the channel whose turn it is; whether there was one.

        Raises:
            FloodedError: Telegram asks for a pause first.
            TelegramError: The session or the account is of no use any more.
        """
        async with self._database.reading() as connection:
            found = await rechecks.due(connection, now=self._ledger.now())
        for due in found:
            track = self._ledger.tracks.get(due.channel_id)
            if track is not None and self._may_ask(due.channel_id):
                await self._look(track, self._calls.at("recheck" if due.flagged else "backfill"))
                return True
        return await self._settle_holes()

    async def _settle_holes(self) -> bool:
        """Ask for ids that the channel has come past without a post; whether there were any."""
        async with self._database.reading() as connection:
            found = await holes.newest_unknown(connection)
        for hole in found:
            track = self._ledger.tracks.get(hole.channel_id)
            if track is not None and track.whole and self._may_ask(hole.channel_id):
                await self._ask(track, settle(self._calls.at("backfill"), self._ledger, track, hole))
                return True
        return False

    def _may_ask(self, channel_id: ChannelId) -> bool:
        pause = self._pauses.get(channel_id)
        return pause is None or pause.until <= time.monotonic()

    async def _look(self, track: Track, calls: Calls) -> None:
        until = self._ledger.now() + SOON_SECONDS
        async with self._database.reading() as connection:
            wanted = await rechecks.of_channel(connection, track.info.id, until=until, limit=AT_ONCE)
        await self._ask(track, look_up(calls, self._ledger, track, wanted))

    async def _ask(self, track: Track, asking: Coroutine[Any, Any, None]) -> None:
        try:
            await asking
        except CallFailedError as error:
            before = self._pauses.get(track.info.id)
            failures = 1 if before is None else before.failures + 1
            pause = self._pace.pause(failures) if error.passing else REFUSED_SECONDS
            self._pauses[track.info.id] = _Pause(failures=failures, until=time.monotonic() + pause)
        else:
            self._pauses.pop(track.info.id, None)


async def look_up(calls: Calls, ledger: Ledger, track: Track, wanted: tuple[MessageId, ...]) -> None:
    """Ask for posts by their ids, and store what became of them.

    Raises:
        FloodedError: Telegram asks for a pause first.
        CallFailedError: The server refused or failed.
        TelegramError: The session or the account is of no use any more.
    """
    answer = await calls.ask(
        functions.channels.GetMessagesRequest(
            channel=types.InputChannel(channel_id=track.info.id, access_hash=track.info.access_hash),
            id=[types.InputMessageID(id=number) for number in wanted],
        ),
        channel_id=track.info.id,
    )
    asked = set(wanted)
    messages = [message for message in getattr(answer, "messages", ()) if message.id in asked]
    gone = tuple(MessageId(message.id) for message in messages if isinstance(message, types.MessageEmpty))
    shown = [message for message in messages if not isinstance(message, types.MessageEmpty)]
    posts = await catchup.read_posts(calls, track, shown, getattr(answer, "chats", ()))
    async with track.lock:
        if (getattr(answer, "pts", None) or track.cursor.pts or 0) < (track.cursor.pts or 0):
            # A push was quicker: what it brought is newer than this answer, which is asked for again.
            return
        batch = ingest.Batch(channel_id=track.info.id, posts=posts, deleted=gone, source="history")
        await ledger.keep(track, batch)
    unanswered = asked - set(gone) - {post.message_id for post in posts}
    await ledger.postpone(track, tuple(unanswered), at=ledger.now() + UNANSWERED_SECONDS)


async def settle(calls: Calls, ledger: Ledger, track: Track, hole: Hole) -> None:
    """Read the page of history that ends with `hole`: what it does not show is empty.

    Raises:
        FloodedError: Telegram asks for a pause first.
        CallFailedError: The server refused or failed.
        TelegramError: The session or the account is of no use any more.
    """
    answer = await catchup.history_page(calls, track, below=hole.last + 1)
    messages = catchup.of_channel(answer, track, below=hole.last + 1)
    posts = await catchup.read_posts(calls, track, messages, getattr(answer, "chats", ()))
    shown = catchup.span(messages, below=hole.last + 1) or (hole.first, hole.last)
    async with track.lock:
        batch = ingest.Batch(
            channel_id=track.info.id,
            posts=await ledger.news(posts),
            shown=(max(shown[0], hole.first), hole.last),
            there=catchup.ids(messages),
            source="history",
        )
        await ledger.keep(track, batch)
