"""What is asked of the database for evidence."""

from collections.abc import Awaitable, Callable

from storage import chains, exports
from storage.database import Connection
from tests.records import CHANNEL, NOW


async def walk(tx: Connection) -> None:
    async for _ in chains.walk(tx):
        pass
    async for _ in chains.walk(tx, channel_id=CHANNEL):
        pass


FLAGGED = exports.Wanted(start=NOW, end=NOW + 500)
OF_TOPICS = exports.Wanted(start=NOW, end=NOW + 500, topics=("rotation", "desertion"), flagged=False)
ALL = exports.Wanted(start=NOW, end=NOW + 50, flagged=False)


async def export(tx: Connection) -> None:
    for wanted in (FLAGGED, OF_TOPICS, ALL):
        async for _ in exports.pages(tx, wanted):
            pass


async def count(tx: Connection) -> None:
    for wanted in (FLAGGED, OF_TOPICS, ALL):
        await exports.count(tx, wanted)


CALLS: dict[str, Callable[[Connection], Awaitable[object]]] = {
    "chains.heads": chains.heads,
    "chains.links": lambda tx: chains.links(tx, CHANNEL, range(1, 400)),
    "chains.walk": walk,
    "exports.count": count,
    "exports.pages": export,
}
