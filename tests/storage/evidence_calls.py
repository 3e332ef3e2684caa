"""What is asked of the database for evidence."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing

from storage import chains, exports
from storage.database import Connection
from tests.records import CHANNEL, NOW


async def walk(tx: Connection) -> None:
    for channel_id in (None, CHANNEL):
        async with aclosing(chains.walk(tx, channel_id=channel_id)) as pages:
            await anext(pages)  # the statement is one; to recompute all of the chains takes seconds


FLAGGED = exports.Wanted(start=NOW, end=NOW + 500)
OF_TOPICS = exports.Wanted(start=NOW, end=NOW + 500, topics=("rotation", "desertion"), flagged=False)
ALL = exports.Wanted(start=NOW, end=NOW + 50, flagged=False)
OF_CHANNEL = exports.Wanted(start=NOW, end=NOW + 500, channel_id=CHANNEL)


WANTED = (FLAGGED, OF_TOPICS, ALL, OF_CHANNEL)


async def export(tx: Connection) -> None:
    for wanted in WANTED:
        for newest in (None, 100):
            async for _ in exports.pages(tx, wanted, newest=newest):
                pass


async def count(tx: Connection) -> None:
    for wanted in WANTED:
        await exports.count(tx, wanted)


CALLS: dict[str, Callable[[Connection], Awaitable[object]]] = {
    "chains.heads": chains.heads,
    "chains.links": lambda tx: chains.links(tx, CHANNEL, range(1, 400)),
    "chains.sealed": lambda tx: chains.sealed(tx, ["0" * 64]),
    "chains.walk": walk,
    "exports.count": count,
    "exports.pages": export,
}
