"""Alerts that wait follow what their chat sets meanwhile."""

from bot import audience
from storage import chats, outbox, posts
from storage.database import Database
from storage.models import Subject
from tests import records
from tests.commands import chatting
from tests.commands.test_settings import tap

TOPICS = ("desertion", "mobilization", "rotation")


async def flag(database: Database, number: int, topic: str) -> None:
    """Have an alert wait as it would for the chat as it is."""
    async with database.transaction() as tx:
        chat = await chats.get(tx, records.CHAT)
        assert chat is not None
        put = await posts.put(tx, records.post(number), language="ru", now=records.NOW)
        not_before, why = audience.held_until(chat, now=records.NOW) or (None, None)
        await outbox.add(
            tx,
            chat_id=records.CHAT,
            kind="alert",
            key=f"alert:{number}",
            random_id=number,
            message=records.message(),
            subject=Subject(post_id=put.post_id, topics=(topic,), held=why),
            now=records.NOW,
            not_before=not_before,
        )


async def waiting(database: Database, *, now: int) -> list[str]:
    async with database.reading() as connection:
        return [one.key for one in await outbox.pending(connection, records.CHAT, now=now)]


async def test_alerts_that_were_held_back_come_when_the_quiet_hours_are_lifted(
    chat: chatting.Chatting, database: Database
) -> None:
    await chat.follows(records.channel_info())
    await tap(chat, "set:quiet:720-900")
    await flag(database, 1, "rotation")
    assert await waiting(database, now=records.NOW) == []
    await tap(chat, "set:quiet:720-840")
    assert await waiting(database, now=records.NOW) == []
    assert await waiting(database, now=records.NOW + 3600) == ["alert:1"]
    await tap(chat, "set:quiet:off")
    assert await waiting(database, now=records.NOW) == ["alert:1"]


async def test_alerts_that_wait_follow_what_is_set_meanwhile(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(records.channel_info())
    for number, topic in enumerate(TOPICS, start=1):
        await flag(database, number, topic)
    await tap(chat, "set:topics:desertion")
    assert await waiting(database, now=records.NOW) == ["alert:2", "alert:3"]
    await tap(chat, "set:mode:hourly")
    assert await waiting(database, now=records.NOW) == []
    assert await waiting(database, now=records.NOW + 3600) == ["alert:2", "alert:3"]
    await tap(chat, "set:mode:digest")
    assert await waiting(database, now=records.NOW + 3600) == []


async def test_what_does_not_concern_alerts_leaves_them_alone(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(records.channel_info())
    await tap(chat, "set:mode:hourly")
    await flag(database, 1, "rotation")
    async with database.transaction() as tx:
        (one,) = await outbox.pending(tx, records.CHAT, now=records.NOW + 3600)
        await outbox.hold(tx, [one.id], not_before=records.NOW + 7, held=None)
    await tap(chat, "set:digest:480", "set:sound:rotation", "set:language:uk")
    assert await waiting(database, now=records.NOW + 7) == ["alert:1"]
