"""The reader over real MTProto: from the names in the settings to posts in the database."""

import asyncio
from dataclasses import replace

import pytest
from telethon.tl import types

from bot.commands.reader import Unavailable
from bot.sandbox import faults, media
from bot.sandbox.state import Behaviour, Channel, Push
from bot.sandbox.world import World
from bot.telegram import errors
from storage import settings
from storage.errors import StorageFullError
from tests.telegram import edge
from tests.telegram.stage import BUSY, SWIFT, Stage, news

DAY = 24 * 3600


async def test_the_first_time_the_last_week_is_read_and_the_channel_joined(stage: Stage) -> None:
    channel = stage.world.add_channel("Путь домой", "way_home")
    now = edge.now()
    stage.world.post(channel, "давно", date=now - 8 * DAY)
    stage.world.post(channel, "на днях", date=now - 6 * DAY)
    stage.world.service(channel, media.pinned())
    stage.world.post(channel, "только что", date=now - 5)

    async def read() -> bool:
        return sorted((await stage.texts(channel)).values()) == ["на днях", "только что"]

    async with stage.reader("@way_home") as reader:
        await stage.until(read)
        await stage.until(lambda: stage.quiet(reader))
    held = await stage.channel(channel)
    assert held.joined
    assert stage.account.id in channel.members
    assert abs((held.held_from or 0) - (now - 7 * DAY)) < 5
    assert held.cursor.pts == channel.journal.pts
    assert held.checked_at is not None


