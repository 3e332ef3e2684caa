"""Compares what Homefront holds and told with what there is on the server."""

import asyncio
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from bot import folder
from bot.sandbox.state import Letter
from storage import revisions
from storage.database import open_database
from storage.models import ChannelId
from tests.end_to_end import homefront as home
from tests.trials.scene import FLAGGED, Scene

LOOK_SECONDS = 0.5
_LINK = re.compile(r"https://t\.me/(\w+)/(\d+)")
Place = tuple[str, int]
"""A channel's username and the id of a post in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Posts by their places. `wrong`: another text is held than the last one; `kept`: a deletion was not noted.

    `untold`: flagged, not deleted, and no alert came; `told_again`: more than one came; `waiting`: messages that are
    stored and not yet settled. `stored_again`: a post was captured as new more than once.
    """

    posts: int
    alerts: int
    lost: tuple[Place, ...]
    wrong: tuple[Place, ...]
    kept: tuple[Place, ...]
    stored_again: int
    untold: tuple[Place, ...]
    told_again: tuple[Place, ...]
    waiting: int

    @property
    def clean(self) -> bool:
        """Whether nothing is lost, doubled or still under way."""
        return not (self.failures or self.waiting)

    @property
    def failures(self) -> dict[str, tuple[Place, ...] | int]:
        """What is lost or doubled."""
        names = ("lost", "wrong", "kept", "stored_again", "untold", "told_again")
        named = {name: getattr(self, name) for name in names}
        return {name: found for name, found in named.items() if found}

    def figures(self) -> list[str]:
        """Say it in words for a line of figures."""
        missing = len(self.lost) + len(self.wrong) + len(self.kept)
        return [
            f"{self.posts} posts and {self.alerts} alerts",
            f"{missing} posts, edits or deletions and {len(self.untold)} alerts lost",
            f"{self.stored_again} posts and {len(self.told_again)} alerts doubled",
        ]


def prove(scene: Scene) -> Proof:
    """Compare now."""
    names = {channel.id: str(channel.username) for channel in scene.channels}
    there = {(names[c.id], post.id): post.text for c in scene.channels for post in c.posts.values() if not post.service}
    held, again, waiting = _held(scene, names)
    told = told_of(scene)
    flagged = {place for place, text in there.items() if FLAGGED in text}
    return Proof(
        posts=len(there),
        alerts=sum(told.values()),
        lost=tuple(sorted(there.keys() - held.keys())),
        wrong=tuple(sorted(place for place, text in there.items() if place in held and held[place][0] != text)),
        kept=tuple(sorted(place for place, (_, deleted) in held.items() if deleted != (place not in there))),
        stored_again=again,
        untold=tuple(sorted(flagged - told.keys())),
        told_again=tuple(sorted(place for place, times in told.items() if times > 1)),
        waiting=waiting,
    )


async def settled(scene: Scene, *, patience: float) -> Proof:
    """Compare until nothing is missing or under way, or `patience` (seconds) is over."""
    until = time.perf_counter() + patience
    while not (proof := prove(scene)).clean and time.perf_counter() < until:  # noqa: ASYNC110 -- nobody tells it
        await asyncio.sleep(LOOK_SECONDS)
    return proof


async def chains_hold(scene: Scene) -> bool:
    """Say whether the chain of what was captured is whole for every channel; Homefront must have ended."""
    async with (
        open_database(folder.database(scene.found.data_dir), now=home.clock()) as database,
        database.reading() as connection,
    ):
        broken = [await revisions.verify(connection, ChannelId(channel.id)) for channel in scene.channels]
    return not any(broken)


def answers(scene: Scene, words: str) -> int:
    """Count the bot's messages in the owner's chat that hold `words`."""
    return sum(words in letter.text for letter in _letters(scene))


def told_of(scene: Scene) -> Counter[Place]:
    """Count the bot's messages in the owner's chat that link to each post; what stands below an alert is no alert."""
    alerts = [letter for letter in _letters(scene) if letter.reply_to is None]
    return Counter(place for letter in alerts for place in links(letter.text, letter.entities))


def links(text: str, entities: Iterable[Any]) -> set[Place]:
    """The posts to which a message links."""
    urls = [getattr(entity, "url", None) or "" for entity in entities]
    return {(name, int(number)) for part in (text, *urls) for name, number in _LINK.findall(part)}


def _letters(scene: Scene) -> list[Letter]:
    return [letter for letter in scene.world.chat(scene.owner, scene.bot) if letter.sender == scene.bot.id]


def _held(scene: Scene, names: dict[int, str]) -> tuple[dict[Place, tuple[str, bool]], int, int]:
    path = folder.database(scene.found.data_dir)
    if not path.exists():
        return {}, 0, 0
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        posts = connection.execute("SELECT channel_id, message_id, text, deleted_at FROM posts").fetchall()
        again = connection.execute(
            "SELECT count(*) - count(DISTINCT channel_id || ':' || message_id) FROM revisions WHERE kind = 'posted'"
        ).fetchone()[0]
        waiting = connection.execute("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'claimed')").fetchone()[0]
    return {(names[channel], number): (text, at is not None) for channel, number, text, at in posts}, again, waiting
