from storage.database import Database
from tests import records
from tests.commands import chatting


async def test_an_empty_list_offers_the_starter_list(chat: chatting.Chatting) -> None:
    (message,) = await chat.says("/channels")
    assert message.text.startswith("I watch no channel yet.")
    assert chatting.labels(message)[:2] == ["🔎 Путь домой", "🔎 Московский телеграф"]


async def test_a_reader_is_told_who_can_add(chat: chatting.Chatting, database: Database) -> None:
    friend = chatting.Chatting(database, allowed=(records.CHAT, chatting.FRIEND), chat_id=chatting.FRIEND)
    assert await friend.hears("/channels") == "I watch no channel yet. The owner of this bot can add some."


async def test_channels_are_listed_with_links_subscribers_and_flags(chat: chatting.Chatting) -> None:
    await chat.follows(
        records.channel_info(11, username="market_square", title="Базарная площадь", verified=True),
        records.channel_info(12, username=None, title="\u202eВести\n\u200b<b>с реки</b>", scam=True, subscribers=None),
    )
    (message,) = await chat.says("/channels")
    assert message.text.splitlines() == [
        "I watch 2 channels:",
        "• Базарная площадь · @market_square · 1,200 subscribers · ✓ verified",
        "• Вести <b>с реки</b> · ⚠️ labelled SCAM by Telegram",
        "",
        "/add one by its name or link, /remove one. How each is read: /status",
    ]
    assert [entity.url for entity in message.entities] == [None, "https://t.me/market_square", None]


async def test_a_long_list_is_packed_into_several_messages(chat: chatting.Chatting) -> None:
    await chat.follows(*(records.channel_info(20 + n, username=f"many_{n}", title="Очень " * 10) for n in range(120)))
    messages = await chat.says("/channels")
    assert len(messages) > 1
    assert all(len(message.text) <= 4096 and len(message.entities) <= 100 for message in messages)
    assert sum(message.text.count("•") for message in messages) == 120
