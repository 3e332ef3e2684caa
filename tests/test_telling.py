"""Stories as a chat is told of them: one alert each, brought up to date as others take the story up."""

import pytest

from bot import rulebook, unwanted
from storage import outbox, stories
from storage.database import Database
from storage.models import MessageId, MuteKind, Origin, PostId, StoryId
from tests import newsroom
from tests.newsroom import DAY, HOUR, MINUTE, NOW, OTHER, READER, TEXT, Newsroom


@pytest.fixture
async def room(database: Database, rules: rulebook.Rulebook) -> Newsroom:
    return await newsroom.opened(database, rules)


async def test_a_copy_in_another_channel_changes_the_first_alert_and_causes_no_second(room: Newsroom) -> None:
    assert (await room.posts(0, 1, views=1000)).told == 1
    stored = await room.posts(1, 7, f"СРОЧНО! {TEXT}\n\nПодписаться", at=NOW + 3 * MINUTE, views=500)
    assert (stored.flagged, stored.told) == (1, 0)
    alert = await room.alert()
    assert "also: Окопный блокнот +3 min\n👁 1,500 views in 2 channels\nhttps://t.me/channel_0/1" in alert.text
    assert [row.act for row in await room.rows()] == ["send", "edit"]
    assert len(room.rung) == 2


async def test_another_post_is_another_story(room: Newsroom) -> None:
    await room.posts(0, 1)
    assert (await room.posts(1, 7, OTHER)).told == 1
    assert [row.kind for row in await room.rows()] == ["alert", "alert"]


