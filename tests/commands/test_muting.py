import pytest

from storage import backlog, chats, outbox, stories
from storage.database import Database
from storage.models import ChannelId, Mute
from tests import records
from tests.commands import alerted, chatting
from tests.commands.alerted import pressed

DAY = 24 * 3600
MAIN = [["🌐 Translate", "🔕 Mute", "⭐ Save"], ["👍", "👎", "📋 Cite"]]


async def mutes(database: Database) -> set[tuple[str, str, int | None]]:
    async with database.reading() as connection:
        return {(mute.kind, mute.subject, mute.until) for mute in await chats.mutes(connection, now=records.NOW)}


async def waiting(database: Database) -> list[str]:
    async with database.reading() as connection:
        return [message.key for message in await backlog.unsent(connection, records.CHAT)]


async def test_a_menu_opens_in_place_and_leads_back(chat: chatting.Chatting, database: Database) -> None:
    post, message = await alerted.told(database)
    assert alerted.rows(message) == MAIN
    notice, rows = await pressed(chat, f"menu:{post}")
    assert notice == "What shall I be silent about?"
    assert rows == [["🔕 This story", "🔕 This channel"], ["🔕 Desertion", "🔕 Rotation"], ["‹ Back"]]
    notice, rows = await pressed(chat, f"menu:{post}:c")
    assert notice == "For how long? Базарная площадь"
    assert rows == [["A day", "A week", "For ever"], ["‹ Back"]]
    assert (await pressed(chat, f"menu:{post}"))[1][0] == ["🔕 This story", "🔕 This channel"]
    assert await alerted.press(chat, f"back:{post}") == (None, message)


@pytest.mark.parametrize(
    ("choice", "notice", "muted"),
    [
        (("c", 1), "Muted until 19 Nov 13:06: Базарная площадь", ("channel", "11", records.NOW + DAY)),
        (("t0", 7), "Muted until 25 Nov 13:06: Desertion", ("topic", "desertion", records.NOW + 7 * DAY)),
        (("t1", 0), "Muted for good: Rotation", ("topic", "rotation", None)),
        (("s", 0), "Muted for good: “Сегодня в посёлке снова отключили воду.”", ("story", "1", None)),
    ],
)
async def test_what_is_chosen_is_muted_and_the_menu_lifts_it(
    chat: chatting.Chatting,
    database: Database,
    choice: tuple[str, int],
    notice: str,
    muted: tuple[str, str, int | None],
) -> None:
    post, _ = await alerted.told(database)
    target, days = choice
    marked = [["🌐 Translate", "🔕 Muted", "⭐ Save"], MAIN[1]]
    assert await pressed(chat, f"mute:{post}:{target}:{days}") == (notice, marked)
    assert await mutes(database) == {muted}
    _, message = await alerted.press(chat, f"menu:{post}")
    assert message is not None
    (lift,) = [button for button in chatting.buttons(message) if button.label.startswith("🔔")]
    assert lift.data == f"unmute:{post}:{target}"
    notice_of_lifting, rows = await pressed(chat, lift.data)
    assert notice_of_lifting == f"Alerts are on again: {notice.partition(': ')[2]}"
    assert rows == MAIN
    assert await mutes(database) == set()


async def test_buttons_go_on_after_a_restart(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database)
    await pressed(chat, f"mute:{post}:t0:1")
    again = chatting.Chatting(database)
    assert (await pressed(again, f"menu:{post}"))[1][1] == ["🔔 Desertion", "🔕 Rotation"]


async def test_what_others_muted_shows_on_no_button_of_mine(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database)
    async with database.transaction() as tx:
        await chats.pair(tx, chat_id=chatting.FRIEND, role="reader", language="en", timezone="UTC", now=records.NOW)
        await chats.mute(tx, Mute(chat_id=chatting.FRIEND, kind="channel", subject="11", until=None))
    assert (await pressed(chat, f"save:{post}"))[1][0] == ["🌐 Translate", "🔕 Mute", "⭐ Saved"]


