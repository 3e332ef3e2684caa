"""What is understood of what people type; looking it up is tested with the reader, over real MTProto."""

import pytest

from bot.commands.reader import Refusal, RefusalReason
from bot.telegram import directory
from bot.telegram.directory import Query


@pytest.mark.parametrize(
    "asked",
    [
        "@way_home",
        "https://t.me/way_home",
        "http://www.t.me/way_home/",
        "t.me/way_home/123",
        "https://t.me/s/way_home?before=5",
        "https://t.me/way_home/12?comment=3",
        "T.me/way_home",
        "telegram.me/way_home",
        "https://telegram.dog/way_home",
        "https://way_home.t.me",
        "way_home.t.me/7",
        "tg://resolve?domain=way_home&post=5",
        "  @way_home \n",
    ],
)
def test_names_and_links_are_understood(asked: str) -> None:
    assert directory.parse(asked) == Query(text="way_home", kind="name")


def test_a_bare_word_may_be_a_name_or_a_title() -> None:
    assert directory.parse("way_home") == Query(text="way_home", kind="name", certain=False)


@pytest.mark.parametrize("asked", ["Путь домой", "The Moscow Telegraph", "Мобики", "way-home", "ab", "112 Украина"])
def test_other_words_are_a_title(asked: str) -> None:
    assert directory.parse(asked) == Query(text=asked, kind="title")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("https://t.me/+AbCdEf", "invite"),
        ("t.me/joinchat/AbCdEf", "invite"),
        ("https://t.me/addlist/AbCdEf", "invite"),
        ("tg://join?invite=AbCdEf", "invite"),
        ("tg:addlist?slug=AbCdEf", "invite"),
        ("https://t.me/c/1500000001/15", "private"),
        ("tg://privatepost?channel=1&post=2", "private"),
        ("", "malformed"),
        ("   ", "malformed"),
        ("@", "malformed"),
        ("@way-home", "malformed"),
        ("@имя", "malformed"),
        ("@" + "a" * 40, "malformed"),
        ("https://t.me/", "malformed"),
        ("https://t.me/s/", "malformed"),
        ("tg://resolve?phone=1", "malformed"),
        ("https://example.org/way_home", "malformed"),
        ("+79990000001", "malformed"),
    ],
)
def test_what_leads_nowhere_is_refused_with_its_reason(asked: str, reason: RefusalReason) -> None:
    assert directory.parse(asked) == Refusal(reason=reason)
