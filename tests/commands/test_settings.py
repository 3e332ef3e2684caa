"""/settings: what a chat sets by buttons and by typing, and what becomes of alerts that wait."""

import re
from dataclasses import replace

import pytest

from bot.commands import settings_screens as screens
from bot.render import zones
from storage import chats
from storage.database import Database
from storage.models import Chat, Message
from tests import records
from tests.commands import chatting

DATA_LIMIT = 64


async def held(database: Database) -> Chat:
    async with database.reading() as connection:
        found = await chats.get(connection, records.CHAT)
    assert found is not None
    return found


async def tap(chat: chatting.Chatting, *data: str) -> Message:
    """Press buttons one after another; give what the message has become."""
    pressed = None
    for one in data:
        pressed, messages = await chat.presses(one)
        assert pressed is not None
        assert messages == []
    assert pressed is not None
    assert pressed.replace is not None, pressed.notice
    return pressed.replace


async def test_all_that_is_set_is_shown_with_a_button_for_each(chat: chatting.Chatting) -> None:
    (message,) = await chat.says("/settings")
    assert message.text.splitlines()[1:8] == [
        "Topics: all",
        "Alerts: at once",
        "Quiet hours: off",
        "Without sound: none",
        "Daily digest: 09:00",
        "Time zone: Kyiv, now 13:06",
        "Language: English",
    ]
    assert len(chatting.labels(message)) == 7


async def test_the_digest_comes_on_mondays_and_every_day_again(chat: chatting.Chatting, database: Database) -> None:
    message = await tap(chat, "set:often:weekly")
    assert (await held(database)).weekly
    assert "On Mondays, of the seven days before. Now: 09:00" in message.text
    assert chatting.labels(message)[:2] == ["Every day", "✓ Mondays"]
    assert "Weekly digest: Mondays, 07:00" in (await tap(chat, "set:digest:420")).text
    await tap(chat, "set:often:daily")
    assert not (await held(database)).weekly


async def test_every_button_leads_to_a_page_or_sets_something(chat: chatting.Chatting) -> None:
    """Press all there is, as far as it leads."""
    (first,) = await chat.says("/settings")
    todo, done = [button.data for button in chatting.buttons(first)], set[str]()
    while todo:
        data = todo.pop()
        if data is None or data in done or (data.startswith("set:until:") and len(done) > 60):
            continue
        done.add(data)
        assert len(data.encode()) <= DATA_LIMIT
        pressed, messages = await chat.presses(data)
        assert pressed is not None
        assert messages == []
        if pressed.replace is not None:
            todo += [button.data for button in chatting.buttons(pressed.replace) if button.data not in done]
        else:
            assert pressed.notice == chatting.TEXTS.texts["settings_topics.last"]
    assert len(done) > 100


async def test_topics_are_turned_off_and_on_but_the_last_one_stays(chat: chatting.Chatting, database: Database) -> None:
    message = await tap(chat, "set:topics:rotation", "set:topics:desertion")
    assert chatting.labels(message)[:4] == ["Desertion", "✓ Mobilization", "Rotation", "All, also new ones"]
    assert (await held(database)).topics == ("mobilization",)
    pressed, _ = await chat.presses("set:topics:mobilization")
    assert pressed is not None
    assert pressed.replace is None
    assert "At least one topic" in (pressed.notice or "")
    await tap(chat, "set:topics:rotation")
    assert (await held(database)).topics == ("mobilization", "rotation")
    await tap(chat, "set:topics:desertion")
    assert (await held(database)).topics == ()
    await tap(chat, "set:topics:rotation", "set:topics:")
    assert (await held(database)).topics == ()


async def test_the_choice_of_a_topic_that_is_off_is_kept(chat: chatting.Chatting, database: Database) -> None:
    async with database.transaction() as tx:
        await chats.set_topics(tx, records.CHAT, ("gone", "rotation"))
    await tap(chat, "set:topics:desertion")
    assert (await held(database)).topics == ("gone", "desertion", "rotation")


async def test_modes_quiet_hours_sound_and_digest_are_set(chat: chatting.Chatting, database: Database) -> None:
    await tap(chat, "set:mode:hourly", "set:quiet:1320-420", "set:sound:rotation", "set:sound:desertion")
    message = await tap(chat, "set:sound:desertion", "set:digest:510")
    found = await held(database)
    assert (found.mode, found.quiet_from, found.quiet_to) == ("hourly", 1320, 420)
    assert (found.silent_topics, found.digest_at) == (("rotation",), 510)
    assert message.text.splitlines()[2:6] == [
        "Alerts: once an hour",
        "Quiet hours: 22:00–07:00",
        "Without sound: Rotation",
        "Daily digest: 08:30",
    ]
    await tap(chat, "set:quiet:off")
    assert (await held(database)).quiet_from is None


async def test_a_region_shows_what_its_clocks_show(chat: chatting.Chatting, database: Database) -> None:
    message = await tap(chat, "set:region:east")
    assert chatting.labels(message)[0] == "✓ Kyiv 13:06"
    await tap(chat, "set:tz:Asia/Tbilisi")
    found = await held(database)
    assert (found.timezone, found.own_timezone) == ("Asia/Tbilisi", True)


