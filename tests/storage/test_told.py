from storage import chats, outbox, posts, told
from storage.database import Connection
from storage.models import ChatId, OutboxKind, PostId, Subject
from tests.records import CHAT, NOW, message, post

OTHER = ChatId(4_200_002)


async def queue(tx: Connection, post_id: PostId, *, chat_id: ChatId = CHAT, kind: OutboxKind = "alert") -> None:
    await outbox.add(
        tx,
        chat_id=chat_id,
        kind=kind,
        key=f"{kind}:{post_id}",
        random_id=outbox.new_random_id(),
        message=message(),
        subject=Subject(post_id=post_id, topics=("rotation",)),
        now=NOW,
    )


async def test_the_alert_of_a_post_is_found_in_the_chat_that_was_told(tx: Connection) -> None:
    post_id = (await posts.put(tx, post(), language="ru", now=NOW)).post_id
    await chats.pair(tx, chat_id=OTHER, role="reader", language="en", timezone="UTC", now=NOW)
    await queue(tx, post_id, kind="followup")
    await queue(tx, post_id, chat_id=OTHER)
    assert await told.of(tx, CHAT, post_id) is None
    found = await told.of(tx, OTHER, post_id)
    assert found is not None
    assert (found.kind, found.chat_id) == ("alert", OTHER)


async def test_an_alert_that_came_after_one_that_was_cancelled_is_the_one_that_was_told(tx: Connection) -> None:
    post_id = (await posts.put(tx, post(), language="ru", now=NOW)).post_id
    await queue(tx, post_id)
    first = await told.of(tx, CHAT, post_id)
    assert first is not None
    await outbox.cancel(tx, [first.id])
    assert (found := await told.of(tx, CHAT, post_id)) is not None
    assert found.id == first.id
    await queue(tx, post_id)
    assert (found := await told.of(tx, CHAT, post_id)) is not None
    assert found.id > first.id
