"""What the chats think of alerts, and how the rules that caused them come off."""

from dataclasses import dataclass

from storage import database
from storage.database import Connection
from storage.models import ChatId, PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """How many posts a rule of a topic matched, and how many votes on them approve and do not."""

    topic: str
    rule: str
    posts: int
    approved: int
    disapproved: int


async def put(tx: Connection, chat_id: ChatId, post_id: PostId, *, approves: bool, now: int) -> None:
    """Store what a chat thinks of the alert of a post, over what it thought before; `now` in UTC seconds."""
    await database.run(
        tx,
        """INSERT INTO votes (chat_id, post_id, approves, at) VALUES (:chat_id, :post_id, :approves, :now)
        ON CONFLICT (chat_id, post_id) DO UPDATE SET approves = excluded.approves, at = excluded.at""",
        {"chat_id": chat_id, "post_id": post_id, "approves": int(approves), "now": now},
    )


async def take_back(tx: Connection, chat_id: ChatId, post_id: PostId) -> None:
    """Forget what a chat thought of the alert of a post."""
    await database.run(
        tx,
        "DELETE FROM votes WHERE chat_id = :chat_id AND post_id = :post_id",
        {"chat_id": chat_id, "post_id": post_id},
    )


async def get(connection: Connection, chat_id: ChatId, post_id: PostId) -> bool | None:
    """Say whether a chat approves of the alert of a post; None: it did not say."""
    found = await database.row(
        connection,
        "SELECT approves FROM votes WHERE chat_id = :chat_id AND post_id = :post_id",
        {"chat_id": chat_id, "post_id": post_id},
    )
    return None if found is None else bool(found["approves"])


async def by_rule(connection: Connection, *, since: int) -> tuple[RuleCount, ...]:
    """Count for each rule the posts since `since` (UTC seconds) that it matched, and all votes on its posts.

    Rules come by topic, those that are disapproved of most first, then those that match most. A rule without posts in
    that time is left out.
    """
    voted = await _voted(connection)
    found = await database.rows(
        connection,
        """SELECT topic, rule, count(DISTINCT posts.id) AS posts
        FROM posts CROSS JOIN matches
        WHERE flagged = 1 AND date >= :since AND post_id = posts.id
        GROUP BY topic, rule""",
        {"since": since},
    )
    counts = []
    for row in found:
        approved, disapproved = voted.get((row["topic"], row["rule"]), (0, 0))
        counts.append(RuleCount(**row, approved=approved, disapproved=disapproved))
    return tuple(sorted(counts, key=lambda one: (one.topic, -one.disapproved, -one.posts, one.rule)))


async def _voted(connection: Connection) -> dict[tuple[str, str], tuple[int, int]]:
    # A rule may match a post at several places, and each vote counts once.
    found = await database.rows(
        connection,
        """SELECT topic, rule, sum(approves) AS approved, sum(1 - approves) AS disapproved
        FROM (SELECT DISTINCT votes.chat_id, votes.post_id, approves, topic, rule
            FROM votes CROSS JOIN matches WHERE matches.post_id = votes.post_id)
        GROUP BY topic, rule""",
    )
    return {(row["topic"], row["rule"]): (row["approved"], row["disapproved"]) for row in found}
