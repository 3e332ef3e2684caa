"""Stories: posts that tell the same, and what later ones are recognised by."""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from storage import channels, columns, database, messages
from storage.database import Connection
from storage.models import ChannelId, ChatId, MessageId, OutboxMessage, PostId, StoryId, written
from storage.story_models import Appearance, Kin, Story

_MOST_KIN = 16
"""How many posts are compared with a new one: those that share most with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A post of a story that its channel deleted."""

    post_id: PostId
    story: Story


async def begin(tx: Connection, post_id: PostId, *, began_at: int, continues: StoryId | None) -> Story:
    """Let a story begin with a post that belongs to none.

    Args:
        tx: the transaction that stores the post.
        post_id: the post.
        began_at: when its words were written (UTC seconds).
        continues: an older story that comes up again with it.
    """
    story = Story(id=StoryId(post_id), began_at=began_at, continues=continues)
    await database.run(
        tx,
        "INSERT INTO stories (id, began_at, continues) VALUES (:id, :began_at, :continues)",
        {"id": story.id, "began_at": began_at, "continues": continues},
    )
    await join(tx, post_id, story.id)
    return story


async def join(tx: Connection, post_id: PostId, story_id: StoryId) -> None:
    """Note that a post belongs to a story."""
    await database.run(
        tx, "UPDATE posts SET story_id = :story_id WHERE id = :post_id", {"post_id": post_id, "story_id": story_id}
    )


async def mark(tx: Connection, post_id: PostId, marks: Collection[int], *, at: int) -> None:
    """Note what a post of a story is recognised by, since `at` (UTC seconds), besides what is noted of it."""
    await database.run_each(
        tx,
        "INSERT INTO marks (mark, post_id, at) VALUES (:mark, :post_id, :at) ON CONFLICT DO NOTHING",
        [{"mark": number, "post_id": post_id, "at": at} for number in dict.fromkeys(marks)],
    )


async def forget(tx: Connection, *, before: int) -> None:
    """Forget what posts were recognised by that was noted before that time (UTC seconds)."""
    await database.run(tx, "DELETE FROM marks WHERE at < :before", {"before": before})


async def kin(connection: Connection, *, sure: Sequence[int], sketch: Sequence[int]) -> tuple[Kin, ...]:
    """Return the posts of stories that share one of the marks `sure`, or at least two of `sketch`.

    Those that share a sure one come first, of the oldest story, then those that share most. Both lists are short.
    """
    names, values = database.listed([*sure, *sketch])
    sure_names = ", ".join(f":v{number}" for number in range(len(sure)))
    found = await database.rows(
        connection,
        f"""SELECT posts.id AS post_id, posts.text, posts.parts, stories.*, shared.sure
        FROM (SELECT post_id, max(mark IN ({sure_names})) AS sure, count(*) AS marks FROM marks
            WHERE mark IN ({names}) GROUP BY post_id HAVING sure OR marks > 1
            ORDER BY sure DESC, marks DESC, post_id DESC LIMIT {_MOST_KIN}) AS shared
        CROSS JOIN posts ON posts.id = shared.post_id JOIN stories ON stories.id = posts.story_id
        ORDER BY shared.sure DESC, stories.began_at, shared.marks DESC""",
        values,
    )
    return tuple(
        Kin(
            post_id=row["post_id"],
            story=_read(row),
            sure=bool(row["sure"]),
            text=written(row["text"], columns.read_parts(row["parts"])),
        )
        for row in found
    )


async def get(connection: Connection, story_id: StoryId) -> Story | None:
    """Return a story."""
    found = await database.row(connection, "SELECT * FROM stories WHERE id = :id", {"id": story_id})
    return None if found is None else _read(found)


async def of_post(connection: Connection, post_id: PostId) -> Story | None:
    """Return the story that a post belongs to, None for a post without one."""
    found = await database.row(
        connection,
        "SELECT stories.* FROM posts JOIN stories ON stories.id = posts.story_id WHERE posts.id = :id",
        {"id": post_id},
    )
    return None if found is None else _read(found)


async def among(connection: Connection, channel_id: ChannelId, message_ids: Sequence[MessageId]) -> tuple[Gone, ...]:
    """Return those posts of a channel that belong to stories."""
    gone: list[Gone] = []
    for piece in database.chunks(message_ids):
        names, values = database.listed(piece)
        found = await database.rows(
            connection,
            f"""SELECT posts.id AS post_id, stories.* FROM posts JOIN stories ON stories.id = posts.story_id
            WHERE posts.channel_id = :channel_id AND posts.message_id IN ({names}) ORDER BY posts.id""",
            {**values, "channel_id": channel_id},
        )
        gone += [Gone(post_id=row["post_id"], story=_read(row)) for row in found]
    return tuple(gone)


async def appearances(connection: Connection, story_id: StoryId) -> tuple[Appearance, ...]:
    """Return the posts of a story, oldest first."""
    found = await database.rows(
        connection,
        """SELECT channels.*, posts.id AS post_id, posts.message_id, posts.date, posts.edited_at, posts.deleted_at,
            posts.views, posts.origin
        FROM posts JOIN channels ON channels.id = posts.channel_id
        WHERE posts.story_id = :story_id ORDER BY posts.date, posts.id""",
        {"story_id": story_id},
    )
    return tuple(
        Appearance(
            post_id=row["post_id"],
            channel=channels.from_row(row).info,
            message_id=row["message_id"],
            date=row["date"],
            edited_at=row["edited_at"],
            deleted_at=row["deleted_at"],
            views=row["views"],
            origin=columns.read_origin(row["origin"]),
        )
        for row in found
    )


def alert_key(story_id: StoryId) -> str:
    """Name the alert of a story in the outbox: a chat has one at most."""
    return f"alert:story:{story_id}"


async def alerts(connection: Connection, story_id: StoryId, chat_ids: Sequence[ChatId]) -> dict[ChatId, OutboxMessage]:
    """Return the alerts of a story that are or were in the outbox, by chat."""
    names, values = database.listed(chat_ids)
    found = await database.rows(
        connection,
        f"SELECT * FROM outbox WHERE chat_id IN ({names}) AND key = :key",
        {**values, "key": alert_key(story_id)},
    )
    return {row["chat_id"]: messages.read(row) for row in found}


def _read(row: sqlite3.Row) -> Story:
    return Story(id=row["id"], began_at=row["began_at"], continues=row["continues"])
