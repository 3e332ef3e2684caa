import asyncio

import pytest

from bot import backtest, rulebook
from bot.pipeline import query
from storage import channels, chats, matches, outbox, posts, topics, trials
from storage.database import Database
from storage.models import Message, OutboxMessage
from tests import records
from tests.commands import chatting

DAY = 24 * 3600


@pytest.fixture
async def chat(chat: chatting.Chatting, database: Database) -> chatting.Chatting:
    """The owner's chat, with eight posts held, half of them about water."""
    await chat.follows(records.channel_info())
    async with database.transaction() as tx:
        for number in range(1, 9):
            text = "Снова отключили воду." if number % 2 else "Дали свет."
            post = records.post(number, text, date=records.NOW - number * DAY)
            await posts.put(tx, post, language="ru", now=records.NOW)
    return chat


def bold(message: Message) -> list[str]:
    return [message.text[e.start : e.start + e.length] for e in message.entities if e.kind == "bold"]


async def test_a_rule_is_shown_with_its_chart_and_samples(chat: chatting.Chatting) -> None:
    summary, samples = await chat.says("/try воду 10d")
    assert summary.picture is not None
    assert summary.text.splitlines() == [
        "Tried: воду",
        "It finds 4 posts, in 10 days with 8 posts.",
        "4 are flagged for nothing yet.",
    ]
    assert samples.text.splitlines()[0] == "4 samples:"
    assert "17 Nov 13:06 Вести гарнизона Снова отключили воду." in samples.text
    assert bold(samples)[1:] == ["воду"] * 4
    assert chatting.labels(samples)[:2] == ["✅ Turn it on as the topic воду", "➕ Add it to Desertion"]


async def test_a_rule_may_name_a_list_whose_words_are_not_warned_of(chat: chatting.Chatting) -> None:
    words = query.parse("вода | воду | бусифиляция", {})
    chat.rules.lists = {"ru": {"слова": query.Choice((words,), "слова")}}
    summary, samples = await chat.says("/try отключили {слова}")
    assert summary.text.splitlines()[:2] == ["Tried: отключили {слова}", "It finds 4 posts, in 30 days with 8 posts."]
    assert "No dictionary" not in summary.text
    assert bold(samples)[1:] == ["отключили воду"] * 4
    (said,) = await chat.says("/try {слова")
    assert "never closed" in said.text


async def test_what_is_flagged_already_is_said(chat: chatting.Chatting, database: Database) -> None:
    async with database.transaction() as tx:
        (stored,) = await posts.by_ids(tx, [(await posts.put(tx, records.post(1), language="ru", now=1)).post_id])
        await matches.replace(tx, stored.id, (records.match("rotation"),))
    (summary, _) = await chat.says("/try воду")
    assert "1 is flagged already: Rotation: 1" in summary.text
    assert "3 are flagged for nothing yet." in summary.text


async def test_a_rule_that_finds_nothing_can_be_turned_on_all_the_same(chat: chatting.Chatting) -> None:
    (said,) = await chat.says("/try наводнение")
    assert "It finds 0 posts, in 30 days with 8 posts." in said.text
    assert "✅ Turn it on as the topic наводнение" in chatting.labels(said)


async def test_a_button_turns_the_rule_on_as_a_topic_of_its_own(chat: chatting.Chatting) -> None:
    *_, samples = await chat.says("/try воду and отключили")
    pressed, (said,) = await chat.presses(chatting.buttons(samples)[0].data)
    assert pressed is not None
    assert "1 rule of yours:\n1. воду and отключили" in said.text
    found = rulebook.classify(chat.rules, records.post(text="Опять отключили воду"))
    assert [match.topic for match in found.matches] == ["воду"]


async def test_a_button_adds_the_rule_to_a_topic(chat: chatting.Chatting, database: Database) -> None:
    *_, samples = await chat.says("/try воду")
    data = next(button.data for button in chatting.buttons(samples) if button.label == "➕ Add it to Rotation")
    await chat.presses(data)
    async with database.reading() as connection:
        held = await topics.get(connection, "rotation")
    assert held is not None
    assert [rule.text for rule in held.rules] == ["воду"]


@pytest.mark.parametrize("data", ["on:77:water", "on:x:water", "on:1:two words", "on:1"])
async def test_a_button_that_makes_no_sense_does_nothing(chat: chatting.Chatting, data: str) -> None:
    await chat.says("/try воду")
    pressed, said = await chat.presses(data)
    assert pressed is not None
    assert "no longer works" in (pressed.notice or "")
    assert said == []


