"""What an alert says of its story, and how it is brought up to date without a word of it changing."""

from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import catalogues
from bot.render import alert, forgotten, story, text
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage.models import ChannelId, ChannelInfo, Match, Message, MessageId, Origin, PostId, StoredPost
from storage.story_models import Appearance
from tests import records
from tests.render import hostile, showing

ENGLISH = catalogues.load("en")
NOW, HOUR, MINUTE = records.NOW, 3600, 60
TITLES = ("Путь домой", "Окопный блокнот | новости с передовой и из тыла", "Северная почта", "Тил і фронт")
TEXT = "Жёны мобилизованных записали обращение. Командир отказался назвать сроки ротации."
ORIGIN = Origin(channel_id=ChannelId(7), message_id=MessageId(3), title="Столичный\nвестник", date=NOW - HOUR)


def channel(number: int) -> ChannelInfo:
    title = TITLES[number] if number < len(TITLES) else f"Канал {number}"
    return records.channel_info(100 + number, username=f"channel_{number}", title=title)


def appears(
    number: int,
    after: int,
    *,
    message_id: int = 1,
    views: int | None = 1000,
    origin: Origin | None = None,
    deleted_at: int | None = None,
) -> Appearance:
    return Appearance(
        post_id=PostId(10 * number + message_id),
        channel=channel(number),
        message_id=MessageId(message_id),
        date=NOW + after,
        edited_at=None,
        deleted_at=deleted_at,
        views=views,
        origin=origin,
    )


QUOTED = appears(0, 0, views=12_345)
TAKEN_UP = (
    appears(2, -2 * MINUTE),
    QUOTED,
    appears(1, 40, origin=ORIGIN),
    appears(3, 3 * MINUTE, deleted_at=NOW + HOUR),
    *(appears(number, number * HOUR) for number in range(4, 10)),
)


def standing(*appearances: Appearance, before: Appearance | None = None) -> story.Standing:
    return story.Standing(quoted=QUOTED.post_id, appearances=appearances, before=before)


def told(how: story.Standing | None = None) -> Message:
    matches = tuple(
        Match(topic=topic, start=TEXT.index(word), end=TEXT.index(word) + len(word), term="", rule="")
        for topic, word in (("mobilization", "мобилизованных"), ("rotation", "ротации"))
    )
    post = records.stored_post(
        records.post(1, TEXT, channel_id=100, views=12_345), post_id=QUOTED.post_id, matches=matches
    )
    return alert.alert(
        ENGLISH,
        channel=channel(0),
        post=post,
        topics=("mobilization", "rotation"),
        timezone="Europe/Kyiv",
        standing=how,
    )


def renewed(message: Message, how: story.Standing) -> Message:
    made = story.renewed(message, story.tail(ENGLISH, how, timezone="Europe/Kyiv"))
    showing.assert_sendable(made)
    return made


def shown(message: Message) -> str:
    showing.assert_sendable(message)
    return showing.marked(message) + "\n"


def lines(*appearances: Appearance) -> str:
    return text.compose(story.tail(ENGLISH, standing(*appearances), timezone="UTC"))[0]


def test_an_alert_that_others_took_up_reads_as_agreed() -> None:
    assert shown(renewed(told(), standing(*TAKEN_UP))) == showing.golden("story_taken_up")


def test_an_alert_of_a_story_that_was_told_before_reads_as_agreed() -> None:
    before = appears(2, -5 * 24 * HOUR, message_id=7)
    assert shown(told(standing(QUOTED, before=before))) == showing.golden("story_again")


def test_a_wide_spread_reads_as_agreed() -> None:
    assert shown(story.spread(ENGLISH, standing(*TAKEN_UP), silent=True)) == showing.golden("story_spread")
    assert story.spread(ENGLISH, standing(*TAKEN_UP), silent=True).silent


def test_an_alert_brought_up_to_date_is_the_one_that_would_be_written_now() -> None:
    before = appears(2, -5 * 24 * HOUR, message_id=7)
    some, more = standing(*TAKEN_UP[:3], before=before), standing(*TAKEN_UP, before=before)
    assert renewed(told(), some) == told(some)
    assert renewed(told(some), more) == told(more)
    assert story.renewed(told(more), ()) == told()


def test_while_nobody_else_tells_it_there_is_nothing_to_say() -> None:
    assert lines(QUOTED) == ""
    assert lines(QUOTED, appears(0, HOUR, message_id=2)) == ""


def test_views_count_once_a_channel_and_a_channel_that_repeats_itself_is_listed_once() -> None:
    again = appears(2, HOUR, message_id=2, views=1500)
    assert lines(QUOTED, appears(2, MINUTE), again) == "also: Северная почта +1 min\n👁 13,845 views in 2 channels"
    assert lines(appears(0, 0, views=None), appears(2, MINUTE, views=None)).endswith("👁 0 views in 2 channels")


