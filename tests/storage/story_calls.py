"""What is asked of the database about stories, and stories enough that a scan of them would be noticed."""

from collections.abc import Awaitable, Callable, Iterable

from storage import mentions, spikes, stories
from storage.database import Connection
from storage.models import ChatId, MessageId, PostId, StoryId
from tests.records import CHANNEL, CHAT, NOW

A_STORY = StoryId(77)
PERIOD = (NOW, NOW + 500)
MANY_MESSAGES = [MessageId(number) for number in range(1, 400)]


async def said(tx: Connection) -> None:
    await mentions.between(tx, *PERIOD)
    await mentions.between(tx, *PERIOD, topic="rotation", channel_id=CHANNEL)


async def changed(tx: Connection) -> None:
    await mentions.changed(tx, *PERIOD)
    await mentions.changed(tx, *PERIOD, topic="rotation", channel_id=CHANNEL)


CALLS: dict[str, Callable[[Connection], Awaitable[object]]] = {
    "mentions.between": said,
    "mentions.changed": changed,
    "mentions.of_posts": lambda tx: mentions.of_posts(tx, [PostId(number) for number in range(1, 400)]),
    "mentions.forwards": lambda tx: mentions.forwards(tx, *PERIOD),
    "spikes.told": spikes.told,
    "spikes.note": lambda tx: spikes.note(tx, "rotation", now=NOW),
    "stories.begin": lambda tx: stories.begin(tx, PostId(78), began_at=NOW, continues=A_STORY),
    "stories.join": lambda tx: stories.join(tx, PostId(79), A_STORY),
    "stories.mark": lambda tx: stories.mark(tx, PostId(77), range(30), at=NOW),
    "stories.forget": lambda tx: stories.forget(tx, before=NOW - 100),
    "stories.kin": lambda tx: stories.kin(tx, sure=[1 << 62], sketch=range(24)),
    "stories.get": lambda tx: stories.get(tx, A_STORY),
    "stories.of_post": lambda tx: stories.of_post(tx, PostId(77)),
    "stories.among": lambda tx: stories.among(tx, CHANNEL, MANY_MESSAGES),
    "stories.appearances": lambda tx: stories.appearances(tx, A_STORY),
    "stories.alerts": lambda tx: stories.alerts(tx, A_STORY, [CHAT, ChatId(1)]),
}


async def fill(tx: Connection, posts: Iterable[int]) -> None:
    for number in posts:
        await stories.begin(tx, PostId(number), began_at=NOW + number, continues=None)
        await stories.mark(tx, PostId(number), range(number, number + 24), at=NOW + number)


REFERENCES = (("posts", "story_id"), ("marks", "post_id"), ("stories", "continues"))
