"""A database with so many rows that SQLite would rather go by an index."""

from storage import channels, chats, database, matches, outbox, posts
from storage.database import Connection
from storage.models import Act, ChannelId, ChatId, OutboxId, PostId, Subject
from tests.records import CHANNEL, CHAT, NOW, channel_info, match, message, post
from tests.storage import story_calls

CHANNELS = 5
POSTS_EACH = 1000
MESSAGES = 2000
TIMES = 21
"""So often is all of it there."""
ROWS = 100_000
"""So many rows, or more, have the tables that grow most."""
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
    await database.rows(tx, "PRAGMA cache_size = -200000")
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
    await multiply(tx)
    await database.rows(tx, NOTHING)


async def multiply(tx: Connection) -> None:
    """Make all of that many; written one by one, the rows would take minutes."""
    rows = CHANNELS * POSTS_EACH
    every = f"WITH RECURSIVE times (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM times WHERE n < {TIMES - 1})"
    more = "more (m) AS (SELECT 0 UNION ALL SELECT m + 1 FROM more WHERE m < 10)"
    await database.rows(tx, "PRAGMA defer_foreign_keys = ON")  # for posts and stories name each other
    for sql in (
        f"""INSERT INTO posts
            (id, channel_id, message_id, date, captured_at, text, parts, entities, language, flagged, story_id)
        {every} SELECT id + n * {rows}, channel_id, message_id + n * {POSTS_EACH}, date + n * {POSTS_EACH}, captured_at,
            text, parts, entities, language, flagged, id + n * {rows} FROM times, posts""",
        f"INSERT INTO stories (id, began_at) SELECT id, date FROM posts WHERE id > {rows}",
        f"""INSERT INTO matches (post_id, topic, start, "end", term, rule)
        {every}, {more} SELECT post_id + n * {rows}, topic, start + 10 * m, "end" + 10 * m, term, rule
            FROM times, more, matches""",
        f"""INSERT INTO revisions
        {every} SELECT channel_id, seq + n * 10000, message_id + n * {POSTS_EACH}, kind, captured_at, canonical,
            content_sha256, chain_sha256 FROM times, revisions""",
        f"""INSERT INTO outbox (chat_id, kind, act, key, random_id, text, entities, buttons, silent, post_id, topics,
            state, created_at, not_before, sent_message_id)
        {every}, {more} SELECT chat_id, kind, act, key || ':' || n || ':' || m,
            random_id / 2 + n * 3 + m, text, entities, buttons, silent, post_id, topics, state, created_at, not_before,
            sent_message_id FROM times, more, outbox WHERE m < 3""",
        f"INSERT INTO search_docs (id, post_id, marks) SELECT id, id, 'c1' FROM posts WHERE id > {rows}",
    ):
        await database.run(tx, sql, {})
