"""Who may ask: nobody until paired, else the owner, those he invited, or those whom the settings name.

To others the bot is silent. In a group it listens to the same people, once the owner called it there.
"""

import logging
from dataclasses import dataclass
from typing import Literal

from bot.commands import languages, pairing
from bot.commands.pairing import Pairing
from bot.commands.requests import Command, Press
from storage import chats, invites
from storage.database import Connection
from storage.invites import Invite
from storage.models import Chat, ChatId, Role

CALL = "here"
"""The command by which the owner calls the bot into a group."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Door:
    """Whom to let in. `allowed`: ids from the settings, the owner first; empty: who first sends the code of `pairing`.

    Wrong tries are counted here for as long as the process lives; every start has a code of its own.
    """

    allowed: tuple[ChatId, ...] = ()
    pairing: Pairing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody who may ask, and where. `new`: let in just now; `invited`: by a link of the owner."""

    chat: Chat
    role: Role
    new: bool
    invited: bool = False


async def settle(tx: Connection, door: Door, *, timezone: str, now: int) -> None:
    """Bring the chats of the database in line with the settings, at start.

    Whoever the settings name is told of posts from now on, also before writing to the bot; Telegram lets the bot write
    once it was started, and what it refuses until then waits. Chats that the settings no longer name are forgotten, so
    that no alert goes to them; without ids in the settings everybody stays who was let in, and so do groups in any
    case. The time zone of the settings holds for every chat that has chosen none.
    """
    held = await chats.all_chats(tx)
    for chat_id in door.allowed:
        if chat_id not in {chat.id for chat in held}:
            role = _role(door, chat_id)
            await chats.pair(tx, chat_id=chat_id, role=role, language=languages.FIRST, timezone=timezone, now=now)
    for chat in held:
        if not _may_stay(door, chat.id):
            await chats.remove(tx, chat.id)
            continue
        if timezone != chat.timezone and not chat.own_timezone:
            await chats.set_timezone(tx, chat.id, timezone, own=False)
        if chat.id in door.allowed and chat.role != _role(door, chat.id):
            await chats.pair(
                tx,
                chat_id=chat.id,
                role=_role(door, chat.id),
                language=chat.language,
                timezone=timezone,
                now=now,
            )


async def needs_pairing(connection: Connection, door: Door) -> bool:
    """Say whether a code must be shown to the person at the terminal: nobody is named and nobody let in."""
    return not door.allowed and not await chats.all_chats(connection)


async def admit(
    tx: Connection, door: Door, command: Command, *, language: str, timezone: str, now: int
) -> Arrival | None:
    """Give the chat that `command` comes from, letting it in if it has the right to; None: a stranger.

    `language` and `timezone` are those of a chat that is let in now; a group speaks as its owner does.
    """
    if command.chat_id != command.sender:
        return await _in_group(tx, door, command, timezone=timezone, now=now)
    if chat := await known(tx, door, command.chat_id):
        return Arrival(chat=chat, role=chat.role, new=False)
    invite = None
    if door.allowed:
        role = _role(door, command.chat_id) if command.chat_id in door.allowed else None
    elif invite := await _invite(tx, command, now=now):
        role = "reader"
    else:
        role = await _role_by_code(tx, door, command, now=now)
    if role is None:
        _log.warning("user %d wrote to the bot and was not let in", command.chat_id)
        return None
    label = None if invite is None else invite.label
    chat = await chats.pair(
        tx, chat_id=command.chat_id, role=role, language=language, timezone=timezone, now=now, label=label
    )
    _log.info("user %d was let in as %s", command.chat_id, role)
    return Arrival(chat=chat, role=role, new=True, invited=invite is not None)


async def presser(connection: Connection, door: Door, press: Press) -> Arrival | None:
    """Give the chat in which a button was pressed, and what he may do who pressed it; None: a stranger."""
    person = await known(connection, door, press.sender)
    if person is None or press.chat_id == press.sender:
        return None if person is None else Arrival(chat=person, role=person.role, new=False)
    group = await chats.get(connection, press.chat_id)
    return None if group is None else Arrival(chat=group, role=person.role, new=False)


async def known(connection: Connection, door: Door, chat_id: ChatId) -> Chat | None:
    """Give the private chat of a person if he was let in and still may ask."""
    return await chats.get(connection, chat_id) if _may_stay(door, chat_id) else None


async def _in_group(tx: Connection, door: Door, command: Command, *, timezone: str, now: int) -> Arrival | None:
    # Of those who may not ask nothing is noted, not even in the log: a group is full of people.
    person = await known(tx, door, command.sender)
    group = await chats.get(tx, command.chat_id)
    if person is None:
        return None
    if group is not None:
        return Arrival(chat=group, role=person.role, new=False)
    if command.name != CALL or person.role != "owner":
        return None
    group = await chats.pair(
        tx,
        chat_id=command.chat_id,
        role="reader",
        language=person.language,
        timezone=timezone,
        now=now,
        label=command.title,
    )
    _log.info("the owner called the bot into a group")
    return Arrival(chat=group, role=person.role, new=True)


async def _invite(tx: Connection, command: Command, *, now: int) -> Invite | None:
    code = command.args.strip()
    return await invites.use(tx, code, now=now) if command.name == "start" and code else None


def _may_stay(door: Door, chat_id: ChatId) -> bool:
    return not door.allowed or chat_id in door.allowed or chat_id < 0


def _role(door: Door, chat_id: ChatId) -> Role:
    return "owner" if chat_id == door.allowed[0] else "reader"


async def _role_by_code(tx: Connection, door: Door, command: Command, *, now: int) -> Literal["owner"] | None:
    # Only the first becomes owner, so once somebody is let in the code is worth nothing.
    if door.pairing is None or await chats.all_chats(tx):
        return None
    given = code_in(command)
    if given is None:
        return None
    door.pairing, outcome = pairing.attempt(door.pairing, given, now=now)
    if outcome == "right":
        return "owner"
    _log.warning(
        "user %d sent a pairing code that is %s; wrong tries so far: %d of %d",
        command.chat_id,
        "wrong" if outcome == "wrong" else "no longer valid (restart for a new one)",
        door.pairing.wrong,
        pairing.WRONG_TRIES,
    )
    return None


def code_in(command: Command) -> str | None:
    """Give the pairing code that somebody may have meant to send, by `/start CODE` or as plain text."""
    if command.name == "start" and command.args.strip():
        return command.args
    if not command.name and pairing.looks_like_a_code(command.args):
        return command.args
    return None
