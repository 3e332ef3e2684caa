"""Long computations out of the way: in a thread that nobody waits for, and with a collector that does not halt all."""

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import NoReturn, TypeVar

T = TypeVar("T")


async def compute(work: Callable[[], T]) -> T:
    """Return what `work` returns, or raise what it raises; `work` must change nothing, as it may be cut short.

    asyncio's own threads are waited for: a process that is asked to end would go on computing first.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Callable[[], T]] = loop.create_future()

    def settle(outcome: Callable[[], T]) -> None:
        if not done.done():
            done.set_result(outcome)

    def tell(outcome: Callable[[], T]) -> None:
        # When the loop is closed, nobody waits any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, outcome)

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 -- raised where it is waited for
            tell(partial(_raise, error))
        else:
            tell(lambda: result)

    threading.Thread(target=run, daemon=True).start()
    return (await done)()


def _raise(error: BaseException) -> NoReturn:
    raise error


@contextmanager
def out_of_the_collectors_way() -> Iterator[None]:
    """Spare the garbage collector what is loaded for good: with the lexicons a full run halts all for 0.1 s."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
