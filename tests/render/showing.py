"""How tests look at messages: entities written into the text, checked against Telegram's limits."""

import re
from pathlib import Path

from bot.render import text
from storage.models import Entity, Message

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")
GOLDEN = Path(__file__).parent.parent / "data" / "render"


def covered(message: Message, entity: Entity) -> str:
    """The stretch of text that Telegram would give the format."""
    units = message.text.encode("utf-16-le")
    return units[2 * entity.start : 2 * (entity.start + entity.length)].decode("utf-16-le")


def marked(message: Message) -> str:
    """The text with its entities as ⟦kind …⟧, and the buttons below it."""
    units = message.text.encode("utf-16-le")
    edges: list[tuple[int, int, str]] = []
    for entity in message.entities:
        end = entity.start + entity.length
        opening = f"⟦{entity.kind} " if entity.url is None else f"⟦{entity.kind} {entity.url} "
        edges += [(entity.start, 1, opening), (end, 0, "⟧")]
    shown, last = "", 0
    for place, _, mark in sorted(edges, key=lambda edge: edge[:2]):
        shown += units[2 * last : 2 * place].decode("utf-16-le") + mark
        last = place
    shown += units[2 * last :].decode("utf-16-le")
    rows = [" ".join(f"[{button.label} → {button.data}]" for button in row) for row in message.buttons]
    picture = ["(picture)"] if message.picture is not None else []
    return "\n".join([*picture, shown, *rows])


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def pages(messages: tuple[Message, ...]) -> str:
    return "\n--------\n".join(marked(message) for message in messages) + "\n"


def assert_sendable(message: Message) -> None:
    """Telegram takes the message as it is, and shows of it what we meant."""
    length = text.utf16(message.text)
    assert 0 < length <= (text.TEXT_LIMIT if message.picture is None else text.CAPTION_LIMIT)
    assert len(message.entities) <= text.ENTITY_LIMIT
    assert message.text == message.text.strip()
    assert UNSEEN.search(message.text) is None
    for entity in message.entities:
        assert entity.length > 0
        assert entity.start + entity.length <= length
        assert covered(message, entity) == covered(message, entity).strip()  # decoding fails on half an emoji
        assert (entity.url is not None) == (entity.kind == "link")
    assert [entity.start for entity in message.entities] == sorted(entity.start for entity in message.entities)
    for row in message.buttons:
        for button in row:
            assert len((button.data or "").encode()) <= 64
