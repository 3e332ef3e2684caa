"""What matters most: reach, spread, newness."""

from bot.pipeline import ranking
from storage.models import ChannelId, MessageId, PostId, StoryId
from storage.story_models import Mention

END, DAY = 1_795_298_400, 86_400
START = END - DAY


def mention(
    story: int, *, channel: int = 1, views: int | None = 100, at: int = 0, began_at: int | None = None
) -> Mention:
    date = START + at
    return Mention(
        topic="rotation",
        post_id=PostId(1000 * story + channel),
        story_id=StoryId(story),
        began_at=date if began_at is None else began_at,
        channel_id=ChannelId(channel),
        message_id=MessageId(at + 1),
        date=date,
        views=views,
    )


def order(*mentions: Mention) -> list[int]:
    return [story.story_id for story in ranking.stories(mentions, end=END, length=DAY)]


def test_what_more_people_saw_comes_first() -> None:
    assert order(mention(1, views=50), mention(2, views=900), mention(3, views=None)) == [2, 1, 3]


def test_what_more_channels_tell_comes_first() -> None:
    told = [mention(2, channel=number, views=100) for number in (1, 2, 3, 4)]
    assert order(mention(1, views=500), *told) == [2, 1]
    assert order(mention(1, views=900), *told) == [1, 2]


def test_what_is_new_comes_before_what_is_told_since_long() -> None:
    assert order(mention(1, began_at=END - 3 * DAY), mention(2)) == [2, 1]
    assert order(mention(1, at=50), mention(2, at=60)) == [2, 1]


def test_a_story_is_led_by_its_first_post_and_a_channel_counts_once() -> None:
    mentions = (mention(1), mention(1, views=300, at=5), mention(1, channel=2, views=None, at=9, began_at=START))
    (story,) = ranking.stories(mentions, end=END, length=DAY)
    assert story.lead == mentions[0]
    assert story.firsts == (mentions[0], mentions[2])
    assert (story.posts, story.reach) == (3, 300)


def test_three_are_told_of_and_more_while_they_carry_weight() -> None:
    heavy = ranking.stories([mention(number, views=1000 - number) for number in range(1, 15)], end=END, length=DAY)
    assert len(ranking.leading(heavy)) == 10
    light = ranking.stories(
        [mention(1, views=100_000), *(mention(number, views=5) for number in range(2, 9))], end=END, length=DAY
    )
    assert len(ranking.leading(light)) == 3
    assert ranking.leading(()) == ()
