"""The report: collects the flagged posts of a period from what is stored, and makes one HTML file of them."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from zoneinfo import ZoneInfo

from bot import figures, periods
from bot.render import catalogue, page
from bot.render import report as layout
from bot.render.catalogue import Catalogue
from bot.render.digest_data import Period
from bot.render.report_data import Edited, ReportData, Reported
from storage import channels, revisions, stats, stories
from storage.database import Connection, Database
from storage.document_models import Document
from storage.models import ChannelId, ChannelInfo, PostId, Revision, StoredPost

USUAL_DAYS = 30
"""So many are reported where none were asked for."""
MOST_POSTS = 20_000
"""Posts that one report may hold: a phone opens so many, if slowly."""
LIBRARY = "uPlot-1.6.32"
SCRIPTS = ("words", "posts", "charts", "table", "report")

_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as a file; how it is entitled, and how many posts were read of its time and stand in it."""

    document: Document
    title: str
    read: int
    posts: int


Shown = Callable[[int, int], None]
"""Is told how many posts are laid out, and of how many."""


def parse(args: str, *, now: int, zone: ZoneInfo, topics: Collection[str]) -> Period | periods.Problem:
    """Read what stands behind /report: the same as behind /digest, but without days the last 30."""
    return periods.parse(args, now=now, zone=zone, topics=topics, meant=lambda _: (), usual=USUAL_DAYS)


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
        period: which days, and which topic.
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
        document=Document(name=_file_name(period), content=content),
        title=layout.title(texts, period),
        read=data.read,
        posts=len(rows),
    )


def _file_name(period: Period) -> str:
    return "-".join(("homefront", *dict.fromkeys((f"{period.first}", f"{period.last}")))) + ".html"


async def gather(
    connection: Connection, period: Period, *, topics: Sequence[str], now: int, with_deleted: bool
) -> ReportData:
    """Collect what the report of `period` tells; for the arguments see `compose`."""
    flagged = await stats.flagged(connection, period.start, period.end, topic=period.topic)
    told = flagged[:MOST_POSTS]
    infos = await _infos(connection, told)
    of_story = await stories.of_flagged(connection, period.start, period.end)
    edited = await revisions.of_edited(connection, period.start, period.end)
    read = await stats.read_counts(connection, period.start, period.end)
    watched = await stats.health(connection)
    return ReportData(
        period=period,
        now=now,
        read=sum(read.values()),
        read_in=len(read),
        topics=tuple(topics),
        reported=tuple(
            Reported(
                channel=infos[post.post.channel_id],
                post=post,
                story=of_story.get(post.id),
                edited=_edited(post, edited),
            )
            for post in told
        ),
        left_out=len(flagged) - len(told),
        watched=len(watched),
        incomplete=tuple(one.channel.info for one in watched if figures.gap(one, period, now=now) is not None),
        with_deleted=with_deleted,
    )


async def _infos(connection: Connection, told: Sequence[StoredPost]) -> dict[ChannelId, ChannelInfo]:
    known = [await channels.get(connection, channel_id) for channel_id in {post.post.channel_id for post in told}]
    return {channel.info.id: channel.info for channel in known if channel is not None}


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
