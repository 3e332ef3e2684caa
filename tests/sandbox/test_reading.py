"""Channels are found, joined, read and left; groups and private places are what they are."""

import datetime
from typing import Any

import pytest
from telethon import errors, functions, types

from bot.sandbox import media
from bot.sandbox.world import World
from tests.served import Clients


async def test_a_channel_is_found_by_its_name_in_any_case_and_shows_its_flags(world: World, client: Clients) -> None:
    channel = world.add_channel("Путь домой", "Way_Home", fake=True, restricted=True, subscribers=61_000)
    reader = await client(world.add_user())
    found = await reader.get_entity("way_HOME")
    assert (found.id, found.title, found.username) == (channel.id, "Путь домой", "Way_Home")
    assert (found.fake, found.scam, found.verified, found.restricted) == (True, False, False, True)
    assert (found.broadcast, found.left, found.participants_count) == (True, True, 61_000)
    with pytest.raises(errors.UsernameNotOccupiedError):
        await reader(functions.contacts.ResolveUsernameRequest("nobody_here"))


async def test_channels_are_searched_by_title_the_largest_first(world: World, client: Clients) -> None:
    world.add_channel("Московский телеграф", "telegraph_small", subscribers=10)
    large = world.add_channel("Московский Телеграф", "telegraph_large", subscribers=1000)
    world.add_channel("Закрытый телеграф")
    reader = await client(world.add_user())
    await reader(functions.channels.JoinChannelRequest("telegraph_large"))
    found = await reader(functions.contacts.SearchRequest("московский телеграф", 10))
    assert [chat.username for chat in found.chats] == ["telegraph_large", "telegraph_small"]
    assert found.my_results == [types.PeerChannel(large.id)]
    with pytest.raises(errors.SearchQueryEmptyError):
        await reader(functions.contacts.SearchRequest(" ", 10))


async def test_joining_makes_a_member_and_leaving_ends_it(world: World, client: Clients) -> None:
    user, channel = world.add_user(), world.add_channel("Канал", "channel")
    reader = await client(user)
    joined = await reader(functions.channels.JoinChannelRequest("channel"))
    assert isinstance(joined, types.messages.ChatInviteJoinResultOk)
    assert not joined.updates.chats[0].left
    await reader(functions.channels.JoinChannelRequest("channel"))
    assert channel.subscribers == 1
    await reader(functions.channels.LeaveChannelRequest("channel"))
    assert not channel.members
    with pytest.raises(errors.UserNotParticipantError):
        await reader(functions.channels.LeaveChannelRequest("channel"))


async def test_history_is_paged_from_the_newest_down(world: World, client: Clients) -> None:
    channel = world.add_channel("Канал", "channel")
    for number in range(1, 251):
        world.post(channel, f"пост {number}", date=1_700_000_000 + number)
    reader = await client(world.add_user())
    posts = await reader.get_messages("channel", limit=None, wait_time=0)
    assert [post.id for post in posts] == list(range(250, 0, -1))
    above = await reader.get_messages("channel", limit=None, min_id=245)
    assert [post.id for post in above] == [250, 249, 248, 247, 246]
    below = await reader.get_messages("channel", limit=3, max_id=10)
    assert [post.id for post in below] == [9, 8, 7]
    date = datetime.datetime.fromtimestamp(1_700_000_005, tz=datetime.UTC)
    before = await reader.get_messages("channel", limit=2, offset_date=date)
    assert [post.id for post in before] == [4, 3]
    upwards = [post.id async for post in reader.iter_messages("channel", reverse=True, limit=3, min_id=100)]
    assert upwards == [101, 102, 103]


