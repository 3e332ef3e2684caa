import pytest

from storage import backfills, channels
from storage.database import Database
from storage.models import ChannelId, MessageId
from tests import records
from tests.commands import chatting

MARKET = records.channel_info(11, username="market_square", title="Базарная площадь")
MARKETS = records.channel_info(12, username="market_south", title="Базарная площадь. Юг")
DAY = 86_400


async def test_it_begins(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(MARKET)
    said = await chat.hears("/backfill @market_square 30")
    assert said.startswith("I read Базарная площадь back to 19 Oct 14:06, whenever there is nothing more urgent.")
    async with database.reading() as connection:
        (found,) = await backfills.unfinished(connection)
    assert (found.channel_id, found.since) == (11, records.NOW - 30 * DAY)


async def test_without_words_it_says_how_and_how_far(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(MARKET, MARKETS)
    async with database.transaction() as tx:
        for channel_id in (11, 12):
            await backfills.begin(tx, ChannelId(channel_id), since=records.NOW - 30 * DAY, now=records.NOW)
        reached_at = records.NOW - DAY
        await backfills.advance(tx, ChannelId(11), reached_id=MessageId(7), reached_at=reached_at, new=1200)
    said = (await chat.hears("/backfill")).splitlines()
    assert said[0].startswith("Write /backfill, a channel and how many days back")
    assert said[1:] == [
        "⏳ Базарная площадь: read back to 17 Nov 13:06, on the way to 19 Oct 14:06; 1,200 new posts so far.",
        "⏳ Базарная площадь. Юг: will be read back to 19 Oct 14:06.",
    ]


@pytest.mark.parametrize(
    "args", ["market_square", "market_square 0", "market_square 99999999999", "30", "market_square x"]
)
async def test_what_cannot_be_understood_is_answered_with_an_example(chat: chatting.Chatting, args: str) -> None:
    await chat.follows(MARKET)
    assert "for example /backfill @telegram 90" in await chat.hears(f"/backfill {args}")


async def test_a_channel_that_is_not_watched_or_not_the_only_one(chat: chatting.Chatting) -> None:
    await chat.follows(MARKET, MARKETS)
    assert "I watch no channel called “речка”" in await chat.hears("/backfill речка 30")
    assert "several channels like “базарная”" in await chat.hears("/backfill базарная 30")


async def test_what_is_held_is_not_read_again(chat: chatting.Chatting, database: Database) -> None:
    await chat.follows(MARKET)
    async with database.transaction() as tx:
        await channels.set_held_from(tx, ChannelId(11), records.NOW - 60 * DAY)
    assert "are held already" in await chat.hears("/backfill market_square 30")


async def test_only_the_owner_may(database: Database) -> None:
    chat = chatting.Chatting(database, chat_id=chatting.FRIEND, allowed=(records.CHAT, chatting.FRIEND))
    assert "Only the owner" in await chat.hears("/backfill market_square 30")


async def test_older_posts_than_are_kept_are_read_with_a_word_of_warning(chat: chatting.Chatting) -> None:
    await chat.follows(MARKET)
    assert "dropped again" not in await chat.hears("/backfill @market_square 365")
    said = await chat.hears("/backfill @market_square 366")
    assert said.endswith(
        "Posts older than 365 days stay only if a rule flags them; the text of the others is dropped again "
        "(RETENTION_DAYS)."
    )
