"""Stories and what their posts are recognised by."""

from dataclasses import replace

import pytest

from storage import channels, chats, outbox, posts, stories
from storage.database import Connection
from storage.models import ChatId, MessageId, Origin, PostId, StoryId, TextPart
from storage.story_models import Story
from tests import records

NOW = records.NOW
SURE, OTHER_SURE = 1 << 62, (1 << 62) + 1
FIRST, SECOND = PostId(1), PostId(2)


@pytest.fixture
async def held(tx: Connection) -> Connection:
    """Two channels with three posts each, which belong to no story."""
    for channel_id in (records.CHANNEL, records.OTHER_CHANNEL):
        await channels.follow(tx, records.channel_info(channel_id), joined=True, now=NOW)
        for number in (1, 2, 3):
            post = records.post(number, f"Пост {number}", channel_id=channel_id, date=NOW - 60 * number, views=number)
            await posts.put(tx, post, language="ru", now=NOW)
    return tx


async def begin(tx: Connection, post_id: PostId = FIRST, *, began_at: int = NOW) -> Story:
    return await stories.begin(tx, post_id, began_at=began_at, continues=None)


async def test_a_story_bears_the_number_of_its_first_post(held: Connection) -> None:
    story = await begin(held)
    later = await stories.begin(held, PostId(4), began_at=NOW + 5, continues=story.id)
    assert story == Story(id=StoryId(1), began_at=NOW, continues=None)
    assert await stories.get(held, StoryId(4)) == later
    assert await stories.of_post(held, FIRST) == story
    assert await stories.of_post(held, SECOND) is None
    assert await stories.get(held, StoryId(9)) is None


async def test_its_posts_are_listed_with_their_channels_oldest_first(held: Connection) -> None:
    story = await begin(held)
    await stories.join(held, PostId(5), story.id)
    origin = Origin(channel_id=records.CHANNEL, message_id=MessageId(1), title="Вести", date=NOW)
    await posts.put(
        held,
        replace(records.post(2, "Пост 2", channel_id=records.OTHER_CHANNEL), origin=origin),
        language="ru",
        now=NOW,
    )
    await posts.delete(held, records.OTHER_CHANNEL, [MessageId(2)], now=NOW + 9)
    older, first = await stories.appearances(held, story.id)
    assert (older.post_id, older.channel.id, older.message_id) == (5, records.OTHER_CHANNEL, 2)
    assert (older.deleted_at, older.origin) == (NOW + 9, origin)
    assert (first.post_id, first.views, first.deleted_at, first.origin) == (1, 1, None, None)


async def test_kin_share_a_sure_mark_or_two_of_a_sketch(held: Connection) -> None:
    story = await begin(held)
    other = await begin(held, SECOND, began_at=NOW - 50)
    await stories.mark(held, FIRST, [SURE, 1, 2, 3, 2], at=NOW)
    await stories.mark(held, SECOND, [OTHER_SURE, 3, 4, 5], at=NOW)
    assert await stories.kin(held, sure=[7], sketch=[1]) == ()
    (found,) = await stories.kin(held, sure=[7], sketch=[3, 4])
    assert (found.post_id, found.story, found.sure, found.text) == (SECOND, other, False, "Пост 2")
    both = await stories.kin(held, sure=[SURE], sketch=[3, 4, 5])
    assert [(one.story, one.sure) for one in both] == [(story, True), (other, False)]
    surely = await stories.kin(held, sure=[SURE, OTHER_SURE], sketch=[])
    assert [one.story for one in surely] == [other, story]


async def test_kin_are_known_by_what_their_channels_wrote(held: Connection) -> None:
    parts = (TextPart(kind="message", start=0, end=5), TextPart(kind="preview", start=7, end=16))
    previewed = records.post(1, "Текст\n\nПросмотр", parts=parts)
    await posts.put(held, previewed, language="ru", now=NOW)
    await begin(held)
    await stories.mark(held, FIRST, [SURE], at=NOW)
    (found,) = await stories.kin(held, sure=[SURE], sketch=[])
    assert found.text == "Текст"


async def test_old_marks_are_forgotten(held: Connection) -> None:
    await begin(held)
    await stories.mark(held, FIRST, [SURE], at=NOW)
    await stories.mark(held, FIRST, [OTHER_SURE], at=NOW - 1)
    await stories.forget(held, before=NOW)
    assert await stories.kin(held, sure=[OTHER_SURE], sketch=[]) == ()
    assert len(await stories.kin(held, sure=[SURE], sketch=[])) == 1


async def test_among_posts_those_of_stories_are_found(held: Connection) -> None:
    story = await begin(held)
    found = await stories.among(held, records.CHANNEL, [MessageId(number) for number in (1, 2, 99)])
    assert found == (stories.Gone(post_id=FIRST, story=story),)
    assert await stories.among(held, records.OTHER_CHANNEL, [MessageId(1)]) == ()


async def test_the_alerts_of_a_story_are_found_by_chat(held: Connection) -> None:
    story = await begin(held)
    for number in (1, 2, 3):
        await chats.pair(held, chat_id=ChatId(number), role="owner", language="en", timezone="UTC", now=NOW)
    for number, key in ((1, stories.alert_key(story.id)), (2, stories.alert_key(StoryId(8)))):
        await outbox.add(
            held, chat_id=ChatId(number), kind="alert", key=key, random_id=number, message=records.message(), now=NOW
        )
    found = await stories.alerts(held, story.id, [ChatId(number) for number in (1, 2, 3)])
    assert {chat: alert.key for chat, alert in found.items()} == {ChatId(1): "alert:story:1"}
