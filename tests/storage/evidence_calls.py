"""What is asked of the database for evidence."""

from collections.abc import Awaitable, Callable

from storage import chains
from storage.database import Connection
from tests.records import CHANNEL


async def walk(tx: Connection) -> None:
    async for _ in chains.walk(tx):
        pass
    async for _ in chains.walk(tx, channel_id=CHANNEL):
        pass


CALLS: dict[str, Callable[[Connection], Awaitable[object]]] = {
    "chains.heads": chains.heads,
    "chains.links": lambda tx: chains.links(tx, CHANNEL, range(1, 400)),
    "chains.walk": walk,
}
