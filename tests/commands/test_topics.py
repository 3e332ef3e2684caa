from storage import channels, chats, matches, posts, votes
from storage.database import Database
from storage.models import Mute, MuteKind, PostId
from tests import records
from tests.commands import chatting


async def mute(database: Database, kind: MuteKind, subject: str, until: int | None) -> None:
    async with database.transaction() as tx:
        await chats.mute(tx, Mute(chat_id=records.CHAT, kind=kind, subject=subject, until=until))


async def test_topics_are_listed_with_what_they_hold(chat: chatting.Chatting) -> None:
    assert (await chat.hears("/topics")).splitlines() == [
        "I look for posts about:",
        "• Desertion – 2 words and phrases, in all their forms",
        "• Mobilization – 3 words and phrases, in all their forms",
        "• Rotation – 1 word or phrase, in all its forms",
        "",
        "In Russian, Ukrainian and English. One topic of the last days: /digest 7d desertion",
    ]


async def test_muted_topics_say_until_when(chat: chatting.Chatting, database: Database) -> None:
    await mute(database, "topic", "rotation", records.NOW + 3600)
    await mute(database, "topic", "desertion", None)
    await mute(database, "channel", "mobilization", None)
    said = (await chat.hears("/topics")).splitlines()
    assert said[1].endswith("muted")
    assert said[2].endswith("forms")
    assert said[3] == "• Rotation – 1 word or phrase, in all its forms · muted until 18 Nov 14:06"


async def flag(database: Database, *rules: str, first: int = 1, date: int = records.NOW) -> None:
    """A post a rule of rotation, flagged by it; the posts are numbered from `first` on."""
    async with database.transaction() as tx:
        await channels.follow(tx, records.channel_info(), joined=True, now=records.NOW)
        for number, rule in enumerate(rules, start=first):
            put = await posts.put(tx, records.post(number, date=date), language="ru", now=records.NOW)
            await matches.replace(tx, put.post_id, (records.match(rule=rule),))


async def vote(database: Database, post_id: int, *, approves: bool) -> None:
    async with database.transaction() as tx:
        await votes.put(tx, records.CHAT, PostId(post_id), approves=approves, now=records.NOW)


async def test_the_rules_of_a_topic_show_how_they_come_off(chat: chatting.Chatting, database: Database) -> None:
    await flag(database, "смена", "ротация", "ротация", "ротация")
    await flag(database, "дембель", first=9, date=records.NOW - 40 * 24 * 3600)
    await vote(database, 1, approves=False)
    await vote(database, 2, approves=True)
    said = (await chat.hears("/topics")).splitlines()
    assert said[3:6] == [
        "• Rotation – 1 word or phrase, in all its forms",
        "   смена – 1 post · 👎 1",
        "   ротация – 3 posts · 👍 1",
    ]
    assert "in 30 days" in said[7]


async def test_only_some_rules_of_a_topic_are_shown_and_all_at_the_topic(
    chat: chatting.Chatting, database: Database
) -> None:
    await flag(database, *(f"слово{number}" for number in range(8)))
    assert (await chat.hears("/topics")).count("слово") == 5
    said = await chat.hears("/topic rotation")
    assert "How its rules come off, in 30 days:" in said
    assert said.count("слово") == 8
