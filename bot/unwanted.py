"""Cancels what waits for a chat that it does not want to hear any more."""

from bot import audience
from storage import backlog, chats, outbox, posts
from storage.database import Connection
from storage.models import ChatId


async def cancel(tx: Connection, chat_id: ChatId, *, now: int) -> int:
    """Cancel the alerts that a chat has muted or set that it does not want, and that are not on their way yet.

    An alert for several topics is unwanted once none of them is wanted. Returns how many.

    Args:
        tx: the transaction that stores the mute or the setting.
        chat_id: whose alerts.
        now: UTC seconds.
    """
    chat = await chats.get(tx, chat_id)
    if chat is None:
        return 0
    mutes = await chats.mutes(tx, now=now)
    alerts = [
        (message.id, message.subject)
        for message in await backlog.unsent(tx, chat_id)
        if message.kind == "alert" and message.subject is not None
    ]
    found = await posts.by_ids(tx, [subject.post_id for _, subject in alerts])
    channel_of = {post.id: post.post.channel_id for post in found}
    return await outbox.cancel(
        tx,
        [
            outbox_id
            for outbox_id, subject in alerts
            if not audience.wanted(chat, mutes, channel_id=channel_of[subject.post_id], topics=subject.topics)
        ],
    )
