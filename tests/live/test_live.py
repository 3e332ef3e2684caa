"""A look at real Telegram with the user's own .env and sessions: `make live`. It joins nothing and writes to nobody."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telethon.tl import functions, types

from bot import folder, settings
from bot.cli import lock
from bot.commands.reader import Candidates
from bot.telegram import accounts, calls, client, convert, directory, turns, waits
from storage.models import ChannelId

pytestmark = pytest.mark.live

OFFICIAL = "@telegram"
"""Telegram's own channel: public, and there as long as Telegram is."""


def clock() -> int:
    return int(time.time())  # noqa: TID251 -- real Telegram keeps real time


@pytest.fixture(scope="module")
def found() -> settings.Settings:
    """The user's own settings; without them there is nothing to try."""
    given = settings.load(settings.process_environment(), settings.env_file(None))
    assert given.server is None, "TELEGRAM_SERVER is set: this is not real Telegram"
    return given


@asynccontextmanager
async def reader_of(found: settings.Settings) -> AsyncIterator[client.Client]:
    with lock.held(found.data_dir):
        opened = await accounts.open_reader(_place(found, folder.reader_session(found.data_dir)), clock=clock)
        try:
            yield opened
        finally:
            await opened.disconnect()


async def test_the_reader_finds_a_channel_and_reads_its_posts(found: settings.Settings) -> None:
    async with reader_of(found) as reader:
        asking = calls.Calls(reader, waits.Waits(time.monotonic), turns.Turns(time.monotonic, at_once=1), limit=15)
        answer = await directory.find(asking, OFFICIAL)
        assert isinstance(answer, Candidates)
        (info,) = answer.infos
        peer = types.InputPeerChannel(info.id, info.access_hash)
        request = functions.messages.GetHistoryRequest(
            peer=peer, offset_id=0, offset_date=None, add_offset=0, limit=20, max_id=0, min_id=0, hash=0
        )
        messages = (await asking.ask(request)).messages
    posts = [convert.to_post(message, ChannelId(info.id)) for message in messages]
    print(f"\n{info.title}: {sum(post is not None for post in posts)} posts, clock off by {reader.clock_offset} s")
    assert any(post is not None and post.text for post in posts)


async def test_the_bot_signs_in(found: settings.Settings) -> None:
    with lock.held(found.data_dir):
        place = _place(found, folder.bot_session(found.data_dir))
        bot = await accounts.open_bot(place, found.bot_token, clock=clock, say=print)
        try:
            account = await accounts.who(bot)
        finally:
            await bot.disconnect()
    assert account is not None
    assert account.bot


def _place(found: settings.Settings, session: Path) -> accounts.Place:
    return accounts.Place(session=session, api_id=found.api_id, api_hash=found.api_hash, server=found.server)
