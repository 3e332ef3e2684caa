"""What days, a topic and a channel behind a command mean."""

from bot import periods, search
from bot.commands import removing
from bot.commands.desk import Answer, Asked, lines
from bot.periods import Known, Problem
from bot.render.text import Span
from storage import channels


async def known(asked: Asked) -> Known:
    """Give what the words can mean."""
    async with asked.desk.database.reading() as connection:
        held = await channels.every(connection)
    return Known(
        now=asked.now,
        zone=asked.zone,
        topics=search.topics(asked.desk.rules),
        channels=held,
        meant=removing.meant,
    )


def wrong(asked: Asked, problem: Problem, known: Known, *, command: str) -> Answer:
    """Say why the words behind `command` mean nothing."""
    return lines([[Span(periods.explain(asked.texts, problem, known, command=command))]])
