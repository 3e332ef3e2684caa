import pytest

from storage import votes
from storage.database import Database
from tests import records
from tests.commands import alerted, chatting
from tests.commands.alerted import pressed


async def test_a_vote_is_kept_and_marked(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database)
    notice, rows = await pressed(chat, f"vote:{post}:0")
    assert notice == "Thank you. /topics shows how its rules come off."
    assert rows[1] == ["👍", "👎 ✓", "📋 Cite"]
    async with database.reading() as connection:
        assert await votes.get(connection, records.CHAT, post) is False


async def test_a_vote_can_be_changed_and_taken_back(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database)
    await pressed(chat, f"vote:{post}:0")
    assert (await pressed(chat, f"vote:{post}:1"))[1][1] == ["👍 ✓", "👎", "📋 Cite"]
    notice, rows = await pressed(chat, f"vote:{post}:1")
    assert (notice, rows[1]) == ("Taken back.", ["👍", "👎", "📋 Cite"])
    async with database.reading() as connection:
        assert await votes.get(connection, records.CHAT, post) is None


async def test_muting_leaves_the_mark_of_the_vote_and_voting_that_of_the_mute(
    chat: chatting.Chatting, database: Database
) -> None:
    post, _ = await alerted.told(database)
    await pressed(chat, f"vote:{post}:1")
    marked = [["🌐 Translate", "🔕 Muted", "⭐ Save"], ["👍 ✓", "👎", "📋 Cite"]]
    assert (await pressed(chat, f"mute:{post}:t1:1"))[1] == marked
    await pressed(chat, f"vote:{post}:0")
    assert (await pressed(chat, f"vote:{post}:1"))[1] == marked


async def test_a_vote_under_a_message_whose_id_the_server_never_said_counts_all_the_same(
    chat: chatting.Chatting, database: Database
) -> None:
    post, _ = await alerted.told(database, message_id=0)
    assert (await pressed(chat, f"vote:{post}:1", message_id=9))[1] == []
    async with database.reading() as connection:
        assert await votes.get(connection, records.CHAT, post) is True


@pytest.mark.parametrize("data", ["vote:77:1", "vote:1:2", "vote:x:1", "vote:1", "vote:", "vote:1:1:1", "vote:٣:1"])
async def test_a_button_that_was_never_under_an_alert_does_nothing_and_says_nothing(
    chat: chatting.Chatting, database: Database, data: str
) -> None:
    await alerted.told(database)
    assert await pressed(chat, data) == (None, [])
