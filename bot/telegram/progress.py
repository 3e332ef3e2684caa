"""Up to where the updates of the bot's account are answered, kept in the database."""

from dataclasses import dataclass
from datetime import datetime

from telethon.tl import types

from storage import settings
from storage.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Telegram's pts, qts and date (UTC seconds) of an account, up to which all is answered."""

    pts: int
    qts: int
    date: int


async def get(connection: Connection, *, bot_id: int) -> Progress | None:
    """Return the progress of this bot; None if there is none, or it is of another bot."""
    if await settings.get(connection, "bot.id") != str(bot_id):
        return None
    pts, qts, date = [int(await settings.get(connection, f"bot.{name}") or 0) for name in ("pts", "qts", "date")]
    return Progress(pts=pts, qts=qts, date=date)


async def put(tx: Connection, progress: Progress, *, bot_id: int) -> None:
    """Keep the progress of a bot in place of what was kept before."""
    values = {"id": bot_id, "pts": progress.pts, "qts": progress.qts, "date": progress.date}
    for name, value in values.items():
        await settings.put(tx, f"bot.{name}", str(value))


def of(state: types.updates.State) -> Progress:
    """Read the progress out of what the server says of its state."""
    return Progress(pts=state.pts, qts=state.qts, date=seconds(state.date))


def seconds(date: datetime | None) -> int:
    """Give a date in UTC seconds, 0 for none."""
    return int(date.timestamp()) if date else 0
