"""/trend: how often a topic or a word came up day by day, and what was behind the days that stand out."""

from bot import schedule, search, trends
from bot.commands import removing
from bot.commands.desk import Answer, Asked, lines, say
from bot.pipeline.searching import SearchError
from storage import channels


async def ask(asked: Asked) -> Answer:
    """Answer /trend, with a topic or words and a span of time, or without."""
    topics = asked.desk.topic_names
    async with asked.desk.database.reading() as connection:
        every = await channels.every(connection)
    known = search.Known(rules=asked.desk.rules, channels=every, meant=removing.meant)
    today = schedule.day_of(asked.now, asked.zone)
    try:
        wanted = trends.read(asked.args, topics=topics, known=known, today=today, zone=asked.zone)
    except trends.SpanError:
        return say(asked, "trend.too_long", n=trends.LONGEST_DAYS)
    except SearchError as error:
        return lines([search.explained(asked.texts, error, asked.desk.rules)])
    messages = await trends.compose(asked.desk.database, asked.texts, wanted, now=asked.now, zone=asked.zone)
    return Answer(messages=messages)
