"""The buttons that silence a channel or a topic under its alerts for a while, and those that take it back."""

from dataclasses import dataclass

from bot import unwanted
from bot.commands import buttons, under_alerts
from bot.commands.desk import Answer, Asked
from bot.render import catalogue, phrases, text
from storage import channels, chats
from storage.models import Mute, MuteKind

DAY_SECONDS = 24 * 3600
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
        await unwanted.cancel(tx, asked.chat.id, now=asked.now)
        message = await under_alerts.refreshed(tx, asked)
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
        message = await under_alerts.refreshed(tx, asked)
    return Answer(notice=catalogue.text(asked.texts, "mute.undone", name=target.name), replace=message)


async def _target(asked: Asked) -> _Target | None:
    found = under_alerts.MUTE.fullmatch(asked.args)
    if found is None:
        return None
    kind, subject = under_alerts.KINDS[found["letter"]], found["subject"]
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
