"""The topic files, read for a command: what is wrong in them is a sentence for whoever edits them."""

from bot import lexicons
from bot.cli.trouble import TroubleError
from bot.pipeline.classify import Classifier


def load() -> Classifier:
    """Read the topic files and the dictionaries; raises TroubleError with file, line and place."""
    try:
        return lexicons.load()
    except lexicons.LexiconError as error:
        raise trouble(error) from None


def trouble(error: lexicons.LexiconError) -> TroubleError:
    """Return what the user reads of a topic file that cannot be used."""
    return TroubleError(f"A topic file cannot be used, and nothing was changed. {error}")
