from storage import channels, database, matches, posts, settings, stats, waits
from storage.database import Connection
from storage.health_models import ChannelHealth
from storage.models import MessageId, PostId
from storage.stats import ChangeCounts
from storage.waits import StoredWait
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, match, post

DAY = 86_400
MORNING = NOW - NOW % DAY


async def put(tx: Connection, message_id: int, *topics: str, date: int = NOW, channel_id: int = CHANNEL) -> PostId:
    written = post(message_id, channel_id=channel_id, date=date)
    stored = await posts.put(tx, written, language="ru", now=NOW)
    if topics:
        await matches.replace(tx, stored.post_id, [match(topic) for topic in topics])
    return stored.post_id


async def follow_other(tx: Connection) -> None:
    await channels.follow(tx, channel_info(OTHER_CHANNEL), joined=True, now=NOW + 1)


async def test_posts_are_counted_by_channel_in_a_period_that_has_its_start_and_not_its_end(tx: Connection) -> None:
    await follow_other(tx)
    for number, date in enumerate((NOW - 1, NOW, NOW + 1, NOW + 2), start=1):
        await put(tx, number, date=date)
    await put(tx, 1, channel_id=OTHER_CHANNEL)
    assert await stats.read_counts(tx, NOW, NOW + 2) == {CHANNEL: 2, OTHER_CHANNEL: 1}
    assert await stats.read_counts(tx, NOW + 5, NOW + 6) == {}


async def test_posts_without_text_are_counted_by_channel(tx: Connection) -> None:
    await follow_other(tx)
    for number, text in enumerate(("", "", "Вода есть."), start=1):
        await posts.put(tx, post(number, text, media="photo"), language="und", now=NOW)
    assert await stats.unreadable_counts(tx, NOW, NOW + 1) == {CHANNEL: 2}
    assert await stats.unreadable_counts(tx, NOW + 1, NOW + 2) == {}


async def test_the_oldest_post_of_a_period_is_found(tx: Connection) -> None:
    for number in (1, 2, 3):
        await put(tx, number, date=NOW + number)
    assert await stats.oldest(tx, NOW + 2, NOW + 9) == NOW + 2
    assert await stats.oldest(tx, NOW, NOW + 1) is None


async def test_a_post_counts_once_for_each_of_its_topics_in_each_interval(tx: Connection) -> None:
    twice = await put(tx, 1, "rotation")
    await matches.replace(tx, twice, (match("rotation", 0, 4), match("rotation", 9, 12), match("desertion")))
    await put(tx, 2, "rotation", date=MORNING + DAY - 1)
    await put(tx, 3, "rotation", date=MORNING + DAY)
    await put(tx, 4, "mobilization", date=MORNING + 3 * DAY)
    bounds = [MORNING, MORNING + DAY, MORNING + 2 * DAY, MORNING + 3 * DAY]
    assert await stats.topic_counts(tx, bounds) == {"rotation": (2, 1, 0), "desertion": (1, 0, 0)}


async def test_posts_of_one_channel_are_counted_alone(tx: Connection) -> None:
    await follow_other(tx)
    await put(tx, 1, "rotation", "desertion", date=MORNING)
    await put(tx, 2, "rotation", date=MORNING + 1, channel_id=OTHER_CHANNEL)
    found = await stats.topic_counts(tx, [MORNING, MORNING + 900], channel_id=OTHER_CHANNEL)
    assert found == {"rotation": (1,)}


async def test_counts_follow_what_becomes_of_posts(tx: Connection) -> None:
    async def counted() -> dict[str, tuple[int, ...]]:
        return await stats.topic_counts(tx, [MORNING, MORNING + DAY])

    first = await put(tx, 1, "rotation", "desertion")
    await put(tx, 2, "rotation")
    assert await counted() == {"rotation": (2,), "desertion": (1,)}
    await matches.replace(tx, first, (match("rotation", 3, 5), match("rotation", 6, 8)))
    assert await counted() == {"rotation": (2,)}
    await database.run(tx, "DELETE FROM posts WHERE id = :id", {"id": first})
    assert await counted() == {"rotation": (1,)}


async def test_without_an_interval_nothing_is_counted(tx: Connection) -> None:
    await put(tx, 1, "rotation")
    assert await stats.topic_counts(tx, []) == {}
    assert await stats.topic_counts(tx, [NOW]) == {}


