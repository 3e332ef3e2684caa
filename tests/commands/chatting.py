"""A private chat without Telegram: commands go in, what the outbox holds for the chat comes out."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import time

from bot import catalogues, rulebook
from bot.commands import desk, reception
from bot.commands.access import Door
from bot.commands.menu import Entry
from bot.commands.pairing import Pairing
from bot.commands.reader import Candidates, Following, Found, ReaderState, Translated, Translation, Way
from bot.commands.requests import Command, Press, Pressed
from bot.pipeline import lexicon, query
from storage import backfills, channels, outbox
from storage.database import Database
from storage.models import Button, ChannelId, ChannelInfo, ChatId, Message, OutboxMessage
from tests import records

RULES = (
    ("desertion", "дезертир"),
    ("desertion", "самоволк*"),
    ("mobilization", "мобилизация"),
    ("mobilization", "повестка and военкомат"),
    ("mobilization", "могилизация"),
    ("rotation", "ротация"),
)
ALL = {language: catalogues.load(language) for language in catalogues.languages()}
TEXTS = ALL["en"]
NINE = time(9)
FRIEND = ChatId(4_200_002)


class PlainWords:
    """Dictionaries in which every word has one form more, and which lack one word."""

    def forms(self, word: str, language: str) -> set[str]:
        return {word, f"{word[:-1]}и"}

    def known(self, word: str, language: str) -> bool:
        return False

    def holds(self, word: str, language: str) -> bool:
        return word != "бусифиляция"

    def guess(self, text: str, script: str) -> str:
        return "ru"


def rules() -> rulebook.Rulebook:
    """Six rules of three topics, by `PlainWords`."""
    files = [
        lexicon.RuleText(topic=topic, language="ru", text=rule, node=query.parse(rule, {})) for topic, rule in RULES
    ]
    return rulebook.assemble(files, PlainWords(), PlainWords())


class FakeScreen:
    """Keeps what messages were changed to, and the menus that chats were shown."""

    def __init__(self) -> None:
        self.edits: list[tuple[int, Message]] = []
        self.menus: dict[ChatId, Sequence[Entry]] = {}
        self.on_its_way: Callable[[], Awaitable[None]] | None = None

    async def set_menu(self, chat_id: ChatId, entries: Sequence[Entry]) -> object:
        self.menus[chat_id] = entries
        return None

    async def settled(self, chat_id: ChatId) -> None:
        if self.on_its_way is not None:
            await self.on_its_way()

    async def edit(self, chat_id: ChatId, message_id: int, message: Message) -> object:
        self.edits.append((message_id, message))
        return None


class FakeReader:
    """Finds what it was told of, and writes what it follows into the database as the real one does."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.answers: dict[str, Found] = {}
        self.following: Following | None = None
        self.joins = True
        self.now_is = ReaderState(connected=True, clock_offset=0)
        self.asked: list[str] = []
        self.translation: Translation = Translated(text="Water is off again.")
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    def knows(self, query: str, *infos: ChannelInfo, exact: bool = False) -> None:
        self.answers[query] = Candidates(infos=infos, exact=exact)

    async def find(self, query: str) -> Found:
        self.asked.append(query)
        return self.answers.get(query, Candidates(infos=(), exact=False))

    async def follow(self, info: ChannelInfo, *, way: Way) -> Following:
        if self.following is not None:
            return self.following
        async with self.database.transaction() as tx:
            joined = self.joins and way == "live"
            return await channels.follow(tx, info, joined=joined, quiet=way == "quiet", now=records.NOW)

    async def unfollow(self, channel_id: ChannelId) -> None:
        async with self.database.transaction() as tx:
            await channels.unfollow(tx, channel_id)

    async def read_back(self, channel_id: ChannelId, *, since: int) -> None:
        async with self.database.transaction() as tx:
            await backfills.begin(tx, channel_id, since=since, now=records.NOW)

    async def translate(self, text: str, *, to: str) -> Translation:
        self.asked.append(f"{to}: {text}")
        if self.meanwhile is not None:
            await self.meanwhile()
        return self.translation

    def state(self) -> ReaderState:
        return self.now_is


