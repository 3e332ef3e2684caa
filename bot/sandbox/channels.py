"""What happens in the sandbox's channels: posts, edits, deletions, members, changes of the channel itself."""

import bisect
from typing import Any

from bot.sandbox.journal import Event
from bot.sandbox.state import Channel, Kind, Origin, Post, Push, RefusedError, Rich, State


def add(
    state: State,
    *,
    title: str,
    username: str | None = None,
    kind: Kind = "broadcast",
    subscribers: int = 0,
    about: str = "",
    invite: str | None = None,
    flags: frozenset[str] = frozenset(),
) -> Channel:
    """Found a channel or a group. `flags`: of "verified", "scam", "fake", "restricted"."""
    channel = Channel(
        id=state.number(),
        title=title,
        username=username,
        kind=kind,
        created_at=state.now(),
        subscribers=subscribers,
        about=about,
        invite=invite,
        **dict.fromkeys(flags, True),  # type: ignore[arg-type]
    )
    state.channels[channel.id] = channel
    return channel


def by_username(state: State, username: str) -> Channel | None:
    """Find a channel by its public name, whatever its case."""
    wanted = username.casefold()
    return next((c for c in state.channels.values() if (c.username or "").casefold() == wanted), None)


def by_title(state: State, words: str) -> list[Channel]:
    """Find public channels and groups whose title or name holds `words`, the largest first."""
    wanted = words.casefold()
    found = [
        channel
        for channel in state.channels.values()
        if channel.username and not channel.lost and wanted in f"{channel.title} {channel.username}".casefold()
    ]
    return sorted(found, key=lambda channel: -channel.subscribers)


def post(
    state: State,
    channel: Channel,
    text: str = "",
    *,
    date: int | None = None,
    entities: list[Any] | None = None,
    media: Any = None,
    rich: Rich | None = None,
    grouped_id: int | None = None,
    origin: Origin | None = None,
    views: int = 1,
    forwards: int = 0,
    author: str | None = None,
    silent: bool = False,
    service: Any = None,
    sender: int | None = None,
    buttons: Any = None,
    reply_to: int | None = None,
    push: bool = True,
    source: int | None = None,
) -> Post:
    """Publish a post. `push` False: nobody is told now; differences and history tell it. `source`: see `Push`."""
    new = Post(
        id=state.message_id(channel),
        channel_id=channel.id,
        date=state.now() if date is None else date,
        text=text,
        entities=entities or [],
        media=media,
        rich=rich,
        grouped_id=grouped_id,
        origin=origin,
        views=views,
        forwards=forwards,
        author=author,
        silent=silent,
        service=service,
        sender=sender,
        buttons=buttons,
        reply_to=reply_to,
    )
    channel.posts[new.id] = new
    channel.order.append(new.id)
    _tell(state, channel, channel.journal.note("new", (new.id,)), push=push, source=source)
    return new


def edit(state: State, channel: Channel, post_id: int, *, push: bool, **changes: Any) -> Post:
    """Change fields of a post; it counts as edited now, unless `edited_at` says otherwise."""
    found = channel.posts[post_id]
    for name, value in {"edited_at": state.now(), **changes}.items():
        setattr(found, name, value)
    _tell(state, channel, channel.journal.note("edit", (post_id,)), push=push)
    return found


def delete(state: State, channel: Channel, post_ids: tuple[int, ...], *, push: bool = True) -> None:
    """Delete posts; ids that are not there are passed over."""
    gone = tuple(number for number in post_ids if channel.posts.pop(number, None))
    for number in gone:
        del channel.order[bisect.bisect_left(channel.order, number)]
    if gone:
        _tell(state, channel, channel.journal.note("delete", gone), push=push)


def change(state: State, channel: Channel, *, push: bool = True, **changes: Any) -> None:
    """Change the channel itself: its title, its username, a flag."""
    for name, value in changes.items():
        setattr(channel, name, value)
    if push:
        about(state, channel)


def about(state: State, channel: Channel) -> None:
    """Tell the members that the channel itself changed."""
    for account_id in sorted(channel.members):
        state.tell(Push(account_id=account_id, subject="about", channel_id=channel.id))


def join(state: State, channel: Channel, account_id: int) -> None:
    """Make an account a member; it hears of every post from now on."""
    if account_id in channel.members:
        raise RefusedError(400, "USER_ALREADY_PARTICIPANT")
    joined = sum(account_id in other.members for other in state.channels.values())
    behaviour = state.behaviour
    premium = state.accounts[account_id].premium
    if joined >= (behaviour.channels_limit_premium if premium else behaviour.channels_limit):
        raise RefusedError(400, "CHANNELS_TOO_MUCH")
    channel.members.add(account_id)
    channel.subscribers += 1


def leave(channel: Channel, account_id: int) -> None:
    """End a membership."""
    if account_id not in channel.members:
        raise RefusedError(400, "USER_NOT_PARTICIPANT")
    channel.members.discard(account_id)
    channel.subscribers -= 1


def readable(channel: Channel, account_id: int) -> bool:
    """Say whether an account may read the channel: members may, and anybody where it is public."""
    if channel.lost or account_id in channel.banned:
        return False
    return channel.username is not None or account_id in channel.members


def _tell(state: State, channel: Channel, event: Event, *, push: bool, source: int | None = None) -> None:
    if not push:
        return
    for account_id in sorted(channel.members):
        state.tell(Push(account_id=account_id, subject="channel", channel_id=channel.id, event=event, source=source))
