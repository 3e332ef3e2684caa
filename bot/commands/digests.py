"""/digest: what was flagged in a period, asked for at any time."""

from bot import digest, periods
from bot.commands import pages, removing
from bot.commands.desk import Answer, Asked, lines
from bot.render.text import Span
from storage import channels


async def ask(asked: Asked) -> Answer:
    """Answer /digest and /summary, with a period, a topic and a channel or without."""
    topics = [topic.name for topic in asked.desk.topics]
    async with asked.desk.database.reading() as connection:
        known = await channels.every(connection)
    period = periods.parse(
        asked.args, now=asked.now, zone=asked.zone, topics=topics, meant=lambda name: removing.meant(known, name)
    )
    if isinstance(period, periods.Problem):
        return lines([[Span(periods.explain(asked.texts, period, topics=topics))]])
    messages = await digest.compose(
        asked.desk.database, asked.texts, period, topics=topics, now=asked.now, zone=asked.zone
    )
    return Answer(messages=messages)


async def turn(asked: Asked) -> Answer:
    """Answer a press that turns the page of a digest, which shows what is known now; forged data does nothing."""
    code, _, written = asked.args.rpartition(":")
    number = pages.read(written)
    async with asked.desk.database.reading() as connection:
        known = await channels.every(connection)
    period = periods.decode(code, zone=asked.zone, channels=known)
    if period is None or number is None:
        return Answer()
    topics = [topic.name for topic in asked.desk.topics]
    page = await digest.turned(
        asked.desk.database, asked.texts, period, number, topics=topics, now=asked.now, zone=asked.zone
    )
    return Answer(replace=page)
