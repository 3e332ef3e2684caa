"""/remove: stop watching a channel. Nothing is asked twice; what is held stays, and a button takes it back."""

import re
from collections.abc import Sequence

from bot.commands import buttons, listing
from bot.commands.adding import QUERY_SHOWN
from bot.commands.desk import Answer, Asked, lines, say
from bot.render import catalogue, phrases, text
from storage import channels
from storage.models import Button, Channel

CHOICES = 40
"""How many channels are offered at once; Telegram shows at most 100 buttons."""

_LINK = re.compile(r"(?:https?://)?(?:t\.me|telegram\.me)/(?:s/)?(\w+)(?:/.*)?", re.IGNORECASE)


async def remove(asked: Asked) -> Answer:
    """Answer /remove, with a name, link or title, or with none."""
    query = " ".join(asked.args.split())
    if not asked.is_owner:
        return say(asked, "add.owner_only")
    async with asked.desk.database.reading() as connection:
        followed = await channels.followed(connection)
    if not followed:
        return listing.empty(asked)
    found = meant(followed, query)
    if not found:
        return say(asked, "remove.nothing", query=text.line(query, QUERY_SHOWN))
    if query and len(found) == 1:
        return await _drop(asked, found[0])
    return _which(asked, found)


async def choose(asked: Asked) -> Answer:
    """Answer a press on a channel to remove."""
    if not asked.is_owner:
        return Answer(notice=catalogue.text(asked.texts, "add.owner_only"))
    channel_id = buttons.channel_id(asked.args)
    if channel_id is None:
        return Answer(notice=catalogue.text(asked.texts, "press.old"))
    async with asked.desk.database.reading() as connection:
        channel = await channels.get(connection, channel_id)
    if channel is None or channel.state != "followed":
        return Answer(notice=catalogue.text(asked.texts, "remove.already"))
    return await _drop(asked, channel)


def meant(followed: Sequence[Channel], query: str) -> Sequence[Channel]:
    """Pick the channels that a name, link or title means; all without one."""
    if not query:
        return followed
    link = _LINK.fullmatch(query)
    name = (link[1] if link else query.removeprefix("@")).casefold()
    by_name = [channel for channel in followed if (channel.info.username or "").casefold() == name]
    title = query.casefold()
    by_title = [channel for channel in followed if phrases.title(channel.info).casefold() == title]
    containing = [channel for channel in followed if title in channel.info.title.casefold()]
    return by_name or by_title or containing


def _which(asked: Asked, meant: Sequence[Channel]) -> Answer:
    shown = meant[:CHOICES]
    items = [catalogue.spans(asked.texts, "remove.which")]
    if len(meant) > len(shown):
        items.append(catalogue.spans(asked.texts, "remove.which_of_many", n=len(shown)))
    choices = [Button(label=_label(channel), data=buttons.drop(channel.info.id)) for channel in shown]
    return lines(items, buttons=choices)


def _label(channel: Channel) -> str:
    username = phrases.username(channel.info)
    title = phrases.title(channel.info)
    return title if username in {"", title} else f"{title}{phrases.SEPARATOR}{username}"


async def _drop(asked: Asked, channel: Channel) -> Answer:
    await asked.desk.reader.unfollow(channel.info.id)
    again = Button(label=catalogue.text(asked.texts, "remove.button_again"), data=buttons.add(channel.info))
    return say(asked, "remove.done", title=listing.titled(channel.info), buttons=[again])
