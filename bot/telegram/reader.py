"""The reader: follows channels with a user account, and finds and follows more when asked."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

from telethon.tl import functions, types

from bot import ingest
from bot.commands.reader import Following, Found, ReaderState, Translation, Unavailable, Way
from bot.telegram import client, directory, errors, ledger, live, translator
from bot.telegram.backfill import Backfiller
from bot.telegram.calls import CallFailedError, Calls, FloodedError
from bot.telegram.follower import Follower, Pace, Tell
from bot.telegram.joiner import Joiner
from bot.telegram.recheck import Recheck
from bot.telegram.silence import Silence
from bot.telegram.turns import Turns
from bot.telegram.waits import Waits
from bot.telegram.wanted import Wanted
from storage import backfills, channels, settings
from storage.database import Database
from storage.models import Channel, ChannelId, ChannelInfo

TOLERATED_CLOCK_OFFSET_SECONDS = 30
CLOCK_ROUNDING_SECONDS = 2

ACCOUNT = "reader_id"
"""Under this name stands which account has read here."""


class Reader:
    """The user account at work. Implements `bot.commands.reader.Reader`.

    Make it, then connect the client, then let `run` work until `stop` is set; the rest may be called all the while,
    also before and after. After `run` has raised TelegramError the bot may go on: `find` then answers Unavailable.

    Args:
        telegram: the user account's client.
        database: where posts go.
        teller: for `ingest.store`.
        clock: UTC seconds by this computer. `now` corrects it by the server's; age is judged by `now`.
        tell: tells the owner a text of the catalogue ("reading.…") by key and values.
        wanted: the channels of CHANNELS, as their owner wrote them.
        pace: how often is asked.
        lost: why the account is of no use from the start; then `run` raises it at once.
    """

    def __init__(
        self,
        telegram: client.Client,
        database: Database,
        teller: ingest.Teller,
        *,
        clock: Callable[[], int],
        tell: Tell,
        wanted: Sequence[str] = (),
        pace: Pace | None = None,
        lost: errors.TelegramError | None = None,
    ) -> None:
        self._client = telegram
        self._database = database
        self._clock = clock
        self._tell = tell
        self._names = tuple(wanted)
        self._pace = pace or Pace()
        self._offset = 0
        self._lost = lost
        self._waits = Waits(time.monotonic, database=database, now=self.now)
        turns = Turns(time.monotonic, at_once=self._pace.at_once, interval=self._pace.interval)
        self._calls = Calls(telegram, self._waits, turns, limit=self._pace.limit)
        # Somebody who asks in the chat does not stand in line behind hundreds of channels.
        self._asking = self._calls.at("asked", limit=self._pace.limit_asked)
        self._ledger = ledger.Ledger(database, teller, now=self.now)
        self._live = live.Live(self._ledger)
        self._joiner = Joiner(self._calls, self._asking, self._ledger, first_pause=self._pace.join)
        self._follower = Follower(self._calls, self._ledger, join=self._joiner.add, tell=tell, pace=self._pace)
        self._wanted = Wanted(database, self._calls, follow=self.follow, tell=tell, pace=self._pace)
        self._silence = Silence(self._calls, database, tell=tell, now=self.now, pace=self._pace)
        self._recheck = Recheck(self._calls, self._ledger, database, pace=self._pace)
        self._backfiller = Backfiller(self._calls, self._ledger, database, tell=tell, pace=self._pace)
        self._ended: asyncio.Queue[errors.TelegramError] = asyncio.Queue()
        self._group: asyncio.TaskGroup | None = None
        self._tasks: dict[ChannelId, asyncio.Task[None]] = {}
        self._changing = asyncio.Lock()
        telegram.divert(self._receive)
        telegram.on_reconnect.append(self._reconnected)

    def now(self) -> int:
        """Give UTC seconds by the server's clock, as far as it is known."""
        return self._clock() + self._offset

    def state(self) -> ReaderState:
        """Say how the reader fares, without asking the server."""
        tracks = self._ledger.tracks.values()
        return ReaderState(
            connected=self._group is not None and self._client.linked,
            clock_offset=self._offset,
            waiting=self._waits.all(),
            catching_up=tuple(track.info.id for track in tracks if track.behind),
        )

    async def find(self, query: str) -> Found:
        """Look up `@name`, `name`, a t.me link, or else words of a title."""
        if self._group is None:
            return Unavailable(reason=str(self._lost or "the reader does not run"))
        try:
            return await directory.find(self._asking, query)
        except errors.TelegramError as error:
            return self._end(error)

    async def translate(self, text: str, *, to: str) -> Translation:
        """Have Telegram translate `text` into the language `to`, ahead of everything that nobody waits for."""
        if self._group is None:
            return Unavailable(reason=str(self._lost or "the reader does not run"))
        try:
            return await translator.translate(self._asking, text, to=to)
        except errors.TelegramError as error:
            return self._end(error)

    async def follow(self, info: ChannelInfo, *, way: Way = "live") -> Following:
        """Follow a channel; its history is read afterwards. Where it may not be joined, it is read on a timer."""
        if self._lost is not None:
            return Unavailable(reason=str(self._lost))
        async with self._changing:
            if info.id in self._ledger.tracks:
                async with self._database.reading() as connection:
                    return await channels.get(connection, info.id) or Unavailable(reason="it is just removed")
            try:
                joined = await self._join(info, way)
            except errors.TelegramError as error:
                return self._end(error)
            async with self._database.transaction() as tx:
                channel = await channels.follow(tx, info, joined=bool(joined), quiet=way == "quiet", now=self.now())
            if self._group is not None:
                track = await self._begin(channel)
                track.join_tried.set()
                if joined is None:
                    self._joiner.add(track)
            return channel

    async def _join(self, info: ChannelInfo, way: Way) -> bool | None:
        if way == "quiet":
            return False
        return await self._joiner.join_now(info) if self._group and self._client.linked else None

    async def unfollow(self, channel_id: ChannelId) -> None:
        """Stop reading a channel; what is held stays, and so does the membership."""
        async with self._changing:
            self._ledger.tracks.pop(channel_id, None)
            task = self._tasks.pop(channel_id, None)
            if task is not None:
                task.cancel()
                await asyncio.wait({task})
            async with self._database.transaction() as tx:
                await channels.unfollow(tx, channel_id)

    async def read_back(self, channel_id: ChannelId, *, since: int) -> None:
        """Read a channel's history down to `since` (UTC seconds) when nothing is more urgent; it outlives restarts."""
        async with self._database.transaction() as tx:
            await backfills.begin(tx, channel_id, since=since, now=self.now())
        self._backfiller.asked.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the channels until `stop` is set. The client is connected, and somebody else closes it.

        Raises:
            TelegramError: The session or the account is of no use any more; the sentence is for its owner.
            StorageError: The database cannot take what is read.
        """
        if self._lost is not None:
            raise self._lost
        self._offset = self._client.clock_offset
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                await self._work(group, stop)
        except BaseExceptionGroup as failures:
            gravest = _gravest(failures)
            if isinstance(gravest, errors.TelegramError):
                self._lost = gravest
            raise gravest from failures
        finally:
            self._group = None
            self._tasks.clear()
            self._ledger.tracks.clear()

    async def _work(self, group: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        # Pushes are taken in before anything is read, so that nothing falls between.
        tasks = [group.create_task(self._live.run()), group.create_task(self._client.until_lost())]
        await self._waits.resume()
        await self._know_account()
        async with self._database.reading() as connection:
            followed = await channels.followed(connection)
        for channel in followed:
            track = await self._begin(channel)
            if channel.joined:
                track.join_tried.set()
            else:
                self._joiner.add(track)
        tasks += [
            group.create_task(self._joiner.run()),
            group.create_task(self._wanted.run(self._names)),
            group.create_task(self._watch_clock()),
            group.create_task(self._recheck.run()),
            group.create_task(self._silence.run()),
            group.create_task(self._backfiller.run()),
            group.create_task(self._until_ended()),
        ]
        await stop.wait()
        for task in (*tasks, *self._tasks.values()):
            task.cancel()

    async def _begin(self, channel: Channel) -> ledger.Track:
        track = await self._ledger.begin(channel)
        if self._group is not None:
            self._tasks[channel.info.id] = self._group.create_task(self._follower.follow(track))
        return track

    async def _know_account(self) -> None:
        """Forget memberships that were another account's. Its access hashes are mended when they fail."""
        try:
            answer = await self._calls.ask(functions.users.GetUsersRequest(id=[types.InputUserSelf()]))
        except (FloodedError, CallFailedError):
            return
        account = next((str(user.id) for user in answer), None)
        async with self._database.transaction() as tx:
            known = await settings.get(tx, ACCOUNT)
            if account is None or account == known:
                return
            for channel in await channels.followed(tx) if known is not None else ():
                await channels.set_joined(tx, channel.info.id, joined=False)
            await settings.put(tx, ACCOUNT, account)
        if known is not None:
            await self._waits.forget()

    async def _watch_clock(self) -> None:
        """Keep the offset of the server's clock, and warn of a large one."""
        warned = False
        while True:
            await self._look_at_clock()
            large = abs(self._offset) > TOLERATED_CLOCK_OFFSET_SECONDS
            if large and not warned:
                await self._tell("reading.clock", {"seconds": abs(self._offset)})
            warned = large
            await asyncio.sleep(self._pace.clock)

    async def _look_at_clock(self) -> None:
        for request in (functions.help.GetConfigRequest(), functions.updates.GetStateRequest()):
            try:
                answer = await self._calls.ask(request)
            except (FloodedError, CallFailedError):
                continue
            if answer.date is not None:
                offset = int(answer.date.timestamp()) - self._clock()
                self._offset = offset if abs(offset) > CLOCK_ROUNDING_SECONDS else 0
                return

    async def _until_ended(self) -> NoReturn:
        raise await self._ended.get()

    def _end(self, error: errors.TelegramError) -> Unavailable:
        """End `run` too when a question from the chat finds that the session is lost."""
        self._ended.put_nowait(error)
        return Unavailable(reason=str(error))

    def _receive(self, pushed: Any) -> None:
        self._silence.hear()
        self._live.receive(pushed)

    def _reconnected(self) -> None:
        for track in self._ledger.tracks.values():
            track.pushed = track.whole = False
            track.gap.set()
            track.hurry.set()


def _gravest(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """Pick what ended the reader: anything before an error of Telegram, which is often only its consequence."""
    flat = list(_flat(failures))
    return next((failure for failure in flat if not isinstance(failure, errors.TelegramError)), flat[0])


def _flat(failures: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for failure in failures.exceptions:
        if isinstance(failure, BaseExceptionGroup):
            yield from _flat(failure)
        else:
            yield failure
