"""A thousand posts, two in five of them copies or forwards of sixty stories, spread over fifty channels."""

import asyncio
import json
import os
import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot import folder
from bot.pipeline import classify
from bot.pipeline.classify import Classifier
from bot.sandbox import server
from bot.sandbox.phone import Phone
from bot.sandbox.state import Channel, Post
from tests.end_to_end import homefront as home
from tests.served import connected
from tests.trials import proof, scene

POSTS, STORIES, CHANNELS, COPIES = int(os.environ.get("POSTS", "1000")), 60, 50, 0.4  # noqa: TID251 -- fewer, to try
PER_SECOND = 8
BURST, PACE = 20, 1.0
HISTORY = 500
WORDS = sorted(
    {
        word
        for line in (Path(__file__).parent.parent / "data" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
        for word in re.findall("[а-яё]{4,}", json.loads(line)["one"])
        if json.loads(line)["language"] == "ru"
    }
)

pytestmark = pytest.mark.trial


@dataclass(slots=True, kw_only=True)
class Told:
    """A story, and the posts that tell it, in their order."""

    text: str
    posts: list[tuple[Channel, Post]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Chat:
    """When something came or changed on the phone of the user."""

    arrived: list[float] = field(default_factory=list)
    edits: int = 0


@pytest.mark.timeout(1800)
async def test_each_story_is_told_once_and_its_alert_says_at_last_who_tells_it(
    stage: scene.Scene, running: server.Server, classifier: Classifier
) -> None:
    stage.add_channels(CHANNELS)
    figures: list[str] = []
    told = [Told(text=invented(stage, classifier)) for _ in range(STORIES)]
    chat = Chat()
    with scene.telling(stage, f"{POSTS} posts of {STORIES} stories", figures):
        async with home.phone_of(stage.owner, running.address, scene.BOT) as phone, home.living(stage.found) as alive:
            await until_running(alive)
            watching = asyncio.create_task(watch(phone, chat))
            await publish(stage, told)
            found = await proof.settled(stage, patience=600)
            watching.cancel()
        seen = await read_by_the_user(stage, running)
        alerts = [message for message in seen if message.reply_to is None and ends_with_a_link(message.message)]
        replies = [message for message in seen if message.reply_to is not None]
        figures += [f"{len(alerts)} alerts, {chat.edits} edits and {len(replies)} replies shown", *queued(stage)]
        wrong = [problem for story in told for problem in problems(stage, story, alerts, replies)]
        figures += [f"{len(wrong)} alerts wrong at last", f"{fastest(chat):.1f} more than the pace at most"]
        assert found.lost == found.wrong == ()
        assert found.waiting == 0
        assert len(alerts) == STORIES
        assert wrong == []
        assert fastest(chat) <= 1


def invented(stage: scene.Scene, classifier: Classifier) -> str:
    """A flagged text that no other story shares a row of words with."""
    while True:
        words = stage.draw.sample(WORDS, 40)
        text = f"{' '.join(words[:20]).capitalize()} требуют ротации. {' '.join(words[20:]).capitalize()}."
        # Words drawn at random may hold what makes another thing of a rotation, or what a copy leaves out.
        if all(classify.classify(classifier, copy).matches for copy in copies(text, "Вести")):
            return text


def copies(text: str, title: str) -> list[str]:
    """Give what channels make of a text that they take up."""
    first, _, second = text.partition(". ")
    return [
        text,
        f"⚡️ СРОЧНО! {text}",
        f"{text}\n\nПодписаться | {title}",
        f"{first}! 🙏",
        f"{first}... {second} Подробности позже.",
        text.replace("требуют", "требуют от властей"),
    ]


async def until_running(alive: home.Living) -> None:
    while not any("Running:" in said for said in alive.said):  # noqa: ASYNC110 -- nobody tells it
        await asyncio.sleep(0.1)


async def publish(stage: scene.Scene, told: list[Told]) -> None:
    """Publish at a steady rate: first posts of stories, their copies and forwards, and what is neither, mixed."""
    count = int(POSTS * COPIES)
    kinds = ["copy"] * count + ["plain"] * (POSTS - count - STORIES)
    stage.draw.shuffle(kinds)
    for number, story in enumerate(told):
        # Spread out, so that the first alert of each comes alone.
        kinds.insert(number * len(kinds) // STORIES, "")
        del story.posts[:]
    begun: list[Told] = []
    for kind in kinds:
        if not kind:
            begun.append(told[len(begun)])
            publish_first(stage, begun[-1])
        elif kind == "copy":
            publish_copy(stage, stage.draw.choice(begun))
        else:
            stage.post()
        await asyncio.sleep(1 / PER_SECOND)


def publish_first(stage: scene.Scene, story: Told) -> None:
    channel = stage.draw.choice(stage.channels)
    views = stage.draw.randrange(1, 90_000)
    story.posts.append((channel, stage.world.post(channel, story.text, views=views)))


def publish_copy(stage: scene.Scene, story: Told) -> None:
    channel = stage.draw.choice(stage.channels)
    if stage.draw.random() < 0.3:
        story.posts.append((channel, stage.world.forward(stage.draw.choice(story.posts)[1], channel)))
        return
    text = stage.draw.choice(copies(story.text, channel.title))
    views = stage.draw.randrange(1, 90_000)
    story.posts.append((channel, stage.world.post(channel, text, views=views)))


def ends_with_a_link(text: str) -> bool:
    return text.rsplit("\n", 1)[-1].startswith("https://t.me/")


async def watch(phone: Phone, chat: Chat) -> None:
    while True:
        shown = await phone.shown.get()
        chat.arrived.append(shown.arrived)
        chat.edits += shown.edited


async def read_by_the_user(stage: scene.Scene, running: server.Server) -> list[Any]:
    """The messages of the bot, as the user's own client reads them."""
    async with connected(running, stage.owner) as client:
        return [message for message in await client.get_messages(scene.BOT, limit=HISTORY) if not message.out]


def problems(stage: scene.Scene, story: Told, alerts: list[Any], replies: list[Any]) -> list[str]:
    """Say what of the alert of a story is not as its posts are."""
    links = {f"https://t.me/{channel.username}/{post.id}" for channel, post in story.posts}
    mine = [alert for alert in alerts if alert.message.rsplit("\n", 1)[-1] in links]
    if len(mine) != 1:
        return [f"{len(mine)} alerts of {story.text!r}"]
    channels = {channel.id for channel, _ in story.posts}
    wrong = [] if says_all(story, mine[0].message, len(channels)) else [f"{mine[0].message!r} is not {len(channels)}"]
    under = Counter(
        int(count[1])
        for reply in replies
        if reply.reply_to.reply_to_msg_id == mine[0].id and (count := re.match(r"📈 (\d+) channels", reply.message))
    )
    wanted = Counter(count for count in (5, 20) if len(channels) >= count)
    return wrong if under == wanted else [*wrong, f"replies {under} below {mine[0].message!r}"]


def says_all(story: Told, text: str, channels: int) -> bool:
    if channels == 1:
        return "also: " not in text
    others = channels - 1
    named = text.partition("also: ")[2].partition("\n")[0].split(", ")
    more = [f"{others - 3} more"] if others > 3 else []
    most: Counter[int] = Counter()
    for channel, post in story.posts:
        most[channel.id] = max(most[channel.id], post.views)
    reach = re.search(r"👁 ([\d,]+) views? in (\d+) channels", text)
    # Views are looked at when a post is read; the last update may not know of those of later repeats.
    return (
        len(named) == min(others, 3) + len(more)
        and named[-len(more) :] == (more or named)
        and reach is not None
        and int(reach[2]) == channels
        and 0 < int(reach[1].replace(",", "")) <= sum(most.values())
    )


def fastest(chat: Chat) -> float:
    """By how many messages and edits more than the pace allows came in any stretch of time."""
    excess, level, before = 0.0, 0.0, 0.0
    for at in sorted(chat.arrived):
        level = max(0.0, level - (at - before) * PACE) + 1
        before = at
        excess = max(excess, level - BURST)
    return excess


def queued(stage: scene.Scene) -> list[str]:
    with closing(sqlite3.connect(folder.database(stage.found.data_dir))) as connection:
        rows = connection.execute("SELECT kind, state, count(*) FROM outbox GROUP BY kind, state ORDER BY kind, state")
        return [f"{count} {kind} {state}" for kind, state, count in rows]
