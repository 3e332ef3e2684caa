"""/search: the posts that hold the words, page by page, newest first or by relevance."""

import re

from bot import indexing, schedule, search
from bot.commands import removing
from bot.commands.desk import Answer, Asked, lines
from bot.pipeline.searching import SearchError
from bot.render import buttons, catalogue, text
from bot.render import hits as layout
from bot.render.text import Span
from storage import channels, chats, hits, searches
from storage.database import Connection
from storage.models import Button, Message

PAGE = 6
"""Hits of a message: a few screens of a phone."""
_DATA = re.compile(r"(?P<search>[1-9]\d{0,14}):(?P<order>[nr]):(?P<page>[1-9]\d{0,5})")
_ORDERS: dict[str, hits.Order] = {"n": "newest", "r": "relevance"}


async def ask(asked: Asked) -> Answer:
    """Answer /search."""
    typed = " ".join(asked.args.split())
    if not typed:
        return lines([catalogue.spans(asked.texts, "search.how")])
    async with asked.desk.database.reading() as connection:
        kept = searches.Search(query=typed, at=asked.now, newest=await hits.newest(connection))
        try:
            read = await _read(connection, asked, kept)
        except SearchError as error:
            return lines([search.explained(asked.texts, error, asked.desk.rules)])
    async with asked.desk.database.transaction() as tx:
        if await chats.get(tx, asked.chat.id) is None:
            return Answer()  # it left, or was taken out, meanwhile
        number = await searches.keep(tx, asked.chat.id, kept)
    return Answer(messages=(await _page(asked, kept, read, number, order="n", page=1),))


async def turn(asked: Asked) -> Answer:
    """Answer a press on a button under hits: another page, or the other order."""
    found = _DATA.fullmatch(asked.args)
    if found is None:
        return Answer(notice=catalogue.text(asked.texts, "press.old"))
    number = int(found["search"])
    async with asked.desk.database.reading() as connection:
        kept = await searches.get(connection, asked.chat.id, number)
        if kept is None:
            return Answer(notice=catalogue.text(asked.texts, "search.old"))
        try:
            read = await _read(connection, asked, kept)
        except SearchError:  # a topic or a channel that it names is gone by now
            return Answer(notice=catalogue.text(asked.texts, "search.old"))
    return Answer(replace=await _page(asked, kept, read, number, order=found["order"], page=int(found["page"])))


async def _read(connection: Connection, asked: Asked, kept: searches.Search) -> search.Search:
    every = await channels.every(connection)
    known = search.Known(rules=asked.desk.rules, channels=every, meant=removing.meant)
    return search.read(kept.query, known, today=schedule.day_of(kept.at, asked.zone), zone=asked.zone)


async def _page(
    asked: Asked, kept: searches.Search, read: search.Search, number: int, *, order: str, page: int
) -> Message:
    async with asked.desk.database.reading() as connection:
        found = await search.find(
            connection, read, order=_ORDERS[order], limit=PAGE, offset=(page - 1) * PAGE, newest=kept.newest
        )
    sums = search.sums(
        kept.query, found.total, order=_ORDERS[order], missing=await indexing.behind(asked.desk.database)
    )
    items = layout.hit_list(asked.texts, sums, found.hits, zone=asked.zone, now=asked.now)
    spans = [span for item in items for span in (*item, Span("\n"))]
    reachable = sums.total if sums.ranked is None else sums.ranked
    return text.message(spans, buttons=_buttons(asked, number, order, page, -(-reachable // PAGE)))


def _buttons(asked: Asked, number: int, order: str, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    if pages <= 1:
        return ()
    turns = (
        ("‹", page - 1, page > 1),
        (catalogue.text(asked.texts, "search.page", page=page, pages=pages), 1, True),
        ("›", page + 1, page < pages),
    )
    other = "n" if order == "r" else "r"
    label = catalogue.text(asked.texts, f"search.button_{_ORDERS[other]}")
    return (
        tuple(Button(label=said, data=f"{buttons.HITS}{number}:{order}:{to}") for said, to, there in turns if there),
        (Button(label=label, data=f"{buttons.HITS}{number}:{other}:1"),),
    )
