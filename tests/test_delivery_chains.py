"""Edits and replies on their way: after their message, the newest only, and harmless where it is gone."""

from bot import delivery
from storage import backlog, outbox
from storage.database import Database
from storage.models import Message
from tests.delivering import CHAT, NOW, Server, Watch, flag, get, queue, restart, run_dry, server, telling, watch

__all__ = ["server", "telling", "watch"]


async def test_an_edit_changes_its_message_and_a_reply_stands_under_it(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    alert = await flag(database, 1)
    edit = await queue(database, 2, kind="update", act="edit", on=alert)
    await queue(database, 3, kind="followup", act="reply", on=alert)
    await run_dry(telling)
    assert server.texts() == ["text 2", "text 3"]
    assert server.under == {2: 1}
    assert (await get(database, edit)).state == "sent"


async def test_of_edits_that_wait_for_their_pace_only_the_newest_is_sent(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    alert = await flag(database, 1)
    await run_dry(telling)
    telling.lane(CHAT).bucket = telling.lane(CHAT).bucket.take(15)
    for number in range(10, 20):
        await queue(database, number, kind="update", act="edit", on=alert)
        await run_dry(telling)
    watch.at += 10
    await run_dry(telling)
    assert [message.text for _, message in server.edits] == ["text 19"]


async def test_an_edit_whose_answer_was_lost_is_repeated_unless_a_newer_one_came(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    alert = await flag(database, 1)
    await run_dry(telling)
    server.answers = [delivery.Unknown(reason="no answer"), delivery.Unknown(reason="no answer")]
    await queue(database, 2, kind="update", act="edit", on=alert)
    await run_dry(telling)
    watch.at += 2
    await run_dry(telling)
    await queue(database, 3, kind="update", act="edit", on=alert)
    for _ in range(20):
        watch.at += 1
        await run_dry(telling)
    assert [message.text for _, message in server.edits] == ["text 2", "text 2", "text 3"]
    assert server.texts() == ["text 3"]


async def test_an_edit_of_a_message_that_the_user_deleted_is_given_up_quietly(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    alert = await flag(database, 1)
    await run_dry(telling)
    server.lost.add(1)
    edit = await queue(database, 2, kind="update", act="edit", on=alert)
    await run_dry(telling)
    assert (await get(database, edit)).state == "cancelled"
    assert server.texts() == []
    async with database.reading() as connection:
        assert (await backlog.counts(connection)).refused == 0


async def test_a_reply_to_a_message_that_the_user_deleted_comes_by_itself(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    alert = await flag(database, 1)
    await run_dry(telling)
    server.lost.add(1)
    reply = await queue(database, 2, kind="followup", act="reply", on=alert)
    await run_dry(telling)
    assert server.texts() == ["text 2"]
    assert server.under == {}
    assert (await get(database, reply)).sent_message_id == 2


async def test_what_was_sent_under_an_id_that_nobody_told_cannot_be_changed_but_answered(
    database: Database, telling: delivery.Delivery, server: Server
) -> None:
    alert = await flag(database, 1)
    server.answers = [delivery.Sent(message_id=0)]
    await run_dry(telling)
    edit = await queue(database, 2, kind="update", act="edit", on=alert)
    await queue(database, 3, kind="followup", act="reply", on=alert)
    await run_dry(telling)
    assert (await get(database, edit)).state == "cancelled"
    assert server.edits == []
    assert server.texts() == ["text 3"]


async def test_a_pause_for_edits_holds_up_no_alert(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    alert = await flag(database, 1)
    await run_dry(telling)
    server.answers = [delivery.RetryAfter(seconds=30)]
    await queue(database, 2, kind="update", act="edit", on=alert)
    assert await run_dry(telling) == 30
    await flag(database, 3)
    watch.at = 29
    await run_dry(telling)
    assert server.texts() == ["alert 1", "alert 3"]
    watch.at = 31
    await run_dry(telling)
    assert server.texts() == ["text 2", "alert 3"]


async def test_a_crash_between_an_edit_and_its_settling_repeats_it(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    alert = await flag(database, 1)
    await run_dry(telling)
    edit = await queue(database, 2, kind="update", act="edit", on=alert)
    async with database.transaction() as tx:
        await outbox.claim(tx, (edit,), owner="this process", now=NOW, lease=60)
    await server.edit(CHAT, 1, Message(text="text 2"))  # and here the process died
    again = restart(database, server, watch)
    await again.take_up()
    await run_dry(again)
    assert server.texts() == ["text 2"]
    assert (await get(database, edit)).state == "sent"


async def test_a_change_that_somebody_waits_for_is_made_at_once_and_paid_by_the_pace(
    database: Database, telling: delivery.Delivery, server: Server, watch: Watch
) -> None:
    await flag(database, 1)
    await run_dry(telling)
    tokens = telling.lane(CHAT).bucket.tokens
    assert await telling.edit(CHAT, 1, Message(text="Muted")) == delivery.Sent(message_id=1)
    assert telling.lane(CHAT).bucket.tokens == tokens - 1
    server.answers = [delivery.RetryAfter(seconds=9)]
    assert await telling.edit(CHAT, 1, Message(text="Again")) == delivery.RetryAfter(seconds=9)
    watch.at += 2.5
    assert await telling.edit(CHAT, 1, Message(text="Again")) == delivery.RetryAfter(seconds=7)
    assert server.texts() == ["Muted"]
    assert len(server.edits) == 2
