"""What is computed aside comes back, fails where it is waited for, and holds up no end."""

import asyncio
import threading

import pytest

from bot import aside


async def test_what_is_computed_comes_back() -> None:
    assert await aside.compute(lambda: 6 * 7) == 42


async def test_what_fails_is_raised_where_it_is_waited_for() -> None:
    with pytest.raises(ZeroDivisionError):
        await aside.compute(lambda: 1 // 0)


def test_the_end_does_not_wait_for_it() -> None:
    begun, enough, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        enough.wait()
        ended.set()

    async def give_up() -> None:
        waiting = asyncio.create_task(aside.compute(work))
        while not begun.is_set():  # noqa: ASYNC110 -- nobody tells it
            await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(give_up())
    assert not ended.is_set()
    enough.set()
    assert ended.wait(10)
