"""What reading history is measured against: a bare Telethon client that reads all of a channel and keeps nothing.

A program of its own: `python -m tests.benchmarks.bare_history HOST PORT KEY_OF_THE_READER CHANNEL`, the key in hex.
"""

import asyncio
import sys
from collections.abc import Sequence

from telethon.crypto import rsa

from bot.sandbox import keys
from tests.benchmarks import bare


async def main(arguments: Sequence[str]) -> None:
    host, port, key, channel = arguments
    reader = bare.client(host, port, key)
    await reader.connect()
    async for _ in reader.iter_messages(channel, wait_time=0):
        pass
    await reader.disconnect()


if __name__ == "__main__":
    rsa.add_key(keys.PUBLIC_KEY.read_text(), old=False)
    asyncio.run(main(sys.argv[1:]))
