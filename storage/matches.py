"""The terms of topics that were found in posts."""

from collections.abc import Sequence

from storage import database
from storage.database import Connection
from storage.models import Match, PostId


async def replace(tx: Connection, post_id: PostId, matches: Sequence[Match]) -> None:
    """Store what was found in a post in place of what was found before, and whether it is flagged."""
    await database.run(tx, "DELETE FROM matches WHERE post_id = :post_id", {"post_id": post_id})
    # Two rules may find the same stretch for one topic: it counts once.
    await database.run_each(
        tx,
        """INSERT INTO matches (post_id, topic, start, "end", term, rule)
        VALUES (:post_id, :topic, :start, :end, :term, :rule)
        ON CONFLICT DO NOTHING""",
        [
            {
                "post_id": post_id,
                "topic": match.topic,
                "start": match.start,
                "end": match.end,
                "term": match.term,
                "rule": match.rule,
            }
            for match in matches
        ],
    )
    await database.run(
        tx,
        """UPDATE posts SET flagged = :flagged, ever_flagged = max(ever_flagged, :flagged)
        WHERE id = :post_id AND flagged <> :flagged""",
        {"post_id": post_id, "flagged": int(bool(matches))},
    )


async def of_posts(connection: Connection, post_ids: Sequence[PostId]) -> dict[PostId, tuple[Match, ...]]:
    """Return the matches of each post, in the order of the text; a post without any has an empty tuple."""
    found: dict[PostId, list[Match]] = {post_id: [] for post_id in post_ids}
    for piece in database.chunks(post_ids):
        names, values = database.listed(piece)
        for row in await database.rows(
            connection,
            f"""SELECT post_id, topic, start, "end", term, rule FROM matches
            WHERE post_id IN ({names}) ORDER BY post_id, start, "end", topic""",
            values,
        ):
            match = Match(topic=row["topic"], start=row["start"], end=row["end"], term=row["term"], rule=row["rule"])
            found[row["post_id"]].append(match)
    return {post_id: tuple(matches) for post_id, matches in found.items()}
