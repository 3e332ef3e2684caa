"""The commands there are, as Telegram shows them beside the field one types in."""

from dataclasses import dataclass

from bot.render import catalogue
from bot.render.catalogue import Catalogue

NAMES = (
    "digest",
    "report",
    "search",
    "trend",
    "saved",
    "muted",
    "channels",
    "add",
    "remove",
    "backfill",
    "topics",
    "topic",
    "try",
    "why",
    "export",
    "evidence",
    "forget",
    "status",
    "settings",
    "people",
    "invite",
    "here",
    "leave",
    "help",
)
"""What the menu and /help show, in this order."""
OF_THE_OWNER = frozenset(
    {"add", "remove", "backfill", "topic", "evidence", "forget", "people", "invite", "here", "leave"}
)
"""What only the owner can do."""
ALIASES = {"summary": "digest"}
"""Commands that are another one under a second name."""
HIDDEN = ("start",)
"""What Telegram itself sends when somebody opens the chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A command, without its slash, and what it does in a few words."""

    name: str
    description: str


def entries(texts: Catalogue) -> tuple[Entry, ...]:
    """Give the menu in the language of `texts`."""
    return tuple(Entry(name=name, description=catalogue.text(texts, f"menu.{name}")) for name in NAMES)
