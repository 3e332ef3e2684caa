"""Sets the menus of commands that Telegram shows beside the field one types in."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from telethon import errors as refusals
from telethon.tl import functions, types

from bot.commands import languages
from bot.commands.menu import Entry
from bot.telegram import client, errors

ANSWER_SECONDS = 10

_log = logging.getLogger(__name__)


async def set_for_all(connected: client.Client, entries: Mapping[str, Sequence[Entry]]) -> None:
    """Show everybody the menu in the language of his Telegram, and in the first one where we do not speak it."""
    for language, found in entries.items():
        code = "" if language == languages.FIRST else language
        await _set(connected, types.BotCommandScopeDefault(), code, found)


async def set_for_chat(connected: client.Client, peer: Any, entries: Sequence[Entry]) -> None:
    """Show one chat this menu, whatever language its Telegram speaks."""
    await _set(connected, types.BotCommandScopePeer(peer), "", entries)


async def _set(connected: client.Client, scope: Any, language: str, entries: Sequence[Entry]) -> None:
    commands = [types.BotCommand(entry.name, entry.description) for entry in entries]
    request = functions.bots.SetBotCommandsRequest(scope=scope, lang_code=language, commands=commands)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await connected(request)
    except (refusals.RPCError, OSError, *errors.GARBLED) as error:
        _log.warning("a menu of commands could not be set: %s", error)
