"""What becomes of a channel that is followed: renamed, closed, taken over; over real MTProto."""

from bot.sandbox import faults
from storage import channels, chats, outbox
from storage.models import ChannelId, ChatId
from tests.telegram import edge
from tests.telegram.stage import Stage, news

DAY = 24 * 3600


OWNER = ChatId(4001)


async def test_changes_of_a_channel_are_noted_and_told(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.database.transaction() as tx:
        await chats.pair(tx, chat_id=OWNER, role="owner", language="en", timezone="UTC", now=edge.now())
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
        stage.world.change(channel, title="Путь домой 2", fake=True, restricted=True)
        await stage.until(lambda: noted(stage, 3))
        stage.world.change(channel, username="way_home_2", push=False)
        stage.world.post(channel, "…")
        await stage.until(lambda: noted(stage, 4))
    async with stage.watched.reading() as connection:
        found = await channels.changes(connection, since=0)
        told = await outbox.pending(connection, OWNER, now=edge.now())
    assert len([message for message in told if "📣 Путь домой 2" in message.message.text]) == 4
    assert {(change.field, change.before, change.after) for change in found} == {
        ("title", "Путь домой", "Путь домой 2"),
        ("fake", "no", "yes"),
        ("restricted", "no", "This channel can't be displayed."),
        ("username", "way_home", "way_home_2"),
    }


async def noted(stage: Stage, number: int) -> bool:
    async with stage.watched.reading() as connection:
        return len(await channels.changes(connection, since=0)) == number


async def test_a_channel_that_is_closed_is_told_once_and_the_others_go_on(stage: Stage) -> None:
    closed, other = news(stage.world), news(stage.world, "telegraph", "Московский телеграф")
    async with stage.reader("way_home", "telegraph") as reader:
        await stage.settled(reader, closed, other)
        stage.world.change(closed, lost=True)
        await stage.told.something()
        stage.world.post(other, "дальше")
        await stage.settled(reader, other)
    (text,) = stage.told.texts
    assert text.startswith("Путь домой can no longer be read")
    held = await stage.channel(closed)
    assert (held.state, held.trouble) == ("lost", "closed")


async def test_a_closed_channel_is_asked_for_by_name_before_it_is_given_up(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
        for fault in (faults.Flood(1), faults.RpcError(400, "CONNECTION_NOT_INITED")):
            stage.world.faults.order("contacts.resolveUsername", fault)
        stage.world.change(channel, lost=True)
        await stage.told.something()
    assert stage.world.state.calls["contacts.resolveUsername"] == 4
    assert (await stage.channel(channel)).state == "lost"


async def test_a_channel_without_its_public_name_is_read_no_more(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
        stage.world.change(channel, username=None)
        await stage.told.something()
    assert (await stage.channel(channel)).state == "lost"


async def test_a_name_that_leads_to_another_channel_now_is_not_followed_there(stage: Stage) -> None:
    channel = news(stage.world)
    async with stage.reader("way_home") as reader:
        await stage.settled(reader, channel)
        stage.world.change(channel, username=None, push=False)
        impostor = news(stage.world)
        stage.world.change(channel, title="Путь домой…")
        await stage.told.something()
    assert "its name now leads to another channel" in stage.told.texts[0]
    assert (await stage.channel(channel)).state == "lost"
    async with stage.watched.reading() as connection:
        assert await channels.get(connection, ChannelId(impostor.id)) is None
