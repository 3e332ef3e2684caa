"""Queues what is said below an alert when its post is edited or deleted."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot import audience, hearers, upkeep
from bot.hearers import Hearers
from bot.render import changes, followup
from bot.render.catalogue import Catalogue
from storage import outbox, posts, revisions, stories
from storage.database import Connection
from storage.models import Chat, OutboxKind, OutboxMessage, Revision, StoredPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A post as it now is, when it was edited (UTC seconds), and all that it said before."""

    stored: StoredPost
    at: int
    revisions: Sequence[Revision]


async def edit(tx: Connection, stored: StoredPost, *, at: int) -> Edit | None:
    """Read what an edit changed; None where that is no more than punctuation, space or a link preview."""
    captured = await revisions.of_post(tx, stored.post.channel_id, stored.post.message_id)
    texts = [revisions.written(one) for one in captured]
    if len(texts) < 2 or _same(texts[-2], texts[-1]):  # noqa: PLR2004 - a text before and one after
        return None
    return Edit(stored=stored, at=at, revisions=captured)


async def tell_edit(
    tx: Connection, texts: Catalogue, who: Hearers, alert: OutboxMessage, edit: Edit, *, chat: Chat, now: int
) -> bool:
    """Queue what a chat learns of an edit: the first reply to the alert, or that reply as it now is.

    Args:
        tx: the transaction that stores the edit.
        texts: in the chat's language.
        who: the channel of the post.
        alert: the alert that quotes the post; of one that quotes another post of the story nothing is said.
        edit: what was edited.
        chat: who was alerted.
        now: UTC seconds.
    """
    post_id = edit.stored.id
    if alert.subject is None or alert.subject.post_id != post_id:
        return False
    reply = await outbox.by_key(tx, alert.chat_id, f"edited:{post_id}")
    base = _base(edit.revisions, alert.created_at)
    before = revisions.written(edit.revisions[base])
    if before is None:
        return False
    message = followup.edited(
        texts,
        channel=who.channel.info,
        post=edit.stored.post,
        before=before,
        edits=_edits(edit.revisions[base:]),
        at=edit.at,
        flagged=bool(edit.stored.matches),
        silent=alert.message.silent,
    )
    added = await outbox.add(
        tx,
        chat_id=alert.chat_id,
        kind="followup",
        key=f"edited:{post_id}" if reply is None else f"edited:{post_id}:{edit.revisions[-1].seq}",
        random_id=outbox.new_random_id(),
        message=message,
        subject=alert.subject,
        now=now,
        not_before=audience.due(chat, now=now),
        act="reply" if reply is None else "edit",
        depends_on=alert.id if reply is None else reply.id,
    )
    return added is not None


async def tell_deletions(
    tx: Connection,
    catalogues: Mapping[str, Catalogue],
    who: Hearers,
    gone: Collection[stories.Gone],
    *,
    seen: bool,
    now: int,
) -> Counter[OutboxKind]:
    """Queue what deletions cause: a reply below the alert of the post, a mark in the alerts that list it.

    Args:
        tx: the transaction that stores the deletions.
        catalogues: the texts by language.
        who: the channel of the posts, and who may be told.
        gone: the posts of stories that were deleted.
        seen: whether they were deleted just now, or found to be gone.
        now: UTC seconds.
    """
    queued: Counter[OutboxKind] = Counter()
    for one in gone if who.chats else ():
        alerts = await stories.alerts(tx, one.story.id, [chat.id for chat in who.chats])
        if not alerts:
            continue
        state = await upkeep.look(tx, one.story)
        for chat in who.chats:
            alert = alerts.get(chat.id)
            if alert is None or alert.subject is None:
                continue
            quoted = state.channel_of(alert.subject.post_id)
            if not hearers.follows(who, chat, alert, one.story.id, of=quoted):
                continue
            texts = catalogues[chat.language]
            if alert.subject.post_id == one.post_id:
                queued["followup"] += await _tell_deletion(tx, texts, who, chat, alert, seen=seen, now=now)
            elif quoted != who.channel.info.id:
                key = f"gone{one.post_id}"
                queued["update"] += await upkeep.update(tx, texts, chat, alert, state, key=key, now=now)
    return +queued


async def _tell_deletion(
    tx: Connection, texts: Catalogue, who: Hearers, chat: Chat, alert: OutboxMessage, *, seen: bool, now: int
) -> bool:
    if alert.subject is None:
        return False
    (stored,) = await posts.by_ids(tx, [alert.subject.post_id])
    message = followup.deleted(
        texts,
        channel=who.channel.info,
        post=stored.post,
        post_id=stored.id,
        at=now,
        seen=seen,
        owner=chat.role == "owner",
        silent=alert.message.silent,
    )
    added = await outbox.add(
        tx,
        chat_id=chat.id,
        kind="followup",
        key=f"deleted:{stored.id}",
        random_id=outbox.new_random_id(),
        message=message,
        subject=alert.subject,
        now=now,
        not_before=audience.due(chat, now=now),
        act="reply",
        depends_on=alert.id,
    )
    return added is not None


def _base(captured: Sequence[Revision], alerted_at: int) -> int:
    """Give the place of what the alert quotes: the newest when it was stored, and never what was read just now."""
    before = [place for place in range(len(captured) - 1) if captured[place].captured_at <= alerted_at]
    return before[-1] if before else 0


def _edits(captured: Sequence[Revision]) -> int:
    texts = [revisions.written(one) for one in captured]
    return sum(not _same(before, after) for before, after in pairwise(texts))


def _same(before: str | None, after: str | None) -> bool:
    return before is None or after is None or changes.is_trivial(before, after)
