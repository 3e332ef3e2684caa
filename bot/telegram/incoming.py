"""Turns what Telegram brings the bot into commands and presses; only private chats with users count."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from telethon.tl import types

from bot.commands.requests import Command, Press
from storage.models import ChatId

_COMMAND = re.compile(r"/(\w+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


def command(message: Any, users: Mapping[int, Any]) -> Command | None:
    """Return the command or plain text that `message` is; None if it is none, or not from a user to us alone.

    `users`: those that the server sent along, by id.
    """
    if not isinstance(message, types.Message) or message.out or not isinstance(message.peer_id, types.PeerUser):
        return None
    return _command(message.peer_id.user_id, message, users)


def short_command(update: types.UpdateShortMessage) -> Command | None:
    """Return the command in the short form of an update, which is used in private chats alone."""
    return None if update.out else _command(update.user_id, update, {})


def press(update: types.UpdateBotCallbackQuery) -> Press | None:
    """Return the press of a button; None if it was not in a private chat or carries nothing."""
    if not isinstance(update.peer, types.PeerUser) or not update.data:
        return None
    return Press(
        chat_id=ChatId(update.user_id),
        query_id=update.query_id,
        message_id=update.msg_id,
        data=update.data.decode("utf-8", "replace"),
    )


def by_id(users: Iterable[Any]) -> dict[int, Any]:
    """Return users by their ids."""
    return {user.id: user for user in users if isinstance(user, types.User)}


def parse(text: str) -> tuple[str, str]:
    """Return the name of a command in lower case and what follows it; the name of plain text is empty."""
    found = _COMMAND.fullmatch(text.strip())
    if found is None:
        return "", text.strip()
    return found[1].lower(), (found[2] or "").strip()


def _command(user_id: int, message: Any, users: Mapping[int, Any]) -> Command | None:
    sender = users.get(user_id)
    if not message.message or (sender is not None and sender.bot):
        return None
    name, args = parse(message.message)
    return Command(
        chat_id=ChatId(user_id),
        request_id=message.id,
        name=name,
        args=args,
        sent_at=int(message.date.timestamp()) if message.date else 0,
        language=(sender.lang_code if sender is not None else None) or "",
    )
