"""Lets several works go on side by side until they shall end, and ends them."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

CANCEL_AGAIN_SECONDS = 4.0
"""After so long an end is asked for again; the answer to the last message is not waited for as long."""

_log = logging.getLogger(__name__)


async def supervise(stop: asyncio.Event, *works: Coroutine[Any, Any, None]) -> None:
    """Let all work until `stop` is set or cancelled; the first that fails ends all, and its error is raised."""
    stopping: asyncio.Task[Any] = asyncio.create_task(stop.wait())
    tasks: set[asyncio.Task[Any]] = {asyncio.create_task(work) for work in works}
    try:
        while tasks and not stop.is_set():
            done, _ = await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
            tasks -= done
            for task in done:
                task.result()
    finally:
        for task in (*tasks, stopping):
            task.cancel()
        for ended in await asyncio.gather(*tasks, stopping, return_exceptions=True):
            if isinstance(ended, Exception):
                _log.error("while ending: %s", ended)


async def end(life: asyncio.Task[Any]) -> None:
    """Cancel `life` until it ends.

    Once is not enough: `asyncio.wait_for`, which Telethon uses, may swallow it in Python 3.11
    (https://github.com/python/cpython/issues/86296).
    """
    while not life.done():
        life.cancel()
        await asyncio.wait({life}, timeout=CANCEL_AGAIN_SECONDS)
