"""/add, the choice among what Telegram finds, and watching a channel."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from bot.commands import buttons, durations, listing, starter
from bot.commands.desk import Answer, Asked, Buttons, lines, say
from bot.commands.reader import Candidates, Refusal, Unavailable, Wait, Way
from bot.pipeline import resemblance
from bot.render import catalogue, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage import channels, settings
from storage.models import Button, Channel, ChannelId, ChannelInfo

CANDIDATES = 10
"""How many of the channels found are offered; more are no choice on a phone."""
QUERY_SHOWN = 64
"""UTF-16 units of a query that an answer repeats."""
USUAL_WAY = "add.way"
"""Under this name stands how channels are watched where nothing else is said."""
LONGEST_QUERY = 256
"""Letters; titles have at most 128, links hardly more."""
_WAYS: Mapping[str, Way] = {"live": "live", "quiet": "quiet"}
_SAID: Mapping[str, Way] = {"joining": "live", "quietly": "quiet"}


async def add(asked: Asked) -> Answer:
    """Answer /add: an exact name is watched at once, a title is searched; "quietly" or "joining" at the end say how."""
    query, way = _parse(asked.args)
    if not asked.is_owner:
        return say(asked, "add.owner_only")
    if not query:
        examples = ((Span(example, "code"),) for example in starter.EXAMPLES)
        return lines([catalogue.spans(asked.texts, "add.how"), *examples])
    if len(query) > LONGEST_QUERY:
        return say(asked, "add.too_long")
    return await _search(asked, query, way)


def _parse(args: str) -> tuple[str, Way | None]:
    words = args.split()
    way = _SAID.get(words[-1].lower()) if len(words) > 1 else None
    return " ".join(words[:-1] if way else words), way


async def find(asked: Asked) -> Answer:
    """Answer a press on a title of the starter list, or on "Try again"."""
    if not asked.is_owner:
        return _owner_only(asked)
    return await _search(asked, asked.args, None)


async def choose(asked: Asked) -> Answer:
    """Answer a press on a channel that was found, or on one that was removed."""
    return await _choose(asked, asked.args, None)


async def choose_live(asked: Asked) -> Answer:
    """Answer a press on a channel that shall be joined."""
    return await _choose(asked, asked.args, "live")


async def choose_quietly(asked: Asked) -> Answer:
    """Answer a press on a channel that shall not be joined."""
    return await _choose(asked, asked.args, "quiet")


async def settle(asked: Asked) -> Answer:
    """Answer the press that says how channels are watched from now on, and begin with this one."""
    word, _, chosen = asked.args.partition(":")
    way = _WAYS.get(word)
    if way is None:
        return Answer(notice=catalogue.text(asked.texts, "press.old"))
    if asked.is_owner:
        async with asked.desk.database.transaction() as tx:
            await settings.put(tx, USUAL_WAY, way)
    return await _choose(asked, chosen, way)


async def _choose(asked: Asked, chosen: str, way: Way | None) -> Answer:
    number, _, username = chosen.partition(":")
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
        return await _follow(asked, held.info, way)
    return await _follow_found(asked, channel_id, username, way)


async def _search(asked: Asked, query: str, way: Way | None) -> Answer:
    found = await asked.desk.reader.find(query)
    match found:
        case Candidates(exact=True, infos=(info,)):
            return await _follow(asked, info, way)
        case Candidates():
            return await _offer(asked, query, found, way)
        case _:
            return _excuse(asked, found, again=buttons.find(query))


async def _follow_found(asked: Asked, channel_id: ChannelId, username: str, way: Way | None) -> Answer:
    found = await asked.desk.reader.find(f"@{username}")
    match found:
        case Candidates(infos=(info,)) if info.id == channel_id:
            return await _follow(asked, info, way)
        case Candidates():
            return say(asked, "add.moved", username=username)
        case _:
            return _excuse(asked, found, again=f"{way or 'add'}:{channel_id}:{username}")


async def _offer(asked: Asked, query: str, found: Candidates, way: Way | None) -> Answer:
    # What has no public name can be opened by nobody: it is no public channel.
    infos = [info for info in found.infos if phrases.username(info)][:CANDIDATES]
    shown = text.line(query, QUERY_SHOWN)
    if not infos:
        return say(asked, "add.nothing", query=shown)
    items = [
        catalogue.spans(asked.texts, "add.choose", n=len(infos), query=shown),
        *(listing.described(asked.texts, info) for info in infos),
        *await _twins(asked, infos),
        *_note_on_flags(asked.texts, infos),
    ]
    choices = [Button(label=_label(asked.texts, info), data=buttons.add(info, way)) for info in infos]
    return lines(items, buttons=choices)


def _label(texts: Catalogue, info: ChannelInfo) -> str:
    details = (*listing.subscribers(texts, info), *phrases.flags(texts, info))
    return phrases.SEPARATOR.join((phrases.title(info), *details))


async def _follow(asked: Asked, info: ChannelInfo, way: Way | None) -> Answer:
    async with asked.desk.database.reading() as connection:
        held = await channels.get(connection, info.id)
        usual = await settings.get(connection, USUAL_WAY)
    if held is not None and held.state == "followed":
        return say(asked, "add.already", title=listing.titled(held.info))
    way = way or _WAYS.get(usual or "")
    if way is None:
        return await _ask_for_way(asked, info)
    channel = await asked.desk.reader.follow(info, way=way)
    if isinstance(channel, Refusal | Wait | Unavailable):
        return _excuse(asked, channel, again=buttons.add(info, way))
    return await _done(asked, channel)


async def _ask_for_way(asked: Asked, info: ChannelInfo) -> Answer:
    """Ask what joining means to whom: the administrators of a channel can see who joined."""
    ways: tuple[Way, ...] = ("live", "quiet")
    choices = [
        Button(label=catalogue.text(asked.texts, f"add.button_{way}"), data=buttons.settle(info, way)) for way in ways
    ]
    question = catalogue.spans(asked.texts, "add.live_or_quiet", title=listing.titled(info))
    return lines([*await _twins(asked, [info]), question], buttons=choices)


async def _done(asked: Asked, channel: Channel) -> Answer:
    key = "add.done_quietly" if channel.quiet else "add.done" if channel.joined else "add.done_by_timer"
    items = [
        catalogue.spans(asked.texts, key, title=listing.titled(channel.info)),
        *_flags_of(asked.texts, channel.info),
        *await _twins(asked, [channel.info]),
        *_note_on_flags(asked.texts, [channel.info]),
    ]
    return lines(items)


async def _twins(asked: Asked, infos: Sequence[ChannelInfo]) -> list[tuple[Span, ...]]:
    """Warn of channels that are called like one that is watched and are another one."""
    async with asked.desk.database.reading() as connection:
        followed = await channels.followed(connection)
    return [
        catalogue.spans(asked.texts, "add.twin", title=_named(info), watched=_named(channel.info))
        for info in infos
        for channel in followed
        if channel.info.id != info.id and resemblance.resemble(channel.info.title, info.title)
    ]


def _named(info: ChannelInfo) -> str:
    username = phrases.username(info)
    return f"{phrases.title(info)} ({username})" if username else phrases.title(info)


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
