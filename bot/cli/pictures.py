"""Keeps the charts that a command of the terminal cannot show."""

from collections.abc import Sequence
from pathlib import Path

from bot.cli import output, terminal
from storage.models import Message


def store(messages: Sequence[Message], data_dir: Path, *, name: str) -> None:
    """Write the picture of a message into the data folder, and say where; raises TroubleError where that fails."""
    for picture in (message.picture for message in messages if message.picture is not None):
        path = data_dir / f"{name}.png"
        with output.writing(path, otherwise="What is told above is whole.") as file:
            file.write(picture)
        terminal.say(f"\nChart: {path}")
