"""Wires Homefront together, supervises it and closes it: what `homefront run` and the demo run."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import (
    aside,
    catalogues,
    delivery,
    folder,
    indexing,
    ingest,
    notices,
    retention,
    rounds,
    rulebook,
    settings,
    supervision,
)
from bot.commands import access, languages, pairing
from bot.commands.desk import Desk
from bot.render import catalogue, phrases, text
from bot.render.catalogue import Catalogue
from bot.telegram import accounts, client, dispatcher, errors, reader, sender
from bot.telegram.follower import INTERVAL_SECONDS, Pace
from storage import settings as bound
from storage.database import Database, open_database
from storage.models import ChatId

OWNER_OF_CLAIMS = "homefront"
"""One process works on a data folder at a time, so what it had claimed is free when it starts again."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class House:
    """Everything that works together while Homefront runs.

    `username`: the bot's. `say` prints a line at the terminal; `work`: there is something to deliver.
    """

    found: settings.Settings
    clock: Callable[[], int]
    say: Callable[[str], None]
    database: Database
    texts: Mapping[str, Catalogue]
    rules: rulebook.Rulebook
    door: access.Door
    bot: client.Client
    username: str
    work: asyncio.Event = field(default_factory=asyncio.Event)

    async def tell_owner(self, key: str, values: Mapping[str, phrases.Told]) -> None:
        """Tell the owner a text of the catalogue, in the chat and at the terminal; it is kept until it is sent."""
        here = phrases.worded(values, ZoneInfo(self.found.timezone))
        self.say(text.clean(catalogue.text(self.texts[languages.FIRST], key, **here)))
        async with self.database.transaction() as tx:
            await notices.queue(tx, self.texts, key, values, now=self.clock())
        self.work.set()


