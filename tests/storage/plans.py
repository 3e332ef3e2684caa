"""How SQLite means to answer, as far as it matters."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Awaitable, Callable, Mapping
from types import ModuleType
from typing import Any

import storage
from storage import database
from storage.database import Connection
from tests.storage import search_calls
from tests.storage.filled import NOTHING

LARGEST = ("posts", "matches", "revisions", "outbox", "stories")
GROWING = (*LARGEST, "saved", "translations", "marks", "search_docs", "topic_counts")
ASKING = ("rows", "row", "run", "run_each", "pages")
"""The functions of storage.database by which all others ask."""
RENAMED = re.compile(rf"\b({'|'.join(GROWING)}) AS (\w+)")
"""A plan names a table as the statement does."""
NEWEST = re.compile(r"ORDER BY seq DESC LIMIT 1\b").search


def modules() -> list[ModuleType]:
    """Give all modules of storage that may hold statements."""
    names = {module.name for module in pkgutil.iter_modules(storage.__path__)} - {"database", "migrate"}
    return [importlib.import_module(f"storage.{name}") for name in sorted(names)]


def public() -> set[str]:
    """Name all functions of storage that ask the database."""
    return {
        f"{module.__name__.split('.')[1]}.{name}"
        for module in modules()
        for name, function in inspect.getmembers(module, _asks)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def places() -> dict[str, range]:
    """Give the lines of each place in storage from which the database is asked."""
    return {
        f"{module.__name__}:{node.lineno}": range(node.lineno, (node.end_lineno or node.lineno) + 1)
        for module in modules()
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKING
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "database"
    }


def noting(ask: Callable[..., Any], reached: set[tuple[str, int]]) -> Callable[..., Any]:
    """Note from which line of which module `ask` is called."""

    def noted(*args: Any, **named: Any) -> Any:
        caller = inspect.currentframe()
        assert caller is not None
        assert caller.f_back is not None
        reached.add((caller.f_back.f_globals["__name__"], caller.f_back.f_lineno))
        return ask(*args, **named)

    return noted


def _asks(function: object) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


async def scanned(tx: Connection, statements: list[str]) -> set[str]:
    found: set[str] = set()
    for statement in statements:
        growing = {*GROWING, *(other for _, other in RENAMED.findall(statement))}
        for row in await database.rows(tx, f"EXPLAIN QUERY PLAN {statement}"):
            whole = re.match(rf"SCAN ({'|'.join(growing)})\b", row["detail"]) or "AUTOMATIC" in row["detail"]
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
