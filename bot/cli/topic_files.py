"""The topic files, read for a command: what is wrong in them is a sentence for whoever edits them."""

from pathlib import Path

from bot import folder, rulebook
from bot.cli.trouble import TroubleError
from bot.pipeline import topic_file


def rules(data_dir: Path) -> rulebook.Rulebook:
    """Read the dictionaries, the built-in topic files and the user's own; raises TroubleError with file and place."""
    try:
        return rulebook.read(folder.topics(data_dir))
    except topic_file.LexiconError as error:
        raise trouble(error) from None


def trouble(error: topic_file.LexiconError) -> TroubleError:
    """Return what the user reads of a topic file that cannot be used."""
    return TroubleError(f"A topic file cannot be used, and nothing was changed. {error}")
