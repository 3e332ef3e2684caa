"""The report: collects the flagged posts of a period from what is stored, and makes one HTML file of them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from importlib import resources
from zoneinfo import ZoneInfo

from bot import figures, headlines, periods
from bot.render import catalogue, page
from bot.render import report as layout
from bot.render.catalogue import Catalogue
from bot.render.digest_data import Period
from bot.render.report_data import Edited, ReportData, Reported
from storage import exports, revisions, stats
from storage.database import Connection, Database
from storage.document_models import Document
from storage.models import PostId, Revision, StoredPost

USUAL_DAYS = 30
"""So many are reported where none were asked for."""
MOST_POSTS = 20_000
"""Posts that one report may hold: a phone opens so many, if slowly."""
LIBRARY = "uPlot-1.6.32"
SCRIPTS = ("words", "posts", "charts", "table", "report")

_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as a file; how it is entitled, and how many posts were read of its time and stand in it.

    `left_out` says in a sentence that not all found room; None where they did.
    """

    document: Document
    title: str
    read: int
    posts: int
    left_out: str | None = None


Shown = Callable[[int, int], None]
"""Is told how many posts are laid out, and of how many."""


def parse(args: str, known: periods.Known) -> Period | periods.Problem:
    """Read what stands behind /report: what may stand behind /digest, but any number of days; without, the last 30."""
    return periods.parse(args, known, usual=USUAL_DAYS, longest=None)


async def compose(
    database: Database,
    texts: Catalogue,
    period: Period,
    *,
    topics: Sequence[str],
    now: int,
    zone: ZoneInfo,
    with_deleted: bool = False,
    shown: Shown = lambda _done, _all: None,
) -> Report:
    """Write the report of `period`: an HTML file in UTF-8.

    Args:
        database: where the posts are.
        texts: the catalogue of the reader's language.
        period: which days, and which topic or channel.
        topics: the names of all topics, in the order in which they are told.
        now: UTC seconds.
        zone: the reader's time zone.
        with_deleted: whether the text of deleted posts is shown.
        shown: is told how far it is.
    """
    async with database.reading() as connection:
        data = await gather(connection, period, topics=topics, now=now, with_deleted=with_deleted)
    places = layout.frame(data, zone=zone)
    rows: list[layout.Row] = []
    for start in range(0, len(data.reported), _AT_ONCE):
        # Words are compared and numbers looked for in every text: alerts must not wait for that.
        rows += await asyncio.to_thread(_rows, texts, data.reported[start : start + _AT_ONCE], places)
        shown(len(rows), len(data.reported))
    content = await asyncio.to_thread(_page, texts, data, places, rows)
    return Report(
        document=Document(
            name=periods.file_name(period, () if period.topic is None else (period.topic,), "html"), content=content
        ),
        title=layout.title(texts, period),
        read=data.read,
        posts=len(rows),
        left_out=layout.left_out(texts, data, zone) if data.left_out else None,
    )


async def gather(
    connection: Connection, period: Period, *, topics: Sequence[str], now: int, with_deleted: bool
) -> ReportData:
    """Collect what the report of `period` tells; for the arguments see `compose`."""
    of = None if period.channel is None else period.channel.id
    wanted = exports.Wanted(
        start=period.start, end=period.end, topics=() if period.topic is None else (period.topic,), channel_id=of
    )
    flagged = await exports.count(connection, wanted)
    reported = await _newest(connection, wanted)
    read = await stats.read_counts(connection, period.start, period.end)
    counted = [posts for channel_id, posts in read.items() if of in {None, channel_id}]
    watched = [one for one in await stats.health(connection) if of in {None, one.channel.info.id}]
    return ReportData(
        period=period,
        now=now,
        read=sum(counted),
        read_in=len(counted),
        topics=tuple(topics),
        reported=reported,
        # Posts that came since they were counted are among the reported ones.
        left_out=max(0, flagged - len(reported)),
        watched=len(watched),
        incomplete=tuple(one.channel.info for one in watched if figures.gap(one, period, now=now) is not None),
        oldest=await stats.oldest(connection, period.start, period.end),
        with_deleted=with_deleted,
    )


async def _newest(connection: Connection, wanted: exports.Wanted) -> tuple[Reported, ...]:
    infos = await headlines.infos(connection)
    found: list[Reported] = []
    async with aclosing(exports.pages(connection, wanted, newest=MOST_POSTS)) as pages:
        async for page in pages:
            edited = await revisions.of_edited(connection, [one.stored.id for one in page])
            found += [
                Reported(
                    channel=infos[one.stored.post.channel_id],
                    post=one.stored,
                    story=one.story_id,
                    edited=_edited(one.stored, edited),
                )
                for one in page
            ]
    return tuple(found)


def _edited(post: StoredPost, captured: Mapping[PostId, Sequence[Revision]]) -> Edited | None:
    states = captured.get(post.id)
    if not states:
        return None
    edits = [state for state in states if state.kind == "edited"]
    return Edited(
        original=revisions.written(states[0]), times=len(edits), at=post.post.edited_at or edits[-1].captured_at
    )


def _rows(texts: Catalogue, told: Sequence[Reported], places: layout.Frame) -> list[layout.Row]:
    return [layout.row(texts, one, places) for one in told]


def _page(texts: Catalogue, data: ReportData, places: layout.Frame, rows: Sequence[layout.Row]) -> bytes:
    written = page.page(
        parts(),
        {**layout.head(texts, data, places), "posts": rows},
        language=texts.language,
        title=layout.title(texts, data.period),
        needs_script=catalogue.text(texts, "report.needs_script"),
    )
    return written.encode()


def parts() -> page.Parts:
    """Read the files that the page is made of, as they ship."""
    folder = resources.files("bot") / "page"

    def read(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    return page.Parts(
        styles=(read(f"{LIBRARY}/uPlot.min.css"), read("report.css")),
        scripts=(read(f"{LIBRARY}/uPlot.iife.min.js"), *(read(f"{name}.js") for name in SCRIPTS)),
        licence=read(f"{LIBRARY}/LICENSE"),
    )
