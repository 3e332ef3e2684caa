"""A mute cancels what is not yet sent."""

import pytest

from bot import delivery, unwanted
from storage import chats, forgetting, outbox
from storage.database import Database
from storage.models import ChatId, Message, MessageId, Mute, MuteKind, OutboxId, PostId
from tests.delivering import (
    CHANNEL,
    CHAT,
    NOW,
    Server,
    Watch,
    flag,
    get,
    queue,
    run_dry,
    server,
    telling,
    told_in,
    watch,
)

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


@pytest.mark.parametrize("sent", [False, True])
async def test_what_follows_an_alert_that_a_summary_told_is_not_told_any_more(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch, *, sent: bool
) -> None:
    shorten(telling)
    alerts = [await flag(database, number) for number in (1, 2)]
    await run_dry(telling)
    replies = [await follow(database, alert) for alert in alerts]
    if sent:
        watch.at += 60
        await run_dry(telling)
        replies = [await follow(database, alert, changing=reply) for alert, reply in zip(alerts, replies, strict=True)]
    assert await muted(database, "story", "2") == 1
    watch.at += 60
    await run_dry(telling)
    assert [(await get(database, one)).state for one in replies] == ["sent", "cancelled"]
    assert len(server.held) == (3 if sent else 2)


@pytest.mark.parametrize("forgotten", [False, True])
async def test_what_takes_forgotten_words_out_of_the_chat_goes_also_where_their_channel_is_muted(
    database: Database, telling: delivery.Delivery, server: Server, *, forgotten: bool
) -> None:
    alert = await flag(database, 1)
    await run_dry(telling)
    await queue(database, 2, kind="update", act="edit", on=alert)
    if forgotten:
        async with database.transaction() as tx:
            place = forgetting.Place(id=PostId(1), channel_id=CHANNEL.id, message_id=MessageId(1))
            await forgetting.forget(tx, (place,), why="owner", now=NOW, fold=str.lower)
    assert await muted(database, "channel", str(CHANNEL.id)) == int(not forgotten)
    await run_dry(telling)
    assert server.texts() == (["text 2"] if forgotten else ["alert 1"])


async def test_what_another_chat_muted_is_told(database: Database, telling: delivery.Delivery) -> None:
    await flag(database, 1)
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=OTHER, role="reader", language="en", timezone="UTC", now=NOW)
        await chats.mute(tx, Mute(chat_id=OTHER, kind="topic", subject="rotation", until=None))
        assert await unwanted.cancel(tx, CHAT, now=NOW) == 0


async def muted(database: Database, kind: MuteKind, subject: str) -> int:
    async with database.transaction() as tx:
        await chats.mute(tx, Mute(chat_id=CHAT, kind=kind, subject=subject, until=None))
        return await unwanted.cancel(tx, CHAT, now=NOW)


async def follow(database: Database, alert: OutboxId, *, changing: OutboxId | None = None) -> OutboxId:
    """Queue a reply to an alert, or what takes the place of the reply `changing`."""
    async with database.transaction() as tx:
        (told,) = await outbox.by_ids(tx, [alert])
        queued = await outbox.add(
            tx,
            chat_id=CHAT,
            kind="followup",
            key=f"edited:{alert}:{changing}",
            random_id=outbox.new_random_id(),
            message=Message(text=f"reply {alert}"),
            subject=told.subject,
            now=NOW,
            act="reply" if changing is None else "edit",
            depends_on=changing or alert,
        )
    assert queued is not None
    return queued


def shorten(telling: delivery.Delivery) -> None:
    lane = telling.lane(CHAT)
    lane.bucket = lane.bucket.take(lane.bucket.tokens - 1)


async def test_a_summary_that_waits_out_a_pause_is_not_sent_when_all_of_it_was_muted(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    shorten(telling)
    alerts = [await flag(database, number) for number in (1, 2, 3)]
    server.answers = [delivery.RetryAfter(seconds=60)]
    await run_dry(telling)
    assert [(await get(database, one)).state for one in alerts] == ["folded"] * 3
    assert await muted(database, "topic", "rotation") == 3
    watch.at += 61
    await run_dry(telling)
    assert server.held == {}
    assert [(await get(database, one)).state for one in alerts] == ["cancelled"] * 3


async def test_what_else_such_a_summary_tells_is_told_with_what_was_answered_under_it(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    shorten(telling)
    alerts = [await flag(database, number) for number in (1, 2, 3)]
    server.answers = [delivery.RetryAfter(seconds=60)]
    await run_dry(telling)
    replies = [await follow(database, one) for one in alerts]
    assert await muted(database, "story", "2") == 2
    watch.at += 61
    await run_dry(telling)
    assert {number for message in server.held.values() for number in told_in(message)} == {1, 3}
    assert [(await get(database, one)).state for one in replies] == ["sent", "cancelled", "sent"]


async def test_an_edit_that_would_add_something_muted_to_a_summary_is_not_sent(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    shorten(telling)
    for number in (1, 2):
        await flag(database, number)
    await run_dry(telling)
    (before,) = server.texts()
    watch.at += 1
    shorten(telling)
    for number in (3, 4):
        await flag(database, number, now=watch.clock())
    server.answers = [delivery.RetryAfter(seconds=60)]
    await run_dry(telling)
    assert await muted(database, "topic", "rotation") == 2
    watch.at += 61
    await run_dry(telling)
    assert server.texts() == [before]


async def test_a_summary_that_may_have_arrived_goes_on(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    shorten(telling)
    for number in (1, 2):
        await flag(database, number)
    server.answers = [delivery.Unknown(reason="timed out")]
    await run_dry(telling)
    assert await muted(database, "topic", "rotation") == 0
    watch.at += 61
    await run_dry(telling)
    assert len(server.texts()) == 1
