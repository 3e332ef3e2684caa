import pytest

from bot import rulebook
from storage import matches, posts, topics
from storage.database import Database
from storage.topic_models import Topic
from tests import records
from tests.commands import chatting

LINK = "https://t.me/garrison_news/15"


async def hold(chat: chatting.Chatting, database: Database, text: str) -> None:
    """Hold a post of that text, flagged by the rules as they are."""
    await chat.follows(records.channel_info())
    post = records.post(15, text)
    found = rulebook.classify(chat.rules, post)
    async with database.transaction() as tx:
        put = await posts.put(tx, post, language=found.language, now=records.NOW)
        await matches.replace(tx, put.post_id, found.matches)


async def test_what_matched_is_told_with_its_rule(chat: chatting.Chatting, database: Database) -> None:
    await hold(chat, database, "Ротация, и снова дезертир.")
    assert (await chat.hears(f"/why {LINK}")).splitlines() == [
        "Вести гарнизона · Russian",
        "What matches:",
        "• Ротация – Rotation, by ротация",
        "• дезертир – Desertion, by дезертир",
    ]


async def test_what_nearly_matched_is_told_with_what_is_missing(chat: chatting.Chatting, database: Database) -> None:
    await hold(chat, database, "Принесли повестка. Военкомат закрыт.")
    assert (await chat.hears(f"/why {LINK}")).splitlines()[1:] == [
        "No rule matches it.",
        "",
        "What nearly matches:",
        "• повестка – Mobilization, by повестка + военкомат",
        "   missing in the same sentence: военкомат",
    ]


async def test_numbers_of_persons_are_masked_also_in_what_nearly_matched(
    chat: chatting.Chatting, database: Database
) -> None:
    await chat.hears("/topic rotation add вызвали .. явиться and караул")
    await hold(chat, database, "Вызвали 3184710691 явиться.")
    said = await chat.hears(f"/why {LINK}")
    assert "• Вызвали ••••••••91 явиться – Rotation" in said


async def test_what_excludes_is_told_with_where(chat: chatting.Chatting, database: Database) -> None:
    await chat.hears("/topic rotation add смена unless:3 караул")
    await chat.hears("/topic rotation add пост unless:text караул")
    await hold(chat, database, "Смена на караул. Новый пост. Ротация.")
    said = await chat.hears(f"/why {LINK}")
    assert "• Смена – Rotation, by смена unless:3 караул\n   excluded by караул within 3 words" in said
    assert "   excluded by караул in the whole text" in said


async def test_a_limited_topic_is_named(chat: chatting.Chatting, database: Database) -> None:
    await hold(chat, database, "Ротация.")
    async with database.transaction() as tx:
        await topics.put(tx, Topic(name="rotation", languages=("uk",)), now=records.NOW)
    await rulebook.renew(chat.rules, database)
    said = await chat.hears(f"/why {LINK}")
    assert "Rotation would match, but you have limited it to other channels or languages." in said
    assert "then it was flagged for Rotation" in said


async def test_what_was_flagged_by_other_rules_before_is_said(chat: chatting.Chatting, database: Database) -> None:
    await hold(chat, database, "Ротация.")
    async with database.transaction() as tx:
        put = await posts.put(tx, records.post(15, "Ротация."), language="ru", now=records.NOW)
        await matches.replace(tx, put.post_id, ())
    assert "then it was flagged for nothing" in await chat.hears("/why t.me/s/garrison_news/15?single")


async def test_a_post_in_no_known_language_says_so(chat: chatting.Chatting, database: Database) -> None:
    await hold(chat, database, "15")
    assert (await chat.hears("/why t.me/c/1500000001/15")).splitlines()[0] == "Вести гарнизона · language unknown"


@pytest.mark.parametrize("args", ["", "rotation", "https://t.me/garrison_news", "https://example.org/a/1"])
async def test_without_the_link_of_a_post_it_shows_how(chat: chatting.Chatting, args: str) -> None:
    assert "Write the link of a post" in await chat.hears(f"/why {args}")


async def test_a_post_that_is_not_held_is_a_sentence(chat: chatting.Chatting) -> None:
    await chat.follows(records.channel_info())
    assert "I do not hold that post" in await chat.hears(f"/why {LINK}")
    assert "never watched that channel" in await chat.hears("/why https://t.me/market_square/15")
    assert "never watched that channel" in await chat.hears("/why https://t.me/c/77/15")
    assert "never watched that channel" in await chat.hears("/why https://t.me/c/٧٧/15")
