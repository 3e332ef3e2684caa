"""The user's own Telegram, as an unmodified Telethon client: what his phone shows of the chat with the bot."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from telethon import TelegramClient, events
from telethon.crypto import rsa
from telethon.sessions import MemorySession
from telethon.tl.custom import Message as TelethonMessage
from telethon.tl.functions.messages import GetBotCallbackAnswerRequest
from telethon.tl.types import KeyboardInlineButton

from storage.models import Button, Entity, EntityKind

_KINDS: dict[str, EntityKind] = {
    "MessageEntityBold": "bold",
    "MessageEntityItalic": "italic",
    "MessageEntityUnderline": "underline",
    "MessageEntityStrike": "strike",
    "MessageEntityCode": "code",
    "MessageEntityBlockquote": "quote",
    "MessageEntityTextUrl": "link",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message of the bot as it arrived. `arrived` in seconds of `time.perf_counter`; entity offsets in UTF-16."""

    message_id: int
    text: str
    entities: tuple[Entity, ...]
    buttons: tuple[tuple[Button, ...], ...]
    picture: bool
    edited: bool
    arrived: float


@dataclass(slots=True, kw_only=True)
class Phone:
    """A signed-in user in a chat with one bot. `shown` holds what arrived, oldest first."""

    client: TelegramClient
    bot: str
    shown: asyncio.Queue[Shown] = field(default_factory=asyncio.Queue)

    async def write(self, text: str) -> None:
        """Send `text` to the bot."""
        await self.client.send_message(self.bot, text)

    async def press(self, message_id: int, data: str) -> str | None:
        """Press the button that carries `data` under a message of the bot; returns the notice that Telegram shows."""
        peer = await self.client.get_input_entity(self.bot)
        request = GetBotCallbackAnswerRequest(peer=peer, msg_id=message_id, data=data.encode())
        notice: str | None = (await self.client(request)).message
        return notice

    async def save_picture(self, message_id: int, path: Path) -> Path:
        """Download the picture of a message to `path`."""
        message = await self.client.get_messages(self.bot, ids=message_id)
        await self.client.download_media(message, file=str(path))
        return path


@asynccontextmanager
async def open_phone(*, address: str, key_pem: str, number: str, code: str, bot: str) -> AsyncIterator[Phone]:
    """Sign a user in on the server at `address` ("127.0.0.1:port") and show what `bot` (a username) writes to him."""
    host, _, port = address.partition(":")
    rsa.add_key(key_pem, old=False)
    session = MemorySession()
    session.set_dc(2, host, int(port))
    client = TelegramClient(session, 1, "0" * 32)
    await client.connect()
    try:
        await client.send_code_request(number)
        await client.sign_in(number, code)
        phone = Phone(client=client, bot=bot)
        client.add_event_handler(
            lambda event: _put(phone, event.message, edited=False), events.NewMessage(incoming=True)
        )
        client.add_event_handler(
            lambda event: _put(phone, event.message, edited=True), events.MessageEdited(incoming=True)
        )
        yield phone
    finally:
        await client.disconnect()


async def _put(phone: Phone, message: TelethonMessage, *, edited: bool) -> None:
    rows = message.reply_markup.rows if message.reply_markup else ()
    phone.shown.put_nowait(
        Shown(
            message_id=message.id,
            text=message.message or "",
            entities=tuple(
                Entity(
                    kind=_KINDS[type(entity).__name__],
                    start=entity.offset,
                    length=entity.length,
                    url=getattr(entity, "url", None),
                )
                for entity in message.entities or ()
                if type(entity).__name__ in _KINDS
            ),
            buttons=tuple(tuple(_button(button) for button in row.buttons) for row in rows),
            picture=message.photo is not None,
            edited=edited,
            arrived=time.perf_counter(),
        )
    )


def _button(button: KeyboardInlineButton) -> Button:
    data = getattr(button.type, "data", None)
    url = getattr(button.type, "url", None)
    return Button(label=button.text, data=data.decode() if data else None, url=url)