async def test_posts_carry_what_they_were_given(world: World, client: Clients) -> None:
    origin = world.add_channel("Источник", "origin")
    channel = world.add_channel("Канал", "channel")
    first = world.post(origin, "жирно", entities=[media.bold(0, 5)], views=500)
    world.forward(first, channel)
    world.album(channel, [media.photo(), media.video()], "альбом")
    world.post(channel, media=media.poll("Когда?", "сегодня", "завтра"))
    world.post(channel, "см.", media=media.preview("https://x.test/", title="Заголовок", description="Суть"))
    world.service(channel, media.pinned())
    reader = await client(world.add_user())
    service, preview, poll, video, photo, forward = await reader.get_messages("channel", limit=10)
    assert isinstance(service.action, types.MessageActionPinMessage)
    assert (preview.web_preview.title, preview.web_preview.description) == ("Заголовок", "Суть")
    assert [answer.text.text for answer in poll.poll.poll.answers] == ["сегодня", "завтра"]
    assert photo.grouped_id == video.grouped_id is not None
    assert (photo.raw_text, video.raw_text) == ("альбом", "")
    assert (photo.photo is None, video.video is None) == (False, False)
    assert (forward.fwd_from.from_id.channel_id, forward.fwd_from.channel_post) == (origin.id, first.id)
    assert isinstance(forward.entities[0], types.MessageEntityBold)
    held = await reader.get_messages("origin", ids=[first.id, 99])
    assert (held[0].views, held[0].forwards, held[1]) == (500, 1, None)


async def test_every_kind_of_media_travels(world: World, client: Clients) -> None:
    channel = world.add_channel("Канал", "channel")
    kinds = [media.voice(), media.sticker(), media.document("отчёт.pdf"), media.place(), media.unsupported()]
    for kind in kinds:
        world.post(channel, media=kind)
    reader = await client(world.add_user())
    posts = (await reader.get_messages("channel", limit=10))[::-1]
    assert posts[0].voice
    assert posts[1].sticker
    assert posts[2].file.name == "отчёт.pdf"
    assert posts[3].geo
    assert isinstance(posts[4].media, types.MessageMediaUnsupported)


async def test_a_long_rich_text_is_shown_in_part_and_fetched_whole(world: World, client: Clients) -> None:
    channel = world.add_channel("Канал", "channel")
    post = world.post(channel, rich=media.rich("первый", "второй", "третий", shown=1))
    short = world.post(channel, rich=media.rich("весь"))
    reader = await client(world.add_user())
    seen = await reader.get_messages("channel", ids=post.id)
    assert (seen.rich_message.part, len(seen.rich_message.blocks), seen.raw_text) == (True, 1, "")
    whole = (await reader(functions.messages.GetRichMessageRequest("channel", post.id))).messages[0]
    assert [block.text.text for block in whole.rich_message.blocks] == ["первый", "второй", "третий"]
    assert not (await reader.get_messages("channel", ids=short.id)).rich_message.part
    plain = world.post(channel, "без")
    with pytest.raises(errors.MessageIdInvalidError):
        await reader(functions.messages.GetRichMessageRequest("channel", plain.id))


async def test_views_are_counted_only_when_asked_for(world: World, client: Clients) -> None:
    channel = world.add_channel("Канал", "channel")
    post = world.post(channel, "пост", views=7, forwards=2)
    reader = await client(world.add_user())
    for increment, expected in ((False, 7), (True, 8), (False, 8)):
        told = await reader(functions.messages.GetMessagesViewsRequest("channel", [post.id, 99], increment))
        assert (told.views[0].views, told.views[0].forwards, told.views[1].views) == (expected, 2, None)


async def test_groups_users_and_invite_links_can_be_told_from_channels(world: World, client: Clients) -> None:
    world.add_channel("Чат", "chat", kind="megagroup")
    world.add_user(phone="1", username="somebody")
    secret = world.add_channel("Закрытый", invite="AbCdEf")
    user = world.add_user(phone="2")
    reader = await client(user)
    assert (await reader.get_entity("chat")).megagroup
    assert isinstance(await reader.get_entity("somebody"), types.User)
    invited = await reader(functions.messages.CheckChatInviteRequest("AbCdEf"))
    assert (invited.title, invited.broadcast, invited.public) == ("Закрытый", True, False)
    secret.members.add(user.id)
    assert isinstance(await reader(functions.messages.CheckChatInviteRequest("AbCdEf")), types.ChatInviteAlready)
    with pytest.raises(errors.InviteHashExpiredError):
        await reader(functions.messages.CheckChatInviteRequest("unknown"))


