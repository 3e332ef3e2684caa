"""What is asked of the database by the search."""

from collections.abc import Awaitable, Callable

import pytest

from storage import database, hits, search, searches
from storage.database import Connection
from storage.models import PostId
from tests.records import CHANNEL, CHAT, NOW

EMPTYING = "DELETE FROM search_docs"
"""Without a condition a table is emptied, not read."""
WANTED = hits.Wanted(every=((hits.Phrase(words=("воду",)),),), topics=("rotation",))
MANY_POSTS = [PostId(number) for number in range(1, 400)]


def entry(post_id: PostId, *, replaces: str | None = None) -> search.Entry:
    text = "сегодня в поселке снова отключили воду."
    return search.Entry(
        post_id=post_id, channel_id=CHANNEL, date=NOW, language="ru", topics=(), text=text, replaces=replaces
    )


async def index(tx: Connection) -> None:
    await search.put(tx, [entry(post_id) for post_id in MANY_POSTS])
    await search.put(tx, [entry(PostId(77), replaces="вода есть")])


async def find(tx: Connection) -> None:
    await hits.find(tx, WANTED, order="newest", limit=20)
    await hits.find(tx, WANTED, order="relevance", limit=20)
    await search.put(tx, [entry(PostId(4_000))])
    with pytest.MonkeyPatch.context() as patch:  # as if more were found than are put in order
        patch.setitem(hits.COUNTED, "relevance", 0)
        patch.setattr(hits, "RANKED", 1)
        await hits.find(tx, hits.Wanted(languages=("ru",)), order="relevance", limit=20)


async def fill(tx: Connection) -> None:
    await database.run(tx, "UPDATE search_state SET filled_to = 500", {})
    await search.fill(tx, limit=400, fold=str.lower)


CALLS: dict[str, Callable[[Connection], Awaitable[object]]] = {
    "hits.find": find,
    "hits.count": lambda tx: hits.count(tx, WANTED, most=999),
    "hits.day_counts": lambda tx: hits.day_counts(tx, WANTED, [NOW, NOW + 86_400]),
    "hits.newest": hits.newest,
    "search.put": index,
    "search.forget": lambda tx: search.forget(tx, MANY_POSTS[200:], fold=str.lower),
    "search.missing": search.missing,
    "search.folding": search.folding,
    "search.fill": fill,
    "search.start_anew": lambda tx: search.start_anew(tx, folding=1),
    "searches.keep": lambda tx: searches.keep(tx, CHAT, searches.Search(query="вода", at=NOW, newest=1)),
    "searches.get": lambda tx: searches.get(tx, CHAT, 1),
}
REFERENCES = (("searches", "chat_id"), ("search_docs", "post_id"))
