"""What is done by the clock while Homefront runs: digests when due, and a look whether a topic runs high."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from bot import digest, rulebook, spikes
from bot.render.catalogue import Catalogue
from storage.database import Database

DIGEST_CHECK_SECONDS = 20
"""How often is looked whether a digest is due: often enough for a process that slept through its minute."""
PATIENCE_SECONDS = 300
"""How long a digest waits for the catching-up to end. It then says itself how far each channel is held. A look whether
a topic runs high waits as long: a single channel that has to pause for hours must not silence the others."""
SPIKE_CHECK_SECONDS = 60
"""How often is looked whether a topic runs high."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """What the rounds need. `settled`: all that was posted is read, as far as anybody knows; `clock` gives UTC seconds.

    `digest_time` and `zone` hold where a chat says nothing else; `wake` tells the delivery that there is work.
    """

    database: Database
    catalogues: Mapping[str, Catalogue]
    rules: rulebook.Rulebook
    digest_time: time
    zone: ZoneInfo
    clock: Callable[[], int]
    settled: Callable[[], bool]
    wake: Callable[[], None]


async def tell_days(rounds: Rounds) -> None:
    """Send each chat its digest when it is due, for ever; one that was missed goes out at start, once.

    Raises:
        StorageError: The database cannot take it; the digest is due again.
    """
    while True:
        await days(rounds)
        await asyncio.sleep(DIGEST_CHECK_SECONDS)


async def days(rounds: Rounds) -> int:
    """Queue the digests that are due now; return how many."""
    async with rounds.database.reading() as connection:
        wanted = await digest.due(connection, at=rounds.digest_time, now=rounds.clock())
    if wanted:
        await _until_settled(rounds)
    topics = [topic.name for topic in rulebook.topics(rounds.rules)]
    for due in wanted:
        texts, zone = rounds.catalogues[due.chat.language], ZoneInfo(due.chat.timezone)
        messages = await digest.compose(
            rounds.database, texts, due.period, topics=topics, now=rounds.clock(), zone=zone, due_at=due.at
        )
        async with rounds.database.transaction() as tx:
            await digest.queue(tx, due, messages, now=rounds.clock())
        rounds.wake()
    return len(wanted)


async def tell_spikes(rounds: Rounds) -> None:
    """Tell when a topic runs high, for ever.

    Raises:
        StorageError: The database cannot take it; then it is looked at again.
    """
    while True:
        await high(rounds)
        await asyncio.sleep(SPIKE_CHECK_SECONDS)


async def high(rounds: Rounds) -> tuple[str, ...]:
    """Tell of topics that run high now, and return which."""
    await _until_settled(rounds)
    topics = [topic.name for topic in rulebook.topics(rounds.rules)]
    found = await spikes.look(rounds.database, rounds.catalogues, topics=topics, zone=rounds.zone, now=rounds.clock())
    if found:
        rounds.wake()
    return found


async def _until_settled(rounds: Rounds) -> None:
    """Wait, though not for ever, for what was posted while nobody looked: figures without it would mislead."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not rounds.settled():  # noqa: ASYNC110 -- nobody tells it
                await asyncio.sleep(1)
