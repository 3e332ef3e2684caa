"""Every language answers everything: nothing fails, and nothing is left in another one."""

import re

import pytest

from bot import catalogues
from bot.commands import languages
from storage import channels, chats, matches, posts
from storage.database import Database
from storage.models import ChannelId, Match
from tests import records
from tests.commands import chatting

ASKED = [
    *("/start", "/help", "/channels", "/status", "/topics", "/topic", "/topic rotation", "/topic new x y", "/settings"),
    *("/try", "/try (ротация", "/try ротация 30d", "/why", "/why https://t.me/garrison_news/1", "/add", "/add Вести"),
    *("/remove", "/remove nothing", "/backfill", "/backfill garrison_news 90", "/digest", "/digest yesterday"),
    *("/digest 7d desertion", "/digest foo", "/digest 2050-01-01", "/nonsense", "hello"),
    *("/settings timezone Kyv", "/settings timezone +3", "/settings quiet x", "/settings digest x", "/settings x y"),
]
ENGLISH = re.compile(r"\b(the|you|your|post|posts|channel|channels|is|are|of|and|not|read|day|days)\b")
RULES = re.compile(r"A and B|and армия|/\w+|channels (@name|all)")
"""What is typed so in every language: rules and commands."""


@pytest.mark.parametrize("language", ["ru", "uk"])
async def test_every_command_is_answered_in_the_language_of_the_chat(
    chat: chatting.Chatting, database: Database, language: str
) -> None:
    await chat.follows(records.channel_info(), records.channel_info(2, title="Вести", username="telegraph", fake=True))
    async with database.transaction() as tx:
        await chats.set_language(tx, records.CHAT, language)
        for number in range(12):
            post = records.post(number + 1, "Родные требуют ротации", date=records.NOW - 7000 * number, media="photo")
            put = await posts.put(tx, post, language="ru", now=records.NOW)
            match = Match(topic="rotation", start=15, end=22, term="ротации", rule="ротация")
            await matches.replace(tx, put.post_id, [match])
        await channels.lose(tx, ChannelId(2), trouble="closed")
        await channels.trouble(tx, records.CHANNEL, "TIMEOUT")
    for asked in ASKED:
        for message in await chat.says(asked):
            said = RULES.sub("", message.text + " ".join(chatting.labels(message)))
            assert not ENGLISH.search(said), (asked, ENGLISH.findall(said), said)
            assert re.search("[а-яії]", said), asked


@pytest.mark.parametrize(
    ("code", "language"), [("uk", "uk"), ("ru-RU", "ru"), ("EN-gb", "en"), ("de", "en"), ("", "en"), ("u", "en")]
)
def test_the_language_of_a_telegram_is_taken_where_it_is_one_of_ours(code: str, language: str) -> None:
    assert languages.of(code, catalogues.languages()) == language


@pytest.mark.parametrize(
    ("written", "language"), [("UK", "uk"), ("українська", "uk"), ("Русский", "ru"), ("English", "en"), ("de", None)]
)
def test_a_language_is_known_by_its_code_and_its_names(written: str, language: str | None) -> None:
    assert languages.called(written) == language
