"""Homefront and the bare client at work, each in a process of its own, while posts come out at a steady rate."""

import asyncio
import itertools
import re
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot import folder
from bot.sandbox import server
from bot.sandbox.phone import Phone, Shown
from bot.sandbox.state import Channel
from bot.sandbox.world import World
from storage import outbox
from storage.database import open_database, rows
from storage.models import Act, ChatId, Message, OutboxKind
from tests.benchmarks import bare
from tests.end_to_end import homefront as home

PATIENCE_SECONDS = 20
PLAIN = (
    "В субботу на площади откроется ярмарка: мёд, яблоки, саженцы и горячий чай. Начало в десять утра, в дождь тоже.",
    "С понедельника автобус №14 пойдёт через улицу Садовую, остановка у рынка переносится к аптеке до конца месяца.",
    "На повестке дня городской думы ремонт моста и школьные обеды. Заседание открытое, приходите с вопросами.",
    "Уночі сили ППО збили шість безпілотників. Уламки впали на поле, постраждалих немає, пожежу вже загасили.",
    "The regional power grid was restored before dawn; two districts will stay on generators until the weekend.",
)
WORD = "ротации"
OTHER = "Other message"
FLAGGED = (
    f"Жёны мобилизованных третий месяц требуют {WORD}: обращение подписали больше двухсот семей, ответа пока нет. "
    "Собираются снова идти в приёмную в четверг, к десяти утра."
)
_LINK = re.compile(r"https://t\.me/\w+/\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a phone was shown of the posts of one channel.

    `delays`: seconds from each post to the first message, or edit of one, that links to it, by its link, in the order
    of the posts; `singles`, `summaries`: messages that at the end have one and more such links; `edits`: how often one
    of them was edited; `others`: how many messages came that the queue was filled with.
    """

    delays: dict[str, float]
    singles: int
    summaries: int
    edits: int
    others: int


@dataclass(slots=True, kw_only=True)
class Watched:
    """A channel, and the phone of the one who is told of its posts. `posted`: when each flagged post came out."""

    world: World
    channel: Channel
    phone: Phone
    posted: dict[str, float] = field(default_factory=dict)
    stories: int = 0

    def post(self, text: str) -> str:
        """Publish a post now; returns its link. A flagged one is a story of its own and expected to be told of."""
        at = time.perf_counter()
        if WORD in text:
            self.stories += 1
            text = f"{text} Подписей в области: {self.stories}."
        post = self.world.post(self.channel, text)
        link = f"https://t.me/{self.channel.username}/{post.id}"
        if WORD in text:
            self.posted[link] = at
        return link

    async def told(self) -> Told:
        """Wait until the phone was shown all flagged posts, or nothing more comes."""
        arrived: dict[str, float] = {}
        counts: dict[int, int] = {}
        edits = others = 0
        while self.posted.keys() - arrived.keys():
            try:
                shown = await asyncio.wait_for(self.phone.shown.get(), PATIENCE_SECONDS)
            except TimeoutError:
                break
            links = _links(shown) & self.posted.keys()
            others += shown.text.startswith(OTHER)
            counts |= {shown.message_id: len(links)} if links else {}
            edits += bool(links) and shown.edited
            for link in links:
                arrived.setdefault(link, shown.arrived)
        return Told(
            delays={link: arrived[link] - at for link, at in self.posted.items() if link in arrived},
            singles=sum(count == 1 for count in counts.values()),
            summaries=sum(count > 1 for count in counts.values()),
            edits=edits,
            others=others,
        )


def _links(shown: Shown) -> set[str]:
    return {*_LINK.findall(shown.text), *(entity.url for entity in shown.entities if entity.url)}


@asynccontextmanager
async def homefront(
    world: World, running: server.Server, data_dir: Path, *, waiting: int = 0
) -> AsyncIterator[Watched]:
    """Let Homefront follow a channel as its user runs it: `homefront login`, `homefront run`, in a process.

    `waiting`: so many other messages for the owner wait in the outbox when the process that is watched starts.
    """
    world.add_user(phone="79990000001", code="11111", first_name="Reader")
    owner = world.add_user(phone="79990000002", code="22222", first_name="Owner")
    world.add_bot(token="4242:homefront", username="homefront_bot")
    channel = world.add_channel("Вести гарнизона", "garrison_wire")
    env = home.environment(data_dir, running.address, token="4242:homefront", channels="@garrison_wire")
    async with home.homefront("login", env=env, typed="+79990000001\n11111\n") as login:
        await login.until("Signed in")
    async with home.phone_of(owner, running.address, "homefront_bot") as phone, AsyncExitStack() as stack:
        watched = Watched(world=world, channel=channel, phone=phone)
        process = await stack.enter_async_context(home.homefront("run", env=env))
        await phone.write(f"/start {await process.code()}")
        await home.shown(phone, "sample")
        await home.follows(phone, channel.title)
        await _warm_up(watched)
        if waiting:
            await process.kill()
            await queue(data_dir, ChatId(owner.id), waiting)
            process = await stack.enter_async_context(home.homefront("run", env=env))
            await process.until("Running:")
        yield watched


async def queue(data_dir: Path, chat_id: ChatId, count: int) -> None:
    """Put `count` messages into an outbox that nobody works on: answers, digests, notices, follow-ups, edits."""
    kinds: tuple[tuple[OutboxKind, Act], ...] = (
        ("reply", "send"),
        ("digest", "send"),
        ("notice", "send"),
        ("followup", "reply"),
    )
    async with (
        open_database(folder.database(data_dir), now=home.clock()) as database,
        database.transaction() as tx,
    ):
        sent = [one["id"] for one in await rows(tx, "SELECT id FROM outbox WHERE sent_message_id > 0")]
        edits: list[tuple[OutboxKind, Act]] = [("update", "edit")] * len(sent)
        for number, (kind, act) in enumerate([*edits, *itertools.islice(itertools.cycle(kinds), count - len(sent))]):
            await outbox.add(
                tx,
                chat_id=chat_id,
                kind=kind,
                act=act,
                depends_on=None if act == "send" else sent[number % len(sent)],
                key=f"other:{number}",
                random_id=outbox.new_random_id(),
                message=Message(text=f"{OTHER} {number}"),
                now=home.clock(),
            )


@asynccontextmanager
async def bare_client(world: World, running: server.Server) -> AsyncIterator[Watched]:
    """Let the bare client follow a channel of its own and tell an owner of its own."""
    reader = world.add_user(phone="79990000003", first_name="Bare reader")
    owner = world.add_user(phone="79990000004", code="44444", first_name="Bare owner", username="bare_owner")
    bot = world.add_bot(token="4343:bare", username="bare_bot")
    channel = world.add_channel("Вести гарнизона 2", "garrison_wire_2", members=(reader,))
    world.write(owner, bot, "/start")
    made_keys = [world.sign_in(account).hex() for account in (reader, bot)]
    arguments = [running.host, str(running.port), *made_keys, "garrison_wire_2", "bare_owner", WORD]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.bare", *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        await home.Terminal(process=process).until(bare.READY)
        async with home.phone_of(owner, running.address, "bare_bot") as phone:
            watched = Watched(world=world, channel=channel, phone=phone)
            await _warm_up(watched)
            yield watched
    finally:
        process.kill()
        await process.wait()


async def _warm_up(watched: Watched) -> None:
    for _ in range(3):
        watched.post(FLAGGED)
        told = await watched.told()
        assert told.delays.keys() == watched.posted.keys()
        watched.posted.clear()


async def at_rate(count: int, per_second: float) -> AsyncIterator[int]:
    """Count from 0, so many numbers a second; a benchmark has no event to wait for."""
    begun = time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0.0, begun + number / per_second - time.perf_counter()))
        yield number


def median(seconds: Iterable[float]) -> float:
    """The median of `seconds`, in milliseconds."""
    return 1000 * statistics.median(seconds)


def p95(seconds: Sequence[float]) -> float:
    """The 95th percentile of `seconds`, in milliseconds."""
    return 1000 * statistics.quantiles(seconds, n=20, method="inclusive")[-1]
