"""Which topic somebody means who writes its name, or the beginning of it."""

from collections.abc import Iterable


def meant(written: str, topics: Iterable[str]) -> str | None:
    """Give the topic that `written` names; so much of its name as no other begins with is enough. None: no one."""
    word = written.casefold()
    fitting = [name for name in topics if word and name.casefold().startswith(word)]
    exact = [name for name in fitting if name.casefold() == word]
    return (exact or fitting)[0] if len(exact or fitting) == 1 else None
