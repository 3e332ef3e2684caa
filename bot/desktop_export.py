"""Reads the export of Telegram Desktop (`result.json`, one chat or all chats) and stores its public channels.

Only what a channel published is kept: names of persons, contacts and every other kind of chat are dropped while the
file is read. Nothing is stored unless the whole file is sound.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import desktop_message, ingest
from storage import channels, posts
from storage.database import Database
from storage.models import ChannelId, ChannelInfo, Post

LARGEST_BYTES = 2 * 1024**3
"""A larger file is refused: it is held in memory while it is read, at about four times its size."""
POSTS_AT_ONCE = 200

_DROPPED = ("text_entities", "reactions", "inline_bot_buttons", "author", "from", "actor")
_MARK = 10**12
"""What some exports add to a channel's id before they write it negative."""


class ExportError(Exception):
    """The file is no sound export; the message says where in it and what to do. Nothing was stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A public channel of the export, with its posts by message id."""

    info: ChannelInfo
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many posts of an export were new, edited since they were held, held already; and how many are flagged."""

    new: int
    edited: int
    held: int
    flagged: int


def read(path: Path, *, zone: ZoneInfo) -> tuple[Chat, ...]:
    """Read the public channels of an export.

    Args:
        path: the `result.json`.
        zone: the zone of the computer that made the export; only exports from before 2022 need it.

    Raises:
        ExportError: The file cannot be read, is broken, or holds no public channel.
    """
    whole = _parse(path)
    found = [chat for chat in _chats(whole, path) if chat.get("type") == "public_channel"]
    if not found:
        raise ExportError(
            f"{path} holds no public channel, and nothing else is imported: no group, no private chat. "
            "Nothing was stored. In Telegram Desktop open the channel, then ⋮ → Export chat history → JSON."
        )
    return tuple(_chat(chat, number, zone) for number, chat in enumerate(found, start=1))


async def store(
    database: Database,
    teller: ingest.Teller,
    chat: Chat,
    *,
    now: int,
    progress: Callable[[int], None],
) -> Imported:
    """Store the posts of `chat` that are not held yet, or were edited since; nobody is alerted.

    A post that is held stays as it was read from Telegram, which tells more than an export does. Each batch is stored
    whole; after an interruption the same import goes on where it stood. `progress` is told how many posts were done.
    """
    await _make_known(database, chat.info, now=now)
    new = edited = flagged = 0
    for start in range(0, len(chat.posts), POSTS_AT_ONCE):
        part = chat.posts[start : start + POSTS_AT_ONCE]
        batch = ingest.Batch(channel_id=chat.info.id, posts=await _not_held(database, part), source="import")
        if batch.posts:
            stored = await ingest.store(database, teller, batch, now=now)
            new, edited, flagged = new + stored.new, edited + stored.edited, flagged + stored.flagged
        progress(len(part))
    return Imported(new=new, edited=edited, held=len(chat.posts) - new - edited, flagged=flagged)


async def _make_known(database: Database, info: ChannelInfo, *, now: int) -> None:
    async with database.transaction() as tx:
        if await channels.get(tx, info.id) is None:
            await channels.follow(tx, info, joined=False, now=now)
            await channels.unfollow(tx, info.id)


async def _not_held(database: Database, part: Sequence[Post]) -> tuple[Post, ...]:
    async with database.reading() as conn:
        held = [await posts.get(conn, post.channel_id, post.message_id) for post in part]
    return tuple(
        post
        for post, old in zip(part, held, strict=True)
        if old is None or (post.edited_at or 0) > (old.post.edited_at or 0)
    )


def _parse(path: Path) -> Any:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise ExportError(
                f"{path} is larger than {LARGEST_BYTES // 1024**3} GB. Nothing was stored. "
                "Export it in parts: Telegram Desktop lets you choose from which day to which."
            )
        with path.open(encoding="utf-8-sig") as file:
            return json.load(file, object_hook=_slimmed)
    except OSError as error:
        raise ExportError(f"{path} cannot be read ({error.strerror}). Nothing was stored.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
    except UnicodeDecodeError as error:
        where = f"byte {error.start}: not UTF-8"
    except (ValueError, RecursionError):
        where = "a number that is too long, or nesting that is too deep"
    raise ExportError(
        f"{path} is not a whole JSON file ({where}). Nothing was stored. "
        "Was the export interrupted? Make it anew; choose 'Machine-readable JSON', not HTML."
    )


def _slimmed(record: dict[str, Any]) -> dict[str, Any]:
    """Drop from a JSON object, as soon as it is read, what is not kept: persons, and chats of other kinds."""
    kind = record.get("type")
    if kind == "message":
        for name in _DROPPED:
            record.pop(name, None)
        if "contact_information" in record:
            record["contact_information"] = {}
    elif "messages" in record and kind != "public_channel":
        record["messages"] = []
    return record


def _chats(whole: Any, path: Path) -> list[dict[str, Any]]:
    if isinstance(whole, dict) and "messages" in whole:
        return [whole]
    sections = [whole[name] for name in ("chats", "left_chats") if name in whole] if isinstance(whole, dict) else []
    if not sections:
        raise ExportError(
            f"{path} is JSON, but no export of Telegram Desktop. Nothing was stored. "
            "The file to import is the result.json that Telegram Desktop writes."
        )
    found: list[dict[str, Any]] = []
    for section in sections:
        listed = section.get("list") if isinstance(section, dict) else None
        if not isinstance(listed, list) or not all(isinstance(chat, dict) for chat in listed):
            raise _broken("the list of chats", "is not there as Telegram Desktop writes it")
        found.extend(listed)
    return found


def _chat(chat: Mapping[str, Any], number: int, zone: ZoneInfo) -> Chat:
    name = chat.get("name")
    title = desktop_message.sound(name) if isinstance(name, str) and name.strip() else "Untitled channel"
    place = f"channel {number} ({title})"
    messages = chat.get("messages")
    if not isinstance(messages, list):
        raise _broken(place, "has no list of messages")
    try:
        written = desktop_message.number(chat, "id", largest=2 * _MARK)
    except desktop_message.MalformedError as error:
        raise _broken(place, str(error)) from None
    channel_id = ChannelId(written - _MARK if written > _MARK else written)
    found = []
    for position, message in enumerate(messages, start=1):
        try:
            post = desktop_message.to_post(message, channel_id, zone=zone)
        except desktop_message.MalformedError as error:
            raise _broken(f"{place}, message {position} of {len(messages)}", str(error)) from None
        if post is not None:
            found.append(post)
    info = ChannelInfo(id=channel_id, access_hash=0, username=None, title=title)
    return Chat(info=info, posts=tuple(found))


def _broken(place: str, what: str) -> ExportError:
    return ExportError(f"The export is broken: {place} {what}. Nothing was stored. Make the export anew.")
