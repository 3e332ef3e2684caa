"""/status: whether everything is being read and sent, and how far each channel is held."""

from collections.abc import Collection, Sequence

from bot import figures
from bot.commands import backfilling, durations, listing, pages
from bot.commands.desk import Answer, Asked
from bot.commands.reader import ReaderState, Wait
from bot.render import catalogue, phrases, proof, text
from bot.render.text import Span
from storage import backlog, chats, stats
from storage.database import Connection
from storage.health_models import ChannelHealth
from storage.models import Channel, ChannelId

CLOCK_TOLERANCE_SECONDS = 30
"""A host clock that is off by more is warned of."""

WORD = "status"
"""What begins the buttons that turn its pages."""
_JUST_NOW_SECONDS = 60
_REASON_SHOWN = 300
_SAID = frozenset({"hole", "waiting"})
"""Why a channel is behind, where no other line says it."""

Line = tuple[Span, ...]


async def status(asked: Asked) -> Answer:
    """Answer /status."""
    return pages.first(await _lines(asked), word=WORD)


async def turn(asked: Asked) -> Answer:
    """Answer a press that turns the page of /status."""
    return pages.turned(asked, await _lines(asked), word=WORD)


async def _lines(asked: Asked) -> list[Line]:
    state = asked.desk.reader.state()
    async with asked.desk.database.reading() as connection:
        health = await stats.health(connection)
        outbox_lines = await _outbox_lines(asked, connection)
    # What needs somebody stands on the first page, however many channels there are.
    behind = _behind(asked, state, health)
    by_need = sorted(health, key=lambda one: (not _troubled(one.channel), one.channel.info.id not in behind))
    items: list[Line] = [
        *_reader_lines(asked, state, health, behind),
        *outbox_lines,
        *await backfilling.under_way(asked),
        *((Span("\n"), *_channel(asked, one)) for one in by_need),
    ]
    if any(one.unreadable for one in health):
        items.append((Span("\n"), *catalogue.spans(asked.texts, "status.readable_note")))
    return items


def _troubled(channel: Channel) -> bool:
    return channel.trouble is not None or channel.state == "lost"


def _behind(asked: Asked, state: ReaderState, health: Sequence[ChannelHealth]) -> set[ChannelId]:
    """Give the followed channels of which something is missing, by what the reader or the database knows."""
    return {
        one.channel.info.id
        for one in health
        if one.channel.state == "followed"
        and (one.channel.info.id in state.catching_up or figures.behind(one, now=asked.now) in _SAID)
    }


def _reader_lines(
    asked: Asked, state: ReaderState, health: Sequence[ChannelHealth], behind: Collection[ChannelId]
) -> list[Line]:
    followed = [one.channel for one in health if one.channel.state == "followed"]
    found = [_reading(asked, state, [one.channel for one in health])]
    if behind:
        found.append(catalogue.spans(asked.texts, "status.catching_up", n=len(behind)))
    if abs(state.clock_offset) > CLOCK_TOLERANCE_SECONDS:
        found.append(catalogue.spans(asked.texts, "status.clock", n=abs(state.clock_offset)))
    found.extend(_wait(asked, wait, followed) for wait in state.waiting)
    return found


def _reading(asked: Asked, state: ReaderState, known: Sequence[Channel]) -> Line:
    troubled = [channel for channel in known if _troubled(channel)]
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
    oldest = durations.words(asked.texts, asked.now - (counts.waiting_since or asked.now))
    found = [
        catalogue.spans(asked.texts, f"status.outbox_{name}", n=number, time=oldest)
        for name, number in numbers
        if number
    ]
    for letter in await backlog.dead_letters(connection, limit=1):
        reason = text.line(letter.error or "", _REASON_SHOWN)
        at = phrases.moment(asked.texts, letter.created_at, asked.zone, near=asked.now)
        found.append(catalogue.spans(asked.texts, "status.outbox_last_refused", time=at, reason=reason))
    return found


def _channel(asked: Asked, health: ChannelHealth) -> Line:
    channel = health.channel
    head = (
        listing.titled(channel.info),
        *(Span(f"{phrases.SEPARATOR}{flag}") for flag in phrases.flags(asked.texts, channel.info)),
    )
    facts = (
        [proof.since(asked.texts, health, asked.zone, now=asked.now)],
        proof.posts(asked.texts, health, asked.zone, now=asked.now),
        _changes(asked, health),
        _checked(asked, channel),
        proof.ids(asked.texts, health),
        _trouble(asked, channel) or _missing(asked, health),
    )
    return (*head, *(Span(f"\n{phrases.SEPARATOR.join(line)}") for line in facts if line))


def _changes(asked: Asked, health: ChannelHealth) -> list[str]:
    numbers = (("unreadable", health.unreadable), ("edited", health.edited), ("deleted", health.deleted))
    return [catalogue.text(asked.texts, f"status.{name}", n=number) for name, number in numbers]


def _checked(asked: Asked, channel: Channel) -> list[str]:
    found = [_checked_when(asked, channel.checked_at)]
    if channel.state == "followed" and not channel.joined:
        key = "status.quietly" if channel.quiet else "status.by_timer"
        found.append(catalogue.text(asked.texts, key))
    return found


def _checked_when(asked: Asked, at: int | None) -> str:
    if at is None:
        return catalogue.text(asked.texts, "status.never_checked")
    if asked.now - at < _JUST_NOW_SECONDS:
        return catalogue.text(asked.texts, "status.checked_now")
    return catalogue.text(asked.texts, "status.checked", time=durations.words(asked.texts, asked.now - at))


def _missing(asked: Asked, health: ChannelHealth) -> list[str]:
    reason = figures.behind(health, now=asked.now)
    return [catalogue.text(asked.texts, f"status.behind_{reason}")] if reason in _SAID else []


def _trouble(asked: Asked, channel: Channel) -> list[str]:
    trouble = phrases.trouble(asked.texts, channel.info, channel.trouble or "")
    if channel.state == "lost":
        return [catalogue.text(asked.texts, "status.lost", trouble=trouble)]
    return [catalogue.text(asked.texts, "status.trouble", trouble=trouble)] if trouble else []
