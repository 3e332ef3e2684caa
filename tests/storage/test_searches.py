import pytest

from storage import chats, searches
from storage.database import Connection
from storage.models import ChatId
from storage.searches import Search
from tests.records import CHAT, NOW


def asked(query: str) -> Search:
    return Search(query=query, at=NOW, newest=77)


async def test_a_search_is_found_again_by_its_number_in_its_own_chat_alone(tx: Connection) -> None:
    number = await searches.keep(tx, CHAT, asked("вода"))
    assert await searches.get(tx, CHAT, number) == asked("вода")
    assert await searches.get(tx, ChatId(5), number) is None
    assert await searches.get(tx, CHAT, number + 1) is None


async def test_old_searches_are_forgotten(tx: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "KEPT", 3)
    numbers = [await searches.keep(tx, CHAT, asked(f"вода {number}")) for number in range(5)]
    assert [number for number in numbers if await searches.get(tx, CHAT, number)] == numbers[2:]


async def test_searches_go_with_their_chat(tx: Connection) -> None:
    number = await searches.keep(tx, CHAT, asked("вода"))
    await chats.remove(tx, CHAT)
    assert await searches.get(tx, CHAT, number) is None
