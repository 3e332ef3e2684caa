"""Runs the sandbox's server in a thread with a loop of its own, for programs whose loop is busy or not there."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.sandbox import server
from bot.sandbox.world import World

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A server in another thread. `running` may be asked where it is; anything else goes through `do`."""

    running: server.Server
    loop: asyncio.AbstractEventLoop

    @property
    def address(self) -> str:
        """Where to connect, as "host:port"."""
        return self.running.address

    def do(self, action: Callable[[], R]) -> R:
        """Do something with the world in the server's thread, and return what it returned or raise what it raised."""

        async def run() -> R:
            return action()

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result()


@contextmanager
def serve(world: World, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[Remote]:
    """Serve `world` in a thread of its own while the context lasts; arguments and errors as `server.serve`."""
    started: Future[tuple[Remote, asyncio.Event]] = Future()

    async def run() -> None:
        stop = asyncio.Event()
        async with server.serve(world, host=host, port=port) as running:
            started.set_result((Remote(running=running, loop=asyncio.get_running_loop()), stop))
            await stop.wait()

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox") as pool:
        ended = pool.submit(asyncio.run, run())
        either: tuple[Future[Any], ...] = (started, ended)
        wait(either, return_when=FIRST_COMPLETED)
        if ended.done():
            ended.result()
        remote, stop = started.result()
        try:
            yield remote
        finally:
            remote.loop.call_soon_threadsafe(stop.set)
            ended.result()
