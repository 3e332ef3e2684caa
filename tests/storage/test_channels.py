from dataclasses import replace

from storage import channels, posts
from storage.database import Connection
from storage.models import Channel, ChannelChange, ChannelId, Cursor, MessageId
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, post


async def held(tx: Connection, channel_id: ChannelId = CHANNEL) -> Channel:
    channel = await channels.get(tx, channel_id)
    assert channel is not None
    return channel


def cursor(pts: int | None, complete_id: int) -> Cursor:
    return Cursor(pts=pts, complete_id=MessageId(complete_id))


async def test_a_new_channel_is_followed_from_nothing(tx: Connection) -> None:
    info = channel_info(OTHER_CHANNEL, username=None, fake=True, subscribers=None)
    channel = await channels.follow(tx, info, joined=False, now=NOW)
    assert channel == await held(tx, OTHER_CHANNEL)
    assert channel == Channel(
        info=info,
        state="followed",
        joined=False,
        added_at=NOW,
        cursor=cursor(None, 0),
        held_from=None,
        checked_at=None,
        trouble=None,
    )


async def test_a_channel_never_heard_of_is_none(tx: Connection) -> None:
    assert await channels.get(tx, OTHER_CHANNEL) is None


async def test_channels_are_followed_oldest_first_and_without_those_removed_or_lost(tx: Connection) -> None:
    for number, at in ((2, NOW + 5), (3, NOW + 4), (4, NOW + 3), (5, NOW + 2)):
        await channels.follow(tx, channel_info(number), joined=True, now=at)
    await channels.unfollow(tx, ChannelId(3))
    await channels.lose(tx, ChannelId(4), trouble="The channel is private now.")
    assert [channel.info.id for channel in await channels.followed(tx)] == [CHANNEL, 5, 2]


async def test_a_channel_that_comes_back_keeps_its_cursor_and_its_history(tx: Connection) -> None:
    await posts.put(tx, post(), language="ru", now=NOW)
    await channels.advance(tx, CHANNEL, cursor(40, 15))
    await channels.set_held_from(tx, CHANNEL, NOW - 900)
    await channels.unfollow(tx, CHANNEL)
    assert (await held(tx)).state == "removed"
    assert not (await held(tx)).joined
    channel = await channels.follow(tx, channel_info(title="Новые вести"), joined=True, now=NOW + 60)
    assert (channel.state, channel.joined, channel.added_at) == ("followed", True, NOW + 60)
    assert (channel.cursor, channel.held_from) == (cursor(40, 15), NOW - 900)
    assert channel.info.title == "Новые вести"
    assert await posts.get(tx, CHANNEL, MessageId(1)) is not None


async def test_a_channel_that_was_only_lost_is_followed_since_the_beginning(tx: Connection) -> None:
    await channels.lose(tx, CHANNEL, trouble="The channel is private now.")
    lost = await held(tx)
    assert (lost.state, lost.joined, lost.trouble) == ("lost", False, "The channel is private now.")
    channel = await channels.follow(tx, channel_info(), joined=True, now=NOW + 60)
    assert (channel.state, channel.added_at, channel.trouble) == ("followed", NOW, None)


async def test_trouble_comes_and_goes(tx: Connection) -> None:
    await channels.trouble(tx, CHANNEL, "The server answers 500.")
    assert (await held(tx)).trouble == "The server answers 500."
    await channels.trouble(tx, CHANNEL, None)
    assert (await held(tx)).trouble is None


async def test_what_the_reader_learns_is_noted(tx: Connection) -> None:
    await channels.checked(tx, CHANNEL, now=NOW + 1)
    await channels.set_held_from(tx, CHANNEL, NOW - 7)
    await channels.set_joined(tx, CHANNEL, joined=False)
    channel = await held(tx)
    assert (channel.checked_at, channel.held_from, channel.joined) == (NOW + 1, NOW - 7, False)


async def test_the_cursor_goes_on_and_what_is_complete_stays_complete(tx: Connection) -> None:
    await channels.advance(tx, CHANNEL, cursor(40, 15))
    assert (await held(tx)).cursor == cursor(40, 15)
    await channels.advance(tx, CHANNEL, cursor(None, 12))
    assert (await held(tx)).cursor == cursor(None, 15)
    await channels.advance(tx, CHANNEL, cursor(41, 16))
    assert (await held(tx)).cursor == cursor(41, 16)


async def test_changes_of_name_and_flags_are_noted(tx: Connection) -> None:
    info = channel_info(username=None, title="Вести", verified=True, fake=True)
    noted = await channels.update_info(tx, info, now=NOW + 9)
    expected = [
        ("username", "garrison_news", ""),
        ("title", "Вести гарнизона", "Вести"),
        ("verified", "no", "yes"),
        ("fake", "no", "yes"),
    ]
    assert noted == tuple(
        ChannelChange(channel_id=CHANNEL, at=NOW + 9, field=field, before=before, after=after)
        for field, before, after in expected
    )
    assert await channels.changes(tx, since=NOW + 9) == noted
    assert await channels.changes(tx, since=NOW + 10) == ()
    assert (await held(tx)).info == info


async def test_subscribers_and_access_hash_are_stored_without_a_note(tx: Connection) -> None:
    info = channel_info(subscribers=1300, access_hash=-78)
    assert await channels.update_info(tx, info, now=NOW) == ()
    assert (await held(tx)).info == info


async def test_subscribers_that_are_not_told_stay_as_they_were(tx: Connection) -> None:
    await channels.update_info(tx, channel_info(subscribers=None), now=NOW)
    assert (await held(tx)).info.subscribers == 1200


async def test_a_channel_that_is_not_held_is_left_alone(tx: Connection) -> None:
    assert await channels.update_info(tx, channel_info(OTHER_CHANNEL), now=NOW) == ()
    assert await channels.get(tx, OTHER_CHANNEL) is None


async def test_a_channel_is_found_by_its_username_in_any_case(tx: Connection) -> None:
    assert await channels.by_username(tx, "Garrison_News") == await held(tx)
    assert await channels.by_username(tx, "garrison") is None


async def test_the_followed_bearer_of_a_username_goes_before_a_former_one(tx: Connection) -> None:
    await channels.follow(tx, channel_info(OTHER_CHANNEL), joined=True, now=NOW)
    await channels.unfollow(tx, CHANNEL)
    found = await channels.by_username(tx, "garrison_news")
    assert found == replace(await held(tx, OTHER_CHANNEL), joined=True)