class Chatting:
    """Says things to the desk as one user and reads what it queued for him."""

    def __init__(
        self,
        database: Database,
        *,
        chat_id: ChatId = records.CHAT,
        allowed: tuple[ChatId, ...] = (),
        pairing: Pairing | None = None,
    ) -> None:
        self.database = database
        self.chat_id = chat_id
        self.reader = FakeReader(database)
        self.door = Door(allowed=allowed, pairing=pairing)
        self.rules = rules()
        self.screen = FakeScreen()
        self.running: dict[str, asyncio.Event] = {}
        self.woken = 0
        self.language = ""
        self.ids = itertools.count(100)

    @property
    def desk(self) -> desk.Desk:
        return desk.Desk(
            database=self.database,
            reader=self.reader,
            catalogues=ALL,
            rules=self.rules,
            door=self.door,
            timezone="Europe/Kyiv",
            digest_time=NINE,
            wake=self.wake,
            screen=self.screen,
            menus=self.screen,
            username="homefront_bot",
            running=self.running,
        )

    def wake(self) -> None:
        self.woken += 1

    def command(
        self,
        text: str,
        *,
        request_id: int | None = None,
        chat_id: ChatId | None = None,
        sender: ChatId | None = None,
        title: str | None = None,
    ) -> Command:
        name, _, args = text[1:].partition(" ") if text.startswith("/") else ("", "", text)
        return Command(
            language=self.language,
            chat_id=chat_id or self.chat_id,
            sender=sender or chat_id or self.chat_id,
            title=title,
            request_id=request_id or next(self.ids),
            name=name,
            args=args,
            sent_at=records.NOW,
        )

    async def says(
        self,
        text: str,
        *,
        request_id: int | None = None,
        chat_id: ChatId | None = None,
        sender: ChatId | None = None,
        now: int = records.NOW,
    ) -> list[Message]:
        """Say something; give what is queued in answer in the same chat."""
        before = {message.id for message in await self.queued(chat_id)}
        command = self.command(text, request_id=request_id, chat_id=chat_id, sender=sender, title="Newsroom")
        await reception.command(self.desk, command, now=now)
        return [message.message for message in await self.queued(chat_id) if message.id not in before]

    async def hears(self, text: str, *, now: int = records.NOW) -> str:
        """Say something; give the text of the one message in answer."""
        (message,) = await self.says(text, now=now)
        return message.text

    async def presses(
        self,
        data: str | None,
        *,
        message_id: int = 1,
        query_id: int | None = None,
        sender: ChatId | None = None,
        now: int = records.NOW,
    ) -> tuple[Pressed | None, list[Message]]:
        """Press a button; give how the press is answered, with the alert drawn as it is then, and what is queued."""
        assert data is not None
        before = {message.id for message in await self.queued()}
        press = Press(
            chat_id=self.chat_id,
            sender=sender or self.chat_id,
            query_id=query_id or next(self.ids),
            message_id=message_id,
            data=data,
        )
        pressed = await reception.press(self.desk, press, now=now)
        if pressed is not None and pressed.rows is not None:
            message = await reception.drawn(self.desk, press, pressed.rows, now=now)
            pressed = replace(pressed, replace=message, rows=None)
        return pressed, [message.message for message in await self.queued() if message.id not in before]

    async def queued(self, chat_id: ChatId | None = None) -> list[OutboxMessage]:
        async with self.database.reading() as connection:
            found = await outbox.pending(connection, chat_id or self.chat_id, now=records.NOW + 10**6)
        return sorted(found, key=lambda message: message.id)

    async def follows(self, *infos: ChannelInfo, joined: bool = True) -> None:
        """Have channels followed already."""
        async with self.database.transaction() as tx:
            for info in infos:
                await channels.follow(tx, info, joined=joined, now=records.NOW)


def labels(message: Message) -> list[str]:
    return [button.label for button in buttons(message)]


def buttons(message: Message) -> list[Button]:
    return [button for row in message.buttons for button in row]
