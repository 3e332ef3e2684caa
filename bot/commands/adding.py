"""/add, the choice among what Telegram finds, and watching a channel."""

from typing import assert_never

from bot.commands import buttons, durations, listing, starter
from bot.commands.desk import Answer, Asked, Buttons, lines, say
from bot.commands.reader import Candidates, Refusal, Unavailable, Wait
from bot.render import catalogue, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage import channels
from storage.models import Button, ChannelId, ChannelInfo

CANDIDATES = 10
"""How many of the channels found are offered; more are no choice on a phone."""
QUERY_SHOWN = 64
"""UTF-16 units of a query that an answer repeats."""
LONGEST_QUERY = 256
"""Letters; titles have at most 128, links hardly more."""


async def add(asked: Asked) -> Answer:
    """Answer /add: an exact name is watched at once, a title is searched."""
    query = " ".join(asked.args.split())
    if not asked.is_owner:
        return say(asked, "add.owner_only")
    if not query:
        examples = ((Span(example, "code"),) for example in starter.EXAMPLES)
        return lines([catalogue.spans(asked.texts, "add.how"), *examples])
    if len(query) > LONGEST_QUERY:
        return say(asked, "add.too_long")
    return await _search(asked, query)


async def find(asked: Asked) -> Answer:
    """Answer a press on a title of the starter list, or on "Try again"."""
    if not asked.is_owner:
        return _owner_only(asked)
    return await _search(asked, asked.args)


async def choose(asked: Asked) -> Answer:
    """Answer a press on a channel that was found, or on one that was removed."""
    number, _, username = asked.args.partition(":")
    if not asked.is_owner:
        return _owner_only(asked)
    channel_id = buttons.channel_id(number)
    if channel_id is None:
        return Answer(notice=catalogue.text(asked.texts, "press.old"))
    async with asked.desk.database.reading() as connection:
        held = await channels.get(connection, channel_id)
    if held is not None and held.state == "followed":
        return Answer(notice=catalogue.text(asked.texts, "add.already", title=phrases.title(held.info)))
    if held is not None:
        return await _follow(asked, held.info)
    return await _follow_found(asked, channel_id, username)


async def _search(asked: Asked, query: str) -> Answer:
    found = await asked.desk.reader.find(query)
    match found:
        case Candidates(exact=True, infos=(info,)):
            return await _follow(asked, info)
        case Candidates():
            return _offer(asked, query, found)
        case _:
            return _excuse(asked, found, again=buttons.find(query))


async def _follow_found(asked: Asked, channel_id: ChannelId, username: str) -> Answer:
    found = await asked.desk.reader.find(f"@{username}")
    match found:
        case Candidates(infos=(info,)) if info.id == channel_id:
            return await _follow(asked, info)
        case Candidates():
            return say(asked, "add.moved", username=username)
        case _:
            return _excuse(asked, found, again=f"add:{asked.args}")


def _offer(asked: Asked, query: str, found: Candidates) -> Answer:
    # What has no public name can be opened by nobody: it is no public channel.
    infos = [info for info in found.infos if phrases.username(info)][:CANDIDATES]
    shown = text.line(query, QUERY_SHOWN)
    if not infos:
        return say(asked, "add.nothing", query=shown)
    items = [
        catalogue.spans(asked.texts, "add.choose", n=len(infos), query=shown),
        *(listing.described(asked.texts, info) for info in infos),
        *_note_on_flags(asked.texts, infos),
    ]
    choices = [Button(label=_label(asked.texts, info), data=buttons.add(info)) for info in infos]
    return lines(items, buttons=choices)


def _label(texts: Catalogue, info: ChannelInfo) -> str:
    details = (*listing.subscribers(texts, info), *phrases.flags(texts, info))
    return phrases.SEPARATOR.join((phrases.title(info), *details))


async def _follow(asked: Asked, info: ChannelInfo) -> Answer:
    async with asked.desk.database.reading() as connection:
        held = await channels.get(connection, info.id)
    if held is not None and held.state == "followed":
        return say(asked, "add.already", title=listing.titled(held.info))
    channel = await asked.desk.reader.follow(info)
    if isinstance(channel, Refusal | Wait | Unavailable):
        return _excuse(asked, channel, again=buttons.add(info))
    key = "add.done" if channel.joined else "add.done_by_timer"
    items = [
        catalogue.spans(asked.texts, key, title=listing.titled(channel.info)),
        *_flags_of(asked.texts, channel.info),
        *_note_on_flags(asked.texts, [channel.info]),
    ]
    return lines(items)


def _flags_of(texts: Catalogue, info: ChannelInfo) -> list[tuple[Span, ...]]:
    flags = phrases.flags(texts, info)
    return [(Span(phrases.SEPARATOR.join(flags)),)] if flags else []


def _note_on_flags(texts: Catalogue, infos: list[ChannelInfo]) -> list[tuple[Span, ...]]:
    if not any(info.fake or info.scam or info.restricted for info in infos):
        return []
    return [catalogue.spans(texts, "channel.flags_note")]


def _excuse(asked: Asked, why: Refusal | Wait | Unavailable, *, again: str | None) -> Answer:
    retry: Buttons = [Button(label=catalogue.text(asked.texts, "reader.button_retry"), data=again)] if again else []
    match why:
        case Refusal():
            return say(asked, f"refused.{why.reason}")
        case Wait():
            return say(asked, "reader.wait", time=durations.words(asked.texts, why.seconds), buttons=retry)
        case Unavailable():
            return say(asked, "reader.unavailable", buttons=retry)
        case _:
            assert_never(why)


def _owner_only(asked: Asked) -> Answer:
    return Answer(notice=catalogue.text(asked.texts, "add.owner_only"))
