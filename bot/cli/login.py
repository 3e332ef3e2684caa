"""`homefront login`: signs the user account in that reads the channels."""

import argparse
import asyncio
import os
import signal
import sys
import termios
from typing import NoReturn

from bot import folder, log, settings
from bot.cli import clock, lock, terminal
from bot.cli.trouble import TroubleError
from bot.telegram import accounts, errors, login


def run(arguments: argparse.Namespace) -> int:
    """Ask for phone number, code and password until signed in; raises TroubleError."""
    found = settings.load(settings.process_environment(), settings.env_file(arguments.env))
    log.configure([found.api_hash, found.bot_token])
    with lock.held(found.data_dir):
        try:
            asyncio.run(_sign_in(found))
        except errors.TelegramError as error:
            raise TroubleError(f"{error} The settings and what is stored are as before.") from None
    terminal.say("Next: homefront run")
    return 0


async def _sign_in(found: settings.Settings) -> None:
    place = accounts.Place(
        session=folder.reader_session(found.data_dir),
        api_id=found.api_id,
        api_hash=found.api_hash,
        server=found.server,
    )
    _end_at_once_on_interrupt()
    client = await accounts.open_for_login(place, clock=clock.now)
    try:
        await login.login(client, terminal.ask, terminal.say, ask_secretly=terminal.ask_unseen)
    finally:
        await client.disconnect()


def _end_at_once_on_interrupt() -> None:
    # The questions are asked in a thread, which would keep the process until Enter is pressed. Nothing needs to be
    # put away: the session is stored by a transaction once somebody is signed in.
    shown = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None

    def end() -> NoReturn:
        if shown is not None:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, shown)
        terminal.say("\nStopped. Nothing was changed.")
        os._exit(1)

    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, end)
