"""The message that a topic runs above its usual, with the stories that drive it."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.render import catalogue, headline, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.headline import Headline
from bot.render.text import Span
from storage.models import Message


def spike(
    texts: Catalogue,
    topic: str,
    *,
    posts: int,
    usual: float,
    hour: tuple[int, int],
    told: Sequence[Headline],
    zone: ZoneInfo,
) -> Message:
    """Say that there were `posts` of a topic within an hour where `usual` are usual.

    Args:
        texts: the catalogue of the chat's language.
        topic: its name.
        posts: within the hour.
        usual: at this hour of the week.
        hour: when it began, and now (UTC seconds).
        told: the stories that drive it.
        zone: the chat's time zone.
    """
    name = Span(phrases.topic(texts, topic), "bold")
    start, end = (phrases.clock(at, zone) for at in hour)
    usually = phrases.decimal(texts, usual)
    head = catalogue.spans(texts, "spike.high", n=posts, topic=name, usual=usually, start=start, end=end)
    entries = [
        headline.entry(texts, one, topic=topic, when=phrases.clock(one.post.post.date, zone), zone=zone) for one in told
    ]
    more = catalogue.spans(texts, "spike.more", command=Span(f"/trend {topic}", "code"))
    return text.message(text.joined([head, *entries, [Span("\n"), *more]]))
