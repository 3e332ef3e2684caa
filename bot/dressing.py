"""What an alert looks like in its chat at this moment: its newest text, the translation asked for, and its buttons.

Votes, mutes, translations and the news of a story all change one message. Each draws it anew from the database, so that
none undoes another.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.render import buttons, catalogue, phrases, translated
from bot.render.buttons import Target
from bot.render.catalogue import Catalogue
from storage import chats, outbox, posts, saved, stories, translations, votes
from storage import told as told_of
from storage.database import Connection
from storage.models import ChatId, Message, Mute, MuteKind, OutboxMessage, PostId, StoredPost


@dataclass(slots=True)
class Turns:
    """Who changes a message waits for his turn: what is drawn within it is the newest when it arrives."""

    _locks: dict[tuple[ChatId, int], asyncio.Lock] = field(default_factory=dict)
    _wanted: Counter[tuple[ChatId, int]] = field(default_factory=Counter)

    @asynccontextmanager
    async def of(self, chat_id: ChatId, message_id: int) -> AsyncIterator[None]:
        """Have the turn at the message that the server holds under `message_id` while the block lasts."""
        which = (chat_id, message_id)
        lock = self._locks.setdefault(which, asyncio.Lock())
        self._wanted[which] += 1
        try:
            async with lock:
                yield
        finally:
            self._wanted[which] -= 1
            if not self._wanted[which]:
                del self._wanted[which], self._locks[which]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert of a chat and the post it is about. `story`: as mutes name it; `topics`: what it was told for."""

    message: OutboxMessage
    post: StoredPost
    story: str
    topics: tuple[str, ...]


async def told(connection: Connection, chat_id: ChatId, post_id: PostId) -> Told | None:
    """Return what a chat was told of a post; None: nothing, or the post is no longer held."""
    message = await told_of.of(connection, chat_id, post_id)
    return None if message is None else await of_message(connection, message)


async def of_message(connection: Connection, message: OutboxMessage) -> Told | None:
    """Return an alert with its post; None: it is no alert, or the post is no longer held."""
    if message.subject is None or message.kind != "alert":
        return None
    post_id = message.subject.post_id
    found = await posts.by_ids(connection, [post_id])
    if not found:
        return None
    story = await stories.of_post(connection, post_id)
    # A story bears the number of the post that it began with.
    named = str(post_id if story is None else story.id)
    return Told(message=message, post=found[0], story=named, topics=message.subject.topics)


async def dressed(
    connection: Connection, texts: Catalogue, message: OutboxMessage, text: Message, *, now: int
) -> Message:
    """Give `text`, which the alert `message` says now or shall say, as its chat shall see it at `now` (UTC seconds)."""
    found = await of_message(connection, message)
    return text if found is None else await _main(connection, texts, found, text, now=now)


async def drawn(
    connection: Connection, texts: Catalogue, chat_id: ChatId, message_id: int, *, rows: str, now: int
) -> Message | None:
    """Draw the message that a chat has under `message_id`.

    Args:
        connection: to the database.
        texts: the catalogue of the chat.
        chat_id: the chat.
        message_id: the server's id of the message.
        rows: which buttons it shows: `buttons.MAIN`, "menu", or "menu:" and what shall be muted.
        now: UTC seconds.

    Returns:
        None for a message that is none of ours or no alert.
    """
    message = await outbox.by_sent(connection, chat_id, message_id)
    found = None if message is None else await of_message(connection, message)
    if message is None or found is None:
        return None
    text = await outbox.newest_text(connection, message.id) or message.message
    shown = await _main(connection, texts, found, text, now=now)
    if rows == buttons.MAIN:
        return shown
    _, _, code = rows.partition(":")
    if code:
        return _with(shown, buttons.spans(texts, found.post.id, code))
    return _with(shown, buttons.targets(texts, found.post.id, await targets(connection, texts, found, now=now)))


async def targets(connection: Connection, texts: Catalogue, found: Told, *, now: int) -> list[Target]:
    """Give what can be muted under an alert: its story, its channel, its topics."""
    muted = {(mute.kind, mute.subject) for mute in await mutes_of(connection, found.message.chat_id, now=now)}
    topics = found.topics[: buttons.TOPICS_OFFERED]
    named = [
        (buttons.STORY, catalogue.text(texts, "under.story")),
        (buttons.CHANNEL, catalogue.text(texts, "under.channel")),
        *((f"{buttons.TOPIC}{number}", phrases.topic(texts, topic)) for number, topic in enumerate(topics)),
    ]
    return [Target(code=code, name=name, muted=subject(found, code) in muted) for code, name in named]


def subject(found: Told, code: str) -> tuple[MuteKind, str] | None:
    """Say what the code of a button stands for under this alert; None: nothing, for buttons can be forged."""
    if code == buttons.STORY:
        return "story", found.story
    if code == buttons.CHANNEL:
        return "channel", str(found.post.post.channel_id)
    number = code.removeprefix(buttons.TOPIC)
    if code[:1] != buttons.TOPIC or not number.isdecimal() or int(number) >= len(found.topics):
        return None
    return "topic", found.topics[int(number)]


def is_silent(found: Told, muted: Collection[tuple[MuteKind, str]]) -> bool:
    """Say whether nothing is left of an alert in a chat that muted all this."""
    if subject(found, buttons.STORY) in muted or subject(found, buttons.CHANNEL) in muted:
        return True
    return all(("topic", topic) in muted for topic in found.topics)


async def post_of_story(connection: Connection, story: str) -> StoredPost | None:
    """Return the post by which a muted story is shown; None: it is not held any more."""
    found = await posts.by_ids(connection, [PostId(int(story))])
    return found[0] if found else None


async def mutes_of(connection: Connection, chat_id: ChatId, *, now: int) -> list[Mute]:
    """Return what a chat does not want to hear of at `now` (UTC seconds)."""
    return [mute for mute in await chats.mutes(connection, now=now) if mute.chat_id == chat_id]


async def _main(connection: Connection, texts: Catalogue, found: Told, text: Message, *, now: int) -> Message:
    chat_id, post_id = found.message.chat_id, found.post.id
    translation = await translations.shown(connection, chat_id, post_id)
    offered = await targets(connection, texts, found, now=now)
    state = buttons.State(
        approves=await votes.get(connection, chat_id, post_id),
        saved=await saved.holds(connection, chat_id, post_id),
        muted=any(one.muted for one in offered),
        translated=translation is not None,
    )
    if translation is not None:
        text = translated.in_place(text, translation.text, _note(texts, found.post))
    return _with(text, buttons.under(texts, found.post, state))


def _note(texts: Catalogue, post: StoredPost) -> str:
    language = phrases.language(texts, post.language)
    if not language:
        return catalogue.text(texts, "translate.note")
    return catalogue.text(texts, "translate.note_from", language=language)


def _with(message: Message, rows: buttons.Rows) -> Message:
    return Message(
        text=message.text, entities=message.entities, buttons=rows, picture=message.picture, silent=message.silent
    )
