"""Which channels are followed: those of the settings, and those that people ask for; over real MTProto."""

from bot.commands.reader import Candidates, Refusal, Unavailable
from bot.sandbox import faults
from storage.models import Channel, ChannelId
from tests.telegram.stage import Stage, news

DAY = 24 * 3600


async def test_what_is_no_public_channel_is_told_once_and_the_others_go_on(stage: Stage) -> None:
    stage.world.add_channel("Чат", "garrison_chat", kind="megagroup")
    stage.world.add_user(phone="79990000002", username="somebody")
    stage.world.add_bot()
    channel = news(stage.world)
    names = ("@garrison_chat", "somebody", "homefront_bot", "nobody_there", "t.me/+AbC", "Путь домой", "way_home")
    for _ in range(2):
        async with stage.reader(*names) as reader:
            await stage.settled(reader, channel)
    told = [text.split(" is not read: ")[0] for text in stage.told.texts]
    assert told == list(names[:-1])
    assert len(set(stage.told.texts)) == len(told)


async def test_names_that_cannot_be_looked_up_now_are_tried_again(stage: Stage) -> None:
    one, other = news(stage.world), news(stage.world, "telegraph", "Московский телеграф")
    stage.world.faults.order("contacts.resolveUsername", faults.Flood(1))
    stage.world.faults.order("contacts.resolveUsername", faults.RpcError(400, "CONNECTION_NOT_INITED"), times=2)
    async with stage.reader("way_home", "telegraph") as reader:
        await stage.settled(reader, one, other)
    assert stage.told.texts == []


async def test_a_name_is_resolved_once_and_what_was_removed_stays_removed(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.reader("Way_Home") as reader:
        await stage.settled(reader, channel)
        await reader.unfollow(ChannelId(channel.id))
    stage.world.change(channel, username="new_name")
    stage.world.post(channel, "после")
    async with stage.reader("way_home") as reader:
        await stage.until(lambda: stage.quiet(reader))
    assert stage.world.state.calls["contacts.resolveUsername"] == 1
    assert (await stage.channel(channel)).state == "removed"
    assert "после" not in (await stage.texts(channel)).values()


async def test_a_channel_that_is_followed_again_is_read_from_where_it_was_left(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
        await reader.unfollow(ChannelId(channel.id))
        stage.world.post(channel, "между")
        info = (await stage.channel(channel)).info
        again = await reader.follow(info)
        assert isinstance(again, Channel)
        followed_twice = await reader.follow(info)
        assert isinstance(followed_twice, Channel)
        assert (followed_twice.state, followed_twice.added_at) == (again.state, again.added_at)
        await stage.settled(reader, channel)
        stage.world.post(channel, "после")
        await stage.settled(reader, channel)


async def test_unfollowing_needs_no_server(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
    async with stage.client() as client:
        reader = stage.make(client)
        await reader.unfollow(ChannelId(channel.id))
        assert (await stage.channel(channel)).state == "removed"
        followed = await reader.follow((await stage.channel(channel)).info)
        assert followed == await stage.channel(channel)
        assert isinstance(await reader.find("@way_home"), Unavailable)
        assert not reader.state().connected


async def test_channels_are_found_by_name_link_and_title(stage: Stage) -> None:
    channel = news(stage.world)
    news(stage.world, "way_home_2", "Путь домой. Чита")
    stage.world.add_channel("Путь домой (чат)", "way_home_chat", kind="megagroup")
    async with stage.reader() as reader:
        for query in ("@way_home", "t.me/way_home/5", "way_home"):
            found = await reader.find(query)
            assert isinstance(found, Candidates)
            assert (found.exact, [info.id for info in found.infos]) == (True, [channel.id])
        titled = await reader.find("путь домой")
        assert isinstance(titled, Candidates)
        assert not titled.exact
        assert {info.username: info.subscribers for info in titled.infos} == {
            "way_home": 61_000,
            "way_home_2": 61_000,
        }
        assert await reader.find("нет такого") == Candidates(infos=(), exact=False)
        assert await reader.find("@way_home_chat") == Refusal(reason="group")
        assert await reader.find("@nobody_there") == Refusal(reason="unknown")
        assert await reader.find("t.me/+AbC") == Refusal(reason="invite")


async def test_a_search_that_fails_says_so(stage: Stage) -> None:
    stage.world.faults.order("contacts.search", faults.RpcError(400, "QUERY_TOO_SHORT"))
    stage.world.faults.order("contacts.search", faults.RpcError(403, "CHAT_FORBIDDEN"))
    async with stage.reader() as reader:
        assert await reader.find("мы вместе") == Candidates(infos=(), exact=False)
        assert await reader.find("мы вместе") == Unavailable(reason="CHAT_FORBIDDEN")