async def test_a_mute_takes_back_what_waits_and_is_about_nothing_else(
    chat: chatting.Chatting, database: Database
) -> None:
    post, _ = await alerted.told(database)
    await alerted.told(database, number=2, message_id=None, topics=("rotation",))
    await alerted.told(database, number=3, message_id=None, topics=("desertion", "rotation"))
    await alerted.told(database, number=4, message_id=None, topics=("mobilization",))
    await pressed(chat, f"mute:{post}:t1:1")
    assert await waiting(database) == ["alert:11:3", "alert:11:4"]
    await pressed(chat, f"mute:{post}:c:1")
    assert await waiting(database) == []


async def test_a_mute_of_a_story_takes_back_its_alert_alone(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database, message_id=None)
    await alerted.told(database, number=2, message_id=None)
    await pressed(chat, f"mute:{post}:s:7")
    assert await waiting(database) == ["alert:11:2"]


async def test_a_story_is_muted_under_an_alert_that_quotes_a_later_post_of_it(
    chat: chatting.Chatting, database: Database
) -> None:
    first, _ = await alerted.told(database, chat_id=records.CHAT, message_id=500)
    later, _ = await alerted.told(database, number=2)
    async with database.transaction() as tx:
        story = await stories.begin(tx, first, began_at=records.NOW, continues=None)
        await stories.join(tx, later, story.id)
    assert (await pressed(chat, f"mute:{later}:s:0"))[0] == "Muted for good: “Сегодня в посёлке снова отключили воду.”"
    assert await mutes(database) == {("story", str(story.id), None)}
    assert (await pressed(chat, f"menu:{first}", message_id=500))[1][0] == ["🔔 This story", "🔕 This channel"]


class TestAlertsFromBeforeThereWasAMenu:
    @pytest.mark.parametrize(
        ("data", "muted"),
        [
            ("mute:c:11:1d", ("channel", "11", records.NOW + DAY)),
            ("mute:t:rotation:1d", ("topic", "rotation", records.NOW + DAY)),
        ],
    )
    async def test_their_buttons_mute_and_lift(
        self, chat: chatting.Chatting, database: Database, data: str, muted: tuple[str, str, int]
    ) -> None:
        await alerted.told(database)
        assert (await pressed(chat, data))[1][0] == ["🌐 Translate", "🔕 Muted", "⭐ Save"]
        assert await mutes(database) == {muted}
        assert (await pressed(chat, f"un{data.removesuffix(':1d')}"))[1] == MAIN
        assert await mutes(database) == set()

    async def test_they_mute_where_the_message_is_not_held(self, chat: chatting.Chatting, database: Database) -> None:
        assert await pressed(chat, "mute:t:rotation:1d", message_id=9) == ("Muted until 19 Nov 13:06: Rotation", [])

    @pytest.mark.parametrize("data", ["mute:c:99:1d", "mute:c:x:1d", "mute:t:weather:1d", "mute:t:rotation"])
    async def test_what_is_not_there_cannot_be_muted(
        self, chat: chatting.Chatting, database: Database, data: str
    ) -> None:
        assert await pressed(chat, data) == ("There is nothing left to mute here.", [])
        assert await mutes(database) == set()

    async def test_a_channel_that_is_gone_is_lifted_by_its_number(self, chat: chatting.Chatting) -> None:
        assert await pressed(chat, "unmute:c:99") == ("Alerts are on again: 99", [])


@pytest.mark.parametrize(
    "data",
    [
        "menu:77",
        "menu:1:x",
        "menu:1:t2",
        "menu:1:t٣",
        "back:77",
        "mute:1:c:2",
        "mute:1:c",
        "mute:1:t9:1",
        "mute:77:c:1",
        "mute:x",
        "unmute:1:t7",
        "unmute:",
        "unmute:77:c",
    ],
)
async def test_what_no_button_carries_does_and_says_nothing(
    chat: chatting.Chatting, database: Database, data: str
) -> None:
    await alerted.told(database)
    assert await pressed(chat, data) == (None, [])
    assert await mutes(database) == set()


