"""The languages a chat can be spoken to in."""

from collections.abc import Collection

FIRST = "en"
"""Spoken to whoever has chosen none, and whose Telegram speaks none that we know."""
NAMES = {"en": "English", "ru": "Русский", "uk": "Українська"}
"""Each by its own name, so that it is found whatever is spoken now."""


def of(code: str, known: Collection[str]) -> str:
    """Give the language for somebody whose Telegram speaks `code` ("uk", "en-GB", "" where it did not say)."""
    language = code.lower().partition("-")[0]
    return language if language in known else FIRST


def called(written: str) -> str | None:
    """Give the language that somebody names: "uk", "ukr", "українська" or "Ukrainian"; None: none of ours."""
    asked = written.casefold()
    names = {"ukrainian": "uk", "russian": "ru", "english": "en"} | {
        name.casefold(): code for code, name in NAMES.items()
    }
    if asked in NAMES:
        return asked
    return names.get(asked)
