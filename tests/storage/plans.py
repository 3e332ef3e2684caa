"""How SQLite means to answer, as far as it matters."""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import ModuleType

from storage import database
from storage.database import Connection
from tests.storage import search_calls
from tests.storage.filled import NOTHING

GROWING = (
    *("posts", "matches", "revisions", "outbox", "saved", "translations", "stories", "marks", "search_docs"),
    "topic_counts",
)

NEWEST = re.compile(r"ORDER BY seq DESC LIMIT 1\b").search


def public(modules: Iterable[ModuleType]) -> set[str]:
    """Name all functions of modules that ask the database."""
    return {
        f"{module.__name__.split('.')[1]}.{name}"
        for module in modules
        for name, function in inspect.getmembers(module, _asks)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def _asks(function: object) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


async def scanned(tx: Connection, statements: list[str]) -> set[str]:
    found: set[str] = set()
    for statement in statements:
        for row in await database.rows(tx, f"EXPLAIN QUERY PLAN {statement}"):
            whole = re.match(rf"SCAN ({'|'.join(GROWING)})\b", row["detail"]) or "AUTOMATIC" in row["detail"]
            # All that was ever captured of a channel is as good as all, but for its newest.
            if whole or (
                re.search(r"revisions .*PRIMARY KEY \(channel_id=\?\)", row["detail"]) and not NEWEST(statement)
            ):
                found.add(f"{row['detail']}: {' '.join(statement.split())[:300]}")
    return found


async def said(tx: Connection, calls: Mapping[str, Callable[[Connection], Awaitable[object]]]) -> dict[str, list[str]]:
    """Call every function, and return the statements that each of them gave."""
    statements: dict[str, list[str]] = {}
    for name, call in calls.items():
        traced: list[str] = []
        await tx.thread.set_trace_callback(traced.append)
        await call(tx)
        await database.rows(tx, NOTHING)  # what goes ahead of it is seen now
        # What begins so, triggers and the search do by themselves.
        statements[name] = [
            sql for sql in traced if sql not in {NOTHING, search_calls.EMPTYING} and not sql.startswith("--")
        ]
    # Which trace belongs to nobody any more: what explains is not to be explained.
    await tx.thread.set_trace_callback(lambda _: None)
    return statements
