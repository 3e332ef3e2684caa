from dataclasses import replace

import pytest

from bot import ingest
from storage import channels, database, searches
from storage.database import Database
from storage.models import ChatId, MessageId, Post
from tests.commands.chatting import TEXTS, Chatting, buttons, labels
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, post

DAY = 86_400


@pytest.fixture
async def chatting(database: Database) -> Chatting:
    """The owner, who watches two channels."""
    chatting = Chatting(database, allowed=(ChatId(4_200_001),))
    await chatting.says("/start")
    await chatting.follows(
        channel_info(), channel_info(OTHER_CHANNEL, username="way_home", title="Путь домой", fake=True)
    )
    return chatting


async def read(chatting: Chatting, *written: Post, deleted: tuple[int, ...] = (), now: int = NOW) -> None:
    """Take posts in as when they come from Telegram."""
    teller = ingest.Teller(rules=chatting.rules, catalogues={"en": TEXTS}, wake=lambda: None)
    for one in written:
        await ingest.store(
            chatting.database, teller, ingest.Batch(channel_id=one.channel_id, posts=(one,), source="backfill"), now=now
        )
    gone = tuple(map(MessageId, deleted))
    await ingest.store(
        chatting.database, teller, ingest.Batch(channel_id=CHANNEL, deleted=gone, source="backfill"), now=now
    )


def many(count: int) -> list[Post]:
    return [post(n, f"Вода {n} пришла.", date=NOW - n * 60) for n in range(1, count + 1)]


async def test_posts_with_the_word_are_shown_newest_first_with_time_channel_link_and_passage(
    chatting: Chatting,
) -> None:
    await read(
        chatting,
        post(1, "Вчера воды не было весь день.", date=NOW - DAY),
        post(2, "Газа тоже нет.", date=NOW - 60),
        post(3, "Воду дали, вода идёт.", date=NOW - 120, channel_id=OTHER_CHANNEL),
    )
    (message,) = await chatting.says("/search воды")
    assert message.text == (
        "🔎 воды\n"
        "2 posts, newest first\n"
        "\n"
        "18 Nov, 13:04 Путь домой (FAKE)\n"
        "Воду дали, вода идёт.\n"
    )
