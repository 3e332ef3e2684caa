"""Cancels what waits for a chat that it does not want to hear any more."""

from storage import backlog, chats, outbox, posts
from storage.database import Connection
from storage.models import ChatId


async def cancel(tx: Connection, chat_id: ChatId, *, now: int) -> int:
    """Cancel the alerts of what a chat has muted that are not on their way yet; return how many.

    An alert for several topics is unwanted once all of them are muted.

    Args:
        tx: the transaction that stores the mute.
        chat_id: whose alerts.
        now: UTC seconds.
    """
    muted = {(mute.kind, mute.subject) for mute in await chats.mutes(tx, now=now) if mute.chat_id == chat_id}
    alerts = [
        (message.id, message.subject)
        for message in await backlog.unsent(tx, chat_id)
        if message.kind == "alert" and message.subject is not None
    ]
    found = await posts.by_ids(tx, [subject.post_id for _, subject in alerts])
    channel_of = {post.id: str(post.post.channel_id) for post in found}
    return await outbox.cancel(
        tx,
        [
            outbox_id
            for outbox_id, subject in alerts
            if ("channel", channel_of[subject.post_id]) in muted
            or all(("topic", topic) in muted for topic in subject.topics)
        ],
    )
