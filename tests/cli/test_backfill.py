import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.sandbox import thread
from bot.sandbox.world import World
from storage import channels, posts
from storage.database import open_database
from storage.models import ChannelId, MessageId, Post
from tests import records
from tests.cli.conftest import CODE, PHONE

DAY = 24 * 3600

pytestmark = pytest.mark.usefixtures("read_already")


async def hold(folder: Path, world: World) -> None:
    """Hold the channel as a reader does that has run: its newest post, and nothing older."""
    (channel,) = world.state.channels.values()
    (reader,) = (account for account in world.state.accounts.values() if account.phone == PHONE)
    now = int(time.time())  # noqa: TID251 -- the command reads the real clock
    access_hash = world.state.access_hash(reader.id, channel.id)
    info = records.channel_info(channel.id, username="garrison_news", access_hash=access_hash)
    async with open_database(folder / "data" / "homefront.db", now=now) as opened, opened.transaction() as tx:
        await channels.follow(tx, info, joined=False, now=now)
        newest = channel.posts[channel.order[-1]]
        held = Post(channel_id=ChannelId(channel.id), message_id=MessageId(newest.id), date=now, text="…")
        await posts.put(tx, held, language="ru", now=now)
        await channels.set_held_from(tx, ChannelId(channel.id), now - DAY)


def test_older_posts_are_read_and_counted(
    settled: Path, world: World, remote: thread.Remote, typed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    (channel,) = world.state.channels.values()
    now = int(time.time())  # noqa: TID251 -- the command reads the real clock
    channel.posts[1].date = now - 40 * DAY
    remote.do(lambda: [world.post(channel, f"Запись {day}", date=now - day * DAY - 60) for day in range(30, -1, -1)])
    typed(PHONE, CODE)
    assert main.main(["login"]) == 0
    asyncio.run(hold(settled, world))
    assert main.main(["backfill", "@garrison_news", "20"]) == 0
    assert "19 older posts read." in capsys.readouterr().out
    assert main.main(["backfill", "garrison_news", "60"]) == 0
    assert "12 older posts read." in capsys.readouterr().out


def test_a_channel_that_is_not_held_is_a_sentence(settled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert settled.exists()
    assert main.main(["backfill", "@nobody", "20"]) == 1
    assert "is not held yet" in capsys.readouterr().err
    assert main.main(["backfill", "@nobody", "0"]) == 2
