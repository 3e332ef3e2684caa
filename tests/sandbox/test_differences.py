"""What was missed is told by differences: paged, with edits and deletions, or as too long."""

from typing import Any

import pytest
from telethon import errors, functions, types

from bot.sandbox import media, state
from bot.sandbox.world import World
from tests.served import Clients


async def difference(reader: Any, pts: int, *, limit: int = 100) -> Any:
    request = functions.updates.GetChannelDifferenceRequest(
        channel="channel", filter=types.ChannelMessagesFilterEmpty(), pts=pts, limit=limit
    )
    return await reader(request)


async def test_a_channel_tells_new_posts_edits_and_deletions_after_a_pts(world: World, client: Clients) -> None:
    channel = world.add_channel("Канал", "channel")
    kept, gone = world.post(channel, "первый"), world.post(channel, "второй")
    seen = channel.journal.pts
    world.edit(kept, "исправлен")
    world.delete(gone)
    world.post(channel, "третий")
    reader = await client(world.add_user())
    told = await difference(reader, seen)
    assert [message.message for message in told.new_messages] == ["третий"]
    edited, deleted = told.other_updates
    assert (edited.message.message, edited.pts, edited.pts_count) == ("исправлен", seen + 1, 1)
    assert (deleted.messages, deleted.pts, deleted.pts_count) == ([gone.id], seen + 2, 1)
    assert (told.pts, told.final) == (channel.journal.pts, True)
    assert isinstance(await difference(reader, told.pts), types.updates.ChannelDifferenceEmpty)


async def test_a_post_deleted_again_is_told_only_as_deleted(world: World, client: Clients) -> None:
    channel = world.add_channel("Канал", "channel")
    seen = channel.journal.pts
    world.delete(world.edit(world.post(channel, "мимолётно"), "совсем"))
    told = await difference(await client(world.add_user()), seen)
    assert told.new_messages == []
    assert [type(update).__name__ for update in told.other_updates] == ["UpdateDeleteChannelMessages"]


async def test_a_long_difference_comes_in_pages(world: World, client: Clients) -> None:
    channel = world.add_channel("Канал", "channel")
    pts = channel.journal.pts
    for number in range(250):
        world.post(channel, str(number))
    reader, found, pages = await client(world.add_user()), [], []
    while True:
        told = await difference(reader, pts)
        pages.append((len(told.new_messages), told.final))
        found += [message.message for message in told.new_messages]
        pts = told.pts
        if told.final:
            break
    assert pages == [(100, False), (100, False), (50, True)]
    assert found == [str(number) for number in range(250)]


async def test_what_the_server_has_forgotten_is_too_long(world: World, client: Clients) -> None:
    channel = world.add_channel("Канал", "channel")
    seen = channel.journal.pts
    for number in range(30):
        world.post(channel, str(number))
    world.forget_events(channel)
    reader = await client(world.add_user())
    told = await difference(reader, seen)
    assert isinstance(told, types.updates.ChannelDifferenceTooLong)
    assert told.dialog.pts == channel.journal.pts
    assert [message.message for message in told.messages] == [str(number) for number in range(29, 19, -1)]
    assert isinstance(await difference(reader, channel.journal.pts), types.updates.ChannelDifferenceEmpty)


async def test_a_pts_that_cannot_be_is_refused(world: World, client: Clients) -> None:
    world.add_channel("Канал", "channel")
    reader = await client(world.add_user())
    with pytest.raises(errors.PersistentTimestampEmptyError):
        await difference(reader, 0)
    with pytest.raises(errors.PersistentTimestampInvalidError):
        await difference(reader, 1000)


async def test_missed_letters_edits_and_deletions_are_told(world: World, client: Clients) -> None:
    user, bot = world.add_user(), world.add_bot()
    reader = await client(bot)
    start = await reader(functions.updates.GetStateRequest())
    first, second = world.write(user, bot, "/start"), world.write(user, bot, "/help")
    world.edit_letter(first, "/stop")
    world.delete_letters(second)
    request = functions.updates.GetDifferenceRequest(pts=start.pts, date=start.date, qts=start.qts)
    told = await reader(request)
    assert [message.message for message in told.new_messages] == ["/stop"]
    assert [type(update).__name__ for update in told.other_updates] == ["UpdateEditMessage", "UpdateDeleteMessages"]
    assert [person.id for person in told.users if not person.bot] == [user.id]
    assert told.state.pts == start.pts + 4
    after = functions.updates.GetDifferenceRequest(pts=told.state.pts, date=start.date, qts=0)
    assert isinstance(await reader(after), types.updates.DifferenceEmpty)


async def test_many_missed_letters_come_in_slices_or_are_too_long(world: World, client: Clients) -> None:
    user, bot = world.add_user(), world.add_bot()
    for number in range(120):
        world.write(user, bot, str(number))
    reader = await client(bot)
    told = await reader(functions.updates.GetDifferenceRequest(pts=1, date=0, qts=0))
    assert isinstance(told, types.updates.DifferenceSlice)
    rest = await reader(functions.updates.GetDifferenceRequest(pts=told.intermediate_state.pts, date=0, qts=0))
    assert (len(told.new_messages), len(rest.new_messages)) == (100, 20)
    bot.journal.forgotten = bot.journal.pts
    long = await reader(functions.updates.GetDifferenceRequest(pts=1, date=0, qts=0))
    assert (type(long), long.pts) == (types.updates.DifferenceTooLong, bot.journal.pts)
    with pytest.raises(errors.PersistentTimestampEmptyError):
        await reader(functions.updates.GetDifferenceRequest(pts=0, date=0, qts=0))
    with pytest.raises(errors.PersistentTimestampInvalidError):
        await reader(functions.updates.GetDifferenceRequest(pts=9999, date=0, qts=0))


async def test_a_server_may_call_any_gap_too_long(client: Clients, world: World) -> None:
    world.state.behaviour = state.Behaviour(too_long=5)
    channel = world.add_channel("Канал", "channel")
    for number in range(6):
        world.post(channel, str(number), media=media.photo())
    reader = await client(world.add_user())
    assert isinstance(await difference(reader, 1), types.updates.ChannelDifferenceTooLong)
    assert isinstance(await difference(reader, 2), types.updates.ChannelDifference)