@pytest.mark.parametrize(("code", "title"), [("ru", "Настройки этого чата"), ("uk", "Налаштування цього чату")])
async def test_a_language_holds_at_once_also_for_the_menu(
    chat: chatting.Chatting, database: Database, code: str, title: str
) -> None:
    message = await tap(chat, f"set:language:{code}")
    assert message.text.startswith(title)
    assert (await held(database)).language == code
    shown = {entry.name: entry.description for entry in chat.screen.menus[records.CHAT]}
    assert shown["help"] == chatting.ALL[code].texts["menu.help"]


FORGED = [
    "",
    "nothing",
    "topics:unknown",
    "mode:never",
    "quiet:5",
    "quiet:60-60",
    "quiet:0-1440",
    "quiet:a-b",
    "until:x",
]


@pytest.mark.parametrize(
    "data",
    [
        *FORGED,
        "digest:99999",
        "often:hourly",
        "tz:Europe/Atlantis",
        "tz:../../etc",
        "language:xx",
        "region:moon",
        "main:x",
    ],
)
async def test_a_forged_button_changes_nothing(chat: chatting.Chatting, database: Database, data: str) -> None:
    before = await held(database)
    pressed, messages = await chat.presses(f"set:{data}")
    assert pressed is not None
    assert (pressed.replace, messages) == (None, [])
    assert pressed.notice == chatting.TEXTS.texts["press.old"]
    assert await held(database) == before


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("timezone Europe/Warsaw", "Time zone: Warsaw, now 12:06"),
        ("timezone  moscow", "Time zone: Moscow, now 14:06"),
        ("timezone Київ", "Time zone: Kyiv, now 13:06"),
        ("quiet 22:30 - 7", "Quiet hours: 22:30–07:00"),
        ("quiet 0-8.15", "Quiet hours: 00:00–08:15"),
        ("quiet OFF", "Quiet hours: off"),
        ("digest 08:30", "Daily digest: 08:30"),
        ("Digest 7", "Daily digest: 07:00"),
        ("digest Weekly", "Weekly digest: Mondays, 09:00"),
        ("digest daily", "Daily digest: 09:00"),
        ("language Українська", "Мова: Українська"),
        ("language russian", "Язык: Русский"),
        ("language en", "Language: English"),
    ],
)
async def test_what_is_typed_is_set_and_shown(chat: chatting.Chatting, typed: str, shown: str) -> None:
    lines = (await chat.hears(f"/settings {typed}")).splitlines()
    assert shown in lines
    assert lines[0] in {"Saved.", "Збережено.", "Сохранено."}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("quiet 22-25", "“22-25” are not quiet hours."),
        ("quiet 22-22", "“22-22” are not quiet hours."),
        ("quiet now", "“now” are not quiet hours."),
        ("digest 24:00", "“24:00” is not a time of day."),
        ("digest noon", "“noon” is not a time of day."),
        ("language Klingon", "I speak no language “Klingon”."),
        ("colour red", "I did not understand that."),
        ("timezone", "I did not understand that."),
    ],
)
async def test_what_cannot_be_read_is_said_with_an_example_and_changes_nothing(
    chat: chatting.Chatting, database: Database, typed: str, told: str
) -> None:
    before = await held(database)
    (message,) = await chat.says(f"/settings {typed}")
    assert message.text.startswith(told)
    assert message.text.splitlines()[-1].startswith("/settings ") or message.buttons
    assert await held(database) == before


async def test_names_near_to_a_zone_that_there_is_not_are_offered(chat: chatting.Chatting, database: Database) -> None:
    (message,) = await chat.says("/settings timezone Kyv")
    assert message.text.startswith("I know no time zone “Kyv”.")
    assert chatting.labels(message) == ["✓ Kyiv 13:06", "Choose by region"]
    (message,) = await chat.says("/settings timezone xyzzy")
    assert chatting.labels(message) == ["Choose by region"]
    (message,) = await chat.says("/settings timezone UTC+4")
    assert "Tbilisi 15:06" in chatting.labels(message)
    await tap(chat, "set:tz:Asia/Tbilisi")
    assert (await held(database)).timezone == "Asia/Tbilisi"


def test_the_zones_on_buttons_are_known_and_have_names_in_each_language() -> None:
    offered = [zone for found in zones.REGIONS.values() for zone in found]
    assert len(offered) == len(set(offered))
    for texts in chatting.ALL.values():
        names = {key.removeprefix("zone.") for key in texts.texts if key.startswith("zone.")}
        assert names == {*offered, "UTC"}
        assert {key.removeprefix("region.") for key in texts.texts if key.startswith("region.")} == set(zones.REGIONS)


def test_no_label_that_stands_beside_another_is_longer_than_a_phone_shows() -> None:
    for texts in chatting.ALL.values():
        for key, said in texts.texts.items():
            if key.startswith("settings.button_") and isinstance(said, str):
                assert len(said) <= 15, (texts.language, key)


def test_hours_are_written_alike_everywhere() -> None:
    assert screens.hours(0, 485) == "00:00–08:05"
    assert re.fullmatch(r"\d\d:\d\d", screens.clock(1439))


async def test_a_chat_without_what_was_forgotten_is_answered_as_it_was(chat: chatting.Chatting) -> None:
    # The chat may be removed while a press is on its way.
    async with chat.database.transaction() as tx:
        await chats.remove(tx, records.CHAT)
    assert await chat.presses("set:mode:hourly") == (None, [])


async def test_readers_set_their_own_chat(chat: chatting.Chatting, database: Database) -> None:
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=records.CHAT, role="reader", language="en", timezone="UTC", now=records.NOW)
    await tap(chat, "set:mode:digest")
    assert await held(database) == replace(await held(database), mode="digest", role="reader")