async def test_the_notice_of_a_long_title_stays_within_what_telegram_shows(
    chat: chatting.Chatting, database: Database
) -> None:
    await chat.follows(records.channel_info(11, title="Очень длинное название " * 9))
    notice, _ = await pressed(chat, "mute:c:11:1d", message_id=9)
    assert notice is not None
    assert len(notice) < 100


class TestMuted:
    async def test_nothing_is_muted_at_first(self, chat: chatting.Chatting) -> None:
        assert (await chat.hears("/muted")).startswith("Nothing is muted in this chat.")

    async def test_all_is_listed_and_lifted_by_a_tap(self, chat: chatting.Chatting, database: Database) -> None:
        post, _ = await alerted.told(database)
        for button in (f"mute:{post}:s:7", f"mute:{post}:c:1", f"mute:{post}:t1:0"):
            await pressed(chat, button)
        (message,) = await chat.says("/muted")
        assert message.text == (
            "🔕 Muted in this chat. Tap to hear of it again:\n"
            "1. Базарная площадь – until 19 Nov 13:06\n"
            "2. “Сегодня в посёлке снова отключили воду.” – until 25 Nov 13:06\n"
            "3. Rotation – for ever"
        )
        assert chatting.labels(message) == ["🔔 1. Базарная площадь", "🔔 2. “Сегодня в посёлке…", "🔔 3. Rotation"]
        first = chatting.buttons(message)[0].data
        notice, rows = await pressed(chat, str(first), message_id=700)
        assert notice == "Alerts are on again: Базарная площадь"
        assert [row[0][:4] for row in rows] == ["🔔 1.", "🔔 2."]
        assert {kind for kind, _, _ in await mutes(database)} == {"story", "topic"}
        assert (await pressed(chat, str(first), message_id=700))[0] is None

    async def test_the_last_one_lifted_leaves_a_word(self, chat: chatting.Chatting, database: Database) -> None:
        post, _ = await alerted.told(database)
        await pressed(chat, f"mute:{post}:c:1")
        (message,) = await chat.says("/muted")
        _, after = await alerted.press(chat, str(chatting.buttons(message)[0].data), message_id=700)
        assert after is not None
        assert after.text.startswith("Nothing is muted")

    async def test_a_long_list_ends_with_a_count(self, chat: chatting.Chatting, database: Database) -> None:
        await chat.follows(*(records.channel_info(number, username=None) for number in range(100, 133)))
        async with database.transaction() as tx:
            for number in range(100, 133):
                subject = str(ChannelId(number))
                await chats.mute(tx, Mute(chat_id=records.CHAT, kind="channel", subject=subject, until=None))
        (message,) = await chat.says("/muted")
        assert message.text.endswith("and 3 more, shown once some of these are lifted")
        assert len(chatting.buttons(message)) == 30

    async def test_a_story_whose_post_is_gone_has_a_name(self, chat: chatting.Chatting, database: Database) -> None:
        async with database.transaction() as tx:
            await chats.mute(tx, Mute(chat_id=records.CHAT, kind="story", subject="77", until=None))
        assert "1. a story whose post is no longer held – for ever" in await chat.hears("/muted")


async def test_an_alert_told_in_a_summary_is_still_known(chat: chatting.Chatting, database: Database) -> None:
    post, _ = await alerted.told(database, message_id=None)
    async with database.transaction() as tx:
        summary = await outbox.add(
            tx, chat_id=records.CHAT, kind="summary", key="s", random_id=9, message=records.message(), now=records.NOW
        )
        assert summary is not None
        await outbox.settle(tx, summary, message_id=600, now=records.NOW)
    assert await pressed(chat, f"mute:{post}:t1:1", message_id=600) == ("Muted until 19 Nov 13:06: Rotation", [])
