"""The buttons that silence a channel or a topic under its alerts for a while, and those that take it back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.commands import buttons
from bot.commands.desk import Answer, Asked
from bot.render import catalogue, phrases, text
from bot.render.catalogue import Catalogue
from storage import channels, chats, outbox
from storage.database import Connection
from storage.models import Button, Message, Mute, MuteKind

DAY_SECONDS = 24 * 3600

_KINDS: dict[str, MuteKind] = {"c": "channel", "t": "topic"}
_DATA = re.compile(r"(?P<letter>[ct]):(?P<subject>[^:]+)(?::(?P<days>[1-9]\d?)d)?")
_TITLE_SHOWN = 48
"""UTF-16 units of a title in a notice, which may have 200 letters in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """What a button is about; `days` None: it lifts the mute. `name` as shown."""

    kind: MuteKind
    subject: str
    days: int | None
    name: str


async def mute(asked: Asked) -> Answer:
    """Answer a press on a button that mutes."""
    target = await _target(asked)
    if target is None or target.days is None:
        return Answer(notice=catalogue.text(asked.texts, "mute.nothing"))
    until = asked.now + target.days * DAY_SECONDS
    async with asked.desk.database.transaction() as tx:
        await chats.mute(tx, Mute(chat_id=asked.chat.id, kind=target.kind, subject=target.subject, until=until))
        message = await _refreshed(tx, asked)
    time = phrases.moment(asked.texts, until, asked.zone, near=asked.now)
    said = catalogue.text(asked.texts, f"mute.{target.kind}_done", time=time, name=target.name)
    return Answer(notice=said, replace=message)


async def unmute(asked: Asked) -> Answer:
    """Answer a press on a button that lifts a mute."""
    target = await _target(asked)
    if target is None:
        return Answer(notice=catalogue.text(asked.texts, "mute.nothing"))
    async with asked.desk.database.transaction() as tx:
        await chats.unmute(tx, asked.chat.id, kind=target.kind, subject=target.subject)
        message = await _refreshed(tx, asked)
    return Answer(notice=catalogue.text(asked.texts, "mute.undone", name=target.name), replace=message)


async def _target(asked: Asked) -> _Target | None:
    found = _DATA.fullmatch(asked.args)
    if found is None:
        return None
    kind, subject = _KINDS[found["letter"]], found["subject"]
    name = await _channel_name(asked, subject) if kind == "channel" else _topic_name(asked, subject)
    if name is None:
        return None
    days = int(found["days"]) if found["days"] else None
    return _Target(kind=kind, subject=subject, days=days, name=text.cut(name, _TITLE_SHOWN))


async def _channel_name(asked: Asked, subject: str) -> str | None:
    channel_id = buttons.channel_id(subject)
    if channel_id is None:
        return None
    async with asked.desk.database.reading() as connection:
        channel = await channels.get(connection, channel_id)
    return None if channel is None else phrases.title(channel.info)


def _topic_name(asked: Asked, subject: str) -> str | None:
    if subject not in {topic.name for topic in asked.desk.topics}:
        return None
    return phrases.topic(asked.texts, subject)


async def _refreshed(tx: Connection, asked: Asked) -> Message | None:
    """Give the message with its buttons as the mutes now are. Telegram does not say what it held: the outbox knows."""
    sent = await outbox.by_sent(tx, asked.chat.id, asked.pressed)
    if sent is None:
        return None
    held = [mute for mute in await chats.mutes(tx, now=asked.now) if mute.chat_id == asked.chat.id]
    rows = tuple(tuple(_button(asked.texts, button, held) for button in row) for row in sent.message.buttons)
    return replace(sent.message, buttons=rows)


def _button(texts: Catalogue, button: Button, held: Sequence[Mute]) -> Button:
    found = _DATA.fullmatch((button.data or "").removeprefix("mute:"))
    if found is None:
        return button
    kind, subject = _KINDS[found["letter"]], found["subject"]
    if (kind, subject) not in {(mute.kind, mute.subject) for mute in held}:
        return button
    label = catalogue.text(texts, f"mute.button_undo_{kind}", topic=phrases.topic(texts, subject))
    return Button(label=label, data=buttons.unmute(found["letter"], subject))
