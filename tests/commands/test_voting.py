import pytest

from bot.render import alert
from storage import channels, outbox, posts, votes
from storage.database import Database
from storage.models import PostId, Subject
from tests import records
from tests.commands import chatting

SENT = 501
POST = PostId(1)


@pytest.fixture
async def told(chat: chatting.Chatting, database: Database) -> chatting.Chatting:
    """The owner's chat, in which an alert stands as message 501."""
    stored = records.stored_post(records.post(), matches=(records.match(),))
    message = alert.alert(
        chatting.TEXTS, channel=records.channel_info(), post=stored, topics=("rotation",), timezone="UTC"
    )
    async with database.transaction() as tx:
        await channels.follow(tx, records.channel_info(), joined=True, now=records.NOW)
        await posts.put(tx, records.post(), language="ru", now=records.NOW)
        queued = await outbox.add(
            tx,
            chat_id=records.CHAT,
            kind="alert",
            key="alert:1",
            random_id=1,
            message=message,
            subject=Subject(post_id=POST, topics=("rotation",)),
            now=records.NOW,
        )
        assert queued is not None
        await outbox.settle(tx, queued, message_id=SENT, now=records.NOW)
    return chat


async def pressed(chat: chatting.Chatting, data: str, *, message_id: int = SENT) -> tuple[str | None, list[str]]:
    """Press a button; give the notice, and the labels of the buttons as they are then."""
    answer, messages = await chat.presses(data, message_id=message_id)
    assert answer is not None
    assert messages == []
    return answer.notice, chatting.labels(answer.replace) if answer.replace else []


async def test_a_vote_is_kept_and_marked(told: chatting.Chatting, database: Database) -> None:
    notice, labels = await pressed(told, "vote:1:0")
    assert notice == "Thank you. /topics shows how its rules come off."
    assert labels[-2:] == ["👍", "👎 ✓"]
    async with database.reading() as connection:
        assert await votes.get(connection, records.CHAT, POST) is False


async def test_a_vote_can_be_changed_and_taken_back(told: chatting.Chatting, database: Database) -> None:
    await pressed(told, "vote:1:0")
    assert (await pressed(told, "vote:1:1"))[1][-2:] == ["👍 ✓", "👎"]
    assert await pressed(told, "vote:1:1") == (
        "Taken back.",
        ["🔕 Channel, 1 day", "🔕 Rotation, 1 day", "👍", "👎"],
    )
    async with database.reading() as connection:
        assert await votes.get(connection, records.CHAT, POST) is None


async def test_muting_leaves_the_mark_of_the_vote_and_voting_that_of_the_mute(told: chatting.Chatting) -> None:
    await pressed(told, "vote:1:1")
    marked = ["🔕 Channel, 1 day", "🔔 Unmute Rotation", "👍 ✓", "👎"]
    assert (await pressed(told, "mute:t:rotation:1d"))[1] == marked
    await pressed(told, "vote:1:0")
    assert (await pressed(told, "vote:1:1"))[1] == marked


async def test_a_vote_under_a_message_that_did_not_come_from_here_counts_all_the_same(
    told: chatting.Chatting, database: Database
) -> None:
    assert (await pressed(told, "vote:1:1", message_id=9))[1] == []
    async with database.reading() as connection:
        assert await votes.get(connection, records.CHAT, POST) is True


@pytest.mark.parametrize("data", ["vote:77:1", "vote:1:2", "vote:x:1", "vote:1"])
async def test_a_button_that_makes_no_sense_does_nothing(told: chatting.Chatting, data: str) -> None:
    assert await pressed(told, data) == ("This button no longer works. /help shows what I can do.", [])
