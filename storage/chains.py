"""The chain of a channel's revisions: how it is made, and whether what is held of it stands as it was captured.

Each link is the SHA-256 of the link before, the time of capture and the SHA-256 of what was captured. Whoever rewrites
a chain from some link on to its end changes its head, the newest link: so heads are worth noting elsewhere.
"""

import hashlib
import json
import sqlite3
from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from storage import database
from storage.database import Connection
from storage.models import ChannelId, MessageId

PAGE = 1000
"""Revisions that are looked at between two words on how far it is."""

Fault = Literal["missing", "text", "hash", "link", "place", "erased"]
"""What is wrong with a revision.

"missing": it is not there. "text": what was captured is not what was noted of it. "hash": its own hash was changed.
"link": its time of capture or its link was changed. "place": it bears another channel, post or kind than it says.
"erased": what was captured is gone, and its post was never forgotten.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a chain does not stand as it was made.

    Of missing revisions `seq` is the first and `last` the last, and the rest is of the next that is there; of others
    `seq` and `last` are the same.
    """

    channel_id: ChannelId
    seq: int
    last: int
    fault: Fault
    message_id: MessageId
    captured_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a chain, which is its head while nothing follows."""

    channel_id: ChannelId
    seq: int
    chain_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was found in the next revisions: how many they are, how many of them had their text erased, what is wrong.

    `found`: those of their links that were looked for.
    """

    looked: int
    erased: int
    breaks: tuple[Break, ...]
    found: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A revision as it lies in the file, where any byte may have been changed."""

    channel_id: ChannelId
    seq: int
    message_id: MessageId
    kind: str
    captured_at: int
    canonical: bytes | None
    content: str
    chain: str
    forgotten: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """Where a chain stands. The next link may follow any of `links`; none: what stood here is not known."""

    seq: int
    links: tuple[str, ...]


_NUMBERS = ("channel_id", "seq", "message_id", "captured_at")
_BEGINNING = _End(seq=0, links=("",))


def link(chain: str, captured_at: int, content: str) -> str:
    """Make the link that follows `chain` ("": it is the first); `content` is the hash of what was captured."""
    return sha256(f"{chain}\n{captured_at}\n{content}")


def sha256(text: str) -> str:
    """Give the SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


async def heads(connection: Connection) -> tuple[Link, ...]:
    """Return the newest link of each channel's chain, in the order of ids; its `seq` is also their number."""
    found = await database.rows(
        connection,
        """WITH RECURSIVE chains (channel_id) AS (
            SELECT min(channel_id) FROM revisions UNION ALL
            SELECT (SELECT min(channel_id) FROM revisions WHERE channel_id > chains.channel_id)
            FROM chains WHERE channel_id IS NOT NULL)
        SELECT revisions.channel_id, seq, chain_sha256 FROM chains CROSS JOIN revisions
        WHERE revisions.channel_id = chains.channel_id
            AND seq = (SELECT newest.seq FROM revisions AS newest
                WHERE newest.channel_id = chains.channel_id ORDER BY seq DESC LIMIT 1)
        ORDER BY revisions.channel_id""",
    )
    return tuple(Link(**row) for row in found)


def seal(heads: Sequence[Link]) -> str:
    """Give one sum for all chains: SHA-256 of a line `channel_id seq chain_sha256` for each, in the order of ids."""
    return sha256("\n".join(_line(head.channel_id, head.seq, head.chain_sha256) for head in heads))


def _line(channel_id: ChannelId, seq: int, chain: str) -> str:
    return f"{channel_id} {seq} {chain}"


async def sealed(connection: Connection, seals: Collection[str]) -> dict[str, int]:
    """Say of sums whether they were once that of all chains (see `seal`), and after a capture at which UTC second.

    All that was captured is gone through in the order of time, so it takes as long as `walk` does.
    """
    found: dict[str, int] = {}
    lines: dict[ChannelId, str] = {}
    sql = """SELECT channel_id, seq, captured_at, CAST(chain_sha256 AS BLOB) AS chain FROM revisions
        WHERE channel_id >= :least ORDER BY captured_at, channel_id, seq"""
    async for rows in database.pages(connection, sql, {"least": -(2**63)}, size=PAGE):
        for row in rows:
            is_new = row["channel_id"] not in lines
            lines[row["channel_id"]] = _line(row["channel_id"], row["seq"], row["chain"].decode(errors="replace"))
            if is_new:
                lines = dict(sorted(lines.items()))
            if (sum_of_all := sha256("\n".join(lines.values()))) in seals:
                found[sum_of_all] = row["captured_at"]
    return found


async def links(connection: Connection, channel_id: ChannelId, seqs: Sequence[int]) -> dict[int, str]:
    """Return links of a channel's chain by their numbers, without those that are not there."""
    found: dict[int, str] = {}
    for piece in database.chunks(seqs):
        names, values = database.listed(piece)
        for row in await database.rows(
            connection,
            f"SELECT seq, chain_sha256 FROM revisions WHERE channel_id = :channel_id AND seq IN ({names})",
            {**values, "channel_id": channel_id},
        ):
            found[row["seq"]] = row["chain_sha256"]
    return found


