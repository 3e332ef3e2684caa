"""Edits and replies: after their message, never without it, and of several edits only the newest."""

import pytest

from storage import dependents, outbox, summaries
from storage.database import Connection
from storage.models import Act, OutboxId, OutboxState
from tests.records import CHAT, NOW, message
from tests.storage.test_outbox import OWNER, add, claim, get, pending


async def hang(tx: Connection, key: str, on: OutboxId, act: Act = "edit", *, now: int = NOW) -> OutboxId:
    return await add(tx, key, kind="update" if act == "edit" else "followup", act=act, depends_on=on, now=now)


async def states(tx: Connection, *ids: OutboxId) -> list[OutboxState]:
    return [found.state for found in await outbox.by_ids(tx, ids)]


async def send(tx: Connection, outbox_id: OutboxId, *, message_id: int = 7) -> None:
    await claim(tx, outbox_id)
    await outbox.settle(tx, outbox_id, message_id=message_id, now=NOW)


async def test_what_depends_on_a_message_goes_after_it(tx: Connection) -> None:
    alert = await add(tx, "alert", not_before=NOW + 60)
    reply, edit = await hang(tx, "reply", alert, "reply"), await hang(tx, "edit", alert)
    assert await pending(tx) == []
    assert await outbox.next_due(tx, CHAT) == NOW + 60
    assert await pending(tx, now=NOW + 60) == ["alert"]
    await send(tx, alert)
    assert await pending(tx) == ["reply", "edit"]
    assert await outbox.next_due(tx, CHAT) == NOW
    assert [(one.act, one.depends_on) for one in await outbox.by_ids(tx, (reply, edit))] == [
        ("reply", alert),
        ("edit", alert),
    ]


async def test_what_depends_on_nothing_known_is_a_mistake(tx: Connection) -> None:
    with pytest.raises(LookupError, match="no message 99 in the outbox"):
        await hang(tx, "edit", OutboxId(99))


async def test_of_several_edits_only_the_newest_is_sent_and_keeps_its_place_in_the_queue(tx: Connection) -> None:
    alert = await add(tx, "alert")
    await send(tx, alert)
    edits = [await hang(tx, f"edit {number}", alert, now=NOW + number) for number in range(3)]
    assert await pending(tx) == ["edit 2"] or await pending(tx, now=NOW + 9) == ["edit 2"]
    assert await states(tx, *edits) == ["replaced", "replaced", "waiting"]
    assert (await get(tx, edits[2])).created_at == NOW


async def test_an_edit_that_is_on_its_way_goes_on_and_the_newer_follows(tx: Connection) -> None:
    alert = await add(tx, "alert")
    await send(tx, alert)
    first = await hang(tx, "edit 1", alert)
    await claim(tx, first)
    second = await hang(tx, "edit 2", alert)
    assert await states(tx, first, second) == ["claimed", "waiting"]
    await outbox.settle(tx, first, message_id=7, now=NOW)
    assert await states(tx, first, second) == ["sent", "waiting"]


async def test_an_edit_that_may_have_been_lost_is_not_repeated_over_a_newer_one(tx: Connection) -> None:
    alert = await add(tx, "alert")
    await send(tx, alert)
    first = await hang(tx, "edit 1", alert)
    await claim(tx, first)
    second = await hang(tx, "edit 2", alert)
    await outbox.again(tx, first, not_before=NOW, error="timed out")
    assert await states(tx, first, second) == ["replaced", "waiting"]


async def test_the_newest_edit_is_repeated(tx: Connection) -> None:
    alert = await add(tx, "alert")
    await send(tx, alert)
    edit = await hang(tx, "edit", alert)
    await claim(tx, edit)
    await outbox.again(tx, edit, not_before=NOW, error="timed out")
    assert await states(tx, edit) == ["waiting"]


async def test_an_edit_claimed_before_a_crash_gives_way_to_a_newer_one(tx: Connection) -> None:
    alert = await add(tx, "alert")
    await send(tx, alert)
    first = await hang(tx, "edit 1", alert)
    await claim(tx, first)
    second = await hang(tx, "edit 2", alert)
    assert await outbox.release(tx, owner=OWNER) == 1
    assert await states(tx, first, second) == ["replaced", "waiting"]


