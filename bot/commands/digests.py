"""/digest: what was flagged in a period, asked for at any time."""

from bot import digest, periods
from bot.commands import asking, pages
from bot.commands.desk import Answer, Asked


async def ask(asked: Asked) -> Answer:
    """Answer /digest and /summary, with a period, a topic and a channel or without."""
    known = await asking.known(asked)
    period = periods.parse(asked.args, known)
    if isinstance(period, periods.Problem):
        return asking.wrong(asked, period, known, command="/digest")
    messages = await digest.compose(
        asked.desk.database, asked.texts, period, topics=asked.desk.topic_names, now=asked.now, zone=asked.zone
    )
    return Answer(messages=messages)


async def turn(asked: Asked) -> Answer:
    """Answer a press that turns the page of a digest, which shows what is known now; forged data does nothing."""
    code, _, written = asked.args.rpartition(":")
    number = pages.read(written)
    known = await asking.known(asked)
    period = periods.decode(code, zone=asked.zone, channels=known.channels)
    if period is None or number is None:
        return Answer()
    page = await digest.turned(
        asked.desk.database, asked.texts, period, number, topics=asked.desk.topic_names, now=asked.now, zone=asked.zone
    )
    return Answer(replace=page)
