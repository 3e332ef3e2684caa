"""/status: whether everything is being read and sent, and how far each channel is held."""

from collections.abc import Sequence

from bot.commands import backfilling, durations, listing
from bot.commands.desk import Answer, Asked, lines
from bot.commands.reader import ReaderState, Wait
from bot.render import catalogue, phrases, text
from bot.render.text import Span
from storage import backlog, chats, stats
from storage.database import Connection
from storage.models import Channel
from storage.stats import ChannelHealth

CLOCK_TOLERANCE_SECONDS = 30
"""A host clock that is off by more is warned of."""

_JUST_NOW_SECONDS = 60
_REASON_SHOWN = 300

Line = tuple[Span, ...]


async def status(asked: Asked) -> Answer:
    """Answer /status."""
    state = asked.desk.reader.state()
    async with asked.desk.database.reading() as connection:
        health = await stats.health(connection)
        outbox_lines = await _outbox_lines(asked, connection)
    items: list[Line] = [
        *_reader_lines(asked, state, health),
        *outbox_lines,
        *await backfilling.under_way(asked),
        *((Span("\n"), *_channel(asked, one)) for one in health),
    ]
    if any(one.unreadable for one in health):
        items.append((Span("\n"), *catalogue.spans(asked.texts, "status.readable_note")))
    return lines(items)


def _reader_lines(asked: Asked, state: ReaderState, health: Sequence[ChannelHealth]) -> list[Line]:
    followed = [one.channel for one in health if one.channel.state == "followed"]
    behind = {channel.info.id for channel in followed} & set(state.catching_up)
    found = [_reading(asked, state, [one.channel for one in health])]
    if behind:
        found.append(catalogue.spans(asked.texts, "status.catching_up", n=len(behind)))
    if abs(state.clock_offset) > CLOCK_TOLERANCE_SECONDS:
        found.append(catalogue.spans(asked.texts, "status.clock", n=abs(state.clock_offset)))
    found.extend(_wait(asked, wait, followed) for wait in state.waiting)
    return found


def _reading(asked: Asked, state: ReaderState, known: Sequence[Channel]) -> Line:
    troubled = [channel for channel in known if channel.trouble or channel.state == "lost"]
    if not state.connected:
        return catalogue.spans(asked.texts, "status.offline")
    if not known:
        return catalogue.spans(asked.texts, "status.nothing_watched")
    if troubled:
        return catalogue.spans(asked.texts, "status.troubled", n=len(troubled))
    return catalogue.spans(asked.texts, "status.fine", n=len(known))


def _wait(asked: Asked, wait: Wait, followed: Sequence[Channel]) -> Line:
    time = durations.words(asked.texts, wait.seconds)
    for channel in followed:
        if channel.info.id == wait.channel_id:
            title = listing.titled(channel.info)
            return catalogue.spans(asked.texts, "status.wait_channel", time=time, title=title)
    return catalogue.spans(asked.texts, "status.wait", time=time)


async def _outbox_lines(asked: Asked, connection: Connection) -> list[Line]:
    counts = await backlog.counts(connection)
    unreachable = sum(chat.unreachable_since is not None for chat in await chats.all_chats(connection))
    numbers = (("waiting", counts.waiting), ("unreachable", unreachable), ("refused", counts.refused))
    found = [catalogue.spans(asked.texts, f"status.outbox_{name}", n=number) for name, number in numbers if number]
    for letter in await backlog.dead_letters(connection, limit=1):
        reason = text.line(letter.error or "", _REASON_SHOWN)
        at = _moment(asked, letter.created_at)
        found.append(catalogue.spans(asked.texts, "status.outbox_last_refused", time=at, reason=reason))
    return found


def _channel(asked: Asked, health: ChannelHealth) -> Line:
    channel = health.channel
    head = (
        listing.titled(channel.info),
        *(Span(f"{phrases.SEPARATOR}{flag}") for flag in phrases.flags(asked.texts, channel.info)),
    )
    facts = (
        [_since(asked, channel)],
        _held(asked, health),
        _changes(asked, health),
        _checked(asked, channel),
        _ids(asked, health),
        _trouble(asked, channel),
    )
    return (*head, *(Span(f"\n{phrases.SEPARATOR.join(line)}") for line in facts if line))


def _since(asked: Asked, channel: Channel) -> str:
    since = _moment(asked, channel.added_at)
    if channel.held_from is None:
        return catalogue.text(asked.texts, "status.since_reading", since=since)
    return catalogue.text(asked.texts, "status.since", since=since, held=_moment(asked, channel.held_from))


def _held(asked: Asked, health: ChannelHealth) -> list[str]:
    found = [catalogue.text(asked.texts, "status.posts", n=health.posts)]
    if health.last_date is not None:
        found.append(catalogue.text(asked.texts, "status.last", time=_moment(asked, health.last_date)))
    return found


def _changes(asked: Asked, health: ChannelHealth) -> list[str]:
    numbers = (("unreadable", health.unreadable), ("edited", health.edited), ("deleted", health.deleted))
    return [catalogue.text(asked.texts, f"status.{name}", n=number) for name, number in numbers]


def _checked(asked: Asked, channel: Channel) -> list[str]:
    found = [_checked_when(asked, channel.checked_at)]
    if channel.state == "followed" and not channel.joined:
        key = "status.quietly" if channel.quiet else "status.by_timer"
        found.append(catalogue.text(asked.texts, key))
    return found


def _ids(asked: Asked, health: ChannelHealth) -> list[str]:
    """Say up to which id nothing is missing, and what is known of the ids that hold no post."""
    complete_id = health.channel.cursor.complete_id
    if not complete_id:
        return []
    return [
        catalogue.text(asked.texts, "status.complete", id=str(complete_id)),
        catalogue.text(asked.texts, "status.empty", n=health.empty),
        catalogue.text(asked.texts, "status.unknown", n=health.unknown),
    ]


def _checked_when(asked: Asked, at: int | None) -> str:
    if at is None:
        return catalogue.text(asked.texts, "status.never_checked")
    if asked.now - at < _JUST_NOW_SECONDS:
        return catalogue.text(asked.texts, "status.checked_now")
    return catalogue.text(asked.texts, "status.checked", time=durations.words(asked.texts, asked.now - at))


def _trouble(asked: Asked, channel: Channel) -> list[str]:
    trouble = phrases.trouble(asked.texts, channel.info, channel.trouble or "")
    if channel.state == "lost":
        return [catalogue.text(asked.texts, "status.lost", trouble=trouble)]
    return [catalogue.text(asked.texts, "status.trouble", trouble=trouble)] if trouble else []


def _moment(asked: Asked, at: int) -> str:
    return phrases.moment(asked.texts, at, asked.zone, near=asked.now)
