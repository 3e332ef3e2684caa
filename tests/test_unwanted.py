"""A mute cancels what is not yet sent."""

import pytest

from bot import delivery, unwanted
from storage import chats
from storage.database import Database
from storage.models import ChatId, Mute, MuteKind
from tests.delivering import CHANNEL, CHAT, NOW, Server, flag, get, queue, run_dry, server, telling, watch

__all__ = ["server", "telling", "watch"]

OTHER = ChatId(4002)


@pytest.mark.parametrize(
    ("kind", "subject", "told"),
    [
        ("channel", str(CHANNEL.id), ["text 3"]),
        ("topic", "rotation", ["text 3"]),
        ("channel", "77", ["alert 1", "text 2", "text 3"]),
        ("topic", "desertion", ["alert 1", "text 2", "text 3"]),
    ],
)
async def test_alerts_of_what_was_muted_are_not_sent_any_more(
    database: Database, telling: delivery.Delivery, server: Server, *, kind: MuteKind, subject: str, told: list[str]
) -> None:
    alert = await flag(database, 1)
    follow_up = await queue(database, 2, kind="followup", act="reply", on=alert)
    await queue(database, 3)
    async with database.transaction() as tx:
        await chats.mute(tx, Mute(chat_id=CHAT, kind=kind, subject=subject, until=None))
        assert await unwanted.cancel(tx, CHAT, now=NOW) == 2 * int(len(told) == 1)
    await run_dry(telling)
    assert sorted(server.texts()) == told
    state = "cancelled" if len(told) == 1 else "sent"
    assert [(await get(database, one)).state for one in (alert, follow_up)] == [state, state]


async def test_what_follows_an_alert_that_was_sent_is_not_told_any_more(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    alert = await flag(database, 1)
    await run_dry(telling)
    follow_up = await queue(database, 2, kind="followup", act="reply", on=alert)
    reply = await queue(database, 3, kind="reply")
    async with database.transaction() as tx:
        await chats.mute(tx, Mute(chat_id=CHAT, kind="story", subject="1", until=None))
        assert await unwanted.cancel(tx, CHAT, now=NOW) == 1
    await run_dry(telling)
    assert [(await get(database, one)).state for one in (alert, follow_up, reply)] == ["sent", "cancelled", "sent"]


async def test_what_another_chat_muted_is_told(database: Database, telling: delivery.Delivery) -> None:
    await flag(database, 1)
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=OTHER, role="reader", language="en", timezone="UTC", now=NOW)
        await chats.mute(tx, Mute(chat_id=OTHER, kind="topic", subject="rotation", until=None))
        assert await unwanted.cancel(tx, CHAT, now=NOW) == 0
