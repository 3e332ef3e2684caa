"""Draws the chat with the bot in a terminal, much as a phone shows it."""

from collections.abc import Sequence

from rich.align import Align
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from storage.models import Button, Entity

WIDTH = 74
_STYLES = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strike": "strike",
    "code": "cyan",
    "quote": "on grey15",
    "folded": "on grey15",
    "link": "underline blue",
}


def from_bot(
    text: str, entities: Sequence[Entity], buttons: Sequence[Sequence[tuple[int, Button]]], *, note: str = ""
) -> RenderableType:
    """Draw a message of the bot; rows of `buttons` carry their numbers to press them, `note` stands in the frame."""
    parts: list[RenderableType] = [styled(text, entities)] if text else []
    if buttons:
        parts.append(Text())
        for row in buttons:
            labels = Text()
            for number, button in row:
                labels.append(f" {number} ", style="reverse cyan")
                labels.append(f" {button.label}   ", style="cyan")
            parts.append(labels)
    return Panel(Group(*parts), width=WIDTH, border_style="grey50", title=note or None, title_align="right")


def from_user(text: str) -> RenderableType:
    """Draw what the user wrote, on the right."""
    bubble = Panel(Text(text), border_style="green", expand=False)
    return Align.right(bubble, width=WIDTH)


def styled(text: str, entities: Sequence[Entity]) -> Text:
    """Give `text` the formats of its entities, whose offsets count UTF-16 units."""
    places = _characters(text)
    drawn = Text(text)
    for entity in entities:
        start, end = places[entity.start], places[min(entity.start + entity.length, len(places) - 1)]
        drawn.stylize(_STYLES[entity.kind], start, end)
    return drawn


def _characters(text: str) -> list[int]:
    """Give for every UTF-16 offset the character that it lies in; one more for the end."""
    places = []
    for number, character in enumerate(text):
        places += [number] * (2 if ord(character) > 0xFFFF else 1)  # noqa: PLR2004 - beyond the BMP it takes two units
    return [*places, len(text)]
