"""Save under an alert, and /saved: the posts that a chat put aside, page by page."""

import re

from bot.commands import under_alerts
from bot.commands.desk import Answer, Asked, say
from bot.render import buttons, catalogue, passage, phrases, text
from bot.render.text import Span
from storage import channels, posts, saved
from storage.database import Connection
from storage.models import Button, Message, PostId, StoredPost

PAGE = 6
"""Posts shown at once: what a phone shows without scrolling much."""
_REMOVED = re.compile(r"(?P<post>[1-9]\d{0,14}):(?P<skip>\d{1,9})", re.ASCII)
_REMOVE_A_ROW = 3

Line = tuple[Span, ...]


async def save(asked: Asked) -> Answer:
    """Answer a press on Save."""
    async with asked.desk.database.transaction() as tx:
        found = await under_alerts.pressed_under(tx, asked, asked.args)
        if isinstance(found, Answer):
            return found
        await saved.put(tx, asked.chat.id, found.post.id, now=asked.now)
    return under_alerts.redrawn(asked, "save.done")


async def unsave(asked: Asked) -> Answer:
    """Answer a press on Saved: the post is put aside no longer."""
    async with asked.desk.database.transaction() as tx:
        found = await under_alerts.pressed_under(tx, asked, asked.args)
        if isinstance(found, Answer):
            return found
        await saved.drop(tx, asked.chat.id, found.post.id)
    return under_alerts.redrawn(asked, "save.dropped")


async def saved_list(asked: Asked) -> Answer:
    """Answer /saved."""
    async with asked.desk.database.reading() as connection:
        return Answer(messages=(await _page(connection, asked, 0),))


async def turn(asked: Asked) -> Answer:
    """Answer a press that turns the page: the list shows other posts in the same place."""
    if not re.fullmatch(r"\d{1,9}", asked.args, re.ASCII):
        return under_alerts.SILENT
    async with asked.desk.database.reading() as connection:
        return Answer(replace=await _page(connection, asked, int(asked.args)))


async def remove(asked: Asked) -> Answer:
    """Answer a press on ✕: the post is put aside no longer, and the list goes on without it."""
    found = _REMOVED.fullmatch(asked.args)
    if found is None:
        return under_alerts.SILENT
    async with asked.desk.database.transaction() as tx:
        await saved.drop(tx, asked.chat.id, PostId(int(found["post"])))
        page = await _page(tx, asked, int(found["skip"]))
    return Answer(notice=catalogue.text(asked.texts, "save.dropped"), replace=page)


async def _page(connection: Connection, asked: Asked, skip: int) -> Message:
    count = await saved.count(connection, asked.chat.id)
    if not count:
        return say(asked, "save.empty").messages[0]
    # Where the last page was emptied, the one before it is shown.
    skip = min(skip, (count - 1) // PAGE * PAGE) // PAGE * PAGE
    ids = await saved.page(connection, asked.chat.id, skip=skip, limit=PAGE)
    found = await posts.by_ids(connection, ids)
    by_id = {post.id: post for post in found}
    shown = [by_id[post_id] for post_id in ids if post_id in by_id]
    items = [_title(asked, count, skip, len(shown))]
    for number, post in enumerate(shown, start=skip + 1):
        items.append(await _line(connection, asked, number, post))
    return text.message(_joined(items), buttons=_rows(asked, shown, skip=skip, count=count))


def _title(asked: Asked, count: int, skip: int, shown: int) -> Line:
    if count <= PAGE:
        return (Span(catalogue.text(asked.texts, "save.title", n=count), "bold"),)
    title = catalogue.text(asked.texts, "save.title_page", first=skip + 1, last=skip + shown, n=count)
    return (Span(title, "bold"),)


async def _line(connection: Connection, asked: Asked, number: int, post: StoredPost) -> Line:
    channel = await channels.get(connection, post.post.channel_id)
    when = phrases.moment(asked.texts, post.post.date, asked.zone, near=asked.now)
    name = "" if channel is None else f" {phrases.flagged_title(asked.texts, channel.info)}"
    link = None if channel is None else phrases.link(channel.info, post.post.message_id)
    head = Span(f"{when}{name}", "link", link) if link else Span(when)
    found = passage.passage(asked.texts, post.post, post.matches, limit=passage.LINE_LIMIT)
    words = tuple(passage.on_one_line(found)) if post.post.text else catalogue.spans(asked.texts, "save.gone")
    marks = (Span(f"{phrases.SEPARATOR}{catalogue.text(asked.texts, 'save.deleted')}"),) if post.deleted_at else ()
    return (Span(f"{number}. "), head, *marks, Span("\n"), *words)


def _joined(items: list[Line]) -> Line:
    first, *rest = items
    return (*first, *(span for item in rest for span in (Span("\n\n"), *item)))


def _rows(asked: Asked, shown: list[StoredPost], *, skip: int, count: int) -> tuple[tuple[Button, ...], ...]:
    drops = [
        Button(
            label=catalogue.text(asked.texts, "save.remove", number=number),
            data=f"forget:{post.id}:{skip}",
        )
        for number, post in enumerate(shown, start=skip + 1)
    ]
    turns = []
    if skip:
        turns.append(
            Button(label=catalogue.text(asked.texts, "save.newer"), data=f"{buttons.SAVED}{max(0, skip - PAGE)}")
        )
    if skip + PAGE < count:
        turns.append(Button(label=catalogue.text(asked.texts, "save.older"), data=f"{buttons.SAVED}{skip + PAGE}"))
    rows = [tuple(drops[number : number + _REMOVE_A_ROW]) for number in range(0, len(drops), _REMOVE_A_ROW)]
    return (*rows, tuple(turns)) if turns else tuple(rows)
