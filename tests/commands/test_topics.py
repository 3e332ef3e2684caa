from storage import chats
from storage.database import Database
from storage.models import Mute, MuteKind
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
