import asyncio
import time
from pathlib import Path

import pytest

from bot.cli import main
from storage import channels, holes, posts, settings, waits
from storage.database import open_database
from storage.models import ChannelId, Cursor, MessageId
from storage.waits import StoredWait
from tests import records


async def hold(folder: Path, *, checked: bool, paused: str = "messages.SearchRequest", above: str = "") -> None:
    now = int(time.time())  # noqa: TID251 -- the command reads the real clock
    async with open_database(folder / "data" / "homefront.db", now=now) as opened, opened.transaction() as tx:
        await channels.follow(tx, records.channel_info(), joined=True, now=now)
        await posts.put(tx, records.post(7, date=now), language="ru", now=now)
        await channels.advance(tx, records.CHANNEL, Cursor(pts=9, complete_id=MessageId(7)))
        await channels.set_held_from(tx, records.CHANNEL, now - 86_400)
        await holes.confirm(tx, records.CHANNEL, (5, 7))
        await holes.suspect(tx, records.CHANNEL, (4, 7))
        if checked:
            await channels.checked(tx, records.CHANNEL, now=now)
        await settings.put(tx, settings.HOLE.format(records.CHANNEL), above)
        await waits.put(tx, StoredWait(request=paused, until=now + 900, channel_id=records.CHANNEL))


async def lose(folder: Path) -> None:
    async with open_database(folder / "data" / "homefront.db", now=records.NOW) as opened, opened.transaction() as tx:
        await channels.follow(tx, records.channel_info(5, title="Ещё один"), joined=False, quiet=True, now=records.NOW)
        await channels.lose(tx, ChannelId(5), trouble="It became private.")


@pytest.mark.parametrize(("checked", "code"), [(True, 0), (False, 1)])
async def test_each_channel_is_told_and_one_that_is_behind_is_a_failure(
    settled: Path, capsys: pytest.CaptureFixture[str], *, checked: bool, code: int
) -> None:
    await hold(settled, checked=checked)
    assert await run() == code
    shown = capsys.readouterr().out
    assert (
        "✓ Вести гарнизона @garrison_news" if checked else "✗ Вести гарнизона @garrison_news: never checked"
    ) in shown
    assert "complete up to id 7, last post 7 of " in shown
    assert "1 posts held, 0 edited, 0 deleted, 0 not readable" in shown
    assert "2 ids confirmed as empty, 1 ids not yet known" in shown
    assert shown.count("Telegram asks for a pause until") == 2
    assert f"1 channel, {code} behind." in shown


@pytest.mark.parametrize(
    ("request_name", "above", "reason"),
    [
        ("messages.GetHistoryRequest", "", "Telegram asks for a pause before it is read on"),
        ("updates.GetChannelDifferenceRequest", "", "Telegram asks for a pause before it is read on"),
        ("messages.SearchRequest", "3", "what was missed is not all read yet"),
    ],
)
async def test_a_channel_of_which_something_is_missing_is_behind_although_just_checked(
    settled: Path, capsys: pytest.CaptureFixture[str], request_name: str, above: str, reason: str
) -> None:
    await hold(settled, checked=True, paused=request_name, above=above)
    assert await run() == 1
    shown = capsys.readouterr().out
    assert f"✗ Вести гарнизона @garrison_news: {reason}" in shown
    assert "1 channel, 1 behind." in shown


async def run() -> int:
    return await asyncio.to_thread(main.main, ["check", "--channels"])


async def test_a_lost_channel_is_behind(settled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await hold(settled, checked=True)
    await lose(settled)
    assert await run() == 1
    assert "lost: It became private." in capsys.readouterr().out


def test_without_a_database_it_says_so(settled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert settled.exists()
    assert main.main(["check", "--channels"]) == 1
    assert "There is no database yet" in capsys.readouterr().err
