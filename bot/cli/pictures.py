"""Keeps the charts that a command of the terminal cannot show."""

import os
from collections.abc import Sequence
from pathlib import Path

from bot.cli import terminal
from bot.cli.trouble import TroubleError
from storage.models import Message


def store(messages: Sequence[Message], data_dir: Path, *, name: str) -> None:
    """Write the picture of a message into the data folder, and say where; raises TroubleError where that fails."""
    for picture in (message.picture for message in messages if message.picture is not None):
        path = data_dir / f"{name}.png"
        os.umask(0o077)
        try:
            path.write_bytes(picture)
        except OSError as error:
            raise TroubleError(f"{path} cannot be written ({error.strerror}). What is told above is whole.") from None
        terminal.say(f"\nChart: {path}")
