"""/topics: what posts are flagged for, and what of it is muted."""

from bot.commands.desk import Answer, Asked, heading, lines
from bot.lexicons import TopicInfo
from bot.render import catalogue, phrases
from bot.render.text import Span
from storage import chats
from storage.models import Mute


async def topic_list(asked: Asked) -> Answer:
    """Answer /topics."""
    async with asked.desk.database.reading() as connection:
        mutes = await chats.mutes(connection, now=asked.now)
    muted = {mute.subject: mute for mute in mutes if mute.chat_id == asked.chat.id and mute.kind == "topic"}
    items = [
        heading(asked, "topics.title"),
        *(_line(asked, topic, muted.get(topic.name)) for topic in asked.desk.topics),
        (Span("\n"), *catalogue.spans(asked.texts, "topics.footer", topic=asked.desk.topics[0].name)),
    ]
    return lines(items)


def _line(asked: Asked, topic: TopicInfo, mute: Mute | None) -> tuple[Span, ...]:
    shown = Span(phrases.topic(asked.texts, topic.name), "bold")
    line = catalogue.spans(asked.texts, "topics.line", topic=shown, n=topic.rules)
    if mute is None:
        return (Span("• "), *line)
    return (Span("• "), *line, Span(phrases.SEPARATOR), *_muted(asked, mute))


def _muted(asked: Asked, mute: Mute) -> tuple[Span, ...]:
    if mute.until is None:
        return catalogue.spans(asked.texts, "topics.muted_for_good")
    until = phrases.moment(asked.texts, mute.until, asked.zone, near=asked.now)
    return catalogue.spans(asked.texts, "topics.muted", time=until)
