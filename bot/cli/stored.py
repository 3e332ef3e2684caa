"""What a command begins with that only reads what is stored: the settings, and that something is stored."""

import argparse

from bot import folder, settings
from bot.cli.trouble import TroubleError


def local(arguments: argparse.Namespace, *, nothing: str) -> settings.Local:
    """Give the settings; raises TroubleError, which begins with `nothing`, where their folder holds no database."""
    found = settings.load_local(settings.process_environment(), settings.env_file(arguments.env))
    if not folder.database(found.data_dir).exists():
        raise TroubleError(
            f"{nothing}: {found.data_dir} holds no database. "
            "Let `homefront run` read channels first, or name the right DATA_DIR."
        )
    return found
