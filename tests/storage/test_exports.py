import pytest

from storage import channels, exports, matches, posts, revisions, stories
from storage.database import Connection
from storage.exports import Exported, Wanted
from storage.models import MessageId, PostId
from tests.records import CHANNEL, NOW, OTHER_CHANNEL, channel_info, match, post

EVER = Wanted(start=0, end=2**40, flagged=False)


async def fill(tx: Connection) -> None:
    """Store posts a minute apart, every second flagged: the others' channel comes in between."""
    await channels.follow(tx, channel_info(OTHER_CHANNEL), joined=True, now=NOW)
    for number in range(1, 9):
        channel_id = OTHER_CHANNEL if number % 3 == 0 else CHANNEL
        written = post(number, f"Пост {number}", channel_id=channel_id, date=NOW + 60 * number)
        put = await posts.put(tx, written, language="ru", now=NOW + 600)
        if number % 2 == 0:
            topics = ("rotation", "desertion") if number == 4 else ("rotation",)
            await matches.replace(tx, put.post_id, tuple(match(topic) for topic in topics))


async def exported(tx: Connection, wanted: Wanted) -> list[Exported]:
    found = [one async for page in exports.pages(tx, wanted) for one in page]
    assert len(found) == await exports.count(tx, wanted)
    return found


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (EVER, [1, 2, 3, 4, 5, 6, 7, 8]),
        (Wanted(start=0, end=2**40), [2, 4, 6, 8]),
        (Wanted(start=NOW + 120, end=NOW + 360), [2, 4]),
        (Wanted(start=0, end=2**40, topics=("desertion",)), [4]),
        (Wanted(start=0, end=2**40, topics=("desertion", "rotation"), flagged=False), [2, 4, 6, 8]),
        (Wanted(start=0, end=2**40, channel_id=OTHER_CHANNEL), [6]),
        (Wanted(start=0, end=NOW), []),
    ],
)
async def test_posts_come_oldest_first_by_days_and_topics(tx: Connection, wanted: Wanted, numbers: list[int]) -> None:
    await fill(tx)
    assert [one.stored.post.message_id for one in await exported(tx, wanted)] == numbers


async def test_they_come_page_by_page(tx: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PAGE", 3)
    await fill(tx)
    assert [len(page) async for page in exports.pages(tx, EVER)] == [3, 3, 2]


async def test_the_newest_come_newest_first(tx: Connection) -> None:
    await fill(tx)
    found = [one async for page in exports.pages(tx, EVER, newest=3) for one in page]
    assert [one.stored.post.message_id for one in found] == [8, 7, 6]


async def test_each_has_its_matches_its_story_and_the_hash_of_its_newest_state(tx: Connection) -> None:
    await fill(tx)
    story = await stories.begin(tx, PostId(4), began_at=NOW, continues=None)
    await posts.put(tx, post(4, "Иначе", date=NOW + 240, edited_at=NOW + 700), language="ru", now=NOW + 700)
    await posts.delete(tx, CHANNEL, [MessageId(4)], now=NOW + 800)
    (one,) = await exported(tx, Wanted(start=NOW + 240, end=NOW + 241))
    assert [each.topic for each in one.stored.matches] == ["desertion", "rotation"]
    assert one.story_id == story.id
    states = await revisions.of_post(tx, CHANNEL, MessageId(4))
    assert [each.kind for each in states] == ["posted", "edited", "deleted"]
    assert one.content_sha256 == states[1].content_sha256
