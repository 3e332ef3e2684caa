"""`homefront run`: reads the channels and answers in the chat until it is stopped."""

import argparse
import asyncio
import signal

from bot import app, log, settings
from bot.cli import clock, lock, terminal, topic_files
from bot.cli.trouble import TroubleError
from bot.pipeline import topic_file
from bot.telegram import errors


def run(arguments: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM; raises TroubleError when Telegram or the folder cannot be used."""
    found = settings.load(settings.process_environment(), settings.env_file(arguments.env))
    log.configure([found.api_hash, found.bot_token])
    with lock.held(found.data_dir):
        try:
            asyncio.run(_until_stopped(found))
        except errors.TelegramError as error:
            raise TroubleError(f"{error} What was stored is kept.") from None
        except topic_file.LexiconError as error:
            raise topic_files.trouble(error) from None
    terminal.say("Stopped. All that was read is stored.")
    return 0


async def _until_stopped(found: settings.Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await app.run(found, clock=clock.now, say=terminal.say, stop=stop)
