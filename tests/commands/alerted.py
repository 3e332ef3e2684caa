"""A chat in which an alert stands, for tests of what is done under it."""

from bot.render import alert
from storage import channels, matches, outbox, posts
from storage.database import Database
from storage.models import ChatId, Message, PostId, Subject
from tests import records
from tests.commands import chatting

MARKET = records.channel_info(11, username="market_square", title="Базарная площадь")
SENT = 501
"""The server's id of the alert."""
TOPICS = ("desertion", "rotation")
TEXT = "Сегодня в посёлке снова отключили воду."


async def told(
    database: Database,
    *,
    number: int = 1,
    chat_id: ChatId = records.CHAT,
    text: str = TEXT,
    topics: tuple[str, ...] = TOPICS,
    message_id: int | None = SENT,
    language: str = "ru",
) -> tuple[PostId, Message]:
    """Tell a chat of the post `number` of the market square; give the post's id, and the alert.

    `message_id` None: the alert still waits to be sent.
    """
    post = records.post(number, text, channel_id=11)
    found = tuple(records.match(topic) for topic in topics)
    async with database.transaction() as tx:
        await channels.follow(tx, MARKET, joined=True, now=records.NOW)
        put = await posts.put(tx, post, language=language, now=records.NOW)
        await matches.replace(tx, put.post_id, found)
        message = alert.alert(
            chatting.TEXTS,
            channel=MARKET,
            post=records.stored_post(post, post_id=put.post_id, language=language, matches=found),
            topics=topics,
            timezone="Europe/Kyiv",
        )
        queued = await outbox.add(
            tx,
            chat_id=chat_id,
            kind="alert",
            key=f"alert:11:{number}",
            random_id=outbox.new_random_id(),
            message=message,
            subject=Subject(post_id=put.post_id, topics=topics),
            now=records.NOW,
        )
        assert queued is not None
        if message_id is not None:
            await outbox.settle(tx, queued, message_id=message_id, now=records.NOW)
    return put.post_id, message


async def press(
    chat: chatting.Chatting, data: str, *, message_id: int = SENT, now: int = records.NOW
) -> tuple[str | None, Message | None]:
    """Press a button under the alert; give the notice, and the alert as it is then."""
    pressed, messages = await chat.presses(data, message_id=message_id, now=now)
    assert pressed is not None
    assert messages == []
    return pressed.notice, pressed.replace


async def pressed(
    chat: chatting.Chatting, data: str, *, message_id: int = SENT, now: int = records.NOW
) -> tuple[str | None, list[list[str]]]:
    """Press a button; give the notice, and the labels of the buttons row by row."""
    notice, message = await press(chat, data, message_id=message_id, now=now)
    return notice, [] if message is None else rows(message)


def rows(message: Message) -> list[list[str]]:
    return [[button.label for button in row] for row in message.buttons]
