"""What Homefront is measured against: a bare Telethon client and bot that store nothing and promise nothing.

A program of its own: `python bare.py HOST PORT KEY_OF_THE_READER KEY_OF_THE_BOT CHANNEL OWNER WORD`, keys in hex.
"""

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

from telethon import TelegramClient, events
from telethon.crypto import AuthKey, rsa
from telethon.sessions import MemorySession

from bot.sandbox import keys

READY = "ready"


def client(host: str, port: str, key: str) -> Any:
    session = MemorySession()
    session.set_dc(2, host, int(port))
    session.auth_key = AuthKey(bytes.fromhex(key))
    return TelegramClient(session, 1, "0" * 32)


async def main(arguments: Sequence[str]) -> None:
    host, port, reader_key, bot_key, channel, owner, word = arguments
    reader, bot = client(host, port, reader_key), client(host, port, bot_key)
    await reader.connect()
    await bot.connect()
    to = await bot.get_input_entity(owner)

    async def tell(event: Any) -> None:
        if word in event.raw_text:
            await bot.send_message(to, f"https://t.me/{channel}/{event.id}\n{event.raw_text}")

    reader.add_event_handler(tell, events.NewMessage(chats=channel))
    print(READY, flush=True)
    await reader.run_until_disconnected()


if __name__ == "__main__":
    rsa.add_key(keys.PUBLIC_KEY.read_text(), old=False)
    asyncio.run(main(sys.argv[1:]))
