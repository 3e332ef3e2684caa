import pytest

from storage import chats, outbox, posts
from storage.database import Connection
from storage.document_models import Document
from storage.models import Act, Button, ChatId, Entity, Message, OutboxId, OutboxKind, OutboxMessage, PostId, Subject
from tests.records import CHAT, NOW, message, post

OTHER = ChatId(4_200_002)
OWNER = "here"
LEASE = 60


async def add(
    tx: Connection,
    key: str = "alert:1",
    *,
    chat_id: ChatId = CHAT,
    kind: OutboxKind = "alert",
    subject: Subject | None = None,
    now: int = NOW,
    not_before: int | None = None,
    act: Act = "send",
    depends_on: OutboxId | None = None,
    document: Document | None = None,
) -> OutboxId:
    added = await outbox.add(
        tx,
        chat_id=chat_id,
        kind=kind,
        key=key,
        random_id=outbox.new_random_id(),
        message=message(key, document=document),
        subject=subject,
        now=now,
        not_before=not_before,
        act=act,
        depends_on=depends_on,
    )
    assert added is not None
    return added


async def claim(tx: Connection, *ids: OutboxId, owner: str = OWNER, now: int = NOW) -> list[OutboxId]:
    return [claimed.id for claimed in await outbox.claim(tx, ids, owner=owner, now=now, lease=LEASE)]


async def pending(tx: Connection, *, now: int = NOW) -> list[str]:
    return [waiting.key for waiting in await outbox.pending(tx, CHAT, now=now)]


async def get(tx: Connection, outbox_id: OutboxId) -> OutboxMessage:
    (found,) = await outbox.by_ids(tx, [outbox_id])
    return found


async def put_post(tx: Connection) -> PostId:
    return (await posts.put(tx, post(), language="ru", now=NOW)).post_id


@pytest.fixture
async def other_chat(tx: Connection) -> None:
    await chats.pair(tx, chat_id=OTHER, role="reader", language="en", timezone="UTC", now=NOW)


