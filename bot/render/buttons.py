"""The rows of buttons under an alert: short words, three a row, so that a phone shows them whole."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.render import catalogue, text
from bot.render.catalogue import Catalogue
from storage.models import Button, MuteKind, PostId, StoredPost

DATA_LIMIT = 64
"""Bytes that a button may carry."""
MAIN = "main"
"""The rows that an alert has until somebody presses."""
DAYS = (1, 7, 0)
"""For how many days can be muted; 0: for ever."""
STORY, CHANNEL, TOPIC = "s", "c", "t"
"""How buttons name what is muted: the story, the channel, or "t0" for the first topic of the alert."""
TOPICS_OFFERED = 9
"""Topics of one alert that can be muted: those after would need two digits."""

SAVED, HITS, DIGEST = "saved:", "hits:", "digest:"
PAGES = (SAVED, HITS)
"""How the data of buttons begin that turn the pages of what is saved, and of what was found."""

_TOPIC_SHOWN = 20
_TOPICS_A_ROW = 2
_MARK_SHOWN = 16

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What of a chat shows on the buttons under one alert. `approves` None: nobody voted."""

    approves: bool | None = None
    saved: bool = False
    muted: bool = False
    translated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something that can be muted: how buttons name it, how people do, and whether it is muted now."""

    code: str
    name: str
    muted: bool


PLAIN = State()
"""Nobody has pressed anything."""


def under(texts: Catalogue, post: StoredPost, state: State = PLAIN) -> Rows:
    """Give the rows under the alert of `post`.

    What is in the language of the chat already needs no translation. Of what is forgotten a citation is left to give,
    and its story to mute.
    """
    translated = _button(texts, post.id, "original" if state.translated else "translate")
    mute = _button(texts, post.id, "muted" if state.muted else "mute", word="menu")
    if post.forgotten_at is not None:
        return ((mute, _button(texts, post.id, "cite")),)
    saved = _button(texts, post.id, "unsave" if state.saved else "save")
    cite = _button(texts, post.id, "cite")
    votes = tuple(_vote(post.id, approves=approves, chosen=state.approves == approves) for approves in (True, False))
    if post.language == texts.language and not state.translated:
        return ((mute, saved, cite), votes)
    return ((translated, mute, saved), (*votes, cite))


def targets(texts: Catalogue, post_id: PostId, offered: Sequence[Target]) -> Rows:
    """Give the rows that ask what shall be muted; what is muted already can be lifted."""
    buttons = [_target(texts, post_id, one) for one in offered]
    rows = [tuple(buttons[number : number + _TOPICS_A_ROW]) for number in range(0, len(buttons), _TOPICS_A_ROW)]
    return (*rows, (_button(texts, post_id, "back"),))


def spans(texts: Catalogue, post_id: PostId, code: str) -> Rows:
    """Give the rows that ask how long `code` shall be muted."""
    choices = tuple(
        Button(label=catalogue.text(texts, f"under.days_{days}"), data=f"mute:{post_id}:{code}:{days}") for days in DAYS
    )
    return (choices, (_button(texts, post_id, "back", word="menu"),))


def lift(kind: MuteKind, subject: str) -> str:
    """Give what the button carries that lifts a mute of the list."""
    return f"lift:{mark(kind, subject)}"


def mark(kind: MuteKind, subject: str) -> str:
    """Name a mute in few letters: topics have names of any length, and a button carries 64 bytes."""
    return hashlib.sha256(f"{kind}:{subject}".encode()).hexdigest()[:_MARK_SHOWN]


def vote(post_id: PostId, *, approves: bool) -> str:
    """Give what the button carries that approves of the alert of a post, or does not."""
    return f"vote:{post_id}:{int(approves)}"


def _button(texts: Catalogue, post_id: PostId, name: str, *, word: str | None = None) -> Button:
    return Button(label=catalogue.text(texts, f"under.{name}"), data=f"{word or name}:{post_id}")


def _vote(post_id: PostId, *, approves: bool, chosen: bool) -> Button:
    label = "👍" if approves else "👎"
    return Button(label=f"{label} ✓" if chosen else label, data=vote(post_id, approves=approves))


def _target(texts: Catalogue, post_id: PostId, target: Target) -> Button:
    key = "under.lift" if target.muted else "under.silence"
    label = catalogue.text(texts, key, name=text.cut(target.name, _TOPIC_SHOWN))
    word = "unmute" if target.muted else "menu"
    return Button(label=label, data=f"{word}:{post_id}:{target.code}")
