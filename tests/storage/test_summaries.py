"""What is told within a summary, which grows by edits: nothing is told twice, and nothing is lost with it."""

from storage import outbox, summaries
from storage.database import Connection
from storage.models import OutboxId
from tests.records import NOW
from tests.storage.test_dependents import hang, send, states
from tests.storage.test_outbox import add, claim, pending


async def alerts(tx: Connection, *numbers: int) -> list[OutboxId]:
    return [await add(tx, f"alert {number}") for number in numbers]


async def told(tx: Connection, summary: OutboxId) -> list[str]:
    return [one.key for one in await summaries.told_in(tx, summary)]


async def grow(tx: Connection, summary: OutboxId, key: str) -> OutboxId:
    return await add(tx, key, kind="summary", act="edit", depends_on=summary)


async def test_what_was_never_tried_is_told_within_another_message(tx: Connection) -> None:
    ids = await alerts(tx, 1, 2, 3, 4)
    summary = await add(tx, "summary", kind="summary")
    await send(tx, ids[0])
    await claim(tx, ids[1])
    await outbox.again(tx, ids[1], not_before=NOW, error="timed out")
    await summaries.fold(tx, ids, into=summary, summary=summary)
    assert await states(tx, *ids) == ["sent", "waiting", "folded", "folded"]
    assert await pending(tx) == ["alert 2", "summary"]
    assert await told(tx, summary) == ["alert 3", "alert 4"]


async def test_a_reply_to_what_could_not_be_folded_stays_with_it(tx: Connection) -> None:
    (alert,) = await alerts(tx, 1)
    summary = await add(tx, "summary", kind="summary")
    await claim(tx, alert)
    reply = await hang(tx, "reply", alert, "reply")
    await summaries.fold(tx, [alert], into=summary, summary=summary)
    (found,) = await outbox.by_ids(tx, [reply])
    assert found.depends_on == alert


async def test_a_summary_tells_what_its_edits_add(tx: Connection) -> None:
    first, second = await alerts(tx, 1, 2)
    summary = await add(tx, "summary", kind="summary")
    await summaries.fold(tx, [first], into=summary, summary=summary)
    growth = await hang(tx, "growth", summary)
    await summaries.fold(tx, [second], into=growth, summary=summary)
    assert await told(tx, summary) == ["alert 1", "alert 2"]
    reply = await hang(tx, "reply", second, "reply")
    (found,) = await outbox.by_ids(tx, [reply])
    assert found.depends_on == summary


async def test_a_summary_grows_while_it_is_there_under_a_known_id(tx: Connection) -> None:
    waiting, sent, nameless, refused = [await add(tx, f"{number}", kind="summary") for number in range(4)]
    await send(tx, sent)
    await send(tx, nameless, message_id=0)
    await outbox.refuse(tx, refused, error="too long")
    growing = [await summaries.grows(tx, one) for one in (waiting, sent, nameless, refused)]
    assert growing == [True, True, False, False]
    await outbox.refuse(tx, await hang(tx, "growth", sent), error="MESSAGE_ID_INVALID", quietly=True)
    assert not await summaries.grows(tx, sent)


async def test_what_a_vanished_summary_never_showed_waits_again(tx: Connection) -> None:
    ids = await alerts(tx, 1, 2, 3, 4, 5)
    summary = await add(tx, "summary", kind="summary")
    await summaries.fold(tx, ids[:1], into=summary, summary=summary)
    await send(tx, summary)
    growths = []
    for number, alert in enumerate(ids[1:]):
        growths.append(await grow(tx, summary, f"growth {number}"))
        await summaries.fold(tx, [alert], into=growths[-1], summary=summary)
        if number == 0:
            await send(tx, growths[0])
        if number == 2:
            await claim(tx, growths[2])
    await outbox.refuse(tx, growths[2], error="MESSAGE_ID_INVALID", quietly=True)
    await summaries.unfold(tx, summary)
    assert await states(tx, *ids) == ["folded", "folded", "waiting", "waiting", "waiting"]
    assert await states(tx, *growths) == ["sent", "replaced", "cancelled", "cancelled"]
    assert await pending(tx) == ["alert 3", "alert 4", "alert 5"]


async def test_what_takes_out_of_a_summary_what_is_forgotten_goes_also_where_what_it_grew_by_waits_again(
    tx: Connection,
) -> None:
    ids = await alerts(tx, 1, 2)
    summary = await add(tx, "summary", kind="summary")
    await summaries.fold(tx, ids[:1], into=summary, summary=summary)
    await send(tx, summary)
    forgets = [await hang(tx, f"forget:{number}", summary) for number in range(2)]
    growth = await grow(tx, summary, "growth")
    await summaries.fold(tx, ids[1:], into=growth, summary=summary)
    await summaries.unfold(tx, summary)
    assert await states(tx, *ids, *forgets, growth) == ["folded", "waiting", "replaced", "waiting", "cancelled"]
    await summaries.unfold(tx, summary)
    assert await states(tx, *forgets) == ["replaced", "waiting"]
