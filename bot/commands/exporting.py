"""/export: posts as a file for a spreadsheet or a program."""

from contextlib import aclosing

from bot import export, schedule, selection
from bot.commands import asking
from bot.commands.desk import Answer, Asked, privately, say
from bot.periods import Problem
from bot.render import catalogue, phrases, text
from bot.render import export as layout
from bot.render.export import Layout
from bot.selection import Selection
from storage.document_models import Document

MOST_BYTES = 20_000_000
"""What goes into one message: some 20,000 posts."""


async def send(asked: Asked) -> Answer:
    """Answer /export. The texts of deleted posts are for the owner, alone."""
    known = await asking.known(asked)
    selected = selection.parse(asked.args, known)
    if isinstance(selected, Problem):
        return asking.wrong(asked, selected, known, command="/export")
    if not selected.with_deleted:
        return await _made(asked, selected)
    return privately(await _made(asked, selected)) if asked.is_owner else say(asked, "export.owner_only")


async def _made(asked: Asked, selected: Selection) -> Answer:
    separator = layout.SEMICOLON if asked.chat.language in layout.SEMICOLON_LANGUAGES else layout.COMMA
    written = Layout(form=selected.form, separator=separator, with_deleted=selected.with_deleted)
    content, posts, withheld = bytearray(), 0, 0
    async with (
        asked.desk.database.reading() as connection,
        aclosing(export.pieces(connection, export.wanted(selected), written)) as pieces,
    ):
        async for piece in pieces:
            content += piece.content
            posts, withheld = posts + piece.posts, withheld + piece.withheld
            if len(content) > MOST_BYTES:
                return say(asked, "export.too_large", days=_days(asked, selected))
    if not posts:
        return say(asked, "export.nothing", days=_days(asked, selected))
    caption = catalogue.text(asked.texts, "export.caption", n=posts, days=_days(asked, selected))
    said = caption if not withheld else f"{caption}\n{_withheld(asked, withheld)}"
    document = Document(name=export.name(selected), content=bytes(content))
    return Answer(messages=(text.message((text.Span(said),), document=document),))


def _withheld(asked: Asked, posts: int) -> str:
    said = catalogue.text(asked.texts, "export.withheld", n=posts)
    # Readers are not told of what they may not ask for.
    return f"{said} {catalogue.text(asked.texts, 'export.put_in')}" if asked.is_owner else said


def _days(asked: Asked, selected: Selection) -> str:
    near, period = schedule.day_of(asked.now, asked.zone), selected.period
    days = dict.fromkeys(phrases.day(asked.texts, day, near=near) for day in (period.first, period.last))
    return " – ".join(days)
