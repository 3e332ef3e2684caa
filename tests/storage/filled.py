"""A database with so many rows that SQLite would rather go by an index."""

from storage import channels, chats, database, matches, outbox, posts
from storage.database import Connection
from storage.models import Act, ChannelId, ChatId, OutboxId, PostId, Subject
from tests.records import CHANNEL, CHAT, NOW, channel_info, match, message, post
from tests.storage import story_calls

CHANNELS = 5
POSTS_EACH = 1000
MESSAGES = 2000
NOTHING = "SELECT NULL"


async def queue(
    tx: Connection, number: int, *, chat_id: ChatId = CHAT, act: Act = "send", depends_on: OutboxId | None = None
) -> None:
    await outbox.add(
        tx,
        chat_id=chat_id,
        kind="alert",
        key=f"alert:{number}",
        random_id=outbox.new_random_id(),
        message=message(),
        subject=Subject(post_id=PostId(abs(number)), topics=("rotation",)),
        now=NOW,
        act=act,
        depends_on=depends_on,
    )


async def fill(tx: Connection) -> None:
    for channel_id in (CHANNEL, *(ChannelId(number) for number in range(1, CHANNELS))):
        await channels.follow(tx, channel_info(channel_id), joined=True, now=NOW)
        written = [post(n, date=NOW + n, channel_id=channel_id) for n in range(1, POSTS_EACH + 1)]
        stored = await posts.put_all(tx, channel_id, [(one, "ru") for one in written], now=NOW)
        edited = [post(n, "Вода есть.", date=NOW + n, channel_id=channel_id) for n in range(1, POSTS_EACH, 20)]
        await posts.put_all(tx, channel_id, [(one, "ru") for one in edited], now=NOW)
        for put in stored[::20]:
            await matches.replace(tx, put.post_id, (match(), match("desertion")))
    await database.run(tx, "UPDATE posts SET recheck_at = date WHERE id % 3 = 0", {})
    await story_calls.fill(tx, range(7, CHANNELS * POSTS_EACH, 10))
    for chat_id in (ChatId(1), CHAT):
        await chats.pair(tx, chat_id=chat_id, role="owner", language="en", timezone="UTC", now=NOW)
        for number in range(1, MESSAGES // 2):
            await queue(tx, number, chat_id=chat_id)
    await database.run(tx, "UPDATE outbox SET state = 'sent', sent_message_id = id WHERE id % 20 <> 0", {})
    await database.run(tx, "UPDATE outbox SET state = 'refused' WHERE id % 100 = 0", {})
    await database.rows(tx, NOTHING)
