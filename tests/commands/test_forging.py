"""Buttons that nobody was shown: whatever they carry, a stranger moves nothing, and a reader nothing of others."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import reception
from bot.commands.requests import Press, Pressed
from storage import chats, database, invites, translations, votes
from storage.database import Connection, Database
from storage.models import ChatId, Mute
from tests import records
from tests.commands import alerted, chatting

STRANGER, GROUP = ChatId(666_001), ChatId(-4_300_001)
READER = chatting.FRIEND
UNDER_ALERTS = ("menu", "back", "mute", "unmute", "vote", "translate", "original", "save", "unsave", "cite")
OF_THE_OWNER = ("people", "out", "outyes", "revoke", "drop", "add", "live", "quiet", "way", "find", "on")
WORDS = st.sampled_from(sorted(reception.PRESSES)) | st.text(max_size=8)
PARTS = st.sampled_from(
    ["1", "2", "0", "7", "c", "s", "t0", "t9", "11", "rotation", "1d", "market_square", str(records.CHAT), str(GROUP)]
) | st.text(max_size=6)
FORGED = st.builds(lambda word, parts: ":".join((word, *parts)), WORDS, st.lists(PARTS, max_size=4))
SAME_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
"""Nothing may change, so that all examples can share one database."""

TABLES = ("chats", "mutes", "saved", "votes", "translations", "invites", "outbox", "topics", "channels", "trials")


async def lived_in(database: Database) -> None:
    """The owner was told of a post and did all one can do; a reader and a group are in; an invitation waits."""
    async with database.transaction() as tx:
        for chat_id, role in ((records.CHAT, "owner"), (READER, "reader"), (GROUP, "reader")):
            await chats.pair(
                tx,
                chat_id=chat_id,
                role="owner" if role == "owner" else "reader",
                language="en",
                timezone="UTC",
                now=records.NOW,
            )
        await invites.add(tx, "CODE", label="Olena", expires_at=records.NOW + 99)
        await chats.mute(tx, Mute(chat_id=records.CHAT, kind="topic", subject="rotation", until=None))
    post, _ = await alerted.told(database)
    async with database.transaction() as tx:
        await votes.put(tx, records.CHAT, post, approves=True, now=records.NOW)
        said = translations.Translation(post_id=post, language="en", source="abc", text="Water.")
        await translations.show(tx, records.CHAT, said)


async def state(connection: Connection, *, but: ChatId | None = None) -> dict[str, list[tuple[Any, ...]]]:
    found = {table: await database.rows(connection, f"SELECT * FROM {table}") for table in TABLES}
    return {
        table: [tuple(row) for row in rows if "chat_id" not in row.keys() or row["chat_id"] != but]  # noqa: SIM118
        for table, rows in found.items()
    }


async def held(of: Database, *, but: ChatId | None = None) -> dict[str, list[tuple[Any, ...]]]:
    async with of.reading() as connection:
        return await state(connection, but=but)


async def press(database: Database, data: str, *, by: ChatId, where: ChatId, message_id: int) -> Pressed | None:
    chat = chatting.Chatting(database, chat_id=where)
    pressed = Press(chat_id=where, sender=by, query_id=next(chat.ids), message_id=message_id, data=data)
    return await reception.press(chat.desk, pressed, now=records.NOW)


@SAME_DATABASE
@given(
    data=FORGED,
    where=st.sampled_from([STRANGER, records.CHAT, GROUP, READER, ChatId(-77)]),
    message_id=st.sampled_from([alerted.SENT, 1]),
)
async def test_a_stranger_moves_nothing_wherever_he_presses(
    database: Database, data: str, where: ChatId, message_id: int
) -> None:
    if not (await held(database))["chats"]:
        await lived_in(database)
    before = await held(database)
    assert await press(database, data, by=STRANGER, where=where, message_id=message_id) is None
    assert await held(database) == before


@SAME_DATABASE
@given(data=FORGED, message_id=st.sampled_from([alerted.SENT, 1]))
async def test_a_reader_changes_nothing_but_what_is_his_own(database: Database, data: str, message_id: int) -> None:
    if not (await held(database))["chats"]:
        await lived_in(database)
    before = await held(database, but=READER)
    await press(database, data, by=READER, where=READER, message_id=message_id)
    assert await held(database, but=READER) == before


@SAME_DATABASE
@given(word=st.sampled_from(UNDER_ALERTS), rest=st.sampled_from(["", ":c", ":c:1", ":t0:0", ":0", ":1", ":s:7"]))
async def test_a_button_under_an_alert_of_another_chat_is_refused_in_silence(
    database: Database, word: str, rest: str
) -> None:
    if not (await held(database))["chats"]:
        await lived_in(database)
    before = await held(database)
    for where in (READER, GROUP):
        pressed = await press(database, f"{word}:1{rest}", by=READER, where=where, message_id=alerted.SENT)
        assert pressed == Pressed()
    assert await held(database) == before


@SAME_DATABASE
@given(word=st.sampled_from(OF_THE_OWNER), parts=st.lists(PARTS, max_size=3))
async def test_what_only_the_owner_may_do_no_reader_does_by_a_button(
    database: Database, word: str, parts: list[str]
) -> None:
    if not (await held(database))["chats"]:
        await lived_in(database)
    before = await held(database)
    pressed = await press(database, ":".join((word, *parts)), by=READER, where=READER, message_id=1)
    assert pressed is not None
    assert pressed.replace is None
    assert await held(database, but=None) | {"outbox": []} == before | {"outbox": []}
