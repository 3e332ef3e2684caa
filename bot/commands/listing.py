"""/channels: what is watched; without any, what one could begin with. And how a channel is shown in a list."""

from bot.commands import starter
from bot.commands.desk import Answer, Asked, heading, lines, say
from bot.render import catalogue, phrases
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage import channels
from storage.models import ChannelInfo


async def channel_list(asked: Asked) -> Answer:
    """Answer /channels."""
    async with asked.desk.database.reading() as connection:
        followed = await channels.followed(connection)
    if not followed:
        return empty(asked)
    items = [
        heading(asked, "channels.title", n=len(followed)),
        *(described(asked.texts, channel.info) for channel in followed),
        (Span("\n"), *catalogue.spans(asked.texts, "channels.footer")),
    ]
    return lines(items)


def empty(asked: Asked) -> Answer:
    """Say that nothing is watched yet, and offer the starter list to the owner."""
    if not asked.is_owner:
        return say(asked, "channels.empty_for_readers")
    return say(asked, "channels.empty", buttons=starter.offered())


def described(texts: Catalogue, info: ChannelInfo) -> tuple[Span, ...]:
    """Give a channel on one line: title, username, subscribers, and what Telegram says of it."""
    details = [phrases.username(info), *subscribers(texts, info), *phrases.flags(texts, info)]
    return (Span("• "), titled(info), *(Span(f"{phrases.SEPARATOR}{detail}") for detail in details if detail))


def titled(info: ChannelInfo) -> Span:
    """Give the title of a channel, leading to it where it has a public name."""
    username = phrases.username(info)
    if not username:
        return Span(phrases.title(info), "bold")
    return Span(phrases.title(info), "link", f"https://t.me/{username[1:]}")


def subscribers(texts: Catalogue, info: ChannelInfo) -> tuple[str, ...]:
    """Say how many subscribers a channel has, if Telegram said so."""
    if info.subscribers is None:
        return ()
    return (catalogue.text(texts, "channel.subscribers", n=info.subscribers),)