async def test_an_access_hash_of_another_account_is_of_no_use(world: World, client: Clients) -> None:
    world.add_channel("Канал", "channel")
    one, other = await client(world.add_user(phone="1")), await client(world.add_user(phone="2"))
    borrowed = await one.get_input_entity("channel")
    assert await one.get_messages(borrowed, limit=1) == []
    with pytest.raises(errors.ChannelInvalidError):
        await other(functions.channels.GetChannelsRequest([borrowed]))


async def test_what_is_private_banned_or_lost_cannot_be_read(world: World, client: Clients) -> None:
    user = world.add_user()
    channel = world.add_channel("Канал", "channel", members=(user,))
    reader = await client(user)
    peer = await reader.get_input_entity("channel")
    world.change(channel, username=None)
    assert await history(reader, peer) == []
    world.ban(channel, user)
    with pytest.raises(errors.ChannelPrivateError):
        await history(reader, peer)
    lost = world.add_channel("Другой", "other")
    peer = await reader.get_input_entity("other")
    world.change(lost, lost=True)
    with pytest.raises(errors.ChannelPrivateError):
        await history(reader, peer)


async def test_no_more_channels_can_be_joined_than_the_limit(world: World, client: Clients) -> None:
    user = world.add_user()
    for number in range(500):
        world.add_channel(f"Канал {number}", members=(user,))
    world.add_channel("Ещё один", "one_more")
    reader = await client(user)
    with pytest.raises(errors.ChannelsTooMuchError):
        await reader(functions.channels.JoinChannelRequest("one_more"))
    config = await reader(functions.help.GetAppConfigRequest(0))
    assert config.config.value[0].value.value == 500


async def test_a_channel_shows_all_that_is_known_of_it(world: World, client: Clients) -> None:
    user = world.add_user()
    channel = world.add_channel("Канал", "channel", about="О нас", members=(user,), subscribers=5)
    world.post(channel, "пост")
    reader = await client(user)
    full = (await reader(functions.channels.GetFullChannelRequest("channel"))).full_chat
    assert (full.about, full.participants_count, full.pts) == ("О нас", 5, channel.journal.pts)
    shown = await reader(functions.channels.GetChannelsRequest(["channel"]))
    assert shown.chats[0].id == channel.id
    world.write(user, user, "себе")
    dialogs = await reader.get_dialogs()
    assert {dialog.name for dialog in dialogs} == {"Канал", "Reader"}


async def history(client: Any, peer: Any) -> Any:
    request = functions.messages.GetHistoryRequest(
        peer=peer, offset_id=0, offset_date=None, add_offset=0, limit=10, max_id=0, min_id=0, hash=0
    )
    return (await client(request)).messages


async def test_what_is_no_channel_cannot_be_read_as_one(world: World, client: Clients) -> None:
    reader = await client(world.add_user())
    for named in (types.InputChannelEmpty(), types.InputChannel(5, 5)):
        with pytest.raises(errors.ChannelInvalidError):
            await reader(functions.channels.GetFullChannelRequest(named))
    with pytest.raises(errors.PeerIdInvalidError):
        await history(reader, types.InputPeerChat(5))


async def test_links_in_posts_and_new_titles_travel(world: World, client: Clients) -> None:
    channel = world.add_channel("Канал", "channel")
    world.post(channel, "здесь", entities=[media.link(0, 5, "https://x.test/")], author="Подпись")
    world.service(channel, media.retitled("Новое имя"))
    reader = await client(world.add_user())
    service, post = await reader.get_messages("channel", limit=2)
    assert (service.action.title, post.entities[0].url, post.post_author) == (
        "Новое имя",
        "https://x.test/",
        "Подпись",
    )
