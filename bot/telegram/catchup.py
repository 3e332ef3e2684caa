"""Reads what the pushes did not tell of a channel, until nothing is missing; each page and its cursor in one commit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from telethon.tl import functions, types

from bot import ingest
from bot.telegram import convert, cursors
from bot.telegram.calls import CallFailedError, Calls
from bot.telegram.ledger import Ledger, Track
from storage.models import Cursor, MessageId, Post

PAGE = 100
FIRST_HISTORY_SECONDS = 7 * 24 * 3600
FAILED_DIFFERENCES_BORNE = 3
"""After so many refusals in a row the server is believed to have no differences: what history says must do."""
_CANNOT_TELL = "PERSISTENT_TIMESTAMP_"
"""How the server's word begins when it cannot tell differences from where we stand, with whatever code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    posts: tuple[Post, ...]
    deleted: tuple[MessageId, ...] = ()
    message_ids: tuple[int, ...] = ()
    shown: tuple[int, int] | None = None
    there: tuple[MessageId, ...] = ()


async def reconcile(calls: Calls, ledger: Ledger, track: Track) -> bool:
    """Read what is missing of one channel; only one at a time for each channel.

    Args:
        calls: asks the server.
        ledger: takes what is found.
        track: the channel.

    Returns:
        Whether nothing is missing now. False: all posts are held, but edits and deletions should be asked for
        again soon, because the server failed to tell them.

    Raises:
        FloodedError: Telegram asks for a pause first. What was read until then is held.
        CallFailedError: The server failed; the same.
        TelegramError: The session or the account is of no use any more.
    """
    track.gap.clear()
    if track.held_from is None or track.hole is not None or track.cursor.pts is None:
        began_before = track.cursor.pts is not None
        await _history(calls, ledger, track, renew=not began_before)
        if not began_before:
            return True
    try:
        told = await _differences(calls, ledger, track)
    except CallFailedError as error:
        # An outage says nothing: to pass on to the server's counter would lose what was edited and deleted meanwhile.
        refused = not error.passing or error.name.startswith(_CANNOT_TELL)
        track.failed_differences += refused
        believed = refused and track.failed_differences >= FAILED_DIFFERENCES_BORNE
        await _history(calls, ledger, track, renew=believed)
        return believed
    track.failed_differences = 0
    if not told:
        await _history(calls, ledger, track, renew=True)
    return True


async def _differences(calls: Calls, ledger: Ledger, track: Track) -> bool:
    """Read differences until the last; False: the server cannot tell all of it any more."""
    while True:
        pts = track.cursor.pts
        answer = await calls.ask(
            functions.updates.GetChannelDifferenceRequest(
                channel=types.InputChannel(channel_id=track.info.id, access_hash=track.info.access_hash),
                filter=types.ChannelMessagesFilterEmpty(),
                pts=pts,
                limit=PAGE,
            ),
            channel_id=track.info.id,
        )
        if isinstance(answer, types.updates.ChannelDifferenceTooLong):
            track.newest_pts = max(track.newest_pts, getattr(answer.dialog, "pts", None) or 0)
            return False
        if answer.pts < (pts or 0):
            # The server's counter began anew, so it cannot know what we are missing.
            track.newest_pts = answer.pts
            return False
        if isinstance(answer, types.updates.ChannelDifference):
            await ledger.note(answer.chats)
            page = await _difference_page(calls, track, answer)
            await _keep_difference(ledger, track, page, asked=pts, pts=answer.pts)
        if answer.final or isinstance(answer, types.updates.ChannelDifferenceEmpty):
            return True
        if answer.pts == pts:
            # Asked the same again it would answer the same for ever.
            return False


async def _difference_page(calls: Calls, track: Track, answer: Any) -> _Page:
    messages = list(answer.new_messages)
    new_ids = [message.id for message in messages]
    deleted: list[MessageId] = []
    for update in answer.other_updates:
        if isinstance(update, types.UpdateNewChannelMessage | types.UpdateEditChannelMessage):
            messages.append(update.message)
        elif isinstance(update, types.UpdateDeleteChannelMessages):
            deleted.extend(MessageId(number) for number in update.messages)
    posts = await read_posts(calls, track, messages, answer.chats)
    return _Page(posts=posts, deleted=tuple(deleted), message_ids=tuple(new_ids))


async def _keep_difference(ledger: Ledger, track: Track, page: _Page, *, asked: int | None, pts: int) -> None:
    async with track.lock:
        # Pushes may have moved the cursor on while the answer was under way.
        reached = max(pts, track.cursor.pts or 0)
        if reached == track.cursor.pts != asked:
            # They brought all of it and perhaps newer states, which these must not replace.
            return
        cursor = cursors.after(track.cursor, pts=reached, message_ids=page.message_ids)
        await _keep(ledger, track, page, cursor)


