"""What changes of a channel itself: stored, and told to the owner once."""

from dataclasses import replace

from bot import catalogues, ingest, news, rulebook
from storage import channels, chats, outbox
from storage.database import Database
from storage.models import ChannelInfo, ChatId
from tests import records

NOW = 1_780_000_000
OWNER, READER = ChatId(4001), ChatId(4002)
CHANNEL = records.channel_info()
RENAMED = replace(CHANNEL, title="Путь домой 2", username="way_home_2", fake=True)


async def prepare(database: Database) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=OWNER, role="owner", language="en", timezone="UTC", now=NOW)
        await chats.pair(tx, chat_id=READER, role="reader", language="en", timezone="UTC", now=NOW)
        await channels.follow(tx, CHANNEL, joined=True, now=NOW)


async def learn(database: Database, rules: rulebook.Rulebook, info: ChannelInfo) -> int:
    """Learn of a channel; returns how often the delivery was woken."""
    woken: list[None] = []
    teller = ingest.Teller(rules=rules, catalogues={"en": catalogues.load("en")}, wake=lambda: woken.append(None))
    await news.learn(database, teller, info, now=NOW)
    return len(woken)


async def told(database: Database, chat_id: ChatId) -> list[str]:
    async with database.reading() as connection:
        return [message.message.text for message in await outbox.pending(connection, chat_id, now=NOW)]


async def test_each_change_is_one_line_to_the_owner_alone(database: Database, rules: rulebook.Rulebook) -> None:
    await prepare(database)
    assert await learn(database, rules, RENAMED) == 1
    assert sorted(await told(database, OWNER)) == [
        f"📣 Путь домой 2: its public name is now @way_home_2, was @{CHANNEL.username}",
        "📣 Путь домой 2: now ⚠️ labelled FAKE by Telegram",
        f"📣 Путь домой 2: was called “{CHANNEL.title}” before",
    ]
    assert await told(database, READER) == []


async def test_what_is_known_already_is_not_told_again(database: Database, rules: rulebook.Rulebook) -> None:
    await prepare(database)
    await learn(database, rules, RENAMED)
    assert await learn(database, rules, RENAMED) == 0
    assert len(await told(database, OWNER)) == 3


async def test_more_subscribers_are_no_news(database: Database, rules: rulebook.Rulebook) -> None:
    await prepare(database)
    assert await learn(database, rules, replace(CHANNEL, subscribers=100_000)) == 0
    assert await told(database, OWNER) == []


async def test_a_restriction_is_told_with_the_reason_that_telegram_gives(
    database: Database, rules: rulebook.Rulebook
) -> None:
    await prepare(database)
    for restriction in ("", "Only for\u202e adults.", "Against the law."):
        await learn(database, rules, replace(CHANNEL, restricted=True, restriction=restriction))
    await learn(database, rules, CHANNEL)
    flag = "⚠️ restricted by Telegram"
    assert await told(database, OWNER) == [
        f"📣 {CHANNEL.title}: now {flag}",
        f"📣 {CHANNEL.title}: now {flag}: “Only for adults.”",
        f"📣 {CHANNEL.title}: now {flag}: “Against the law.”",
        f"📣 {CHANNEL.title}: no longer {flag}",
    ]
