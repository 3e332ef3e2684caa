"""What a trial plays in: a reader and an owner, a bot, channels in which much happens, drawn with a seed."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import settings
from bot.sandbox import media, server
from bot.sandbox.state import Account, Channel, Post
from bot.sandbox.world import World
from tests.end_to_end import homefront as home

TOKEN, BOT = "4242:token-of-the-trial", "watching_bot"
PHONE, CODE = "79990000001", "11111"
PLAIN = (
    "В субботу на площади откроется ярмарка: мёд, яблоки, саженцы и горячий чай.",
    "Автобус №14 пойдёт через улицу Садовую, остановка у рынка переносится к аптеке.",
    "Уламки впали на поле, постраждалих немає, пожежу вже загасили.",
    "The regional power grid was restored before dawn.",
)
FLAGGED = "Жёны мобилизованных третий месяц требуют ротации"
ONE_FLAGGED_IN = 15
EDITED, DELETED, ALBUMS = 0.12, 0.07, 0.03
EDIT_FLAGS = 0.1
LATEST = 50


@dataclass(slots=True, kw_only=True, eq=False)
class Scene:
    """A trial's world and what happened in it. `draw`: all that is random comes from it.

    `posted`: when each post came out that is no album (seconds by perf_counter), by the ids of channel and message.
    """

    world: World
    found: settings.Settings
    owner: Account
    reader: Account
    bot: Account
    draw: random.Random
    seed: int
    channels: list[Channel] = field(default_factory=list)
    happened: int = 0
    posted: dict[tuple[int, int], float] = field(default_factory=dict)
    _latest: list[Post] = field(default_factory=list)

    def add_channels(self, count: int) -> None:
        """Found channels, and have them all followed from the next start."""
        for number in range(count):
            self.channels.append(self.world.add_channel(f"Вести {number}", f"news_{number:02}"))
        self.found = replace(self.found, channels=tuple(str(channel.username) for channel in self.channels))

    def environment(self) -> dict[str, str]:
        """Give the settings as a process of `homefront` reads them."""
        names = ",".join(str(channel.username) for channel in self.channels)
        host, port = (self.found.server.host, self.found.server.port) if self.found.server else ("", 0)
        env = home.environment(self.found.data_dir, f"{host}:{port}", token=TOKEN, channels=names)
        at = self.found.digest_time.strftime("%H:%M")
        return env | {"ALLOWED_USERS": str(self.owner.id), "DIGEST_TIME": at, "PYTHONUNBUFFERED": "1"}

    def post(self, *, flagged: bool = False, channel: Channel | None = None, push: bool = True) -> Post:
        """Publish a post with a text of its own."""
        self.happened += 1
        text = f"{FLAGGED if flagged else self.draw.choice(PLAIN)} Номер {self.happened}."
        post = self.world.post(channel or self.draw.choice(self.channels), text, push=push)
        self._note(post)
        return post

    def edit(self, post: Post, *, flagged: bool = False, push: bool = True) -> None:
        """Change the text of a post; one that is flagged stays so."""
        self.happened += 1
        keeps = FLAGGED if flagged and FLAGGED not in post.text else ""
        self.world.edit(post, f"{keeps} {post.text} Изменено: {self.happened}.".strip(), push=push)

    def delete(self, post: Post, *, push: bool = True) -> None:
        """Delete a post."""
        self.happened += 1
        self.world.delete(post, push=push)
        if post in self._latest:
            self._latest.remove(post)

    def happen(self) -> None:
        """Let one thing happen: mostly a post, now and then an edit, a deletion, an album."""
        drawn = self.draw.random()
        if drawn < ALBUMS:
            self.happened += 1
            parts = [media.photo(), media.photo()]
            self.world.album(self.draw.choice(self.channels), parts, f"Снимки {self.happened}.")
        elif drawn < ALBUMS + DELETED and self._latest:
            self.delete(self.draw.choice(self._latest))
        elif drawn < ALBUMS + DELETED + EDITED and self._latest:
            self.edit(self.draw.choice(self._latest), flagged=self.draw.random() < EDIT_FLAGS)
        else:
            self.post(flagged=self.draw.randrange(ONE_FLAGGED_IN) == 0)

    def _note(self, post: Post) -> None:
        self.posted[post.channel_id, post.id] = time.perf_counter()
        self._latest.append(post)
        del self._latest[:-LATEST]


@pytest.fixture
async def stage(world: World, running: server.Server, tmp_path: Path) -> Scene:
    """A served scene without channels yet; the reader is signed in, the owner has opened the chat."""
    return await build(world, running.address, tmp_path)


async def build(world: World, address: str, folder: Path) -> Scene:
    """Set a scene on a served world; the seed is drawn anew each time."""
    seed = random.SystemRandom().randrange(10**6)
    reader = world.add_user(phone=PHONE, code=CODE, first_name="Reader")
    owner = world.add_user(phone="79990000002", code="22222", first_name="Owner")
    bot = world.add_bot(token=TOKEN, username=BOT)
    found = home.settings_for(folder / "data", address, token=TOKEN, allowed=(owner.id,))
    # A digest names posts as well as alerts do: none may come while a trial counts.
    noon_away = datetime.fromtimestamp(home.clock() + 12 * 3600, UTC).time().replace(second=0)
    await home.sign_in(found, f"+{PHONE}", CODE)
    world.write(owner, bot, "/start")
    return Scene(
        world=world,
        found=replace(found, digest_time=noon_away),
        owner=owner,
        reader=reader,
        bot=bot,
        draw=random.Random(seed),
        seed=seed,
    )


@asynccontextmanager
async def load(scene: Scene, *, per_second: float) -> AsyncIterator[None]:
    """Let something happen so many times a second in the mean, at random moments, while the context lasts."""

    async def happen() -> None:
        at = time.perf_counter()
        while True:
            # From moment to moment, so that what a happening takes does not slow down the others.
            at += scene.draw.expovariate(per_second)
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            scene.happen()

    task = asyncio.create_task(happen())
    try:
        yield
    finally:
        task.cancel()
        (ended,) = await asyncio.gather(task, return_exceptions=True)
        if isinstance(ended, Exception):
            raise ended


async def at_work(terminal: home.Terminal) -> None:
    """Wait until a process of `homefront run` is connected and begins to work, however long a busy machine takes."""
    assert terminal.process.stdout is not None
    while "Running:" not in terminal.printed:
        line = await terminal.process.stdout.readline()
        assert line, f"the process ended; it printed:\n{terminal.printed}"
        terminal.printed += line.decode()


async def printed(terminal: home.Terminal) -> str:
    """Return all that a process has printed; it has ended."""
    assert terminal.process.stdout is not None
    terminal.printed += (await terminal.process.stdout.read()).decode()
    return terminal.printed


@contextmanager
def telling(scene: Scene, what: str, figures: list[str]) -> Iterator[None]:
    """Print a trial's line of figures when the context ends, however it ends, with seed and seconds."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        seconds = time.perf_counter() - begun
        told: Sequence[str] = (*figures, f"{seconds:.0f} s", f"seed {scene.seed}")
        print(f"\n{what}: {', '.join(told)}")
