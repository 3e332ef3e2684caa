"""Flagged posts in brief."""

from storage import channels, matches, mentions, posts, stories
from storage.database import Connection
from storage.mentions import Forward
from storage.models import ChannelId, MessageId, Origin, PostId
from storage.story_models import Change, Mention
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, match, post


async def put(
    tx: Connection,
    message_id: int,
    *topics: str,
    date: int = NOW,
    channel_id: int = CHANNEL,
    text: str = "Сегодня.",
    origin: Origin | None = None,
    now: int = NOW,
) -> PostId:
    written = post(message_id, text, channel_id=channel_id, date=date, views=message_id, origin=origin)
    stored = await posts.put(tx, written, language="ru", now=now)
    await matches.replace(tx, stored.post_id, [match(topic) for topic in topics])
    return stored.post_id


async def follow_other(tx: Connection) -> None:
    await channels.follow(tx, channel_info(OTHER_CHANNEL), joined=True, now=NOW + 1)


async def test_posts_are_mentioned_once_for_each_topic_with_their_story(tx: Connection) -> None:
    first = await put(tx, 1, "rotation")
    second = await put(tx, 2, "rotation", "desertion", date=NOW + 1)
    await put(tx, 3, date=NOW + 1)
    await put(tx, 4, "rotation", date=NOW + 2)
    await matches.replace(tx, first, (match("rotation", 0, 4), match("rotation", 5, 7)))
    await stories.begin(tx, first, began_at=NOW - 50, continues=None)
    await stories.join(tx, second, (await stories.of_post(tx, first)).id)  # type: ignore[union-attr]
    found = await mentions.between(tx, NOW, NOW + 2)
    assert [(one.topic, one.post_id, int(one.story_id)) for one in found] == [
        ("rotation", first, first),
        ("desertion", second, first),
        ("rotation", second, first),
    ]
    assert found[0] == Mention(
        topic="rotation",
        post_id=first,
        story_id=found[0].story_id,
        began_at=NOW - 50,
        channel_id=CHANNEL,
        message_id=MessageId(1),
        date=NOW,
        views=1,
    )


async def test_a_post_without_a_story_is_one_of_its_own(tx: Connection) -> None:
    found = await put(tx, 1, "rotation")
    (one,) = await mentions.between(tx, NOW, NOW + 1)
    assert (int(one.story_id), one.began_at) == (found, NOW)


async def test_one_topic_or_channel_can_be_asked_for(tx: Connection) -> None:
    await follow_other(tx)
    first = await put(tx, 1, "rotation")
    second = await put(tx, 1, "desertion", channel_id=OTHER_CHANNEL)
    assert [one.post_id for one in await mentions.between(tx, NOW, NOW + 1, topic="rotation")] == [first]
    assert [one.post_id for one in await mentions.between(tx, NOW, NOW + 1, channel_id=OTHER_CHANNEL)] == [second]
    assert await mentions.between(tx, NOW, NOW + 1, topic="rotation", channel_id=OTHER_CHANNEL) == ()


async def test_edits_and_deletions_of_posts_that_are_or_were_flagged_are_told_when_they_were_seen(
    tx: Connection,
) -> None:
    await follow_other(tx)
    first, second = await put(tx, 1, "rotation"), await put(tx, 2, "rotation")
    await stories.begin(tx, second, began_at=NOW, continues=None)
    await put(tx, 3)
    await put(tx, 1, "desertion", channel_id=OTHER_CHANNEL)
    await put(tx, 1, "rotation", text="Завтра.", now=NOW + 5)
    await put(tx, 1, "rotation", text="Послезавтра.", now=NOW + 6)
    await put(tx, 2, text="Ничего.", now=NOW + 7)
    await put(tx, 3, text="Завтра.", now=NOW + 8)
    await posts.delete(tx, CHANNEL, [MessageId(1)], now=NOW + 9)
    await posts.delete(tx, OTHER_CHANNEL, [MessageId(1)], now=NOW + 10)
    found = await mentions.changed(tx, NOW + 1, NOW + 10)
    assert found == (
        Change(post_id=first, kind="deleted", at=NOW + 9, views=1),
        Change(post_id=second, kind="edited", at=NOW + 7, views=2),
        Change(post_id=first, kind="edited", at=NOW + 6, views=1),
    )
    of_topic = await mentions.changed(tx, NOW + 1, NOW + 11, topic="rotation")
    assert [one.at - NOW for one in of_topic] == [9, 6]
    (elsewhere,) = await mentions.changed(tx, NOW + 1, NOW + 11, channel_id=OTHER_CHANNEL)
    assert elsewhere.at == NOW + 10


async def test_flagged_posts_name_the_unknown_channels_that_they_came_from(tx: Connection) -> None:
    def origin(channel_id: int | None) -> Origin:
        source = None if channel_id is None else ChannelId(channel_id)
        return Origin(channel_id=source, message_id=None, title="Откуда", date=NOW, username="from_there")

    await put(tx, 1, "rotation", origin=origin(9))
    await put(tx, 2, "rotation", origin=origin(CHANNEL))
    await put(tx, 3, origin=origin(10))
    await put(tx, 4, "rotation", origin=origin(None))
    await put(tx, 5, "rotation")
    assert await mentions.forwards(tx, NOW, NOW + 1) == (Forward(channel_id=CHANNEL, origin=origin(9)),)


async def test_any_posts_can_be_told_of_as_stories(tx: Connection) -> None:
    second, first = await put(tx, 2, date=NOW + 5), await put(tx, 1, "rotation")
    found = await mentions.of_posts(tx, [second, PostId(99), first])
    assert [(one.topic, one.post_id, int(one.story_id)) for one in found] == [("", first, first), ("", second, second)]
    assert await mentions.of_posts(tx, []) == ()
