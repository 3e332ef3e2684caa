"""Queues what a flagged post causes in each chat: the alert of its story, or that alert brought up to date."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot import audience, followups, hearers, pacing, upkeep
from bot.hearers import Hearers
from bot.render import alert
from bot.render.catalogue import Catalogue
from bot.storyline import Place
from storage import outbox, stories
from storage.database import Connection
from storage.models import Chat, OutboxKind, OutboxMessage, StoredPost, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A post that came or changed, and its place in a story.

    `edited_at` is set when it was an edit that came; `known`: what the post spoke of before.
    """

    stored: StoredPost
    place: Place
    edited_at: int | None
    known: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What holds for all chats that are told."""

    catalogues: Mapping[str, Catalogue]
    who: Hearers
    news: News
    state: upkeep.State
    edit: followups.Edit | None
    now: int


async def tell(
    tx: Connection, catalogues: Mapping[str, Catalogue], who: Hearers, news: News, *, now: int
) -> Counter[OutboxKind]:
    """Queue what the news causes, and count it.

    Args:
        tx: the transaction that stores the post.
        catalogues: the texts by language.
        who: the channel of the post, and who may be told.
        news: what came.
        now: UTC seconds.
    """
    queued: Counter[OutboxKind] = Counter()
    if not who.chats:
        return queued
    place, stored = news.place, news.stored
    alone = place.begins and place.story.continues is None
    scene = _Scene(
        catalogues=catalogues,
        who=who,
        news=news,
        state=upkeep.State(told=place.story) if alone else await upkeep.look(tx, place.story),
        edit=None if place.joins else await followups.edit(tx, stored, at=news.edited_at or now),
        now=now,
    )
    alerts = {} if place.begins else await stories.alerts(tx, place.story.id, [chat.id for chat in who.chats])
    for chat in who.chats:
        queued += await _tell(tx, scene, chat, alerts.get(chat.id))
    return +queued


async def _tell(tx: Connection, scene: _Scene, chat: Chat, held: OutboxMessage | None) -> Counter[OutboxKind]:
    queued: Counter[OutboxKind] = Counter()
    if held is None:
        queued["alert"] += await _alert(tx, scene, chat)
        return queued
    story_id, state, texts = scene.news.place.story.id, scene.state, scene.catalogues[chat.language]
    quoted = None if held.subject is None else state.channel_of(held.subject.post_id)
    if quoted is None or not hearers.follows(scene.who, chat, held, story_id, of=quoted):
        return queued
    if scene.news.place.joins:
        by = next(one for one in state.appearances if one.post_id == scene.news.stored.id)
        return await upkeep.taken_up(tx, texts, chat, held, state, by=by, now=scene.now)
    if scene.edit is not None:
        queued["followup"] += await followups.tell_edit(
            tx, texts, scene.who, held, scene.edit, chat=chat, now=scene.now
        )
    return queued


async def _alert(tx: Connection, scene: _Scene, chat: Chat) -> bool:
    stored, channel = scene.news.stored, scene.who.channel.info
    matched = {match.topic for match in stored.matches}
    heard = audience.decide(chat, scene.who.mutes, channel_id=channel.id, topics=matched, now=scene.now)
    if heard is None or not set(heard.topics) - set(scene.news.known):
        return False  # unwanted, or stored before in silence
    if hearers.muted_story(scene.who, chat, scene.news.place.story.id):
        return False
    edited_at = scene.news.edited_at
    message = alert.alert(
        scene.catalogues[chat.language],
        channel=channel,
        post=stored,
        topics=heard.topics,
        timezone=chat.timezone,
        brought_by_edit=edited_at is not None,
        standing=scene.state.standing(stored.id),
    )
    late = scene.now - (edited_at or stored.post.date) > pacing.LATE_SECONDS
    added = await outbox.add(
        tx,
        chat_id=chat.id,
        kind="alert",
        key=stories.alert_key(scene.news.place.story.id),
        random_id=outbox.new_random_id(),
        message=replace(message, silent=heard.silent),
        subject=Subject(post_id=stored.id, topics=heard.topics, late=late, held=heard.held),
        now=scene.now,
        not_before=heard.not_before,
    )
    return added is not None
