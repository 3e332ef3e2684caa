"""Turns what Telegram brings the bot into commands and presses.

Of a group only commands to this bot are taken; what people write there otherwise goes no further than this file.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from telethon import utils
from telethon.tl import types

from bot.commands.requests import Command, Moved, Press
from storage.models import ChatId

_COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)

Request = Command | Press | Moved
Known = Mapping[int, Any]
"""The users and chats that the server sent along, by their ids as Telegram marks them."""


def request(message: Any, known: Known, *, username: str) -> Command | Moved | None:
    """Return what a message asks of us; arguments and None as of `command`."""
    return moved(message) or command(message, known, username=username)


def command(message: Any, known: Known, *, username: str = "") -> Command | None:
    """Return the command that `message` is, in a private chat also plain text; None if it is not meant for us.

    Args:
        message: Telethon's.
        known: who is spoken of.
        username: the bot's own: in a group, commands to other bots are theirs.
    """
    if not isinstance(message, types.Message) or message.out:
        return None
    if isinstance(message.peer_id, types.PeerUser):
        return _private(message.peer_id.user_id, message, known)
    if message.post or not isinstance(message.from_id, types.PeerUser):
        # A post of a channel, or somebody who writes in the name of the group: nobody we could know.
        return None
    return _in_group(message.peer_id, message.from_id.user_id, message, known, username)


def short_command(update: types.UpdateShortMessage) -> Command | None:
    """Return the command in the short form of an update, which is used in private chats."""
    return None if update.out else _private(update.user_id, update, {})


def short_group_command(update: types.UpdateShortChatMessage, *, username: str) -> Command | None:
    """Return the command in the short form of an update that is used in groups."""
    peer = types.PeerChat(update.chat_id)
    return None if update.out else _in_group(peer, update.from_id, update, {}, username)


def press(update: types.UpdateBotCallbackQuery) -> Press | None:
    """Return the press of a button; None if it carries nothing."""
    if not update.data:
        return None
    return Press(
        chat_id=ChatId(utils.get_peer_id(update.peer)),
        sender=ChatId(update.user_id),
        query_id=update.query_id,
        message_id=update.msg_id,
        data=update.data.decode("utf-8", "replace"),
    )


def moved(message: Any) -> Moved | None:
    """Return where a group goes on that grew too large for what it was; None if `message` says something else."""
    if not isinstance(message, types.MessageService):
        return None
    here = ChatId(utils.get_peer_id(message.peer_id))
    match message.action:
        case types.MessageActionChatMigrateTo(channel_id=channel_id):
            return Moved(chat_id=here, after=ChatId(utils.get_peer_id(types.PeerChannel(channel_id))))
        case types.MessageActionChannelMigrateFrom(chat_id=chat_id):
            return Moved(chat_id=ChatId(utils.get_peer_id(types.PeerChat(chat_id))), after=here)
        case _:
            return None


def name(request: Request) -> tuple[object, ...]:
    """Name a request, the same when it comes again. Groups count their messages by themselves."""
    match request:
        case Press():
            return ("press", request.query_id)
        case Command():
            return ("command", request.chat_id, request.request_id)
        case Moved():
            return ("moved", request.chat_id)


def known(spoken_of: Iterable[Any]) -> Known:
    """Return users and chats by their ids as Telegram marks them."""
    return {utils.get_peer_id(one): one for one in spoken_of if not isinstance(one, types.UserEmpty | types.ChatEmpty)}


def parse(text: str) -> tuple[str, str]:
    """Return the name of a command in lower case and what follows it; the name of plain text is empty."""
    name, _, args = _parts(text)
    return name, args


def _parts(text: str) -> tuple[str, str, str]:
    found = _COMMAND.fullmatch(text.strip())
    if found is None:
        return "", "", text.strip()
    return found[1].lower(), found[2] or "", (found[3] or "").strip()


def _private(user_id: int, message: Any, known: Known) -> Command | None:
    if not message.message or _is_bot(known.get(user_id)):
        return None
    name, args = parse(message.message)
    return Command(
        chat_id=ChatId(user_id),
        sender=ChatId(user_id),
        request_id=message.id,
        name=name,
        args=args,
        sent_at=_seconds(message),
        language=getattr(known.get(user_id), "lang_code", None) or "",
    )


def _in_group(peer: Any, user_id: int, message: Any, known: Known, username: str) -> Command | None:
    name, to, args = _parts(message.message or "")
    if not name or (to and to.casefold() != username.casefold()) or _is_bot(known.get(user_id)):
        return None
    chat_id = utils.get_peer_id(peer)
    return Command(
        chat_id=ChatId(chat_id),
        sender=ChatId(user_id),
        request_id=message.id,
        name=name,
        args=args,
        sent_at=_seconds(message),
        title=getattr(known.get(chat_id), "title", None),
    )


def _is_bot(sender: Any) -> bool:
    return isinstance(sender, types.User) and bool(sender.bot)


def _seconds(message: Any) -> int:
    return int(message.date.timestamp()) if message.date else 0
