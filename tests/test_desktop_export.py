import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import desktop_export, ingest, rulebook
from storage import channels, posts
from storage.database import Database
from storage.models import ChannelId, MessageId
from tests import records

UTC = ZoneInfo("UTC")
CHANNEL = ChannelId(1_500_000_001)


def message(message_id: int, text: Any = "Воды нет.", **fields: Any) -> dict[str, Any]:
    return {"id": message_id, "type": "message", "date_unixtime": "1790000000", "text": text, **fields}


def chat(*messages: Any, **fields: Any) -> dict[str, Any]:
    return {"name": "Вести", "type": "public_channel", "id": CHANNEL, "messages": list(messages), **fields}


def written(folder: Path, content: Any) -> Path:
    path = folder / "result.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(desktop_export.ExportError) as caught:
        desktop_export.read(path, zone=UTC)
    assert "Nothing was stored" in str(caught.value)
    return str(caught.value)


@pytest.fixture
def teller(rules: rulebook.Rulebook) -> ingest.Teller:
    return ingest.Teller(rules=rules, catalogues={}, wake=lambda: None)


def test_a_single_chat_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, chat(message(1), {"id": 2, "type": "service"}, message(3)))
    (found,) = desktop_export.read(path, zone=UTC)
    assert (found.info.id, found.info.title, found.info.username) == (CHANNEL, "Вести", None)
    assert [post.message_id for post in found.posts] == [1, 3]


def test_of_all_chats_only_public_channels_are_read_left_ones_too(tmp_path: Path) -> None:
    person = chat(message(1, "secret of a person"), type="personal_chat", id=15)
    group = chat(message(1, 5), type="public_supergroup", id=16)
    export = {
        "personal_information": {"first_name": "Ольга"},
        "chats": {"list": [person, chat(message(1)), group]},
        "left_chats": {"list": [chat(message(1), id=17, name=None)]},
    }
    found = desktop_export.read(written(tmp_path, export), zone=UTC)
    assert [one.info.id for one in found] == [CHANNEL, 17]
    assert found[1].info.title == "Untitled channel"


@pytest.mark.parametrize("written_id", [CHANNEL, -CHANNEL, -(10**12 + CHANNEL), 10**12 + CHANNEL, str(CHANNEL)])
def test_an_id_is_the_same_in_whatever_form(tmp_path: Path, written_id: int | str) -> None:
    (found,) = desktop_export.read(written(tmp_path, chat(id=written_id)), zone=UTC)
    assert found.info.id == CHANNEL


def test_persons_are_dropped_while_the_file_is_read(tmp_path: Path) -> None:
    post = message(1, author="Ольга", contact_information={"first_name": "Ольга"}, **{"from": "Ольга"})
    (found,) = desktop_export.read(written(tmp_path, chat(post)), zone=UTC)
    assert "Ольга" not in repr(found)
    assert found.posts[0].media == "contact"


def test_an_export_without_a_public_channel_is_refused(tmp_path: Path) -> None:
    assert "no public channel" in refused(written(tmp_path, chat(message(1), type="private_channel")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"type": "public_channel",\n "messages": [', "line 2, column 15"),
        ('{"messages": [' + "9" * 5000 + "]}", "too long"),
        ("[" * 100_000, "too deep"),
        ({"name": "x"}, "no export of Telegram Desktop"),
        ([1], "no export of Telegram Desktop"),
        ({"chats": {"list": [5]}}, "list of chats"),
        ({"chats": []}, "list of chats"),
        (chat(id="x"), r"channel 1 (Вести) has no usable number as 'id'"),
        (chat(messages=None), "channel 1 (Вести) has no list of messages"),
        (chat(message(1), message(2, None)), "channel 1 (Вести), message 2 of 2 has a 'text'"),
        (chat(message(1), 5), "message 2 of 2 is not an object"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(tmp_path: Path, content: Any, said: str) -> None:
    assert said in refused(written(tmp_path, content))


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot be read" in refused(tmp_path / "none")
    (tmp_path / "binary").write_bytes(b'{"name": "\xff"}')
    assert "byte 10" in refused(tmp_path / "binary")
    monkeypatch.setattr(desktop_export, "LARGEST_BYTES", 4)
    assert "larger than" in refused(tmp_path / "binary")


async def stored(database: Database, teller: ingest.Teller, path: Path) -> list[desktop_export.Imported]:
    done: list[int] = []
    found = [
        await desktop_export.store(database, teller, one, now=records.NOW, progress=done.append)
        for one in desktop_export.read(path, zone=UTC)
    ]
    assert sum(done) == sum(one.new + one.edited + one.held for one in found)
    return found


async def test_importing_twice_adds_nothing(
    database: Database, teller: ingest.Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop_export, "POSTS_AT_ONCE", 2)
    path = written(tmp_path, chat(message(1), message(2), message(3, "Объявлена мобилизация."), message(3, "Опять.")))
    (first,) = await stored(database, teller, path)
    assert (first.new, first.flagged) == (3, 1)
    (second,) = await stored(database, teller, path)
    assert (second.new, second.edited, second.flagged, second.held) == (0, 0, 0, 4)


async def test_a_channel_that_was_not_known_is_held_but_not_followed(
    database: Database, teller: ingest.Teller, tmp_path: Path
) -> None:
    await stored(database, teller, written(tmp_path, chat(message(1))))
    async with database.reading() as conn:
        channel = await channels.get(conn, CHANNEL)
        assert channel is not None
        assert channel.state == "removed"
        assert await channels.followed(conn) == ()


async def test_a_channel_that_is_followed_stays_so(database: Database, teller: ingest.Teller, tmp_path: Path) -> None:
    async with database.transaction() as tx:
        followed = await channels.follow(tx, records.channel_info(CHANNEL), joined=True, now=records.NOW)
    await stored(database, teller, written(tmp_path, chat(message(1))))
    async with database.reading() as conn:
        assert await channels.get(conn, CHANNEL) == followed


async def test_a_post_that_is_held_stays_and_one_edited_since_is_taken(
    database: Database, teller: ingest.Teller, tmp_path: Path
) -> None:
    edited = message(2, "Воды снова нет.", edited_unixtime="1790000500")
    await stored(database, teller, written(tmp_path, chat(message(1), message(2))))
    (again,) = await stored(database, teller, written(tmp_path, chat(message(1, "Другое."), edited)))
    assert (again.new, again.edited, again.held) == (0, 1, 1)
    async with database.reading() as conn:
        held = [await posts.get(conn, CHANNEL, MessageId(number)) for number in (1, 2)]
    assert [post.post.text for post in held if post] == ["Воды нет.", "Воды снова нет."]
