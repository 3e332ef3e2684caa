"""Sends and edits as the bot, with our own random ids: the server recognises a repeat, so a crash doubles nothing."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from telethon import Button as TelethonButton
from telethon import errors as refusals
from telethon import utils
from telethon.tl import functions, types

from bot import delivery
from bot.commands.menu import Entry
from bot.telegram import client, errors, menus, uploading
from storage.models import Button, ChatId, Entity, EntityKind, Message

ANSWER_SECONDS = 10
LONGEST_NOTICE = 200

_log = logging.getLogger(__name__)

_ENTITIES: dict[EntityKind, Any] = {
    "bold": types.MessageEntityBold,
    "italic": types.MessageEntityItalic,
    "underline": types.MessageEntityUnderline,
    "strike": types.MessageEntityStrike,
    "code": types.MessageEntityCode,
    "quote": types.MessageEntityBlockquote,
    "folded": partial(types.MessageEntityBlockquote, collapsed=True),
}

_UNREACHABLE = frozenset(
    {
        "USER_IS_BLOCKED",
        "YOU_BLOCKED_USER",
        "INPUT_USER_DEACTIVATED",
        "USER_DELETED",
        "USER_IS_BOT",
        "USER_ID_INVALID",
        "USER_INVALID",
        "PEER_ID_INVALID",
        "PEER_ID_NOT_SUPPORTED",
        "CHAT_ID_INVALID",
        "CHAT_NOT_FOUND",
        "CHAT_RESTRICTED",
        "CHAT_ADMIN_REQUIRED",
        "CHANNEL_INVALID",
        "CHANNEL_PRIVATE",
        "USER_BANNED_IN_CHANNEL",
    }
)
_GONE = frozenset(
    {
        "MESSAGE_ID_INVALID",
        "MSG_ID_INVALID",
        "REPLY_MESSAGE_ID_INVALID",
        "REPLY_TO_INVALID",
        "MESSAGE_AUTHOR_REQUIRED",
        "MESSAGE_EDIT_TIME_EXPIRED",
    }
)
"""The message that is to be changed or answered is not there, or not ours to change any more."""
_AGAIN = frozenset({"RANDOM_ID_DUPLICATE", "MSG_WAIT_FAILED", "MSG_WAIT_TIMEOUT", "CONNECTION_NOT_INITED"})
"""Refusals of this call only: the same one may pass later."""
_DUPLICATE = "RANDOM_ID_DUPLICATE"
DUPLICATES_THAT_PROVE = 3
_FIRST_REFUSAL = 400
_SERVER_TROUBLE = 500
_FORBIDDEN = 403


@dataclass(slots=True, kw_only=True)
class Sender:
    """Sends through the connected client of the bot. It implements `delivery.Sender`."""

    client: client.Client
    _without_picture: set[int] = field(default_factory=set)
    _duplicates: dict[int, int] = field(default_factory=dict)
    _looked_up: set[ChatId] = field(default_factory=set)

    async def send(
        self, chat_id: ChatId, random_id: int, message: Message, *, reply_to: int | None = None
    ) -> delivery.Result:
        """Send `message`, under the message `reply_to`; the server answers a repeated `random_id` with what it has.

        What the server refuses for its picture, its formats or its buttons goes out without them, under the same
        `random_id`: a plain alert is better than none. Raises TelegramError when the bot's session is of no use.
        """
        result: delivery.Result = delivery.Unknown(reason="not tried")
        for form in _forms(message, pictured=random_id not in self._without_picture):
            sending = self._send(chat_id, random_id, form, reply_to)
            result = await self._attempt(sending, seconds=uploading.seconds(form))
            if isinstance(result, delivery.Unknown) and form.picture is not None:
                # A server may be unable to take pictures at all; the next try does without.
                self._without_picture.add(random_id)
            if not isinstance(result, delivery.Refused) or result.unreachable:
                break
            _log.warning("the server refuses a message: %s", result.reason)
        return self._remember(random_id, result)

    def _remember(self, random_id: int, result: delivery.Result) -> delivery.Result:
        if isinstance(result, delivery.Unsent):
            return result
        if not isinstance(result, delivery.Unknown):
            self._without_picture.discard(random_id)
            self._duplicates.pop(random_id, None)
            return result
        if result.reason == _DUPLICATE:
            # Telegram says so only while the first call still runs. A server that goes on saying it has the message.
            self._duplicates[random_id] = self._duplicates.get(random_id, 0) + 1
            if self._duplicates[random_id] >= DUPLICATES_THAT_PROVE:
                return self._remember(random_id, delivery.Sent(message_id=0))
        return result

    async def edit(self, chat_id: ChatId, message_id: int, message: Message) -> delivery.Result:
        """Make an earlier message of ours say what `message` says (a picture stays), as `send` does it."""
        result: delivery.Result = delivery.Unknown(reason="not tried")
        for form in _forms(message, pictured=False):
            result = await self._attempt(self._edit(chat_id, message_id, form))
            if not isinstance(result, delivery.Refused) or result.unreachable:
                break
            _log.warning("the server refuses a change of a message: %s", result.reason)
        return result

    async def set_menu(self, chat_id: ChatId, entries: Sequence[Entry]) -> None:
        """Show a chat this menu of commands; a failure is only logged."""
        await menus.set_for_chat(self.client, await self.peer(chat_id), entries)

    async def answer(self, query_id: int, notice: str | None) -> None:
        """Answer a pressed button, with a short `notice` or without words; a failure is only logged."""
        request = functions.messages.SetBotCallbackAnswerRequest(
            query_id=query_id, cache_time=0, message=notice[:LONGEST_NOTICE] if notice else None
        )
        result = await self._attempt(self._answer(request))
        if not isinstance(result, delivery.Sent):
            _log.info("a pressed button could not be answered: %s", result)

    async def _attempt(self, sending: Any, *, seconds: float = 0) -> delivery.Result:
        try:
            if not self.client.linked:
                # Telethon would keep the request and send it once connected, and so each repeat.
                return delivery.Unsent(reason="not connected")
            async with asyncio.timeout(ANSWER_SECONDS + seconds):
                return delivery.Sent(message_id=await sending)
        except refusals.RPCError as error:
            return _result(error)
        except (OSError, refusals.AuthKeyNotFound, *errors.GARBLED) as error:
            return delivery.Unknown(reason=f"no answer ({type(error).__name__})")
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # Telethon cancels what waits for an answer when it closes; nobody cancelled us.
            return delivery.Unknown(reason="connection closed")
        finally:
            sending.close()

    async def _send(self, chat_id: ChatId, random_id: int, message: Message, reply_to: int | None) -> int:
        common = {
            "peer": await self.peer(chat_id),
            "message": message.text,
            "random_id": random_id,
            "silent": message.silent or None,
            "entities": entities(message.entities) or None,
            "reply_markup": keyboard(message.buttons),
            "reply_to": None if reply_to is None else types.InputReplyToMessage(reply_to_msg_id=reply_to),
        }
        media = await uploading.media_of(self.client, message)
        if media is None:
            request = functions.messages.SendMessageRequest(no_webpage=True, **common)
        else:
            request = functions.messages.SendMediaRequest(media=media, **common)
        return sent_id(await self.client(request), random_id)

    async def _edit(self, chat_id: ChatId, message_id: int, message: Message) -> int:
        request = functions.messages.EditMessageRequest(
            peer=await self.peer(chat_id),
            id=message_id,
            no_webpage=True,
            message=message.text,
            entities=entities(message.entities) or None,
            reply_markup=keyboard(message.buttons),
        )
        try:
            await self.client(request)
        except refusals.MessageNotModifiedError:
            return message_id
        return message_id

    async def _answer(self, request: Any) -> int:
        await self.client(request)
        return 0

    async def peer(self, chat_id: ChatId) -> Any:
        """Name a chat to the server."""
        number, kind = utils.resolve_id(chat_id)
        if kind is types.PeerChat:
            return bare_peer(chat_id)
        known = self._known(kind(number))
        if known is None and chat_id not in self._looked_up:
            # Bots may look up who wrote to them without knowing the access hash; some servers never give it.
            self._looked_up.add(chat_id)
            await client.optional(self.client, _look_up(chat_id))
            known = self._known(kind(number))
        return known or bare_peer(chat_id)

    def _known(self, named: Any) -> Any:
        try:
            return self.client.session.get_input_entity(named)
        except ValueError:
            return None


def bare_peer(chat_id: ChatId) -> Any:
    """Name a chat without its access hash, as bots may."""
    number, kind = utils.resolve_id(chat_id)
    if kind is types.PeerChat:
        return types.InputPeerChat(number)
    return types.InputPeerUser(number, 0) if kind is types.PeerUser else types.InputPeerChannel(number, 0)


def _look_up(chat_id: ChatId) -> Any:
    number, kind = utils.resolve_id(chat_id)
    if kind is types.PeerUser:
        return functions.users.GetUsersRequest([types.InputUser(number, 0)])
    return functions.channels.GetChannelsRequest([types.InputChannel(number, 0)])


def entities(given: tuple[Entity, ...]) -> list[Any]:
    """Return formats as Telethon has them."""
    return [
        types.MessageEntityTextUrl(entity.start, entity.length, entity.url)
        if entity.kind == "link"
        else _ENTITIES[entity.kind](entity.start, entity.length)
        for entity in given
    ]


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> Any:
    """Return rows of buttons as Telethon has them, None without any."""
    if not rows:
        return None
    return client.Client.build_reply_markup([[_button(button) for button in row] for row in rows])


def sent_id(answer: Any, random_id: int) -> int:
    """Return the id of the message that the server says it has sent; 0 if it says none."""
    if isinstance(answer, types.UpdateShortSentMessage):
        return int(answer.id)
    updates = getattr(answer, "updates", None) or [getattr(answer, "update", None)]
    for update in updates:
        if isinstance(update, types.UpdateMessageID) and update.random_id == random_id:
            return int(update.id)
    for update in updates:
        if isinstance(update, types.UpdateNewMessage | types.UpdateNewChannelMessage):
            return int(update.message.id)
    return 0


def _button(button: Button) -> Any:
    if button.url is not None:
        return TelethonButton.url(button.label, button.url)
    return TelethonButton.inline(button.label, data=(button.data or button.label).encode())


def _forms(message: Message, *, pictured: bool) -> Iterator[Message]:
    if pictured or message.picture is None:
        yield message
    if message.picture is not None:
        message = replace(message, picture=None)
        yield message
    if message.entities or message.buttons:
        yield replace(message, entities=(), buttons=())


def _result(error: refusals.RPCError) -> delivery.Result:
    if errors.ends_the_session(error):
        raise errors.sentence(error) from None
    seconds = errors.wait(error)
    if seconds is not None:
        return delivery.RetryAfter(seconds=seconds)
    name, code = errors.name_of(error), abs(int(error.code or _SERVER_TROUBLE))
    if name in _GONE:
        return delivery.Gone(reason=name)
    if not _FIRST_REFUSAL <= code < _SERVER_TROUBLE or name in _AGAIN:
        return delivery.Unknown(reason=name)
    return delivery.Refused(reason=name, unreachable=name in _UNREACHABLE or code == _FORBIDDEN)
