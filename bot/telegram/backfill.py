"""Reads a channel's older history, page by page downward, while nothing more urgent is to be asked."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot import ingest
from bot.telegram import catchup
from bot.telegram.calls import CallFailedError, Calls, FloodedError
from bot.telegram.follower import Pace, Tell
from bot.telegram.ledger import Ledger, Track
from storage import backfills, channels
from storage.backfills import Backfill
from storage.database import Database
from storage.models import MessageId, Post

OnPage = Callable[[int, int], None]
"""Hears of each page that is held: the date that is reached (UTC seconds), and how many posts were new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page of history. `oldest`, `at`: id and date of the last message that is wanted; `last`: there are no more."""

    posts: tuple[Post, ...]
    oldest: MessageId
    at: int
    last: bool
    shown: tuple[int, int] | None
    there: tuple[MessageId, ...]


class Backfiller:
    """Works off what was asked for, one channel after the other, each from where it stood.

    Args:
        calls: asks the server.
        ledger: holds the followed channels and stores what is read.
        database: knows what was asked for.
        tell: tells the owner that a channel is done.
        pace: how long to pause after failures.
    """

    def __init__(self, calls: Calls, ledger: Ledger, database: Database, *, tell: Tell, pace: Pace) -> None:
        self._calls = calls.at("backfill")
        self._ledger = ledger
        self._database = database
        self._tell = tell
        self._pace = pace
        self.asked = asyncio.Event()

    async def run(self) -> None:
        """Work off what is asked for, for ever.

        Raises:
            TelegramError: The session or the account is of no use any more.
            StorageError: The database cannot take what is read.
        """
        failures = 0
        while True:
            self.asked.clear()
            try:
                worked = await self.step()
                failures = 0
            except FloodedError as error:
                await asyncio.sleep(error.left)
                continue
            except CallFailedError:
                failures += 1
                await asyncio.sleep(self._pace.pause(failures))
                continue
            if not worked:
                await self._wait()

    async def step(self) -> bool:
        """Read one channel to the end of what was asked for; whether there was one that could be read.

        Raises:
            FloodedError: Telegram asks for a pause first; what was read until then is held.
            CallFailedError: The server failed; the same.
        """
        async with self._database.reading() as connection:
            found = await backfills.unfinished(connection)
        for wanted in found:
            track = self._ledger.tracks.get(wanted.channel_id)
            if track is not None and track.held_from is not None:
                new = await read_back(self._calls, self._ledger, self._database, track)
                await self._tell("reading.backfilled", {"channel": track.info.title, "n": new})
                return True
        return False

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._pace.recheck):
                await self.asked.wait()
        except TimeoutError:
            return


async def read_back(
    calls: Calls, ledger: Ledger, database: Database, track: Track, on_page: OnPage = lambda _at, _new: None
) -> int:
    """Read what was asked for of a channel from where it stood; each page is kept before the next one counts.

    Args:
        calls: asks the server.
        ledger: stores what is read.
        database: knows how far it has come.
        track: the channel, whose history of the first days is held already.
        on_page: hears of each page.

    Returns:
        How many posts were new, also before an interruption.

    Raises:
        FloodedError: Telegram asks for a pause first; what was read until then is held.
        CallFailedError: The server failed; the same.
        TelegramError: The session or the account is of no use any more.
    """
    wanted, below = await _standing(database, track)
    page: _Page | None = await _fetch(calls, track, below=below, since=wanted.since)
    while page is not None:
        # The next page is on its way while this one is stored.
        coming = None if page.last else asyncio.create_task(_fetch(calls, track, below=page.oldest, since=wanted.since))
        try:
            new = await _keep(ledger, database, track, page)
            on_page(page.at, new)
            page = None if coming is None else await coming
        finally:
            if coming is not None:
                coming.cancel()
                await asyncio.wait({coming})
                # Looked at, for asyncio complains of errors that nobody has heard of.
                _ = coming.cancelled() or coming.exception()
    async with database.transaction() as tx:
        await backfills.end(tx, track.info.id, now=ledger.now())
        if track.held_from is None or wanted.since < track.held_from:
            await channels.set_held_from(tx, track.info.id, wanted.since)
            track.held_from = wanted.since
        done = await backfills.get(tx, track.info.id)
    return 0 if done is None else done.posts


async def _standing(database: Database, track: Track) -> tuple[Backfill, int]:
    async with database.reading() as connection:
        wanted = await backfills.get(connection, track.info.id)
        if wanted is None:
            raise LookupError(f"nothing was asked for of channel {track.info.id}")
        if wanted.reached_id is not None:
            return wanted, wanted.reached_id
        return wanted, await backfills.oldest_id(connection, track.info.id, since=track.held_from or 0) or 0


async def _fetch(calls: Calls, track: Track, *, below: int, since: int) -> _Page:
    answer = await catchup.history_page(calls, track, below=below)
    messages = catchup.of_channel(answer, track, below=below)
    inside = [message for message in messages if catchup.time_of(message) >= since]
    posts = await catchup.read_posts(calls, track, inside, getattr(answer, "chats", ()))
    dates = [_date(message, since) for message in inside]
    return _Page(
        posts=posts,
        oldest=MessageId(min((message.id for message in inside), default=below)),
        at=max(since, min(dates, default=since)),
        last=not messages or len(inside) < len(messages),
        shown=catchup.span(inside, below=below),
        there=catchup.ids(inside),
    )


def _date(message: Any, otherwise: int) -> int:
    return int(message.date.timestamp()) if getattr(message, "date", None) else otherwise


async def _keep(ledger: Ledger, database: Database, track: Track, page: _Page) -> int:
    batch = ingest.Batch(
        channel_id=track.info.id, posts=page.posts, shown=page.shown, there=page.there, source="backfill"
    )
    async with track.lock:
        stored = await ledger.keep(track, batch)
    async with database.transaction() as tx:
        await backfills.advance(tx, track.info.id, reached_id=page.oldest, reached_at=page.at, new=stored.new)
    return stored.new