async def run(
    found: settings.Settings, *, clock: Callable[[], int], say: Callable[[str], None], stop: asyncio.Event
) -> None:
    """Read, flag, tell and answer until `stop` is set.

    Args:
        found: the settings.
        clock: UTC seconds by this computer.
        say: prints a line for the person at the terminal.
        stop: when set, everything is put away and `run` returns.

    Raises:
        TelegramError: Nobody is signed in, or the server cannot be reached or used; nothing was lost.
        StorageError: The database cannot be opened or written to; what was acknowledged is kept.
        LexiconError: A topic file is wrong.
    """
    life = asyncio.create_task(_live(found, clock=clock, say=say, stop=stop))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({life, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        # Also when it has only begun to start: a server that says nothing may keep it at that for long.
        stopping.cancel()
        await supervision.end(life)
    if not (life.cancelled() and stop.is_set()):
        life.result()


async def _live(
    found: settings.Settings, *, clock: Callable[[], int], say: Callable[[str], None], stop: asyncio.Event
) -> None:
    rules = await aside.compute(partial(rulebook.read, folder.topics(found.data_dir)))
    texts = {language: catalogues.load(language) for language in catalogues.languages()}
    async with AsyncExitStack() as stack:
        stack.enter_context(aside.out_of_the_collectors_way())
        database = await stack.enter_async_context(open_database(folder.database(found.data_dir), now=clock()))
        async with database.transaction() as tx:
            await bound.bind_server(tx, settings.fingerprint(found))
        await rulebook.renew(rules, database)
        account, lost = await _account(found, database, clock=clock)
        stack.push_async_callback(account.disconnect)
        bot = await stack.enter_async_context(
            _opened(accounts.open_bot(_place(found, folder.bot_session), found.bot_token, clock=clock, say=say))
        )
        house = House(
            found=found,
            clock=clock,
            say=say,
            database=database,
            texts=texts,
            rules=rules,
            door=access.Door(allowed=tuple(ChatId(user) for user in found.allowed_users)),
            bot=bot,
            username=(await bot.get_me()).username or "",
        )
        await _work(house, account, stop, lost=lost)


async def _account(
    found: settings.Settings, database: Database, *, clock: Callable[[], int]
) -> tuple[client.Client, errors.TelegramError | None]:
    """Connect the reading account; one that has read here and is lost now ends nothing but the reading."""
    place = _place(found, folder.reader_session)
    try:
        account = await accounts.open_reader(place, clock=clock)
    except (errors.SignedOutError, errors.AccountError) as error:
        async with database.reading() as connection:
            has_read = await bound.get(connection, reader.ACCOUNT)
        if has_read is None:
            raise
        unused = client.open_client(
            session=place.session, api_id=place.api_id, api_hash=place.api_hash, server=place.server
        )
        return unused, error
    account.endure()
    return account, None


@asynccontextmanager
async def _opened(opening: Coroutine[Any, Any, client.Client]) -> AsyncIterator[client.Client]:
    connected = await opening
    try:
        connected.endure()
        yield connected
    finally:
        await connected.disconnect()


def _place(found: settings.Settings, session: Callable[[Path], Path]) -> accounts.Place:
    return accounts.Place(
        session=session(found.data_dir), api_id=found.api_id, api_hash=found.api_hash, server=found.server
    )


async def _work(
    house: House, account: client.Client, stop: asyncio.Event, *, lost: errors.TelegramError | None
) -> None:
    teller = ingest.Teller(rules=house.rules, catalogues=house.texts, wake=house.work.set)
    reading = reader.Reader(
        account,
        house.database,
        teller,
        clock=house.clock,
        tell=house.tell_owner,
        wanted=house.found.channels,
        pace=Pace() if house.found.server else Pace(interval=INTERVAL_SECONDS),
        lost=lost,
    )
    sending = sender.Sender(client=house.bot)
    delivering = delivery.Delivery(
        database=house.database,
        sender=sending,
        catalogues=house.texts,
        owner=OWNER_OF_CLAIMS,
        clock=reading.now,
        stopwatch=time.monotonic,
        catching_up=lambda: bool(reading.state().catching_up),
        work=house.work,
    )
    answering = dispatcher.Dispatcher(
        client=house.bot,
        database=house.database,
        desk=_desk(house, reading, delivering, sending),
        sender=sending,
        clock=reading.now,
        turns=delivering.turns,
    )
    await _open_door(house)
    await supervision.supervise(
        stop,
        _read(house, reading, stop),
        delivering.run(),
        answering.run(),
        rounds.tell_days(_rounds(house, reading)),
        rounds.tell_spikes(_rounds(house, reading)),
        _retention(house, reading).run(),
        indexing.fill(house.database, rest=indexing.REST_SECONDS),
        house.bot.until_lost(),
    )


def _retention(house: House, reading: reader.Reader) -> retention.Retention:
    return retention.Retention(
        database=house.database,
        days=house.found.retention_days,
        clock=lambda: reading.now() if reading.state().connected else None,
        stopwatch=time.monotonic,
    )


def _desk(house: House, reading: reader.Reader, delivering: delivery.Delivery, sending: sender.Sender) -> Desk:
    return Desk(
        database=house.database,
        reader=reading,
        catalogues=house.texts,
        rules=house.rules,
        door=house.door,
        timezone=house.found.timezone,
        digest_time=house.found.digest_time,
        wake=house.work.set,
        screen=delivering,
        menus=sending,
        retention_days=house.found.retention_days,
        username=house.username,
    )


async def _open_door(house: House) -> None:
    now = house.clock()
    async with house.database.transaction() as tx:
        await access.settle(tx, house.door, timezone=house.found.timezone, now=now)
        alone = await access.needs_pairing(tx, house.door)
    if alone:
        code = pairing.draw(secrets.choice)
        house.door.pairing = pairing.start(code, now=now)
        time = f"{pairing.LIFETIME_SECONDS // 60} minutes"
        house.say(f"To make this bot yours, open https://t.me/{house.username}?start={code} within {time},")
        house.say(f"or send the code {code} to @{house.username}. Whoever sends it first becomes the owner.")
    else:
        house.say(f"Running: write to @{house.username} in Telegram. Stop with Ctrl-C.")


async def _read(house: House, reading: reader.Reader, stop: asyncio.Event) -> None:
    """Follow the channels; when the user account is lost, say so, and leave the bot to answer."""
    try:
        await reading.run(stop)
    except errors.TelegramError as error:
        _log.error("the reader stopped: %s", error)
        await house.tell_owner(f"reading.ended.{errors.kind(error)}", {"reason": str(error)})


def _rounds(house: House, reading: reader.Reader) -> rounds.Rounds:
    def settled() -> bool:
        state = reading.state()
        return state.connected and not state.catching_up

    return rounds.Rounds(
        database=house.database,
        catalogues=house.texts,
        rules=house.rules,
        digest_time=house.found.digest_time,
        zone=ZoneInfo(house.found.timezone),
        clock=reading.now,
        settled=settled,
        wake=house.work.set,
    )
