"""/digest: what was flagged in a period, asked for at any time."""

from bot import digest
from bot.commands.adding import QUERY_SHOWN
from bot.commands.desk import Answer, Asked, listed, say
from bot.render import text


async def ask(asked: Asked) -> Answer:
    """Answer /digest and /summary, with a period and a topic or without."""
    topics = [topic.name for topic in asked.desk.topics]
    period = digest.parse_period(asked.args, now=asked.now, zone=asked.zone, topics=topics)
    if isinstance(period, digest.Problem):
        return say(
            asked,
            "digests.how",
            words=text.line(asked.args, QUERY_SHOWN),
            topics=listed(asked, topics),
        )
    messages = await digest.compose(asked.desk.database, asked.texts, period, now=asked.now, zone=asked.zone)
    return Answer(messages=tuple(messages))
