"""Decides which story a flagged post belongs to: one that is told already, or a new one, perhaps an old one again."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.pipeline import fingerprint
from storage.models import Post, StoryId
from storage.story_models import Kin

WINDOW_SECONDS = 72 * 3600
"""How long after its beginning a story takes posts in; what says the same later begins a new one."""
REMEMBERED_SECONDS = 30 * 24 * 3600
"""How long a story can be recognised when it comes up again."""
_NEARLY_WHOLE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a post is recognised by. `sure`: its origin, its album, its exact words; `sketch`: parts of its text."""

    sure: tuple[int, ...]
    sketch: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Where a post belongs. `joins` None: it begins a story, which may continue an older one.

    `marks`: those that later posts are to be recognised by.
    """

    joins: StoryId | None
    continues: StoryId | None
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Like:
    kin: Kin
    likeness: float


def marks(post: Post) -> Marks:
    """Say what a post is recognised by.

    A forward and the post it came from share a mark, whichever of them is seen first; a forward of a forward names the
    same origin.
    """
    place = post.channel_id, post.message_id
    origin = post.origin
    if origin is not None and origin.channel_id is not None and origin.message_id is not None:
        place = origin.channel_id, origin.message_id
    taken = fingerprint.take(post.written)
    sure = [fingerprint.sure(f"post:{place[0]}:{place[1]}")]
    if post.grouped_id is not None:
        sure.append(fingerprint.sure(f"album:{post.channel_id}:{post.grouped_id}"))
    if taken.exact is not None:
        sure.append(taken.exact)
    return Marks(sure=tuple(sure), sketch=taken.sketch)


def decide(post: Post, known: Marks, kin: Sequence[Kin], *, at: int) -> Verdict:
    """Decide where a flagged post belongs.

    Args:
        post: the post.
        known: its marks.
        kin: posts of stories that share some of them.
        at: when its words were written: its date, or when an edit brought them (UTC seconds).
    """
    near = [other for other in kin if abs(at - other.story.began_at) <= WINDOW_SECONDS]
    found = _nearest(post, near)
    if found is not None:
        return Verdict(joins=found.kin.story.id, continues=None, marks=(*known.sure, *_lent(post, known, found)))
    old = [other for other in kin if other.story.began_at < at - WINDOW_SECONDS]
    before = _nearest(post, sorted(old, key=lambda other: -other.story.began_at))
    return Verdict(
        joins=None, continues=None if before is None else before.kin.story.id, marks=(*known.sure, *known.sketch)
    )


def _nearest(post: Post, kin: Sequence[Kin]) -> _Like | None:
    """Find the post that this one tells the same as: the first in `kin` that surely does, else the likest."""
    for other in kin:
        if other.sure:
            return _Like(kin=other, likeness=1)
    likes = [_Like(kin=other, likeness=fingerprint.likeness(post.written, other.text)) for other in kin]
    best = max(likes, key=lambda like: like.likeness, default=None)
    return best if best is not None and best.likeness else None


def _lent(post: Post, known: Marks, found: _Like) -> tuple[int, ...]:
    """Give what of a text later posts are held against: not where it adds nothing, nor where it tells more besides."""
    if found.likeness >= _NEARLY_WHOLE and not found.kin.sure:
        return ()
    return () if fingerprint.is_roundup(post.written, found.kin.text) else known.sketch
