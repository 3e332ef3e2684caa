"""Lets several works go on side by side, as one."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

_log = logging.getLogger(__name__)


async def supervise(*works: Coroutine[Any, Any, None]) -> None:
    """Let all work until cancelled; the first that fails ends all, and its error is raised."""
    tasks: list[asyncio.Task[Any]] = [asyncio.create_task(work) for work in works]
    try:
        while tasks:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
                tasks.remove(task)
    finally:
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                _log.error("while ending: %s", ended)