async def test_edited_and_deleted_posts_are_counted_when_that_was_seen(tx: Connection) -> None:
    await follow_other(tx)
    for number in (1, 2):
        await put(tx, number)
    await put(tx, 1, channel_id=OTHER_CHANNEL)
    for number, at in ((1, NOW + 1), (2, NOW + 2)):
        await posts.put(tx, post(1, f"Редакция {number}"), language="ru", now=at)
    await posts.delete(tx, CHANNEL, [MessageId(1), MessageId(2)], now=NOW + 2)
    await posts.delete(tx, OTHER_CHANNEL, [MessageId(1)], now=NOW + 2)
    assert await stats.change_counts(tx, NOW, NOW + 3) == {
        CHANNEL: ChangeCounts(edited=1, deleted=2),
        OTHER_CHANNEL: ChangeCounts(edited=0, deleted=1),
    }
    assert await stats.change_counts(tx, NOW, NOW + 2) == {CHANNEL: ChangeCounts(edited=1, deleted=0)}


async def test_the_health_of_a_channel_says_what_is_held_of_it(tx: Connection) -> None:
    for number, text in ((5, "Вода есть."), (7, ""), (6, "Газ есть.")):
        await posts.put(tx, post(number, text, date=NOW + number), language="ru", now=NOW)
    await posts.put(tx, post(5, "Воды нет.", date=NOW + 5), language="ru", now=NOW)
    await posts.delete(tx, CHANNEL, [MessageId(6)], now=NOW)
    (health,) = await stats.health(tx)
    assert health == ChannelHealth(
        channel=(await channels.followed(tx))[0],
        posts=3,
        unreadable=1,
        edited=1,
        deleted=1,
        last_message_id=MessageId(7),
        last_date=NOW + 7,
    )


async def test_the_health_of_a_channel_says_what_keeps_it_from_being_complete(tx: Connection) -> None:
    await settings.put(tx, settings.HOLE.format(CHANNEL), "5")
    for request, seconds in ((waits.READING[0], 30), (waits.READING[1], 60), ("messages.SearchRequest", 90)):
        await waits.put(tx, StoredWait(request=request, until=NOW + seconds, channel_id=CHANNEL))
    (health,) = await stats.health(tx)
    assert (health.hole, health.waits_until) == (5, NOW + 60)
    await settings.put(tx, settings.HOLE.format(CHANNEL), "")
    (health,) = await stats.health(tx)
    assert health.hole is None


async def test_the_health_of_an_empty_channel_is_all_zeros(tx: Connection) -> None:
    (health,) = await stats.health(tx)
    assert (health.posts, health.unreadable, health.edited, health.deleted) == (0, 0, 0, 0)
    assert (health.last_message_id, health.last_date) == (None, None)


async def test_lost_channels_are_among_those_whose_health_is_told_and_removed_ones_are_not(tx: Connection) -> None:
    await follow_other(tx)
    await channels.lose(tx, CHANNEL, trouble="The channel is private now.")
    assert [one.channel.state for one in await stats.health(tx)] == ["lost", "followed"]
    await channels.unfollow(tx, CHANNEL)
    assert [one.channel.state for one in await stats.health(tx)] == ["followed"]


async def test_the_counts_of_a_channel_follow_what_becomes_of_its_posts(tx: Connection) -> None:
    async def counts() -> tuple[int, ...]:
        (health,) = await stats.health(tx)
        return health.posts, health.unreadable, health.edited, health.deleted

    await channels.follow(tx, channel_info(), joined=True, now=NOW)
    for number, text in enumerate(("Вода", "", "Газ"), start=1):
        await posts.put(tx, post(number, text), language="ru", now=NOW)
    assert await counts() == (3, 1, 0, 0)
    for text in ("Мост", "Мост.", "Вода"):
        await posts.put(tx, post(1, text), language="ru", now=NOW)
    await posts.put(tx, post(2, "Подпись"), language="ru", now=NOW)
    await posts.put(tx, post(3, "Газ", views=99), language="ru", now=NOW)
    assert await counts() == (3, 0, 2, 0)
    await posts.put(tx, post(3, ""), language="ru", now=NOW)
    for _ in range(2):
        await posts.delete(tx, CHANNEL, [MessageId(1), MessageId(3)], now=NOW)
    assert await counts() == (3, 1, 3, 2)
    await database.run(tx, "DELETE FROM posts WHERE message_id = 3", {})
    assert await counts() == (2, 0, 3, 2)
