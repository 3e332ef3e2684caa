"""Keeps the alert of a story up to date: who else tells it, and, with a sound, that many do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot import audience
from bot.render import story
from bot.render.catalogue import Catalogue
from storage import outbox, stories
from storage.database import Connection
from storage.models import ChannelId, Chat, OutboxKind, OutboxMessage, PostId
from storage.story_models import Appearance, Story

SPREADS = (20, 5)
"""From so many channels on it is said below the alert, with a sound, that others take the story up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A story, its posts as they now are (none while nothing is to be said of them), and what it continues."""

    told: Story
    appearances: Sequence[Appearance] = ()
    before: Appearance | None = None

    def standing(self, quoted: PostId) -> story.Standing | None:
        """Say how the story stands for an alert that quotes `quoted`."""
        if not self.appearances:
            return None
        return story.Standing(quoted=quoted, appearances=self.appearances, before=self.before)

    def channel_of(self, post_id: PostId) -> ChannelId:
        """Name the channel of one of its posts."""
        return next(one.channel.id for one in self.appearances if one.post_id == post_id)


async def look(tx: Connection, told: Story) -> State:
    """Look how a story stands."""
    before: Sequence[Appearance] = ()
    if told.continues is not None:
        before = await stories.appearances(tx, told.continues)
    return State(told=told, appearances=await stories.appearances(tx, told.id), before=before[0] if before else None)


async def taken_up(
    tx: Connection, texts: Catalogue, chat: Chat, alert: OutboxMessage, state: State, *, by: Appearance, now: int
) -> Counter[OutboxKind]:
    """Queue what a chat learns of a post that joined a story; none where its channel told the story already.

    Args:
        tx: the transaction that stores the post.
        texts: in the chat's language.
        chat: who was alerted.
        alert: the alert of the story in the chat.
        state: how the story stands.
        by: the post that joined.
        now: UTC seconds.
    """
    queued: Counter[OutboxKind] = Counter()
    before = [one for one in state.appearances if one.post_id != by.post_id]
    if any(one.channel.id == by.channel.id for one in before):
        return queued
    queued["update"] += await update(tx, texts, chat, alert, state, key=f"{by.post_id}", now=now)
    # Others may have joined in silence, read back or imported, so the count may pass a number without standing at it.
    reached = next((spread for spread in SPREADS if spread <= story.channels(state.appearances)), None)
    if reached is not None:
        queued["followup"] += await _spread(tx, texts, chat, alert, state, reached=reached, now=now)
    return queued


async def update(
    tx: Connection, texts: Catalogue, chat: Chat, alert: OutboxMessage, state: State, *, key: str, now: int
) -> bool:
    """Queue the alert of a story as it now is in place of what it said; return whether that was needed.

    What is told within a summary changes no more. `key` says what happened.
    """
    standing = None if alert.subject is None else state.standing(alert.subject.post_id)
    if standing is None or alert.state == "folded":
        return False
    added = await outbox.add(
        tx,
        chat_id=chat.id,
        kind="update",
        key=f"update:story:{state.told.id}:{key}",
        random_id=outbox.new_random_id(),
        message=story.renewed(alert.message, story.tail(texts, standing, timezone=chat.timezone)),
        subject=alert.subject,
        now=now,
        act="edit",
        depends_on=alert.id,
    )
    return added is not None


async def _spread(
    tx: Connection, texts: Catalogue, chat: Chat, alert: OutboxMessage, state: State, *, reached: int, now: int
) -> bool:
    standing = None if alert.subject is None else state.standing(alert.subject.post_id)
    if standing is None:
        return False
    added = await outbox.add(
        tx,
        chat_id=alert.chat_id,
        kind="followup",
        key=f"spread:story:{state.told.id}:{reached}",
        random_id=outbox.new_random_id(),
        message=story.spread(texts, standing, silent=alert.message.silent),
        subject=alert.subject,
        now=now,
        not_before=audience.due(chat, now=now),
        act="reply",
        depends_on=alert.id,
    )
    return added is not None
