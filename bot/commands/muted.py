"""/muted: what a chat does not want to hear of, and a button for each to lift it."""

from bot import dressing
from bot.commands import muting
from bot.commands.desk import Answer, Asked, heading, lines, say
from bot.render import buttons, catalogue, phrases, text
from bot.render.text import Span
from storage import chats
from storage.database import Connection
from storage.models import Button, Mute

SHOWN = 30
"""Mutes listed at once."""
_LABEL_SHOWN = 24


async def muted(asked: Asked) -> Answer:
    """Answer /muted."""
    async with asked.desk.database.reading() as connection:
        return await _listed(connection, asked)


async def lift(asked: Asked) -> Answer:
    """Answer a press on a mute of the list: it is lifted, and the list goes on without it."""
    async with asked.desk.database.transaction() as tx:
        held = await dressing.mutes_of(tx, asked.chat.id, now=asked.now)
        found = next((mute for mute in held if buttons.mark(mute.kind, mute.subject) == asked.args), None)
        if found is None:
            # Pressed twice, or its time is over meanwhile: what the list shows is out of date.
            return Answer(replace=(await _listed(tx, asked)).messages[0])
        name = await muting.named(tx, asked, found.kind, found.subject)
        await chats.unmute(tx, asked.chat.id, kind=found.kind, subject=found.subject)
        rest = await _listed(tx, asked)
    return Answer(notice=catalogue.text(asked.texts, "mute.undone", name=name), replace=rest.messages[0])


async def _listed(connection: Connection, asked: Asked) -> Answer:
    held = await dressing.mutes_of(connection, asked.chat.id, now=asked.now)
    if not held:
        return say(asked, "mute.list_empty")
    items: list[tuple[Span, ...]] = [heading(asked, "mute.list")]
    offered: list[Button] = []
    for number, mute in enumerate(held[:SHOWN], start=1):
        name = await muting.named(connection, asked, mute.kind, mute.subject)
        items.append(
            catalogue.spans(
                asked.texts, "mute.list_line", number=number, name=Span(name, "bold"), until=_until(asked, mute)
            )
        )
        short = text.cut(name, _LABEL_SHOWN)
        label = catalogue.text(asked.texts, "mute.list_button", number=number, name=short)
        offered.append(Button(label=label, data=buttons.lift(mute.kind, mute.subject)))
    if len(held) > SHOWN:
        items.append(catalogue.spans(asked.texts, "mute.list_more", n=len(held) - SHOWN))
    return lines(items, buttons=offered)


def _until(asked: Asked, mute: Mute) -> str:
    if mute.until is None:
        return catalogue.text(asked.texts, "mute.list_for_good")
    time = phrases.moment(asked.texts, mute.until, asked.zone, near=asked.now)
    return catalogue.text(asked.texts, "mute.list_until", time=time)
