"""The sandbox walks: two real clients sign in, one joins a channel, a post comes, the other writes to it."""

import asyncio
from typing import Any

from telethon import events, functions

from bot.sandbox.world import World
from tests.served import Clients


async def test_a_post_is_pushed_and_the_bot_writes_to_the_user(world: World, client: Clients) -> None:
    user, bot = world.add_user(), world.add_bot()
    channel = world.add_channel("Путь домой", "way_home")
    world.post(channel, "раньше")
    reader, writer = await client(user), await client(bot)
    arrived: asyncio.Queue[Any] = asyncio.Queue()
    reader.add_event_handler(arrived.put, events.NewMessage(incoming=True))

    await reader(functions.channels.JoinChannelRequest("way_home"))
    world.post(channel, "теперь")
    post = await arrived.get()
    assert (post.chat_id, post.raw_text) == (-1_000_000_000_000 - channel.id, "теперь")

    await reader.send_message("homefront_bot", "/start")
    sent = await writer.send_message(user.id, "тревога")
    letter = await arrived.get()
    assert (letter.sender_id, letter.raw_text, letter.message.id) == (bot.id, "тревога", 2)
    assert sent.id == 2
    history = await reader.get_messages("way_home", limit=10)
    assert [message.text for message in history] == ["теперь", "раньше"]
