"""Mute under an alert: what shall be silent, for how long; and the way back from both."""

import re
from collections.abc import Mapping

from bot import dressing, unwanted
from bot.commands import buttons, under_alerts
from bot.commands.desk import Answer, Asked
from bot.render import buttons as rows
from bot.render import catalogue, passage, phrases, text
from storage import channels, chats
from storage.database import Connection
from storage.models import Mute, MuteKind

DAY_SECONDS = 24 * 3600
_TITLE_SHOWN = 48
"""UTF-16 units of a name in a notice, which may have 200 letters in all."""
_OLD = re.compile(r"(?P<letter>[ct]):(?P<subject>[^:]+)(?::(?P<days>[1-9]\d?)d)?", re.ASCII)
"""What buttons carry that were sent before there was a menu."""
_KINDS: Mapping[str, MuteKind] = {"c": "channel", "t": "topic"}


async def menu(asked: Asked) -> Answer:
    """Answer a press on Mute: ask what, or for how long."""
    post, _, code = asked.args.partition(":")
    async with asked.desk.database.reading() as connection:
        found = await under_alerts.pressed_under(connection, asked, post)
        if isinstance(found, Answer):
            return found
        if not code:
            return under_alerts.redrawn(asked, "mute.what", rows="menu")
        target = dressing.subject(found, code)
        if target is None:
            return under_alerts.SILENT
        name = await named(connection, asked, *target)
    return under_alerts.redrawn(asked, "mute.how_long", rows=f"menu:{code}", name=name)


async def back(asked: Asked) -> Answer:
    """Answer a press on Back: the rows that were there before."""
    async with asked.desk.database.reading() as connection:
        found = await under_alerts.pressed_under(connection, asked, asked.args)
    return found if isinstance(found, Answer) else under_alerts.redrawn(asked)


async def mute(asked: Asked) -> Answer:
    """Answer a press on a span of time: what was chosen is silent, and what of it is not sent yet never comes."""
    old = _OLD.fullmatch(asked.args)
    if old is not None:
        return await _mute_old(asked, old)
    post, code, days = (*asked.args.split(":"), "", "")[:3]
    if days not in {str(number) for number in rows.DAYS}:
        return under_alerts.SILENT
    async with asked.desk.database.transaction() as tx:
        target = await _target(tx, asked, post, code)
        if isinstance(target, Answer):
            return target
        return await _put(tx, asked, target, days=int(days))


async def unmute(asked: Asked) -> Answer:
    """Answer a press on a button that lifts a mute."""
    old = _OLD.fullmatch(asked.args)
    async with asked.desk.database.transaction() as tx:
        if old is not None:
            target: tuple[MuteKind, str] | Answer = _KINDS[old["letter"]], old["subject"]
        else:
            target = await _target(tx, asked, *(*asked.args.split(":"), "")[:2])
        if isinstance(target, Answer):
            return target
        name = await named(tx, asked, *target)
        await chats.unmute(tx, asked.chat.id, kind=target[0], subject=target[1])
    return under_alerts.redrawn(asked, "mute.undone", name=name)


async def named(connection: Connection, asked: Asked, kind: MuteKind, subject: str) -> str:
    """Give the name of what is muted, as it is shown."""
    if kind == "topic":
        return text.cut(phrases.topic(asked.texts, subject), _TITLE_SHOWN)
    if kind == "channel":
        channel_id = buttons.channel_id(subject)
        channel = None if channel_id is None else await channels.get(connection, channel_id)
        return text.cut(subject if channel is None else phrases.title(channel.info), _TITLE_SHOWN)
    post = await dressing.post_of_story(connection, subject)
    if post is None or not post.post.text:
        return catalogue.text(asked.texts, "mute.story_gone")
    found = passage.passage(asked.texts, post.post, post.matches, limit=_TITLE_SHOWN)
    words = text.line("".join(span.text for span in found), _TITLE_SHOWN)
    return catalogue.text(asked.texts, "mute.story_named", words=words)


async def _target(connection: Connection, asked: Asked, post: str, code: str) -> tuple[MuteKind, str] | Answer:
    found = await under_alerts.pressed_under(connection, asked, post)
    if isinstance(found, Answer):
        return found
    return dressing.subject(found, code) or under_alerts.SILENT


async def _mute_old(asked: Asked, old: re.Match[str]) -> Answer:
    kind, subject = _KINDS[old["letter"]], old["subject"]
    async with asked.desk.database.transaction() as tx:
        if not old["days"] or not await _exists(tx, asked, kind, subject):
            return under_alerts.notice(asked, "mute.nothing")
        return await _put(tx, asked, (kind, subject), days=int(old["days"]))


async def _exists(connection: Connection, asked: Asked, kind: MuteKind, subject: str) -> bool:
    if kind == "topic":
        return subject in {topic.name for topic in asked.desk.topics}
    channel_id = buttons.channel_id(subject)
    return channel_id is not None and await channels.get(connection, channel_id) is not None


async def _put(tx: Connection, asked: Asked, target: tuple[MuteKind, str], *, days: int) -> Answer:
    kind, subject = target
    until = asked.now + days * DAY_SECONDS if days else None
    await chats.mute(tx, Mute(chat_id=asked.chat.id, kind=kind, subject=subject, until=until))
    await unwanted.cancel(tx, asked.chat.id, now=asked.now)
    name = await named(tx, asked, kind, subject)
    if until is None:
        return under_alerts.redrawn(asked, "mute.for_good", name=name)
    time = phrases.moment(asked.texts, until, asked.zone, near=asked.now)
    return under_alerts.redrawn(asked, f"mute.{kind}_done", time=time, name=name)
