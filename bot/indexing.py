"""Keeps the index of texts in step with the posts, and fills it in the background where it is behind."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from bot.pipeline import searching
from bot.pipeline.classify import Classification
from storage import forgetting, posts, search, sweep
from storage.database import Connection, Database
from storage.models import Match, Post, StoredPost

PIECE = 50
"""Posts of one transaction: whoever writes meanwhile waits for one at most."""
PURGED = 16
"""Pages of the index that are written anew in one transaction: a few milliseconds."""
REST_SECONDS = 0.01
"""Between two transactions, so that who reads and writes meanwhile has most of the machine."""


async def stored(tx: Connection, puts: Sequence[posts.Put], read: Sequence[tuple[Post, Classification]]) -> None:
    """Bring into the index what became of posts, in the transaction that stored them."""
    await search.put(
        tx,
        [
            search.Entry(
                post_id=put.post_id,
                channel_id=post.channel_id,
                date=post.date,
                language=classification.language,
                topics=_topics(classification.matches),
                text=searching.folded(post.text),
                replaces=None if put.previous_text is None else searching.folded(put.previous_text),
            )
            for put, (post, classification) in zip(puts, read, strict=True)
            if put.outcome != "same"
        ],
    )


async def flagged_anew(tx: Connection, held: StoredPost, found: Classification) -> None:
    """Bring into the index what a post is flagged for by now; its text is the same."""
    text = searching.folded(held.post.text)
    await search.put(
        tx,
        [
            search.Entry(
                post_id=held.id,
                channel_id=held.post.channel_id,
                date=held.post.date,
                language=found.language,
                topics=_topics(found.matches),
                text=text,
                replaces=text,
            )
        ],
    )


async def purge(database: Database) -> None:
    """Write over what was taken out of the index, little by little.

    Raises:
        StorageError: The database cannot take it; what is left is written over the next time.
    """
    more = True
    while more:
        async with database.transaction() as tx:
            more = await forgetting.purge(tx, pages=PURGED)
        await asyncio.sleep(REST_SECONDS)


async def behind(database: Database) -> int:
    """Say how many posts at most are not in the index yet."""
    async with database.reading() as connection:
        if await search.folding(connection) != searching.FOLDING:
            return await sweep.last_id(connection)
        return await search.missing(connection)


async def fill(database: Database, *, shown: Callable[[int], None] = lambda _: None, rest: float = 0) -> None:
    """Bring the posts into the index that are not there yet, the newest first; cut off, it goes on where it was.

    Args:
        database: where they are; others may write to it meanwhile.
        shown: told after each piece how many are left.
        rest: seconds between two pieces, for others.

    Raises:
        StorageError: The database cannot take it; what was done is kept.
    """
    left = await _begin(database)
    while left:
        async with database.transaction() as tx:
            left = await search.fill(tx, limit=PIECE, fold=searching.folded)
        shown(left)
        await asyncio.sleep(rest)


async def _begin(database: Database) -> int:
    async with database.transaction() as tx:
        if await search.folding(tx) != searching.FOLDING:
            await search.start_anew(tx, folding=searching.FOLDING)
        return await search.missing(tx)


def _topics(matches: Iterable[Match]) -> tuple[str, ...]:
    return tuple({match.topic for match in matches})
