"""What the server may answer to a message of ours, and what becomes of the message then."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, assert_never

from bot.render import catalogue, text
from bot.render.catalogue import Catalogue
from storage import chats, outbox, settings, summaries
from storage.database import Connection
from storage.models import ChatId, Message, OutboxMessage

LONGEST_PAUSE_SECONDS = 60
LONG_PAUSE_SECONDS = 30
"""What an edit would have told waits no longer than this for a pause of edits to end: other messages may be sent."""
DAY_SECONDS = 24 * 3600
_SHOWN = 100
_SILENCE = "delivery.silence"

Call = Literal["send", "edit"]
"""Telegram asks for pauses by the kind of call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The server has the message, under this id in the chat."""

    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryAfter:
    """The server asks us to send nothing for so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """Nothing has left us, for there is no connection."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may have been sent or not: again later, the same bytes under the same random_id."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The message that was to be changed or answered is no longer there."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The server will never take this message; `unreachable`: nor any other to this chat until its user writes."""

    reason: str
    unreachable: bool


Result = Sent | RetryAfter | Unsent | Unknown | Gone | Refused


class Sender(Protocol):
    """Sends as the bot."""

    async def send(self, chat_id: ChatId, random_id: int, message: Message, *, reply_to: int | None = None) -> Result:
        """Send `message`, under the message `reply_to`; the server answers a repeated `random_id` with what it has."""
        ...

    async def edit(self, chat_id: ChatId, message_id: int, message: Message) -> Result:
        """Make an earlier message say what `message` says."""
        ...


def call_of(message: OutboxMessage) -> Call:
    """Say by which kind of call a message goes."""
    return "edit" if message.act == "edit" else "send"


async def silence(connection: Connection, call: Call, *, now: int) -> float:
    """Give the seconds for which Telegram still wants none of these calls, asked for before this process began."""
    kept = await settings.get(connection, f"{_SILENCE}.{call}")
    if kept is None:
        return 0.0
    until, seconds = map(int, kept.split())
    # The clock may have been set since.
    return float(max(0, min(until - now, seconds)))


async def settle(
    tx: Connection, texts: Mapping[str, Catalogue], message: OutboxMessage, result: Result, *, now: int
) -> None:
    """Store what became of a message that was claimed.

    Args:
        tx: the transaction.
        texts: the catalogues by language, for what the owner is told.
        message: as claimed.
        result: what the server answered.
        now: UTC seconds.
    """
    match result:
        case Sent():
            await outbox.settle(tx, message.id, message_id=result.message_id, now=now)
        case RetryAfter():
            await _pause(tx, message, result.seconds, now=now)
        case Unsent():
            await outbox.again(tx, message.id, not_before=now, error=result.reason, tried=False)
        case Unknown():
            pause = min(2**message.attempts, LONGEST_PAUSE_SECONDS)
            await outbox.again(tx, message.id, not_before=now + pause, error=result.reason)
        case Gone():
            await outbox.refuse(tx, message.id, error=result.reason, quietly=True)
            await _tell_anew(tx, message)
        case Refused(unreachable=True):
            await outbox.again(tx, message.id, not_before=now, error=result.reason, tried=False)
            await chats.set_unreachable(tx, message.chat_id, now)
            await _report(tx, texts, message, result, now=now)
        case Refused():
            await outbox.refuse(tx, message.id, error=result.reason)
            await _tell_anew(tx, message)
            await _report(tx, texts, message, result, now=now)
        case _:
            assert_never(result)


async def _pause(tx: Connection, message: OutboxMessage, seconds: int, *, now: int) -> None:
    reason = f"Telegram asked for a pause of {seconds} s"
    await outbox.again(tx, message.id, not_before=now + seconds, error=reason, tried=False)
    await settings.put(tx, f"{_SILENCE}.{call_of(message)}", f"{now + seconds} {seconds}")
    if message.kind == "summary" and seconds > LONG_PAUSE_SECONDS and await summaries.untold(tx, message):
        await _tell_anew(tx, message)


async def _tell_anew(tx: Connection, message: OutboxMessage) -> None:
    """Have told what only an edit would have told that never came to be seen."""
    if message.act != "edit" or message.depends_on is None:
        return
    (changed,) = await outbox.by_ids(tx, (message.depends_on,))
    if changed.kind == "summary":
        await summaries.unfold(tx, changed.id)


async def _report(
    tx: Connection, texts: Mapping[str, Catalogue], message: OutboxMessage, refused: Refused, *, now: int
) -> None:
    """Tell the owner of a refusal, the same one once a day."""
    if message.kind == "notice" and not refused.unreachable:
        return
    for chat in await chats.all_chats(tx):
        here = chat.id == message.chat_id
        if chat.role != "owner" or (here and refused.unreachable):
            continue
        key = "telling.refused_here" if here else "telling.refused"
        key = "telling.unreachable" if refused.unreachable else key
        said = catalogue.spans(
            texts[chat.language],
            key,
            chat=str(message.chat_id),
            reason=refused.reason,
            beginning=_beginning(message),
        )
        await outbox.add(
            tx,
            chat_id=chat.id,
            kind="notice",
            key=f"notice:{key}:{message.chat_id}:{refused.reason}:{now // DAY_SECONDS}",
            random_id=outbox.new_random_id(),
            message=text.message(said),
            now=now,
        )


def _beginning(message: OutboxMessage) -> str:
    """Give the first words of a message, but none of a channel's: where these are forgotten nobody looks for them."""
    said = message.message.text.partition("\n")[0]
    quotes = [entity.start for entity in message.message.entities if entity.kind == "quote"]
    if message.kind in {"alert", "followup"} and quotes:
        said = message.message.text.encode("utf-16-le")[: 2 * min(quotes)].decode("utf-16-le")
    return text.line(said, _SHOWN)