async def test_a_reader_may_try_and_turns_nothing_on(chat: chatting.Chatting, database: Database) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=chatting.FRIEND, role="reader", language="en", timezone="UTC", now=records.NOW)
        number = await trials.keep(tx, "воду")
    friend = chatting.Chatting(database, chat_id=chatting.FRIEND)
    *_, samples = await friend.says("/try воду")
    assert samples.buttons == ()
    pressed, said = await friend.presses(f"on:{number}:water")
    assert pressed is not None
    assert "Only the owner" in (pressed.notice or "")
    assert said == []


async def test_what_cannot_be_tried_is_answered_with_how(chat: chatting.Chatting) -> None:
    assert "Write a rule behind it" in await chat.hears("/try")
    assert "at most 366 days" in await chat.hears("/try воду 400d")
    assert "I cannot read that rule" in await chat.hears("/try (воду 7d")
    (said,) = await chat.says("/try бусифиляция")
    assert "No dictionary knows" in said.text
    assert "find" not in chatting.labels(said)[0]


async def progress(chat: chatting.Chatting) -> OutboxMessage:
    return next(message for message in await chat.queued() if message.key.startswith("try:"))


@pytest.fixture
def begun(chat: chatting.Chatting, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set as soon as a message that shows how far it is was queued; so it is after every second post."""
    monkeypatch.setattr(backtest, "POSTS_BETWEEN_WORDS", 2)
    found = asyncio.Event()
    monkeypatch.setattr(chat, "wake", found.set)
    return found


@pytest.mark.usefixtures("begun")
async def test_a_long_trial_shows_how_far_it_is(chat: chatting.Chatting) -> None:
    first, summary, samples = await chat.says("/try воду")
    assert first.text == "⏳ 2 posts looked at, 23 of 30 days …"
    assert chatting.labels(first) == ["Cancel"]
    assert "It finds 4 posts" in summary.text
    assert "4 samples" in samples.text
    assert chat.screen.edits == []  # what was not delivered cannot be changed


async def test_a_message_that_was_delivered_is_changed_until_the_end(
    chat: chatting.Chatting, database: Database, begun: asyncio.Event
) -> None:
    async def deliver() -> None:
        await begun.wait()
        async with database.transaction() as tx:
            await outbox.settle(tx, (await progress(chat)).id, message_id=815, now=records.NOW)

    async with asyncio.TaskGroup() as group:
        group.create_task(deliver())
        await chat.says("/try воду")
    assert {message_id for message_id, _ in chat.screen.edits} == {815}
    assert chat.screen.edits[-1][1].text == "8 posts looked at."
    assert chat.screen.edits[-1][1].buttons == ()


async def test_a_long_trial_can_be_cancelled(chat: chatting.Chatting, begun: asyncio.Event) -> None:
    notices: list[str | None] = []

    async def press() -> None:
        await begun.wait()
        (button,) = chatting.buttons((await progress(chat)).message)
        pressed, _ = await chat.presses(button.data)
        assert pressed is not None
        notices.append(pressed.notice)

    async with asyncio.TaskGroup() as group:
        group.create_task(press())
        said = await chat.says("/try воду 360d")
    assert notices == ["Stopping …"]
    assert any("You cancelled it" in message.text for message in said)
    assert chat.running == {}


async def test_what_is_over_cannot_be_cancelled(chat: chatting.Chatting) -> None:
    pressed, _ = await chat.presses("stop:1:5")
    assert pressed is not None
    assert pressed.notice == "That is over already."


async def test_a_sample_of_a_channel_that_is_gone_still_has_its_title(
    chat: chatting.Chatting, database: Database
) -> None:
    async with database.transaction() as tx:
        await channels.unfollow(tx, records.CHANNEL)
    *_, samples = await chat.says("/try воду")
    assert "Вести гарнизона" in samples.text


async def test_who_is_taken_out_while_a_rule_is_tried_gets_nothing_more(
    chat: chatting.Chatting, database: Database, begun: asyncio.Event
) -> None:
    async def take_out() -> None:
        await begun.wait()
        async with database.transaction() as tx:
            await chats.remove(tx, chat.chat_id)

    async with asyncio.TaskGroup() as group:
        group.create_task(take_out())
        assert await chat.says("/try воду 360d") == []
