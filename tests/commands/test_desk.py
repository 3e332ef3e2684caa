import pytest

from bot.commands import desk
from storage.models import Chat
from tests import records
from tests.commands import chatting


@pytest.mark.parametrize(
    ("words", "said"),
    [(["one"], "one"), (["one", "two"], "one or two"), (["one", "two", "three"], "one, two or three")],
)
async def test_words_are_joined_as_in_a_sentence(chat: chatting.Chatting, words: list[str], said: str) -> None:
    owner = Chat(
        id=records.CHAT, role="owner", language="en", timezone="UTC", paired_at=records.NOW, unreachable_since=None
    )
    assert desk.listed(desk.Asked(desk=chat.desk, chat=owner, role="owner", args="", now=records.NOW), words) == said