async def _history(calls: Calls, ledger: Ledger, track: Track, *, renew: bool) -> None:
    """Read history, newest first, down to what is held.

    `renew`: the channel's counter is taken from the first page, as the one that we know leads no further. It is
    kept with that page already: what is deleted while the others are read, or before an interrupted reading goes
    on, is then told by the difference from there.
    """
    track.reading = True
    try:
        await _read_pages(calls, ledger, track, renew=renew)
    finally:
        track.reading = False


async def _read_pages(calls: Calls, ledger: Ledger, track: Track, *, renew: bool) -> None:
    above = track.cursor.complete_id if track.hole is None else track.hole
    since = track.held_from
    if since is None:
        above, since = MessageId(0), ledger.now() - FIRST_HISTORY_SECONDS
    pts, seen, oldest, newest = track.cursor.pts, track.newest_pts, 0, 0
    while True:
        answer = await history_page(calls, track, below=oldest)
        messages = of_channel(answer, track, below=oldest)
        await ledger.note(getattr(answer, "chats", ()))
        first = oldest == 0
        if first:
            pts = (getattr(answer, "pts", None) or seen or None) if renew else pts
            newest = max((message.id for message in messages), default=0)
        wanted = [message for message in messages if time_of(message) >= since]
        shown = span(wanted, below=oldest)
        oldest = min((message.id for message in messages), default=0)
        posts = await read_posts(calls, track, wanted, getattr(answer, "chats", ()))
        page = _Page(posts=posts, shown=shown, there=ids(wanted))
        if oldest <= above or len(wanted) < len(messages):
            break
        if first and renew and pts is not None:
            await ledger.open_hole(track, above)
        async with track.lock:
            await _keep(ledger, track, page, replace(track.cursor, pts=pts) if first else None)
    if track.held_from is None:
        await ledger.begin_history(track, since)
    async with track.lock:
        await _keep(ledger, track, page, cursors.after(track.cursor, pts=pts, message_ids=(newest,)))
    await ledger.close_hole(track)


async def history_page(calls: Calls, track: Track, *, below: int) -> Any:
    """Ask for the newest hundred messages with an id below `below` (0: of all); raises as `reconcile`."""
    # Only what every server can do: no add_offset, and no min_id that ends early.
    return await calls.ask(
        functions.messages.GetHistoryRequest(
            peer=types.InputPeerChannel(channel_id=track.info.id, access_hash=track.info.access_hash),
            offset_id=below,
            offset_date=None,
            add_offset=0,
            limit=PAGE,
            max_id=0,
            min_id=0,
            hash=0,
        ),
        channel_id=track.info.id,
    )


async def _keep(ledger: Ledger, track: Track, page: _Page, cursor: Cursor | None) -> None:
    await ledger.keep(
        track,
        ingest.Batch(
            channel_id=track.info.id,
            posts=page.posts,
            deleted=page.deleted,
            cursor=cursor,
            shown=page.shown,
            there=page.there,
            source="history",
        ),
    )


def span(messages: Sequence[Any], *, below: int) -> tuple[int, int] | None:
    """Give the first and last id of what a page of history below `below` (0: of all) shows as a whole."""
    if not messages:
        return None
    return min(message.id for message in messages), (below or max(message.id for message in messages) + 1) - 1


def ids(messages: Sequence[Any]) -> tuple[MessageId, ...]:
    """Give the ids of what a page of history shows."""
    return tuple(MessageId(message.id) for message in messages)


def of_channel(answer: Any, track: Track, *, below: int) -> list[Any]:
    """Pick the messages of this channel below `below` out of an answer."""
    # A server that passes over the offset must not keep us reading for ever.
    return [
        message
        for message in getattr(answer, "messages", ())
        if getattr(message.peer_id, "channel_id", track.info.id) == track.info.id and (below == 0 or message.id < below)
    ]


def time_of(message: Any) -> float:
    """Give a message's date in UTC seconds; without one it counts as new."""
    date = getattr(message, "date", None)
    return float("inf") if date is None else float(date.timestamp())


async def read_posts(calls: Calls, track: Track, messages: Sequence[Any], chats: Sequence[Any]) -> tuple[Post, ...]:
    """Read posts from what the server showed, the oldest first; service messages are none.

    Raises:
        FloodedError: A rich post must be fetched whole, and Telegram asks for a pause first.
        TelegramError: The session or the account is of no use any more.
    """
    sources = convert.channels_among(chats)
    posts = []
    for message in sorted(messages, key=lambda message: message.id):
        whole = await _whole(calls, track, message) if convert.is_partial(message) else message
        post = convert.to_post(whole, track.info.id, sources=sources)
        if post is not None:
            posts.append(post)
    return tuple(posts)


async def _whole(calls: Calls, track: Track, message: Any) -> Any:
    """Fetch all of a rich post of which only a part came; the part, where the server does not give it."""
    request = functions.messages.GetRichMessageRequest(
        peer=types.InputPeerChannel(channel_id=track.info.id, access_hash=track.info.access_hash), id=message.id
    )
    try:
        answer = await calls.ask(request, channel_id=track.info.id)
    except CallFailedError:
        return message
    return next((found for found in getattr(answer, "messages", ()) if found.id == message.id), message)