async def test_a_forward_joins_by_its_origin_whatever_its_text(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.posts(1, 7, OTHER, at=NOW + MINUTE, origin=newsroom.origin(0, 1))
    assert "also: Окопный блокнот +1 min" in (await room.alert()).text


async def test_a_forward_of_a_forward_joins_where_nobody_holds_the_origin(room: Newsroom) -> None:
    far = Origin(
        channel_id=newsroom.channel(99).id, message_id=MessageId(3), title="Столичный вестник", date=NOW - HOUR
    )
    await room.posts(0, 1, "Ротации не будет.")
    await room.posts(1, 1, "Обещают ротацию.", origin=far)
    await room.posts(2, 1, "Читайте: мобилизация!", origin=far)
    alerts = await room.rows("alert")
    assert len(alerts) == 2
    assert "↪ forwarded from Столичный вестник" in alerts[1].message.text


async def test_the_origin_that_comes_after_its_forward_joins_too(room: Newsroom) -> None:
    await room.posts(1, 7, "Обещают ротацию.", at=NOW, origin=newsroom.origin(0, 5, date=NOW - 2 * MINUTE))
    await room.posts(0, 5, "Обещают нам ротацию к весне.", at=NOW - 2 * MINUTE, seen_at=NOW + MINUTE)
    assert "also: Путь домой −2 min" in (await room.alert()).text


async def test_the_parts_of_an_album_are_one_story_and_count_once(room: Newsroom) -> None:
    await room.posts(0, 1, TEXT, album=77)
    await room.posts(0, 2, OTHER, album=77)
    assert [row.kind for row in await room.rows()] == ["alert"]


async def test_a_channel_that_repeats_itself_counts_once_and_changes_nothing(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.posts(0, 2, at=NOW + HOUR)
    assert [row.kind for row in await room.rows()] == ["alert"]
    await room.posts(1, 1, at=NOW + 2 * HOUR)
    assert "👁 200 views in 2 channels" in (await room.alert()).text


async def test_what_comes_up_again_after_three_days_is_a_new_story_with_a_link_to_the_old_one(room: Newsroom) -> None:
    await room.posts(0, 1)
    assert (await room.posts(1, 7, at=NOW + 3 * DAY)).told == 0
    assert (await room.posts(2, 9, at=NOW + 3 * DAY + 1)).told == 1
    text = (await room.rows("alert"))[1].message.text
    assert "🔁 told before by Путь домой, 18 Nov 11:06\nhttps://t.me/channel_2/9" in text


async def test_at_five_and_at_twenty_channels_a_reply_says_so(room: Newsroom) -> None:
    await room.follows(*range(4, 21))
    for number in range(21):
        await room.posts(number, 1, at=NOW + number * MINUTE)
    five, twenty = await room.replies()
    assert "⟦bold 📈 5 channels tell this now⟧" in five
    assert "Border Dispatch⟧ +4 min\n👁 500 views in 5 channels" in five
    assert "⟦bold 📈 20 channels tell this now⟧" in twenty
    assert "+4 min, 15 more\n" in twenty
    assert "+3 min, 17 more\n👁 2,100 views in 21 channels" in (await room.alert()).text
    (alert,) = await room.rows("alert")
    assert {(row.depends_on, row.subject) for row in await room.rows("followup")} == {(alert.id, alert.subject)}


async def test_a_reply_says_so_also_where_the_fifth_channel_joined_in_silence(room: Newsroom) -> None:
    await room.follows(*range(4, 8))
    for number in range(4):
        await room.posts(number, 1, at=NOW + number * MINUTE)
    await room.posts(4, 1, at=NOW + 4 * MINUTE, source="backfill")
    assert await room.replies() == []
    for number in (5, 6, 7):
        await room.posts(number, 1, at=NOW + number * MINUTE)
    (reply,) = await room.replies()
    assert "⟦bold 📈 6 channels tell this now⟧" in reply


async def test_a_story_whose_alert_was_cancelled_but_may_have_arrived_is_not_told_again(room: Newsroom) -> None:
    await room.posts(0, 1)
    (alert,) = await room.rows("alert")
    async with room.database.transaction() as tx:
        await outbox.claim(tx, [alert.id], owner="me", now=NOW, lease=60)
        await outbox.again(tx, alert.id, not_before=NOW + 2, error="no answer")
    await room.mutes("channel", str(newsroom.channel(0).id))
    async with room.database.transaction() as tx:
        assert await unwanted.cancel(tx, newsroom.OWNER, now=NOW) == 1
    assert (await room.posts(1, 1, at=NOW + MINUTE)).told == 0


async def test_a_story_whose_alert_a_mute_cancelled_is_told_when_another_channel_takes_it_up(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.mutes("channel", str(newsroom.channel(0).id))
    async with room.database.transaction() as tx:
        assert await unwanted.cancel(tx, newsroom.OWNER, now=NOW) == 1
    assert (await room.posts(1, 1, at=NOW + MINUTE)).told == 1
    assert [row.state for row in await room.rows("alert")] == ["cancelled", "waiting"]
    assert (await room.posts(2, 1, at=NOW + 2 * MINUTE)).told == 0


async def test_a_story_that_was_muted_is_told_by_no_other_channel(room: Newsroom) -> None:
    await room.posts(0, 1)
    async with room.database.reading() as connection:
        told = await stories.of_post(connection, PostId(1))
    assert told is not None
    await room.mutes("story", str(told.id))
    async with room.database.transaction() as tx:
        assert await unwanted.cancel(tx, newsroom.OWNER, now=NOW) == 1
    assert (await room.posts(1, 1, at=NOW + MINUTE)).told == 0


async def test_of_many_changes_that_wait_only_the_newest_is_left(room: Newsroom) -> None:
    for number in range(4):
        await room.posts(number, 1, at=NOW + number)
    assert [row.state for row in await room.rows("update")] == ["replaced", "replaced", "waiting"]


async def test_what_is_imported_or_read_back_joins_in_silence(room: Newsroom) -> None:
    await room.posts(0, 1, source="backfill")
    await room.posts(1, 1, at=NOW + MINUTE, source="import")
    assert await room.rows() == []
    assert (await room.posts(2, 1, at=NOW + 2 * MINUTE)).told == 1
    text = (await room.alert()).text
    assert "https://t.me/channel_2/1" in text
    assert "also: Путь домой −2 min, Окопный блокнот −1 min\n" in text


async def test_what_came_in_silence_is_not_told_when_its_words_only_change(room: Newsroom) -> None:
    await room.posts(0, 1, "Ротации не будет.", source="backfill")
    assert (await room.edits(0, 1, "Ротации опять не будет.", at=NOW + HOUR)).told == 0
    assert (await room.edits(0, 1, "Ротации не будет, а мобилизация будет.", at=NOW + HOUR + 1)).told == 1


async def test_each_chat_follows_the_post_it_was_told_of(room: Newsroom) -> None:
    await room.lets_in()
    await room.mutes("channel", str(newsroom.channel(0).id), chat_id=READER)
    await room.posts(0, 1)
    await room.posts(1, 2, at=NOW + MINUTE)
    assert "https://t.me/channel_0/1" in (await room.alert()).text
    readers = await room.alert(chat_id=READER)
    assert readers.text.endswith("also: Путь домой −1 min\n👁 200 views in 2 channels\nhttps://t.me/channel_1/2")


@pytest.mark.parametrize(("kind", "subject"), [("topic", "rotation"), ("channel", str(newsroom.channel(0).id))])
async def test_what_is_muted_is_followed_no_further(room: Newsroom, kind: MuteKind, subject: str) -> None:
    text = "Обещали ротацию, но ротации опять не будет, говорят в части нашего города."
    await room.posts(0, 1, text)
    await room.mutes(kind, subject)
    await room.posts(1, 1, text)
    await room.edits(0, 1, "Ротации не будет никогда.", at=NOW + MINUTE)
    await room.deletes(0, 1, at=NOW + HOUR)
    assert [row.kind for row in await room.rows()] == ["alert"]


async def test_an_edit_that_brings_a_match_begins_a_story_at_its_own_time(room: Newsroom) -> None:
    await room.posts(0, 1, "Завтра солнечно.", at=NOW - 5 * DAY)
    assert (await room.edits(0, 1, TEXT, at=NOW, posted=NOW - 5 * DAY)).told == 1
    assert "✏️ The words came with an edit" in (await room.rows("alert"))[0].message.text
    assert (await room.posts(1, 1, at=NOW + MINUTE)).told == 0


async def test_an_edit_that_brings_the_first_wanted_topic_is_told_to_whom_it_was_not(room: Newsroom) -> None:
    await room.mutes("topic", "rotation")
    await room.posts(0, 1, "Ротации не будет.")
    assert (await room.edits(0, 1, "Ротации не будет. Мобилизация продолжается.", at=NOW + MINUTE)).told == 1
    assert "✏️ The words came with an edit" in (await room.alert()).text


async def test_a_copy_of_the_edited_text_joins_as_well(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.edits(0, 1, OTHER, at=NOW + MINUTE)
    assert (await room.posts(1, 1, OTHER, at=NOW + 2 * MINUTE)).told == 0


async def test_a_story_told_within_a_summary_changes_no_more(room: Newsroom) -> None:
    await room.posts(0, 1)
    (alert,) = await room.rows("alert")
    async with room.database.transaction() as tx:
        await stories.join(tx, PostId(1), StoryId(1))
        await tx.thread.execute("UPDATE outbox SET state = 'folded', folded_into = NULL")
    await room.posts(1, 1, at=NOW + MINUTE)
    assert [row.id for row in await room.rows()] == [alert.id]


async def test_what_a_story_is_recognised_by_is_forgotten_after_a_month(room: Newsroom) -> None:
    await room.posts(0, 1)
    await room.posts(1, 1, OTHER, at=NOW + 31 * DAY)
    assert (await room.posts(2, 1, at=NOW + 31 * DAY)).told == 1
    assert "told before" not in (await room.rows("alert"))[2].message.text


async def test_a_post_of_years_ago_is_not_remembered(room: Newsroom) -> None:
    await room.posts(0, 1, at=NOW - 300 * DAY, seen_at=NOW, source="backfill")
    async with room.database.reading() as connection:
        assert await stories.get(connection, StoryId(1)) is not None
        assert await stories.kin(connection, sure=[0], sketch=[0]) == ()
        rows = await connection.thread.execute_fetchall("SELECT * FROM marks")
    assert list(rows) == []
