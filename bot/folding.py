"""Tells in summaries what exceeds the pace: one message that grows by edits until it is full or quiet has come."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot import pacing
from bot.render import alert
from bot.render.catalogue import Catalogue
from storage import channels, outbox, posts, summaries
from storage.database import Connection
from storage.models import Act, ChannelId, ChannelInfo, Chat, Held, Message, OutboxId, OutboxMessage

QUIET_SECONDS = 30
"""A summary that did not grow for so long has moved up in the chat: what comes then begins another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing:
    """The summary of a chat to which more may be added, and when it was begun or last added to (UTC seconds)."""

    id: OutboxId
    at: int


async def fold(
    tx: Connection, texts: Catalogue, chat: Chat, step: pacing.Fold, *, growing: Growing | None, now: int
) -> Growing | None:
    """Put alerts into summaries, stored with the note that they are told there: a crash loses and doubles none.

    Returns the summary that may grow after this.

    Args:
        tx: the transaction.
        texts: the catalogue of the chat's language.
        chat: whose alerts.
        step: which, and why.
        growing: the summary that may grow, if there is one.
        now: UTC seconds.
    """
    # What was tried meanwhile may have arrived.
    alerts = [one for one in await outbox.by_ids(tx, step.ids) if one.state == "waiting" and not one.attempts]
    if not alerts:
        return growing
    if step.reason == "late":
        await _late(tx, texts, chat, alerts, now=now)
        return growing
    if step.reason != "burst":
        await _listed(tx, texts, chat, alerts, step.reason, now=now)
        return growing
    if growing is not None and await _grow(tx, texts, chat, growing, alerts, now=now):
        return replace(growing, at=now)
    last = await _listed(tx, texts, chat, alerts, "burst", now=now)
    return growing if last is None else Growing(id=last, at=now)


async def _listed(
    tx: Connection,
    texts: Catalogue,
    chat: Chat,
    alerts: Sequence[OutboxMessage],
    reason: Literal["burst"] | Held,
    *,
    now: int,
) -> OutboxId | None:
    """List all of `alerts` in as many summaries as it takes; return the last one."""
    summary = None
    while alerts:
        entries = await _entries(tx, alerts)
        fitting = alert.fitting(texts, entries=entries, timezone=chat.timezone, reason=reason)
        (message,) = alert.summary(texts, entries=entries[:fitting], timezone=chat.timezone, reason=reason)
        summary = await _queue(tx, chat, _sounding(message, alerts[:fitting]), now=now)
        await summaries.fold(tx, [one.id for one in alerts[:fitting]], into=summary, summary=summary)
        alerts = alerts[fitting:]
    return summary


def _sounding(message: Message, alerts: Sequence[OutboxMessage]) -> Message:
    """Give a summary that comes without a sound where each of its alerts would have."""
    return replace(message, silent=all(one.message.silent for one in alerts))


async def _late(tx: Connection, texts: Catalogue, chat: Chat, alerts: Sequence[OutboxMessage], *, now: int) -> None:
    entries = await _entries(tx, alerts)
    (message,) = alert.summary(texts, entries=entries, timezone=chat.timezone, reason="late")
    summary = await _queue(tx, chat, _sounding(message, alerts), now=now)
    await summaries.fold(tx, [one.id for one in alerts], into=summary, summary=summary)


async def _grow(
    tx: Connection, texts: Catalogue, chat: Chat, growing: Growing, alerts: Sequence[OutboxMessage], *, now: int
) -> bool:
    """Add `alerts` to a summary and return True, or False if it grows no more or has no room for all of them.

    It takes all or none: what is told in two messages takes up the pace of two.
    """
    if now - growing.at >= QUIET_SECONDS or not await summaries.grows(tx, growing.id):
        return False
    entries = await _entries(tx, [*await summaries.told_in(tx, growing.id), *alerts])
    if alert.fitting(texts, entries=entries, timezone=chat.timezone) < len(entries):
        return False
    (message,) = alert.summary(texts, entries=entries, timezone=chat.timezone, reason="burst")
    edit = await _queue(tx, chat, message, now=now, act="edit", depends_on=growing.id)
    await summaries.fold(tx, [one.id for one in alerts], into=edit, summary=growing.id)
    return True


async def _queue(
    tx: Connection,
    chat: Chat,
    message: Message,
    *,
    now: int,
    act: Act = "send",
    depends_on: OutboxId | None = None,
) -> OutboxId:
    random_id = outbox.new_random_id()
    queued = await outbox.add(
        tx,
        chat_id=chat.id,
        kind="summary",
        key=f"summary:{random_id}",
        random_id=random_id,
        message=message,
        now=now,
        act=act,
        depends_on=depends_on,
    )
    if queued is None:
        raise LookupError(f"the summary {random_id} is there already")
    return queued


async def _entries(tx: Connection, alerts: Sequence[OutboxMessage]) -> list[alert.Entry]:
    """Give an entry for each of `alerts`, in their order."""
    subjects = [one.subject for one in alerts if one.subject is not None]
    found = {post.id: post for post in await posts.by_ids(tx, [subject.post_id for subject in subjects])}
    infos: dict[ChannelId, ChannelInfo] = {}
    for post in found.values():
        channel_id = post.post.channel_id
        if channel_id not in infos and (channel := await channels.get(tx, channel_id)) is not None:
            infos[channel_id] = channel.info
    return [
        alert.Entry(
            channel=infos[found[subject.post_id].post.channel_id], post=found[subject.post_id], topics=subject.topics
        )
        for subject in subjects
    ]