def test_random_ids_are_positive_64_bit_numbers_that_differ() -> None:
    drawn = {outbox.new_random_id() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(0 < number < 2**63 for number in drawn)


async def test_a_message_comes_back_byte_for_byte(tx: Connection) -> None:
    subject = Subject(post_id=await put_post(tx), topics=("desertion", "rotation"), late=True)
    written = Message(
        text="«Вода» <b>есть</b> 🙂",
        entities=(Entity(kind="bold", start=0, length=6),),
        buttons=((Button(label="Mute", data="mute:c:1:1d"), Button(label="Open", url="https://t.me/a/1")), ()),
        picture=b"\x89PNG\x00",
        silent=True,
        document=Document(name="evidence.zip", content=b"PK\x00"),
    )
    added = await outbox.add(
        tx, chat_id=CHAT, kind="alert", key="alert:1", random_id=2**63 - 1, message=written, subject=subject, now=NOW
    )
    assert added is not None
    assert await get(tx, added) == OutboxMessage(
        id=added,
        chat_id=CHAT,
        kind="alert",
        key="alert:1",
        random_id=2**63 - 1,
        message=written,
        subject=subject,
        state="waiting",
        created_at=NOW,
        not_before=NOW,
        attempts=0,
        sent_message_id=None,
        error=None,
    )


async def test_the_same_thing_is_queued_once_a_chat(tx: Connection, other_chat: None) -> None:
    first = await add(tx, "digest:2026-11-18")
    again = await outbox.add(
        tx, chat_id=CHAT, kind="digest", key="digest:2026-11-18", random_id=5, message=message("another"), now=NOW
    )
    assert again is None
    assert (await get(tx, first)).message == message("digest:2026-11-18")
    await add(tx, "digest:2026-11-18", chat_id=OTHER)


async def test_a_key_exists_for_its_chat_whatever_became_of_it(tx: Connection, other_chat: None) -> None:
    added = await add(tx, "reply:5:0")
    await outbox.settle(tx, added, message_id=7, now=NOW)
    assert await outbox.key_exists(tx, CHAT, "reply:5:0")
    assert not await outbox.key_exists(tx, OTHER, "reply:5:0")
    assert not await outbox.key_exists(tx, CHAT, "reply:5:1")
    assert await outbox.by_key(tx, CHAT, "reply:5:0") == await get(tx, added)
    assert await outbox.by_key(tx, CHAT, "reply:5:1") is None


async def test_answers_come_first_then_the_rest_oldest_first(tx: Connection) -> None:
    order: tuple[OutboxKind, ...] = ("alert", "digest", "notice", "reply")
    for number, kind in enumerate(order * 2):
        await add(tx, f"{kind} {number}", kind=kind, now=NOW - number // 4)
    expected = "reply 7, reply 3, alert 4, digest 5, notice 6, alert 0, digest 1, notice 2"
    assert ", ".join(await pending(tx)) == expected


async def test_only_what_is_due_in_its_own_chat_is_pending(tx: Connection, other_chat: None) -> None:
    await add(tx, "due", not_before=NOW)
    await add(tx, "later", not_before=NOW + 1)
    await add(tx, "elsewhere", chat_id=OTHER)
    assert await pending(tx) == ["due"]
    assert await pending(tx, now=NOW + 1) == ["due", "later"]


async def test_what_is_claimed_is_not_pending_until_the_lease_runs_out(tx: Connection) -> None:
    added = await add(tx)
    assert await claim(tx, added) == [added]
    assert await pending(tx, now=NOW + LEASE - 1) == []
    assert await pending(tx, now=NOW + LEASE) == ["alert:1"]


async def test_only_one_owner_gets_a_message(tx: Connection) -> None:
    first, second, third = [await add(tx, f"{number}") for number in range(3)]
    assert await claim(tx, second, owner="one") == [second]
    assert await claim(tx, third, second, first, owner="two") == [third, first]
    assert await claim(tx, first, second, now=NOW + LEASE, owner="three") == [first, second]
    assert (await get(tx, second)).attempts == 2
    assert (await get(tx, second)).state == "claimed"


async def test_a_settled_message_is_sent_for_good(tx: Connection) -> None:
    added = await add(tx)
    await outbox.again(tx, added, not_before=NOW, error="timed out")
    await claim(tx, added)
    await outbox.settle(tx, added, message_id=77, now=NOW + 1)
    await outbox.again(tx, added, not_before=NOW, error="too late")
    await outbox.refuse(tx, added, error="too late")
    found = await get(tx, added)
    assert (found.state, found.sent_message_id, found.error, found.attempts) == ("sent", 77, None, 1)
    assert await claim(tx, added, now=NOW + LEASE) == []
    assert await outbox.by_sent(tx, CHAT, 77) == found
    assert await outbox.by_sent(tx, CHAT, 78) is None


async def test_a_document_is_kept_until_the_server_has_it_or_refuses_it(tx: Connection) -> None:
    document = Document(name="evidence.zip", content=b"PK\x00")
    sent = await add(tx, "reply:1", document=document)
    refused = await add(tx, "reply:2", document=document)
    await outbox.again(tx, sent, not_before=NOW, error="timed out")
    assert (await get(tx, sent)).message.document == document
    await outbox.settle(tx, sent, message_id=77, now=NOW + 1)
    await outbox.refuse(tx, refused, error="too large")
    assert [(await get(tx, one)).message.document for one in (sent, refused)] == [None, None]


async def test_a_message_that_may_have_been_sent_goes_again_with_the_same_number(tx: Connection) -> None:
    added = await add(tx)
    before = await get(tx, added)
    await claim(tx, added)
    await outbox.again(tx, added, not_before=NOW + 30, error="timed out")
    found = await get(tx, added)
    assert (found.state, found.not_before, found.error) == ("waiting", NOW + 30, "timed out")
    assert (found.random_id, found.message) == (before.random_id, before.message)
    assert await pending(tx, now=NOW + 29) == []
    assert await pending(tx, now=NOW + 30) == ["alert:1"]


async def test_a_process_that_starts_again_gets_back_what_it_had_claimed(tx: Connection, other_chat: None) -> None:
    mine = [await add(tx, "1"), await add(tx, "2", chat_id=OTHER)]
    others, waiting, sent = await add(tx, "3"), await add(tx, "4"), await add(tx, "5")
    await claim(tx, *mine, sent)
    await claim(tx, others, owner="elsewhere")
    await outbox.settle(tx, sent, message_id=1, now=NOW)
    assert await outbox.release(tx, owner=OWNER) == 2
    assert [(await get(tx, one)).state for one in (*mine, others, waiting, sent)] == [
        "waiting",
        "waiting",
        "claimed",
        "waiting",
        "sent",
    ]


async def test_the_next_message_is_due_when_its_time_or_its_lease_says(tx: Connection) -> None:
    assert await outbox.next_due(tx, CHAT) is None
    first = await add(tx, "1", not_before=NOW + 5)
    second = await add(tx, "2", not_before=NOW + 90)
    assert await outbox.next_due(tx, CHAT) == NOW + 5
    await claim(tx, first)
    assert await outbox.next_due(tx, CHAT) == NOW + LEASE
    await outbox.settle(tx, first, message_id=1, now=NOW)
    assert await outbox.next_due(tx, CHAT) == NOW + 90
    await claim(tx, second)
    assert await outbox.next_due(tx, CHAT) == NOW + 90


async def test_a_chat_was_answered_once_a_reply_was_queued_for_it(tx: Connection, other_chat: None) -> None:
    await add(tx, "alert:1")
    await add(tx, "reply:5:0", chat_id=OTHER, kind="reply")
    assert not await outbox.ever_answered(tx, CHAT)
    assert await outbox.ever_answered(tx, OTHER)


async def test_what_was_queued_is_known_by_the_id_of_the_server_once_it_is_sent(tx: Connection) -> None:
    outbox_id = await add(tx, "try:1")
    assert await outbox.sent_as(tx, CHAT, "try:1") is None
    await outbox.settle(tx, outbox_id, message_id=815, now=NOW)
    assert await outbox.sent_as(tx, CHAT, "try:1") == 815
    assert await outbox.sent_as(tx, CHAT, "try:2") is None


async def test_an_attempt_that_certainly_failed_does_not_count(tx: Connection) -> None:
    added = await add(tx)
    await claim(tx, added)
    await outbox.again(tx, added, not_before=NOW, error="not connected", tried=False)
    assert (await get(tx, added)).attempts == 0
