"""Finds public channels by name, link or title, and joins them."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from telethon.tl import functions, types

from bot.commands.reader import Candidates, Found, Refusal, RefusalReason, Unavailable, Wait
from bot.telegram import convert
from bot.telegram.calls import CallFailedError, Calls, FloodedError
from storage.models import ChannelInfo

MOST_FOUND = 20
ALREADY_MEMBER = "USER_ALREADY_PARTICIPANT"
NOBODYS_NAME = "USERNAME_"
"""How the server's word begins when nobody has a name, or nobody can have it."""
TOO_SHORT = frozenset({"QUERY_TOO_SHORT", "SEARCH_QUERY_EMPTY"})

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,31}")
_LINK = re.compile(r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)/(.*)", re.IGNORECASE)
_SUBDOMAIN = re.compile(r"(?:https?://)?([A-Za-z][A-Za-z0-9_]{2,31})\.t\.me(?:/.*)?", re.IGNORECASE)
_DEEP_LINK = re.compile(r"tg:(?://)?(resolve|join|privatepost|addlist)\?(.*)", re.IGNORECASE)
_INVITES = frozenset({"joinchat", "addlist"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked for: a public name, or words of a title. `certain`: it can be nothing but a name."""

    text: str
    kind: Literal["name", "title"]
    certain: bool = True


def parse(asked: str) -> Query | Refusal:
    """Understand `@name`, `name`, a t.me link, a link of its post, or else words of a title."""
    asked = asked.strip()
    linked = _of_link(asked)
    if linked is not None:
        return linked
    if asked.startswith("@"):
        return _of_name(asked[1:])
    if not asked or asked.startswith("+") or "://" in asked:
        return Refusal(reason="malformed")
    if _NAME.fullmatch(asked):
        return Query(text=asked, kind="name", certain=False)
    return Query(text=asked, kind="title")


def _of_link(asked: str) -> Query | Refusal | None:
    if link := _LINK.fullmatch(asked):
        return _of_path(link[1])
    if link := _DEEP_LINK.fullmatch(asked):
        return _of_deep_link(link[1].lower(), link[2])
    if link := _SUBDOMAIN.fullmatch(asked):
        return Query(text=link[1], kind="name")
    return None


def _of_path(path: str) -> Query | Refusal:
    steps = [step for step in re.split(r"[?#]", path)[0].split("/") if step]
    if steps and steps[0] == "s":
        steps = steps[1:]
    if not steps:
        return Refusal(reason="malformed")
    if steps[0].startswith("+") or steps[0].lower() in _INVITES:
        return Refusal(reason="invite")
    if steps[0] == "c":
        return Refusal(reason="private")
    return _of_name(steps[0])


def _of_deep_link(action: str, query: str) -> Query | Refusal:
    if action != "resolve":
        return Refusal(reason="private" if action == "privatepost" else "invite")
    name = re.search(r"(?:^|&)domain=([^&]*)", query)
    return _of_name(name[1]) if name else Refusal(reason="malformed")


def _of_name(name: str) -> Query | Refusal:
    return Query(text=name, kind="name") if _NAME.fullmatch(name) else Refusal(reason="malformed")


async def find(calls: Calls, asked: str) -> Found:
    """Look up what a person typed; by title when it is no name, or a word that might be one and is not.

    Raises:
        TelegramError: The session or the account is of no use any more.
    """
    query = parse(asked)
    if isinstance(query, Refusal):
        return query
    if query.kind == "title":
        return await _search(calls, query.text)
    found = await resolve(calls, query.text)
    if query.certain or not isinstance(found, Refusal):
        return found
    titled = await _search(calls, query.text)
    return titled if isinstance(titled, Candidates) and titled.infos else found


async def resolve(calls: Calls, username: str) -> Found:
    """Look up a public name; at most one candidate.

    Raises:
        TelegramError: The session or the account is of no use any more.
    """
    try:
        answer = await calls.ask(functions.contacts.ResolveUsernameRequest(username=username))
    except FloodedError as error:
        return Wait(seconds=error.seconds)
    except CallFailedError as error:
        unknown = error.name.startswith(NOBODYS_NAME)
        return Refusal(reason="unknown") if unknown else Unavailable(reason=error.name)
    entity = _entity(answer)
    reason: RefusalReason | None = "unknown" if entity is None else convert.refusal(entity, username=username)
    if reason is not None:
        return Refusal(reason=reason)
    return Candidates(infos=(convert.to_info(entity, username=username),), exact=True)


def _entity(answer: Any) -> Any:
    peer = answer.peer
    number = getattr(peer, "channel_id", None) or getattr(peer, "chat_id", None) or getattr(peer, "user_id", None)
    pool = answer.users if isinstance(peer, types.PeerUser) else answer.chats
    return next((one for one in pool if one.id == number), None)


async def _search(calls: Calls, words: str) -> Found:
    try:
        answer = await calls.ask(functions.contacts.SearchRequest(q=words, limit=MOST_FOUND))
    except FloodedError as error:
        return Wait(seconds=error.seconds)
    except CallFailedError as error:
        if error.name in TOO_SHORT:
            return Candidates(infos=(), exact=False)
        return Unavailable(reason=error.name)
    infos = tuple(convert.to_info(chat) for chat in answer.chats if convert.refusal(chat) is None)
    return Candidates(infos=infos, exact=False)


async def join(calls: Calls, info: ChannelInfo) -> bool:
    """Become a member, so that posts are pushed; False: the server refuses.

    Raises:
        FloodedError: Telegram asks for a pause first.
        CallFailedError: The server failed; another time it may not.
        TelegramError: The session or the account is of no use any more.
    """
    channel = types.InputChannel(channel_id=info.id, access_hash=info.access_hash)
    try:
        answer = await calls.ask(functions.channels.JoinChannelRequest(channel=channel), channel_id=info.id)
    except CallFailedError as error:
        if error.passing:
            raise
        return error.name == ALREADY_MEMBER
    return not isinstance(answer, types.messages.ChatInviteJoinResultWebView)
