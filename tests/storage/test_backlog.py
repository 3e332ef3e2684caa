import pytest

from storage import backlog, chats, outbox
from storage.database import Connection
from storage.models import ChatId
from tests.records import CHAT, NOW
from tests.storage.test_outbox import add, claim, pending

OTHER = ChatId(4_200_002)


@pytest.fixture
async def other_chat(tx: Connection) -> None:
    await chats.pair(tx, chat_id=OTHER, role="reader", language="en", timezone="UTC", now=NOW)


async def test_a_refused_message_is_a_dead_letter(tx: Connection) -> None:
    ids = [await add(tx, f"{number}", now=NOW + number) for number in range(3)]
    for number, added in enumerate(ids):
        await outbox.refuse(tx, added, error=f"reason {number}")
    letters = await backlog.dead_letters(tx, limit=2)
    assert [(letter.key, letter.error, letter.not_before) for letter in letters] == [
        ("2", "reason 2", NOW + 2),
        ("1", "reason 1", NOW + 1),
    ]
    assert await pending(tx, now=NOW + 99) == []


async def test_what_waits_and_what_was_refused_is_counted(tx: Connection, other_chat: None) -> None:
    assert await backlog.counts(tx) == backlog.Counts(waiting=0, waiting_since=None, refused=0)
    ids = [await add(tx, f"{number}", now=NOW + number) for number in range(4)]
    await add(tx, chat_id=OTHER, now=NOW + 9)
    await claim(tx, ids[1])
    await outbox.settle(tx, ids[0], message_id=1, now=NOW)
    await outbox.refuse(tx, ids[3], error="blocked")
    assert await backlog.counts(tx) == backlog.Counts(waiting=3, waiting_since=NOW + 1, refused=1)


async def test_what_waits_for_a_chat_is_listed_whenever_it_is_due(tx: Connection, other_chat: None) -> None:
    await add(tx, "elsewhere", chat_id=OTHER)
    sent, claimed = await add(tx, "sent"), await add(tx, "claimed")
    await add(tx, "tonight", not_before=NOW + 3600)
    await add(tx, "now")
    await outbox.settle(tx, sent, message_id=1, now=NOW)
    await claim(tx, claimed)
    assert [one.key for one in await backlog.unsent(tx, CHAT)] == ["tonight", "now"]
