"""What is asked of the database about chats."""

from collections.abc import Awaitable, Callable

from storage import chats
from storage.database import Connection
from storage.models import ChatId, Mute
from tests.records import CHAT, NOW

MUTE = Mute(chat_id=CHAT, kind="topic", subject="rotation", until=None)

CALLS: dict[str, Callable[[Connection], Awaitable[object]]] = {
    "chats.pair": lambda tx: chats.pair(tx, chat_id=CHAT, role="owner", language="en", timezone="UTC", now=NOW),
    "chats.get": lambda tx: chats.get(tx, CHAT),
    "chats.all_chats": chats.all_chats,
    "chats.set_unreachable": lambda tx: chats.set_unreachable(tx, CHAT, None),
    "chats.reached": lambda tx: chats.reached(tx, CHAT, bot_id=42),
    "chats.set_reached": lambda tx: chats.set_reached(tx, CHAT, 77, bot_id=42),
    "chats.set_timezone": lambda tx: chats.set_timezone(tx, CHAT, "UTC", own=True),
    "chats.set_language": lambda tx: chats.set_language(tx, CHAT, "uk"),
    "chats.set_topics": lambda tx: chats.set_topics(tx, CHAT, ("rotation",)),
    "chats.set_silent_topics": lambda tx: chats.set_silent_topics(tx, CHAT, ("rotation",)),
    "chats.set_mode": lambda tx: chats.set_mode(tx, CHAT, "hourly"),
    "chats.set_quiet": lambda tx: chats.set_quiet(tx, CHAT, (1320, 420)),
    "chats.set_digest_at": lambda tx: chats.set_digest_at(tx, CHAT, 540),
    "chats.set_weekly": lambda tx: chats.set_weekly(tx, CHAT, weekly=True),
    "chats.set_digested": lambda tx: chats.set_digested(tx, CHAT, NOW),
    "chats.mute": lambda tx: chats.mute(tx, MUTE),
    "chats.unmute": lambda tx: chats.unmute(tx, CHAT, kind="topic", subject="rotation"),
    "chats.mutes": lambda tx: chats.mutes(tx, now=NOW),
    "chats.move": lambda tx: chats.move(tx, ChatId(1), ChatId(-9)),
    "chats.remove": lambda tx: chats.remove(tx, ChatId(-9)),
}