async def walk(
    connection: Connection, *, channel_id: ChannelId | None = None, noted: Collection[str] = ()
) -> AsyncGenerator[Page, None]:
    """Check all chains, or that of one channel, page by page, in memory that does not grow with their length.

    A text that was erased with its post forgotten is no break: its hash is still a part of the chain. The walk goes on
    behind a break, so that one change is told once.

    Args:
        connection: reads what is held at this moment, whatever is written meanwhile.
        channel_id: whose chain; None: all.
        noted: links to look out for, or the first digits of each.
    """
    ends: dict[ChannelId, _End] = {}
    beginnings = tuple(noted)
    which = "channel_id >= :least" if channel_id is None else "channel_id = :channel_id AND seq >= :least"
    # As bytes, since a change can make a text unreadable. In one go: a page by a changed number might begin elsewhere.
    sql = f"""SELECT channel_id, seq, message_id, CAST(kind AS BLOB) AS kind, captured_at,
        CAST(canonical AS BLOB) AS canonical, CAST(content_sha256 AS BLOB) AS content,
        CAST(chain_sha256 AS BLOB) AS chain,
        CASE WHEN canonical IS NULL THEN EXISTS (SELECT 1 FROM posts WHERE posts.channel_id = revisions.channel_id
            AND posts.message_id = revisions.message_id AND forgotten_at IS NOT NULL) END AS forgotten
    FROM revisions WHERE {which} ORDER BY channel_id, seq"""
    values = {"channel_id": channel_id, "least": -(2**63)}
    async for found in database.pages(connection, sql, values, size=PAGE):
        rows = [_row(row) for row in found]
        breaks: list[Break] = []
        for row in rows:
            faults, ends[row.channel_id] = _follow(ends.get(row.channel_id, _BEGINNING), row)
            breaks += faults
        yield Page(
            looked=len(rows),
            erased=sum(row.canonical is None for row in rows),
            breaks=tuple(breaks),
            found=tuple(_link_of(row) for row in rows if beginnings and row.chain.startswith(beginnings)),
        )


def _row(row: sqlite3.Row) -> _Row:
    # What cannot be read is no hash and no kind, and is found to differ.
    readable = {name: (row[name] or b"").decode(errors="replace") for name in ("kind", "content", "chain")}
    numbers = {name: row[name] if isinstance(row[name], int) else 0 for name in _NUMBERS}
    return _Row(**{**dict(row), **readable, **numbers})


def _link_of(row: _Row) -> Link:
    return Link(channel_id=row.channel_id, seq=row.seq, chain_sha256=row.chain)


def _follow(end: _End, row: _Row) -> tuple[list[Break], _End]:
    """Go one revision on; say what is wrong with it or before it, and where the chain then stands."""
    breaks, links = [], end.links
    if row.seq > end.seq + 1:
        breaks.append(_break(row, "missing", seq=end.seq + 1, last=row.seq - 1))
        links = ()
    truth = row.content if row.canonical is None else hashlib.sha256(row.canonical).hexdigest()
    fault = "place" if row.seq <= end.seq else _fault(row, links, truth)
    if fault is None:
        return breaks, _End(seq=row.seq, links=(row.chain,))
    breaks.append(_break(row, fault, seq=row.seq, last=row.seq))
    # Which of its columns was changed shows in what the next revision follows.
    made = (link(before, row.captured_at, content) for before in links[:2] for content in (row.content, truth))
    return breaks, _End(seq=row.seq, links=tuple(dict.fromkeys((row.chain, *made))))


def _break(row: _Row, fault: Fault, *, seq: int, last: int) -> Break:
    return Break(
        channel_id=row.channel_id,
        seq=seq,
        last=last,
        fault=fault,
        message_id=row.message_id,
        captured_at=row.captured_at,
    )


def _fault(row: _Row, links: Sequence[str], truth: str) -> Fault | None:
    linked = not links or _follows(row, links, row.content)
    if truth != row.content:
        return "text" if linked else "hash" if _follows(row, links, truth) else "link"
    if not linked:
        return "link"
    if row.canonical is None:
        return None if row.forgotten else "erased"
    return None if _says(row, row.canonical) else "place"


def _follows(row: _Row, links: Sequence[str], content: str) -> bool:
    return any(row.chain == link(before, row.captured_at, content) for before in links)


def _says(row: _Row, canonical: bytes) -> bool:
    """Say whether what was captured names the channel, the post and the kind that stand beside it."""
    try:
        content = json.loads(canonical)
    except ValueError:
        return False
    return isinstance(content, dict) and all(
        content.get(name) == getattr(row, name) for name in ("channel_id", "message_id", "kind")
    )
