"""Forgets a post: erases its text here, and from the messages that told of it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot import indexing, periods
from bot.pipeline import searching
from bot.render import buttons, forgotten, phrases
from bot.render.catalogue import Catalogue
from storage import channels, chats, outbox
from storage import forgetting as store
from storage.database import Connection, Database
from storage.models import Channel, Chat, ChatId, Message, OutboxId, OutboxMessage, StoredPost

PAGE = 1000
"""Messages that are looked through at once: a few milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetter:
    """What forgetting needs. `wake` tells the delivery that there is work."""

    database: Database
    catalogues: Mapping[str, Catalogue]
    wake: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What is to be forgotten: a post, the links to it under all names that its channel had, and the one in use.

    `lists`: how buttons begin that only lists have which may show the post without a link, or on another page.
    """

    post: StoredPost
    links: frozenset[str]
    link: str
    lists: tuple[str, ...]
    now: int


async def forget(forgetter: Forgetter, channel: Channel, post: StoredPost, *, now: int) -> int:
    """Erase the text of a post for good, here and in the chats; the hashes of what was captured stay.

    Args:
        forgetter: the database and the texts.
        channel: of the post.
        post: as held.
        now: UTC seconds.

    Returns:
        How many messages that were sent are being changed.

    Raises:
        StorageError: The database cannot take it; what was erased until then stays so, and it can be asked again.
    """
    place = store.Place(id=post.id, channel_id=channel.info.id, message_id=post.post.message_id)
    async with forgetter.database.transaction() as tx:
        await store.forget(tx, (place,), why="owner", now=now, fold=searching.folded)
        wish = _Wish(
            post=post,
            links=await _links(tx, channel, post),
            link=phrases.link(channel.info, post.post.message_id),
            lists=(*buttons.PAGES, buttons.lift("story", str(post.id))),
            now=now,
        )
        told_of = await store.told_of(tx, post.id)
        changed = await _change(tx, forgetter, wish, told_of, whole=True)
        await _drop_documents(tx, forgetter, wish)
    async with forgetter.database.reading() as connection:
        last = await store.last_message(connection)
    for after in range(0, last, PAGE):
        changed += await _change_lists(forgetter, wish, after)
    await indexing.purge(forgetter.database)
    await forgetter.database.empty_log()
    if changed:
        forgetter.wake()
    return changed


async def _links(tx: Connection, channel: Channel, post: StoredPost) -> frozenset[str]:
    names = {channel.info.username or ""}
    for change in await channels.changes(tx, since=0):
        if change.channel_id == channel.info.id and change.field == "username":
            names |= {change.before, change.after}
    places = [f"c/{channel.info.id}", *(name for name in names if name)]
    return frozenset(f"https://t.me/{place}/{post.post.message_id}" for place in places)


async def _drop_documents(tx: Connection, forgetter: Forgetter, wish: _Wish) -> None:
    """Let no file be sent that was made of the post: evidence and exports name each of their posts by its link."""
    named = re.compile(b"(?:%s)(?![0-9])" % b"|".join(re.escape(link.encode()) for link in wish.links))
    people = {chat.id: chat for chat in await chats.all_chats(tx)}
    for waiting in await store.with_document(tx):
        document, chat = waiting.message.document, people[waiting.chat_id]
        if document is not None and named.search(document.content):
            texts, zone = forgetter.catalogues[chat.language], ZoneInfo(chat.timezone)
            await store.rewrite(tx, waiting.id, forgotten.file_instead(texts, at=wish.now, zone=zone))


async def _change_lists(forgetter: Forgetter, wish: _Wish, after: int) -> int:
    """Change the messages of one page that show the post among others."""
    written = f'/{wish.post.post.message_id}"'
    lists = (*wish.lists, buttons.DIGEST)
    async with forgetter.database.reading() as connection:
        seen = await store.holding(connection, written, buttons=lists, after=after, limit=PAGE)
    if not any(_names(message, wish) for message in seen):
        return 0
    async with forgetter.database.transaction() as tx:
        # Asked again: since it was seen it may have been sent.
        found = await store.holding(tx, written, buttons=lists, after=after, limit=PAGE)
        return await _change(tx, forgetter, wish, [message for message in found if _names(message, wish)], whole=False)


def _names(message: OutboxMessage, wish: _Wish) -> bool:
    says = message.message
    return any(entity.url in wish.links for entity in says.entities) or _is_list(says, wish) or _turns(says, wish)


def _turns(message: Message, wish: _Wish) -> bool:
    """Say whether a message is a digest that may have been turned to a page on which the post stands."""
    data = (button.data or "" for row in message.buttons for button in row)
    codes = (one.removeprefix(buttons.DIGEST).rpartition(":")[0] for one in data if one.startswith(buttons.DIGEST))
    return any(periods.may_tell_of(code, wish.post.post.date) for code in codes)


def _is_list(message: Message, wish: _Wish) -> bool:
    return any((button.data or "").startswith(wish.lists) for row in message.buttons for button in row)


async def _change(
    tx: Connection, forgetter: Forgetter, wish: _Wish, found: Sequence[OutboxMessage], *, whole: bool
) -> int:
    """Rewrite messages in the outbox, and queue edits of those that the server has or may have.

    `whole`: they are about the post; otherwise they list it among others.
    """
    people = {chat.id: chat for chat in await chats.all_chats(tx)}
    roots: dict[OutboxId, ChatId] = {}
    for message in found:
        rewritten = _rewritten(forgetter.catalogues, people[message.chat_id], wish, message.message, whole=whole)
        # A digest goes back to its first page, whichever is shown.
        if rewritten != message.message or _turns(message.message, wish):
            await store.rewrite(tx, message.id, rewritten)
            roots[message.depends_on if message.act == "edit" and message.depends_on else message.id] = message.chat_id
    changed = 0
    for root, chat_id in roots.items():
        changed += await _edit(tx, wish, root, chat_id)
    return changed


def _rewritten(
    catalogues: Mapping[str, Catalogue], chat: Chat, wish: _Wish, message: Message, *, whole: bool
) -> Message:
    texts = catalogues[chat.language]
    if whole or forgotten.is_about(message, wish.links):
        instead = forgotten.instead(texts, wish.link, at=wish.now, zone=ZoneInfo(chat.timezone))
        return replace(instead, picture=message.picture, silent=message.silent)
    if _is_list(message, wish):
        return forgotten.list_instead(texts, at=wish.now, zone=ZoneInfo(chat.timezone))
    return forgotten.without(texts, message, wish.links)


async def _edit(tx: Connection, wish: _Wish, root: OutboxId, chat_id: ChatId) -> bool:
    (sent,) = await outbox.by_ids(tx, [root])
    says = await outbox.newest_text(tx, root)
    # What was never tried goes out as rewritten; what is on its way, or may have arrived, is changed after it.
    if says is None or not (sent.state in {"sent", "claimed"} or (sent.state == "waiting" and sent.attempts)):
        return False
    added = await outbox.add(
        tx,
        chat_id=chat_id,
        kind="update",
        key=f"forget:{wish.post.id}:{root}:{wish.now}",
        random_id=outbox.new_random_id(),
        message=replace(says, picture=None),
        now=wish.now,
        act="edit",
        depends_on=root,
    )
    return added is not None
