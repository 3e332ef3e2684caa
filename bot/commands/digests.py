"""/digest: what was flagged in a period, asked for at any time."""

from bot import digest
from bot.commands.desk import Answer, Asked, lines
from bot.render.text import Span


async def ask(asked: Asked) -> Answer:
    """Answer /digest and /summary, with a period and a topic or without."""
    topics = [topic.name for topic in asked.desk.topics]
    period = digest.parse_period(asked.args, now=asked.now, zone=asked.zone, topics=topics)
    if isinstance(period, digest.Problem):
        return lines([[Span(digest.explain(asked.texts, period, topics=topics))]])
    messages = await digest.compose(
        asked.desk.database, asked.texts, period, topics=topics, now=asked.now, zone=asked.zone
    )
    return Answer(messages=messages)
