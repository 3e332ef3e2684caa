"""/export: posts as a file for a spreadsheet or a program."""

from contextlib import aclosing

from bot import export, schedule
from bot.commands.desk import Answer, Asked, privately, say
from bot.pipeline import selection
from bot.pipeline.selection import Selection, SelectionError
from bot.render import catalogue, phrases, text
from bot.render import export as layout
from bot.render.export import Layout
from storage.document_models import Document

MOST_BYTES = 20_000_000
"""What goes into one message: some 20,000 posts."""
_SHOWN = 60


async def send(asked: Asked) -> Answer:
    """Answer /export. The texts of deleted posts are for the owner, alone."""
    today, topics = schedule.day_of(asked.now, asked.zone), [topic.name for topic in asked.desk.topics]
    try:
        selected = selection.parse(asked.args, today=today, topics=topics)
    except SelectionError as error:
        found = text.line(error.found, _SHOWN)
        return say(asked, f"export.wrong_{error.problem}", found=found, topics=", ".join(topics))
    if not selected.with_deleted:
        return await _made(asked, selected)
    return privately(await _made(asked, selected)) if asked.is_owner else say(asked, "export.owner_only")


async def _made(asked: Asked, selected: Selection) -> Answer:
    separator = layout.SEMICOLON if asked.chat.language in layout.SEMICOLON_LANGUAGES else layout.COMMA
    written = Layout(form=selected.form, separator=separator, with_deleted=selected.with_deleted)
    content, posts, withheld = bytearray(), 0, 0
    async with (
        asked.desk.database.reading() as connection,
        aclosing(export.pieces(connection, export.wanted(selected, asked.zone), written)) as pieces,
    ):
        async for piece in pieces:
            content += piece.content
            posts, withheld = posts + piece.posts, withheld + piece.withheld
            if len(content) > MOST_BYTES:
                return say(asked, "export.too_large", days=_days(asked, selected))
    if not posts:
        return say(asked, "export.nothing", days=_days(asked, selected))
    caption = catalogue.text(asked.texts, "export.caption", n=posts, days=_days(asked, selected))
    left_out = f"\n{catalogue.text(asked.texts, 'export.withheld', n=withheld)}" if withheld else ""
    document = Document(name=export.name(selected), content=bytes(content))
    return Answer(messages=(text.message((text.Span(caption + left_out),), document=document),))


def _days(asked: Asked, selected: Selection) -> str:
    near = schedule.day_of(asked.now, asked.zone)
    days = dict.fromkeys(phrases.day(asked.texts, day, near=near) for day in (selected.first, selected.last))
    return " – ".join(days)
