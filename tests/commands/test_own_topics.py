import pytest

from bot import rulebook
from storage import chats, topics
from storage.database import Database
from storage.topic_models import Topic
from tests import records
from tests.commands import chatting


def found(chat: chatting.Chatting, text: str) -> set[str]:
    return {match.topic for match in rulebook.classify(chat.rules, records.post(text=text)).matches}


async def held(database: Database, name: str) -> Topic | None:
    async with database.reading() as connection:
        return await topics.get(connection, name)


async def test_a_topic_of_ones_own_flags_from_the_next_post_on(chat: chatting.Chatting) -> None:
    assert "/topic conscription add" in await chat.hears("/topic new Conscription")
    assert (await chat.hears("/topic conscription add (призыв | призывник) and армия")).splitlines() == [
        "Added. It holds from the next post on.",
        "conscription – on",
        "1 rule of yours:",
        "1. (призыв | призывник) and армия",
        "",
        "Change it: /topic",
    ]
    assert found(chat, "Призыв в армию и армия") == {"conscription"}
    assert "• conscription – 1 word" in await chat.hears("/topics")


async def test_what_was_removed_flags_nothing_more_and_the_numbers_stay(chat: chatting.Chatting) -> None:
    await chat.hears("/topic new water")
    for rule in ("вода", "водопровод", "колодец"):
        await chat.hears(f"/topic water add {rule}")
    said = await chat.hears("/topic water remove 2")
    assert "2 rules of yours:\n1. вода\n3. колодец" in said
    assert found(chat, "водопровод") == set()
    assert "no rule 2" in await chat.hears("/topic water remove 2")


async def test_the_same_rule_is_not_added_twice(chat: chatting.Chatting) -> None:
    await chat.hears("/topic new water")
    await chat.hears("/topic water add вода")
    assert "1 rule of yours" in await chat.hears("/topic water add  вода ")


async def test_a_rule_that_cannot_be_read_is_pointed_at(chat: chatting.Chatting, database: Database) -> None:
    said = await chat.hears("/topic rotation add верните мужей домой and (смена | замена")
    lines = said.splitlines()
    assert lines[0] == "I cannot read that rule: this '(' is never closed: write ')' where the group ends"
    assert lines[1] == "…мужей домой and (смена | замен…"
    assert lines[2].index("^") == lines[1].index("(")
    assert await held(database, "rotation") is None


async def test_the_pointer_stands_right_in_a_short_rule(chat: chatting.Chatting) -> None:
    lines = (await chat.hears("/topic rotation add смена and")).splitlines()
    assert lines[1:3] == ["смена and", "         ^"]


async def test_quotation_marks_may_be_bent_as_phones_do(chat: chatting.Chatting) -> None:
    assert '1. "пятисотые"' in await chat.hears("/topic desertion add «пятисотые»")
    assert '2. "трёхсотые"' in await chat.hears("/topic desertion add “трёхсотые”")


async def test_a_word_that_no_dictionary_knows_is_warned_of(chat: chatting.Chatting) -> None:
    assert "No dictionary knows бусифиляция." in await chat.hears("/topic mobilization add бусифиляция and улица")
    masked = await chat.hears("/topic mobilization add ~бусифиляция")
    assert "No dictionary knows бусифиляция. I guess its forms. Is it spelled right?" in masked
    assert "No dictionary" not in await chat.hears("/topic mobilization add улица")


async def test_a_built_in_topic_shows_how_much_it_has_and_what_was_added(chat: chatting.Chatting) -> None:
    assert "Rotation – on\n1 rule of its files\n\n" in await chat.hears("/topic rotation")
    await chat.hears("/topic rotation add смена")
    assert "1 rule of its files\n1 rule of yours:\n1. смена" in await chat.hears("/topic Rotation")


async def test_a_topic_is_silent_while_it_is_off(chat: chatting.Chatting) -> None:
    said = await chat.hears("/topic rotation off")
    assert "Rotation – off" in said
    assert found(chat, "ротация") == set()
    assert "Rotation" not in await chat.hears("/topics")
    assert "Rotation – on" in await chat.hears("/topic rotation on")
    assert found(chat, "ротация") == {"rotation"}


async def test_the_last_topic_stays(chat: chatting.Chatting) -> None:
    await chat.hears("/topic new water")
    for name in ("rotation", "desertion", "mobilization"):
        await chat.hears(f"/topic {name} off")
    assert "only topic that is on" in await chat.hears("/topic water off")
    assert "only topic that is on" in await chat.hears("/topic water delete")


async def test_a_topic_may_be_limited_to_channels(chat: chatting.Chatting) -> None:
    await chat.follows(records.channel_info())
    said = await chat.hears("/topic rotation channels @garrison_news https://t.me/Garrison_News")
    assert "Only in: Вести гарнизона\n" in said
    assert "Only in" not in await chat.hears("/topic rotation channels all")
    assert "“other_news”" in await chat.hears("/topic rotation channels other_news")
    assert "Write the channels" in await chat.hears("/topic rotation channels")


async def test_a_topic_may_be_limited_to_languages(chat: chatting.Chatting) -> None:
    assert "Only posts in: Russian, Ukrainian" in await chat.hears("/topic rotation languages RU, uk")
    assert "Only posts" not in await chat.hears("/topic rotation languages all")
    for wrong in ("", "russian", "ru 5"):
        assert "codes of two letters" in await chat.hears(f"/topic rotation languages {wrong}")


async def test_a_topic_of_ones_own_can_be_deleted(chat: chatting.Chatting, database: Database) -> None:
    await chat.hears("/topic new water")
    await chat.hears("/topic water add вода")
    assert "water is gone" in await chat.hears("/topic water delete")
    assert await held(database, "water") is None
    assert found(chat, "вода") == set()
    assert "no topic water" in await chat.hears("/topic water")
    assert "/topic rotation off" in await chat.hears("/topic rotation delete")


@pytest.mark.parametrize("name", ["", "a", "two words", "7d", "today", "new", "water:on", "в" * 21])
async def test_a_name_must_serve_in_other_commands_too(chat: chatting.Chatting, database: Database, name: str) -> None:
    assert "cannot be the name of a topic" in await chat.hears(f"/topic new {name}")
    async with database.reading() as connection:
        assert await topics.every(connection) == ()


async def test_a_name_that_is_taken_shows_its_topic(chat: chatting.Chatting) -> None:
    assert "There is a topic rotation already" in await chat.hears("/topic new Rotation")


async def test_without_a_name_it_shows_how_and_what_was_changed(chat: chatting.Chatting) -> None:
    assert "You have changed" not in await chat.hears("/topic")
    await chat.hears("/topic new water")
    said = await chat.hears("/topic")
    assert "/topic conscription remove 2" in said
    assert "You have changed or made:\n/topic water\n" in said
    assert "/topic conscription remove 2" in await chat.hears("/topic water paint")
    assert "Write the rule behind it" in await chat.hears("/topic water add")


async def test_a_reader_sees_topics_and_changes_none(database: Database) -> None:
    async with database.transaction() as tx:
        await chats.pair(
            tx, chat_id=chatting.FRIEND, role="reader", language="en", timezone="Europe/Kyiv", now=records.NOW
        )
    friend = chatting.Chatting(database, chat_id=chatting.FRIEND)
    assert "Rotation – on" in await friend.hears("/topic rotation")
    for change in ("new water", "rotation off", "rotation delete", "rotation add смена"):
        assert "Only the owner" in await friend.hears(f"/topic {change}")
    assert await held(database, "rotation") is None
