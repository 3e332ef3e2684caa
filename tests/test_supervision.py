"""How what works side by side ends."""

import asyncio

import pytest

from bot import supervision


async def stubborn(swallowed: list[None], *, times: int) -> None:
    """Work for ever, and swallow so many cancellations, as wait_for does when its work is done at that moment."""
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if len(swallowed) == times:
                raise
            swallowed.append(None)


async def test_an_end_that_was_swallowed_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "CANCEL_AGAIN_SECONDS", 0.001)
    swallowed: list[None] = []
    life = asyncio.create_task(stubborn(swallowed, times=2))
    await asyncio.sleep(0)
    await supervision.end(life)
    assert life.cancelled()
    assert len(swallowed) == 2


async def test_all_ends_when_it_shall_also_where_nobody_cancels_it() -> None:
    stop = asyncio.Event()
    ended: list[str] = []

    async def work(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    async def ends_by_itself() -> None:
        await stop.wait()

    working = asyncio.create_task(supervision.supervise(stop, work("reading"), ends_by_itself(), work("telling")))
    await asyncio.sleep(0)
    stop.set()
    await working
    assert sorted(ended) == ["reading", "telling"]


async def test_what_fails_ends_all_and_is_raised(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("the disk is full")

    async def fail_while_ending() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError("this as well")

    with pytest.raises(ValueError, match="the disk is full"):
        await supervision.supervise(asyncio.Event(), fail_while_ending(), fail())
    assert caplog.messages == ["while ending: this as well"]
