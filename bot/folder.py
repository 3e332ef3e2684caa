"""Where things lie in the data folder."""

from pathlib import Path


def database(data_dir: Path) -> Path:
    """Return the path of the database in the folder."""
    return data_dir / "homefront.db"


def reader_session(data_dir: Path) -> Path:
    """Return the path of the user account's session in the folder."""
    return data_dir / "reader.session"


def bot_session(data_dir: Path) -> Path:
    """Return the path of the bot account's session in the folder."""
    return data_dir / "bot.session"


def topics(data_dir: Path) -> Path:
    """Return the path of the user's own topic files in the folder."""
    return data_dir / "topics"
