"""`homefront check --channels`: what is held of each channel, and whether one is behind."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import catalogues, figures
from bot.cli import terminal
from bot.render import phrases
from storage import database, stats, waits
from storage.health_models import ChannelHealth
from storage.waits import StoredWait

_REASONS: dict[figures.Behind, str] = {
    "unread": "its history is not read yet",
    "unchecked": "never checked",
    "hole": "what was missed is not all read yet",
    "waiting": "Telegram asks for a pause before it is read on",
    "late": "not checked for long; is `homefront run` at work?",
}


async def show(path: Path, zone: ZoneInfo, *, now: int) -> int:
    """Print the channels in the database at `path`, and return how many are behind at `now` (UTC seconds).

    Raises:
        StorageError: The database cannot be opened.
    """
    async with database.open_database(path, now=now) as opened, opened.reading() as connection:
        health = await stats.health(connection)
        pauses = await waits.lasting(connection, now=now)
    for one in health:
        terminal.say("\n".join(_lines(one, pauses, zone, now=now)))
    for pause in pauses:
        terminal.say(f"Telegram asks for a pause until {_moment(pause.until, zone)}: {pause.request}")
    behind = sum(why(one, now=now) is not None for one in health)
    terminal.say(f"{len(health)} {'channel' if len(health) == 1 else 'channels'}, {behind} behind.")
    return behind


def why(health: ChannelHealth, *, now: int) -> str | None:
    """Say why a channel is behind at `now` (UTC seconds); None: it is not."""
    reason = figures.behind(health, now=now)
    if reason in {"lost", "trouble"}:
        channel = health.channel
        said = phrases.trouble(catalogues.load("en"), channel.info, channel.trouble or "")
        return f"lost: {said}" if reason == "lost" else said
    return None if reason is None else _REASONS[reason]


def _lines(health: ChannelHealth, pauses: Sequence[StoredWait], zone: ZoneInfo, *, now: int) -> list[str]:
    channel = health.channel
    name = " ".join(filter(None, (phrases.title(channel.info), phrases.username(channel.info))))
    reason = why(health, now=now)
    waiting = [pause.until for pause in pauses if pause.channel_id == channel.info.id]
    last = "none" if health.last_date is None else f"{health.last_message_id} of {_moment(health.last_date, zone)}"
    way = "joined" if channel.joined else "quietly" if channel.quiet else "not joined"
    changes = f"{health.edited} edited, {health.deleted} deleted"
    times = (channel.added_at, channel.held_from, channel.checked_at)
    added, held, checked = [_moment(at, zone) for at in times]
    return [
        f"{'✓' if reason is None else '✗'} {name}{'' if reason is None else f': {reason}'}",
        f"    followed since {added} ({way}), posts held from {held}",
        f"    complete up to id {channel.cursor.complete_id}, last post {last}, checked {checked}",
        f"    {health.posts} posts held, {changes}, {health.unreadable} not readable",
        f"    {health.empty} ids confirmed as empty, {health.unknown} ids not yet known",
        *(f"    Telegram asks for a pause until {_moment(until, zone)}" for until in waiting),
    ]


def _moment(at: int | None, zone: ZoneInfo) -> str:
    return "never" if at is None else f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M}"
