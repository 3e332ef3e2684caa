"""How far a channel is held, in words: the same in /status and in every digest."""

from zoneinfo import ZoneInfo

from bot.render import catalogue, phrases
from bot.render.catalogue import Catalogue
from storage.health_models import ChannelHealth


def since(texts: Catalogue, health: ChannelHealth, zone: ZoneInfo, *, now: int) -> str:
    """Say since when a channel is watched, and from when on its posts are health."""
    channel = health.channel
    when = phrases.moment(texts, channel.added_at, zone, near=now)
    if channel.held_from is None:
        return catalogue.text(texts, "proof.since_reading", since=when)
    return catalogue.text(
        texts, "proof.since", since=when, held=phrases.moment(texts, channel.held_from, zone, near=now)
    )


def posts(texts: Catalogue, health: ChannelHealth, zone: ZoneInfo, *, now: int) -> list[str]:
    """Say how many posts are held, and of when the last one is."""
    said = [catalogue.text(texts, "proof.posts", n=health.posts)]
    if health.last_date is not None:
        when = phrases.moment(texts, health.last_date, zone, near=now)
        said.append(catalogue.text(texts, "proof.last", time=when))
    if health.forgotten:
        said.append(catalogue.text(texts, "proof.forgotten", n=health.forgotten))
    return said


def ids(texts: Catalogue, health: ChannelHealth) -> list[str]:
    """Say up to which id nothing is missing, and what is known of the ids that hold no post."""
    complete_id = health.channel.cursor.complete_id
    if not complete_id:
        return []
    return [
        catalogue.text(texts, "proof.complete", id=str(complete_id)),
        catalogue.text(texts, "proof.empty", n=health.empty),
        catalogue.text(texts, "proof.unknown", n=health.unknown),
    ]


def line(texts: Catalogue, health: ChannelHealth, zone: ZoneInfo, *, now: int) -> str:
    """Say all of it in one line, as the digest does, with when it was last checked by the server."""
    checked_at = health.channel.checked_at
    checked = [] if checked_at is None else [phrases.moment(texts, checked_at, zone, near=now)]
    facts = (
        since(texts, health, zone, now=now),
        *posts(texts, health, zone, now=now),
        *(catalogue.text(texts, "proof.checked", when=when) for when in checked),
        *ids(texts, health),
    )
    return phrases.SEPARATOR.join(facts)
