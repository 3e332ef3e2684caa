"""Reads the catalogues of texts that ship with the bot, one folder a language."""

import tomllib
from importlib import resources

from bot.render import catalogue


def languages() -> tuple[str, ...]:
    """Name the languages there are texts in."""
    folder = resources.files("bot") / "texts"
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and entry.name.isalpha()))


def load(language: str) -> catalogue.Catalogue:
    """Read all texts of `language` ("en").

    Raises:
        LookupError: There are no texts in that language.
        ValueError: A file of texts is broken.
    """
    if language not in languages():
        raise LookupError(f"there are no texts in {language!r}, only in {', '.join(languages())}")
    folder = resources.files("bot") / "texts" / language
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)
    return catalogue.build(language, [tomllib.loads(file.read_text(encoding="utf-8")) for file in files])