async def test_posts_edits_and_deletions_are_taken_as_they_come_without_a_call(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
        calls = stage.world.state.calls.copy()
        first = stage.world.post(channel, "Повестка", media=media.photo())
        second = stage.world.post(channel, "лишнее")
        stage.world.edit(first, "Повестки")
        stage.world.delete(second)
        stage.world.album(channel, [media.photo(), media.photo()], "альбом")
        await stage.settled(reader, channel)
        assert stage.world.state.calls == calls
    assert [one.kind for one in await stage.revisions(channel, first.id)] == ["posted", "edited"]
    gone = (await stage.held(channel))[second.id]
    assert (gone.post.text, gone.deleted_at is not None) == ("лишнее", True)


async def test_the_same_message_ids_in_two_channels_are_different_posts(stage: Stage) -> None:
    one, other = news(stage.world), news(stage.world, "telegraph", "Московский телеграф")
    async with stage.reader("way_home", "telegraph") as reader:
        await stage.settled(reader, one, other)
        first, second = stage.world.post(one, "здесь"), stage.world.post(other, "там")
        assert first.id == second.id
        stage.world.delete(first)
        await stage.settled(reader, one, other)
    assert (await stage.texts(other))[second.id] == "там"


async def test_a_rich_post_of_which_a_part_came_is_fetched_whole(stage: Stage) -> None:
    channel = stage.world.add_channel("Путь домой", "way_home")
    stage.world.post(channel, rich=media.rich("начало", "конец", shown=1))
    async with stage.reader("way_home") as reader:
        await stage.until(lambda: holds(stage, channel, {1: "начало\nконец"}))
        await stage.until(lambda: stage.quiet(reader))
        stage.world.post(channel, rich=media.rich("ещё", "весь", shown=1))
        await stage.until(lambda: holds(stage, channel, {1: "начало\nконец", 2: "ещё\nвесь"}))
        stage.world.faults.order("messages.getRichMessage", faults.RpcError(400, "MESSAGE_ID_INVALID"))
        stage.world.post(channel, rich=media.rich("часть", "остаток", shown=1))
        await stage.until(lambda: holds(stage, channel, {1: "начало\nконец", 2: "ещё\nвесь", 3: "часть"}))
    assert [one.kind for one in await stage.revisions(channel, 2)] == ["posted"]


async def holds(stage: Stage, channel: Channel, texts: dict[int, str]) -> bool:
    return await stage.texts(channel) == texts


async def test_a_channel_that_may_not_be_joined_is_read_on_a_timer(stage: Stage) -> None:
    channel = news(stage.world)
    stage.world.faults.order("channels.joinChannel", faults.RpcError(400, "CHANNELS_TOO_MUCH"), times=faults.ALWAYS)
    async with stage.reader("way_home", pace=BUSY):
        await stage.whole(channel)
        post = stage.world.post(channel, "никому не сказано")
        stage.world.edit(post, "и правка")
        await stage.whole(channel)
    assert not (await stage.channel(channel)).joined


async def test_a_join_that_has_to_wait_keeps_nothing_from_being_read(stage: Stage) -> None:
    channel = news(stage.world)
    stage.world.faults.order("channels.joinChannel", faults.Flood(1))
    async with stage.reader("way_home") as reader:
        await stage.whole(channel)
        assert any(wait.seconds for wait in reader.state().waiting)
        assert not (await stage.channel(channel)).joined
        await stage.until(lambda: stage.joined(channel))
        stage.world.post(channel, "после")
        await stage.whole(channel)


async def test_channels_that_wait_long_to_be_joined_are_read_at_once(stage: Stage) -> None:
    one, other = news(stage.world), news(stage.world, "telegraph", "Московский телеграф")
    stage.world.faults.order("channels.joinChannel", faults.Flood(600))
    for _ in range(2):
        async with stage.reader("way_home", "telegraph") as reader:
            await stage.settled(reader, one, other)
            stage.world.post(one, "…")
        stage.world.faults.order("channels.joinChannel", faults.Flood(600))


async def test_a_join_that_fails_is_tried_again(stage: Stage) -> None:
    channel = news(stage.world)
    order = stage.world.faults.order("channels.joinChannel", faults.LoseReply(), times=2)
    async with stage.reader("way_home", pace=replace(SWIFT, limit=0.3, limit_asked=0.3)):
        await stage.whole(channel)
        await stage.until(lambda: stage.joined(channel))
    assert order.fired == 2


async def test_a_server_that_fails_is_borne_and_shown_with_the_channel(stage: Stage) -> None:
    channel = news(stage.world)
    failing = stage.world.faults.order(
        "messages.getHistory", faults.RpcError(400, "MSG_ID_INVALID"), times=faults.ALWAYS
    )
    async with stage.reader("way_home") as reader:
        await stage.until(lambda: troubled(stage, channel))
        assert "MSG_ID_INVALID" in str((await stage.channel(channel)).trouble)
        assert reader.state().catching_up == ()
        stage.world.faults.cancel(failing)
        await stage.settled(reader, channel)
        await stage.until(lambda: untroubled(stage, channel))


async def troubled(stage: Stage, channel: Channel) -> bool:
    return await stage.knows(channel) and (await stage.channel(channel)).trouble is not None


async def untroubled(stage: Stage, channel: Channel) -> bool:
    return not await troubled(stage, channel)


async def test_a_database_that_fails_ends_the_reader_with_its_own_error(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.client() as client:
        reader = stage.make(client, ["way_home"])
        run = asyncio.create_task(reader.run(asyncio.Event()))
        await stage.settled(reader, channel)
        stage.watched.full = True
        stage.world.post(channel, "…")
        with pytest.raises(StorageFullError):
            await run


async def test_when_telegram_says_that_too_much_happened_every_channel_is_looked_at(stage: Stage) -> None:
    one, other = news(stage.world), news(stage.world, "telegraph", "Московский телеграф")
    async with stage.client() as client:
        reader, stop = stage.make(client, ["way_home", "telegraph"]), asyncio.Event()
        run = asyncio.create_task(reader.run(stop))
        await stage.settled(reader, one, other)
        for channel in (one, other):
            stage.world.post(channel, "…", push=False)
        reader._live.receive(types.UpdatesTooLong())
        await stage.settled(reader, one, other)
        stop.set()
        await run


async def test_a_channel_that_the_account_has_left_elsewhere_is_read_on_a_timer_as_often_as_others(
    stage: Stage,
) -> None:
    channel = news(stage.world)
    async with stage.reader("way_home", pace=replace(SWIFT, quick=0.05)) as reader:
        await stage.settled(reader, channel)
        stage.world.post(channel, "дальше")
        await stage.settled(reader, channel)
        channel.members.discard(stage.account.id)
        stage.world.state.tell(Push(account_id=stage.account.id, subject="about", channel_id=channel.id))
        await stage.until(lambda: left(stage, channel))
        await stage.settled(reader, channel)
        stage.world.post(channel, "после")
        await stage.settled(reader, channel)


async def left(stage: Stage, channel: Channel) -> bool:
    return not await stage.joined(channel)


async def test_a_session_that_was_ended_ends_the_reader_with_a_sentence(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.client() as client:
        reader = stage.make(client, ["way_home"])
        run = asyncio.create_task(reader.run(asyncio.Event()))
        await stage.settled(reader, channel)
        stage.world.sign_out(stage.account)
        assert isinstance(await reader.find("@telegraph"), Unavailable)
        with pytest.raises(errors.SignedOutError, match="signed out"):
            await run
        assert not reader.state().connected
        assert isinstance(await reader.find("@telegraph"), Unavailable)
        assert isinstance(await reader.follow((await stage.channel(channel)).info), Unavailable)


async def test_another_account_joins_again_and_mends_its_access(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
    other = stage.world.add_user(phone="79990000002")
    stage.place().session.unlink()
    stage.account = other
    await stage.sign_in()
    stage.world.post(channel, "между")
    async with stage.reader("way_home") as reader:
        await stage.until(lambda: stage.joined(channel))
        await stage.settled(reader, channel)
        assert other.id in channel.members
        stage.world.post(channel, "после")
        await stage.settled(reader, channel)
    async with stage.watched.reading() as connection:
        assert await settings.get(connection, "reader_id") == str(other.id)


class TestOnAnotherServer:
    """Ids are global, optional fields are left out, calls are missing."""

    @pytest.fixture
    def world(self) -> World:
        missing = {"updates.getChannelDifference", "channels.joinChannel", "help.getConfig", "contacts.search"}
        return World(behaviour=Behaviour(global_message_ids=True, sparse=True, missing_calls=frozenset(missing)))

    async def test_posts_are_read_all_the_same(self, stage: Stage) -> None:
        one, other = news(stage.world), news(stage.world, "telegraph", "Московский телеграф")
        one.members.add(stage.account.id)
        async with stage.reader("way_home", "telegraph", pace=BUSY) as reader:
            await stage.whole(one, other)
            for number in range(5):
                stage.world.post(one, f"здесь {number}")
                stage.world.post(other, f"там {number}")
            await stage.whole(one, other)
            assert isinstance(await reader.find("мы вместе"), Unavailable)
        assert (await stage.channel(one)).info.username == "way_home"


class TestWithAnotherClock:
    """The server's clock is ahead of ours."""

    @pytest.fixture
    def world(self) -> World:
        return World(clock=lambda: edge.now() + 3600)

    async def test_age_is_judged_by_the_server_and_the_owner_is_warned(self, stage: Stage) -> None:
        async with stage.reader() as reader:
            await stage.told.something()
            assert reader.state().clock_offset == pytest.approx(3600, abs=2)
            assert reader.now() == pytest.approx(edge.now() + 3600, abs=2)
        assert "clock of this computer" in stage.told.texts[0]
