"""The ids of a channel that hold no post: those that the server confirmed as empty, and those not yet known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from storage import database
from storage.database import Connection
from storage.models import ChannelId, MessageId

State = Literal["empty", "unknown"]
Span = tuple[int, int]
"""The first and the last id of a stretch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A stretch of ids of a channel that is not known yet."""

    channel_id: ChannelId
    first: MessageId
    last: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class HoleCounts:
    """How many ids of a channel the server confirmed as empty, and how many are not yet known."""

    empty: int
    unknown: int


async def confirm(tx: Connection, channel_id: ChannelId, span: Span) -> None:
    """Note that the server showed all there is in `span`: what is not held of it is empty."""
    found = await _overlapping(tx, channel_id, span)
    for first, last, state in found:
        if state == "unknown":
            await _drop(tx, channel_id, first)
            await _put(tx, channel_id, _outside((first, last), span), "unknown")
    taken = [(first, last) for first, last, state in found if state == "empty"]
    await _put(tx, channel_id, _free(span, [*taken, *await _held(tx, channel_id, span)]), "empty")


async def suspect(tx: Connection, channel_id: ChannelId, span: Span) -> None:
    """Note that the channel has come past `span`: what of it is neither held nor confirmed is not known."""
    taken = [(first, last) for first, last, _ in await _overlapping(tx, channel_id, span)]
    await _put(tx, channel_id, _free(span, [*taken, *await _held(tx, channel_id, span)]), "unknown")


async def newest_unknown(connection: Connection) -> tuple[Hole, ...]:
    """Return the newest stretch that is not known of each followed channel that has any."""
    found = await database.rows(
        connection,
        """SELECT channels.id, first_id, last_id FROM channels CROSS JOIN holes
        WHERE channels.state = 'followed' AND holes.channel_id = channels.id AND holes.state = 'unknown'
        ORDER BY channels.id, first_id""",
    )
    newest = {row["id"]: Hole(channel_id=row["id"], first=row["first_id"], last=row["last_id"]) for row in found}
    return tuple(newest.values())


async def counts(connection: Connection) -> dict[ChannelId, HoleCounts]:
    """Count the ids that hold no post, for each channel that has any."""
    found = await database.rows(
        connection,
        "SELECT channel_id, state, sum(last_id - first_id + 1) AS ids FROM holes GROUP BY channel_id, state",
    )
    counted: dict[ChannelId, dict[str, int]] = {}
    for row in found:
        counted.setdefault(row["channel_id"], {"empty": 0, "unknown": 0})[row["state"]] = row["ids"]
    return {channel_id: HoleCounts(**numbers) for channel_id, numbers in counted.items()}


async def _overlapping(tx: Connection, channel_id: ChannelId, span: Span) -> list[tuple[int, int, State]]:
    found = await database.rows(
        tx,
        """SELECT first_id, last_id, state FROM holes
        WHERE channel_id = :channel_id AND first_id <= :last AND last_id >= :first""",
        {"channel_id": channel_id, "first": span[0], "last": span[1]},
    )
    return [(row["first_id"], row["last_id"], row["state"]) for row in found]


async def _held(tx: Connection, channel_id: ChannelId, span: Span) -> list[Span]:
    found = await database.rows(
        tx,
        """SELECT message_id FROM posts
        WHERE channel_id = :channel_id AND message_id >= :first AND message_id <= :last""",
        {"channel_id": channel_id, "first": span[0], "last": span[1]},
    )
    return [(row["message_id"], row["message_id"]) for row in found]


async def _put(tx: Connection, channel_id: ChannelId, spans: Iterable[Span], state: State) -> None:
    await database.run_each(
        tx,
        """INSERT INTO holes (channel_id, first_id, last_id, state) VALUES (:channel_id, :first, :last, :state)
        ON CONFLICT (channel_id, first_id) DO UPDATE SET last_id = excluded.last_id, state = excluded.state""",
        [{"channel_id": channel_id, "first": first, "last": last, "state": state} for first, last in spans],
    )


async def _drop(tx: Connection, channel_id: ChannelId, first: int) -> None:
    await database.run(
        tx,
        "DELETE FROM holes WHERE channel_id = :channel_id AND first_id = :first",
        {"channel_id": channel_id, "first": first},
    )


def _free(span: Span, taken: Sequence[Span]) -> Iterator[Span]:
    """Give the stretches of `span` that nothing takes."""
    free = span[0]
    for first, last in (*sorted(taken), (span[1] + 1, span[1] + 1)):
        if first > free:
            yield free, first - 1
        free = max(free, last + 1)


def _outside(hole: Span, span: Span) -> Iterator[Span]:
    """Give what of `hole` lies before and after `span`."""
    if hole[0] < span[0]:
        yield hole[0], span[0] - 1
    if hole[1] > span[1]:
        yield span[1] + 1, hole[1]
