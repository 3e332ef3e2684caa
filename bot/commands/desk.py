"""What answering needs, and what an answer is."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Protocol
from zoneinfo import ZoneInfo

from bot import rulebook
from bot.commands.access import Door
from bot.commands.menu import Entry
from bot.commands.reader import Reader
from bot.lexicons import TopicInfo
from bot.render import catalogue, text
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage.database import Database
from storage.models import Button, Chat, ChatId, Message, Role

Buttons = Sequence[Button]


class Screen(Protocol):
    """What was sent already and can be changed."""

    async def edit(self, chat_id: ChatId, message_id: int, message: Message) -> object:
        """Make an earlier message say what `message` says, if the server lets us."""
        ...

    async def settled(self, chat_id: ChatId) -> None:
        """Wait until it is noted under which id the server holds what is being sent to a chat now."""
        ...


class Menus(Protocol):
    """The menus of commands beside the field one types in."""

    async def set_menu(self, chat_id: ChatId, entries: Sequence[Entry]) -> object:
        """Show a chat this menu of commands, if the server lets us."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the answers are made from. `catalogues` by language; `wake` tells the delivery that there is work.

    `timezone` and `digest_time` are those of a chat that has chosen none. `username`: the bot's own, without @, by
    which links lead to it. `retention_days`: for how long the texts of posts are kept that were never flagged.
    `running`: the trials that can be cancelled, by the word that their button carries.
    """

    database: Database
    reader: Reader
    catalogues: Mapping[str, Catalogue]
    rules: rulebook.Rulebook
    door: Door
    timezone: str
    digest_time: time
    wake: Callable[[], None]
    screen: Screen
    menus: Menus
    username: str
    retention_days: int = 365
    running: dict[str, asyncio.Event] = field(default_factory=dict)

    @property
    def topics(self) -> Sequence[TopicInfo]:
        """The topics that are on, as they are at this moment."""
        return rulebook.topics(self.rules)

    @property
    def topic_names(self) -> list[str]:
        """The names of these topics, in the order in which they are told."""
        return [topic.name for topic in self.topics]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody who may ask asks, now (UTC seconds).

    `chat` is where it is answered, `role` what he may do who asks: in a group both differ. `args` follows the
    command, or is what the pressed button carries after its first word; `pressed` is the message that the button
    stands under, 0 for a command.
    """

    desk: Desk
    chat: Chat
    role: Role
    args: str
    now: int
    pressed: int = 0

    @property
    def texts(self) -> Catalogue:
        """The texts in the language of the chat."""
        return self.desk.catalogues[self.chat.language]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the chat."""
        return ZoneInfo(self.chat.timezone)

    @property
    def is_owner(self) -> bool:
        """Whether the asker may change what is watched."""
        return self.role == "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said: messages; for a press also a short `notice`, and what the message with the button becomes.

    `rows`: the message is an alert, to be drawn anew with these buttons; see `bot.dressing.drawn`. `private`: what
    was asked in a group is answered to the asker alone.
    """

    messages: tuple[Message, ...] = ()
    notice: str | None = None
    replace: Message | None = None
    rows: str | None = None
    private: bool = False


def say(asked: Asked, key: str, *, buttons: Buttons = (), **values: catalogue.Value) -> Answer:
    """Answer with one text of the catalogue, and a row for each button."""
    return lines([catalogue.spans(asked.texts, key, **values)], buttons=buttons)


def privately(answer: Answer) -> Answer:
    """Give an answer that goes to the asker alone, wherever he asked."""
    return replace(answer, private=True)


def lines(items: Sequence[Sequence[Span]], *, buttons: Buttons = ()) -> Answer:
    """Answer with lines, in as few messages as hold them; a row for each button stands under the last."""
    *first, last = text.pack(items)
    return Answer(messages=(*first, replace(last, buttons=tuple((button,) for button in buttons))))


def heading(asked: Asked, key: str, **values: str | int) -> tuple[Span]:
    """Give a text of the catalogue in bold."""
    return (Span(catalogue.text(asked.texts, key, **values), "bold"),)


def listed(asked: Asked, words: Sequence[str]) -> str:
    """Join words as one does in a sentence: one, two or three."""
    *before, last = words
    if not before:
        return last
    return catalogue.text(asked.texts, "list.last", before=", ".join(before), last=last)
