"""/start, /help, and what is said to everything that is no command."""

from collections.abc import Iterator
from datetime import timedelta

from bot import schedule
from bot.commands import buttons, listing, menu, starter
from bot.commands.desk import Answer, Asked, heading, lines, listed, say
from bot.render import alert, catalogue, phrases, text
from bot.render.text import Span
from storage import channels
from storage.models import Button

_NAME_SHOWN = 32


async def start(asked: Asked) -> Answer:
    """Answer /start of somebody who was let in before."""
    async with asked.desk.database.reading() as connection:
        followed = await channels.followed(connection)
    if not followed:
        return listing.empty(asked)
    return say(asked, "start.again", n=len(followed), topics=_topics(asked))


async def welcome(asked: Asked) -> Answer:
    """Greet somebody who was let in just now: a few words, a sample alert, and where nothing is watched a beginning."""
    async with asked.desk.database.reading() as connection:
        followed = await channels.followed(connection)
    said = say(asked, "start.welcome", topics=_topics(asked))
    sample = alert.sample(asked.texts, timezone=asked.chat.timezone, now=asked.now)
    beginning = () if followed else listing.empty(asked).messages
    return Answer(messages=(*said.messages, sample, *beginning))


async def usage(asked: Asked) -> Answer:
    """Answer /help: what everybody may do, and what the owner alone."""
    entries = menu.entries(asked.texts)
    items = [
        catalogue.spans(asked.texts, "help.intro", topics=_topics(asked)),
        *(_line(asked, entry) for entry in entries if entry.name not in menu.OF_THE_OWNER),
        (Span("\n"), *heading(asked, "help.owner" if asked.is_owner else "help.reader")),
        *(_line(asked, entry) for entry in entries if entry.name in menu.OF_THE_OWNER),
        (Span("\n"), *catalogue.spans(asked.texts, "help.examples")),
        *_examples(asked),
        (Span("\n"), *catalogue.spans(asked.texts, "help.alias")),
    ]
    return lines(items)


def _line(asked: Asked, entry: menu.Entry) -> tuple[Span, ...]:
    return catalogue.spans(asked.texts, "help.line", command=entry.name, what=entry.description)


def _examples(asked: Asked) -> Iterator[tuple[Span, ...]]:
    yesterday = schedule.day_of(asked.now, asked.zone) - timedelta(days=1)
    by_title, by_name, _ = starter.EXAMPLES
    examples = {
        "today": "/digest",
        "days": f"/digest 7d {asked.desk.topics[0].name}",
        "day": f"/digest {yesterday.isoformat()}",
        **({"title": by_title, "name": by_name} if asked.is_owner else {}),
    }
    for name, example in examples.items():
        yield catalogue.spans(asked.texts, f"help.{name}", example=Span(example, "code"))


def unknown(asked: Asked, name: str) -> Answer:
    """Answer a command that there is not."""
    return say(asked, "hint.unknown", command=text.line(name, _NAME_SHOWN))


def plain_text(asked: Asked) -> Answer:
    """Answer words that are no command; the owner may have meant a channel."""
    query = " ".join(asked.args.split())
    data = buttons.find(query) if query and asked.is_owner else None
    offered = [Button(label=catalogue.text(asked.texts, "hint.find"), data=data)] if data else []
    return say(asked, "hint.text", buttons=offered)


def _topics(asked: Asked) -> str:
    return listed(asked, [phrases.topic(asked.texts, topic.name).lower() for topic in asked.desk.topics])
