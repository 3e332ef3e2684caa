"""The buttons under an alert as they now stand: what is muted can be unmuted, and the vote is marked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.commands import buttons
from bot.commands.desk import Asked
from bot.render import alert, catalogue, phrases
from bot.render.catalogue import Catalogue
from storage import chats, outbox, votes
from storage.database import Connection
from storage.models import Button, Message, Mute, MuteKind

KINDS: dict[str, MuteKind] = {"c": "channel", "t": "topic"}
MUTE = re.compile(r"(?P<letter>[ct]):(?P<subject>[^:]+)(?::(?P<days>[1-9]\d?)d)?")
"""What a button that mutes, or lifts a mute, carries after its first word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What of the chat shows on its buttons: its mutes, and what the button of its vote carries."""

    mutes: Sequence[Mute]
    chosen: str | None


async def refreshed(connection: Connection, asked: Asked) -> Message | None:
    """Give the message that was pressed under, with its buttons as they now are; None: it did not come from here.

    Telegram does not say what the message held: the outbox knows.
    """
    sent = await outbox.by_sent(connection, asked.chat.id, asked.pressed)
    if sent is None:
        return None
    held = [mute for mute in await chats.mutes(connection, now=asked.now) if mute.chat_id == asked.chat.id]
    chosen = None
    if sent.subject is not None:
        cast = await votes.get(connection, asked.chat.id, sent.subject.post_id)
        chosen = None if cast is None else alert.vote(sent.subject.post_id, approves=cast)
    state = _State(mutes=held, chosen=chosen)
    rows = tuple(tuple(_button(asked.texts, button, state) for button in row) for row in sent.message.buttons)
    return replace(sent.message, buttons=rows)


def _button(texts: Catalogue, button: Button, state: _State) -> Button:
    if button.data is not None and button.data == state.chosen:
        return replace(button, label=f"{button.label} ✓")
    found = MUTE.fullmatch((button.data or "").removeprefix("mute:"))
    if found is None:
        return button
    kind, subject = KINDS[found["letter"]], found["subject"]
    if (kind, subject) not in {(mute.kind, mute.subject) for mute in state.mutes}:
        return button
    label = catalogue.text(texts, f"mute.button_undo_{kind}", topic=phrases.topic(texts, subject))
    return Button(label=label, data=buttons.unmute(found["letter"], subject))