def test_a_channel_is_marked_as_having_deleted_it_when_it_holds_none_any_more() -> None:
    gone = appears(2, MINUTE, deleted_at=NOW + HOUR)
    assert "Северная почта +1 min 🗑\n" in lines(QUOTED, gone)
    assert "🗑" not in lines(QUOTED, gone, appears(2, HOUR, message_id=2))


def test_the_origin_is_named_where_the_alert_does_not_name_it_already() -> None:
    forward = appears(1, MINUTE, origin=ORIGIN)
    assert "\n↪ origin: Столичный вестник, 18 Nov 10:06\n" in lines(QUOTED, forward)
    undated = Origin(channel_id=None, message_id=None, title="Вестник", date=None)
    assert "\n↪ origin: Вестник\n" in lines(QUOTED, appears(1, MINUTE, origin=undated))
    itself = Origin(channel_id=channel(0).id, message_id=MessageId(1), title="Путь домой", date=NOW)
    assert "origin" not in lines(QUOTED, appears(1, MINUTE, origin=itself))
    nameless = Origin(channel_id=None, message_id=None, title=None, date=NOW)
    assert "origin" not in lines(QUOTED, appears(1, MINUTE, origin=nameless))
    assert "origin" not in lines(appears(0, 0, origin=ORIGIN), forward)


@settings(max_examples=15)
@given(hostile.channels(), hostile.stored_posts(), hostile.channels(), hostile.texts, st.booleans())
def test_an_alert_of_any_post_can_be_brought_up_to_date(
    at: ChannelInfo, post: StoredPost, other: ChannelInfo, named: str, again: bool
) -> None:
    made = alert.alert(ENGLISH, channel=at, post=post, topics=("rotation",), timezone="UTC")
    quoted = Appearance(
        post_id=post.id,
        channel=at,
        message_id=post.post.message_id,
        date=post.post.date,
        edited_at=None,
        deleted_at=None,
        views=post.post.views,
        origin=None,
    )
    origin = Origin(channel_id=None, message_id=None, title=named, date=NOW)
    another = appears(1, 5, origin=origin)
    there = Appearance(
        post_id=PostId(999_999),
        channel=records.channel_info(5, title=other.title, username=other.username),
        message_id=MessageId(1),
        date=another.date,
        edited_at=None,
        deleted_at=None,
        views=None,
        origin=origin,
    )
    how = story.Standing(quoted=post.id, appearances=(quoted, there), before=another if again else None)
    lines = story.tail(ENGLISH, how, timezone="UTC")
    renewed = story.renewed(made, lines)
    showing.assert_sendable(renewed)
    assert renewed == alert.alert(ENGLISH, channel=at, post=post, topics=("rotation",), timezone="UTC", standing=how)
    showing.assert_sendable(story.spread(ENGLISH, how, silent=False))


def test_titles_of_others_are_cut_short(texts: Catalogue) -> None:
    assert "Окопный блокнот | новости с…" in lines(QUOTED, appears(1, MINUTE))


def test_an_alert_full_of_bold_words_gives_some_up_for_the_links() -> None:
    words = "мобилизация " * 120
    matches = tuple(
        Match(topic="mobilization", start=12 * number, end=12 * number + 11, term="", rule="") for number in range(120)
    )
    post = records.stored_post(records.post(1, words, channel_id=100), post_id=QUOTED.post_id, matches=matches)
    made = story.renewed(
        alert.alert(ENGLISH, channel=channel(0), post=post, topics=("mobilization",), timezone="UTC"),
        story.tail(ENGLISH, standing(*TAKEN_UP), timezone="UTC"),
    )
    showing.assert_sendable(made)
    assert [entity.kind for entity in made.entities].count("link") == 4


def test_news_of_a_story_takes_the_place_of_the_last_bold_words_where_there_are_too_many() -> None:
    words = tuple(Span("слово ", "bold", quoted="quote") for _ in range(98))
    link = Span("https://t.me/x/1", "link", "https://t.me/x/1")
    made = renewed(text.message((*words, Span("\n"), link)), standing(*TAKEN_UP))
    assert len(made.entities) == text.ENTITY_LIMIT
    assert made.entities[-1].kind == "link"


def test_what_an_alert_of_a_forgotten_post_says_is_not_added_to() -> None:
    gone = forgotten.instead(ENGLISH, "https://t.me/x/1", at=records.NOW, zone=ZoneInfo("UTC"))
    assert renewed(gone, standing(*TAKEN_UP)) == gone