async def test_an_edit_queued_again_under_its_key_replaces_nothing(tx: Connection) -> None:
    alert = await add(tx, "alert")
    await hang(tx, "edit 1", alert)
    newest = await hang(tx, "edit 2", alert)
    again = await outbox.add(
        tx,
        chat_id=CHAT,
        kind="update",
        key="edit 1",
        random_id=5,
        message=message(),
        now=NOW,
        act="edit",
        depends_on=alert,
    )
    assert again is None
    assert await states(tx, newest) == ["waiting"]


async def test_what_was_edited_is_still_found_under_the_id_of_the_server(tx: Connection) -> None:
    alert = await add(tx, "alert")
    await send(tx, alert, message_id=77)
    await send(tx, await hang(tx, "edit", alert), message_id=77)
    found = await outbox.by_sent(tx, CHAT, 77)
    assert found is not None
    assert found.id == alert


async def test_what_depends_on_a_refused_or_cancelled_message_never_goes(tx: Connection) -> None:
    refused, cancelled = await add(tx, "1"), await add(tx, "2")
    hung = [await hang(tx, f"reply to {one}", one, "reply") for one in (refused, cancelled)]
    below = await hang(tx, "edit of the reply", hung[0])
    await outbox.refuse(tx, refused, error="too long")
    assert await outbox.cancel(tx, [cancelled]) == 1
    late = [await hang(tx, f"late {act}", refused, act) for act in ("reply", "edit")]
    assert await states(tx, *hung, below, *late) == ["cancelled"] * 5
    assert await pending(tx) == []


async def test_only_what_waits_is_cancelled(tx: Connection) -> None:
    ids = [await add(tx, f"{number}") for number in range(3)]
    await send(tx, ids[0])
    await claim(tx, ids[1])
    assert await outbox.cancel(tx, ids) == 1
    assert await states(tx, *ids) == ["sent", "claimed", "cancelled"]
    assert await outbox.cancel(tx, []) == 0


async def test_an_edit_of_a_message_that_is_gone_is_given_up_without_a_dead_letter(tx: Connection) -> None:
    alert = await add(tx, "alert")
    await send(tx, alert)
    edit = await hang(tx, "edit", alert)
    await claim(tx, edit)
    await outbox.refuse(tx, edit, error="MESSAGE_ID_INVALID", quietly=True)
    found = await get(tx, edit)
    assert (found.state, found.error) == ("cancelled", "MESSAGE_ID_INVALID")


async def test_a_reply_to_what_a_summary_tells_stands_under_the_summary(tx: Connection) -> None:
    alert, summary = await add(tx, "alert"), await add(tx, "summary", kind="summary")
    before = await hang(tx, "before", alert, "reply")
    dropped = await hang(tx, "edit before", alert)
    await summaries.fold(tx, [alert], into=summary, summary=summary)
    after = await hang(tx, "after", alert, "reply")
    late = await hang(tx, "edit after", alert)
    found = await outbox.by_ids(tx, (before, after))
    assert [(one.state, one.depends_on) for one in found] == [("waiting", summary)] * 2
    assert await states(tx, dropped, late) == ["replaced", "replaced"]


async def test_the_newest_text_of_a_message_is_that_of_its_newest_edit(tx: Connection) -> None:
    alert = await add(tx, "alert")
    assert await outbox.newest_text(tx, alert) == message("alert")
    await send(tx, alert)
    await send(tx, await hang(tx, "edit 1", alert))
    await hang(tx, "reply", alert, "reply")
    assert await outbox.newest_text(tx, alert) == message("edit 1")
    newest = await hang(tx, "edit 2", alert)
    assert await outbox.newest_text(tx, alert) == message("edit 2")
    await outbox.cancel(tx, [newest])
    assert await outbox.newest_text(tx, alert) == message("edit 1")
    assert await outbox.newest_text(tx, OutboxId(99)) is None


async def test_nothing_is_given_up_for_no_reason(tx: Connection) -> None:
    alert = await add(tx, "alert")
    await dependents.retire(tx, [alert])
    await dependents.cancel(tx, [])
    assert await states(tx, alert) == ["waiting"]
