"""Puts flagged posts into stories, in the transaction that stores them."""

from dataclasses import dataclass

from bot.pipeline import stories as deciding
from storage import stories
from storage.database import Connection
from storage.models import Post, PostId
from storage.story_models import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The story that a post belongs to. `begins`: with this post; `joins`: it is new there, whoever began it."""

    story: Story
    begins: bool
    joins: bool


async def find(tx: Connection, post_id: PostId, post: Post) -> Place | None:
    """Find the story that a post belonged to before it was edited; what it says now leads there too."""
    story = await stories.of_post(tx, post_id)
    if story is None:
        return None
    known = deciding.marks(post)
    await stories.mark(tx, post_id, (*known.sure, *known.sketch), at=post.edited_at or post.date)
    return Place(story=story, begins=False, joins=False)


async def place(tx: Connection, post_id: PostId, post: Post, *, at: int, now: int) -> Place:
    """Put a flagged post into the story that it tells, or let one begin with it.

    Args:
        tx: the transaction that stores the post.
        post_id: its row.
        post: the post.
        at: when its words were written (UTC seconds).
        now: UTC seconds.
    """
    known = deciding.marks(post)
    kin = await stories.kin(tx, sure=known.sure, sketch=known.sketch)
    verdict = deciding.decide(post, known, kin, at=at)
    forgotten = now - deciding.REMEMBERED_SECONDS
    if verdict.joins is None:
        story = await stories.begin(tx, post_id, began_at=at, continues=verdict.continues)
        await stories.forget(tx, before=forgotten)
    else:
        story = next(other.story for other in kin if other.story.id == verdict.joins)
        await stories.join(tx, post_id, story.id)
    if at >= forgotten:
        await stories.mark(tx, post_id, verdict.marks, at=at)
    return Place(story=story, begins=verdict.joins is None, joins=True)
