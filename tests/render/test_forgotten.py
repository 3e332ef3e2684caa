"""What is forgotten is gone from the messages that told of it, and the rest of them stays as it was."""

from zoneinfo import ZoneInfo

from hypothesis import given

from bot import catalogues
from bot.render import alert, forgotten, phrases, text
from bot.render.text import Span
from storage.models import ChannelInfo, Message, StoredPost
from tests import records
from tests.render import hostile, showing

ENGLISH = catalogues.load("en")
LINK, OTHER = "https://t.me/garrison_news/15", "https://t.me/garrison_news/155"
ERASED = "(the text is forgotten)"


def line(link: str, *told: Span, bullet: str = "• ") -> list[Span]:
    return [Span(bullet), Span("14:05 Вести 🎖", "link", link), Span(" "), *told]


def listed(*lines: list[Span]) -> Message:
    (message,) = text.pack([[Span("2 posts 🎖", "bold")], *lines])
    return message


def without(message: Message, *links: str) -> str:
    shown = forgotten.without(ENGLISH, message, links or (LINK,))
    showing.assert_sendable(shown)
    return showing.marked(shown)


def test_its_line_says_that_it_is_forgotten_and_the_others_stay() -> None:
    message = listed(
        line(OTHER, Span("ушёл "), Span("дезертир", "bold")),
        line(LINK, Span("🎖 ушёл "), Span("дезертир", "bold"), Span(" · 5 views")),
        line(OTHER, Span("ещё 🎖 один "), Span("дезертир", "bold"), Span(" там")),
    )
    assert without(message) == (
        "⟦bold 2 posts 🎖⟧\n"
        f"• ⟦link {OTHER} 14:05 Вести 🎖⟧ ушёл ⟦bold дезертир⟧\n"
        f"• ⟦link {LINK} 14:05 Вести 🎖⟧ {ERASED}\n"
        f"• ⟦link {OTHER} 14:05 Вести 🎖⟧ ещё 🎖 один ⟦bold дезертир⟧ там"
    )


def test_it_may_be_listed_more_than_once_and_under_more_than_one_name() -> None:
    renamed = "https://t.me/c/1500000001/15"
    message = listed(line(LINK, Span("раз")), line(renamed, Span("два"), bullet="\n"))
    assert without(message, LINK, renamed).count(ERASED) == 2


def test_in_a_numbered_list_the_words_on_the_next_line_go() -> None:
    items = [
        line(LINK, Span("\nушёл "), Span("дезертир", "bold"), bullet="1. "),
        line(OTHER, Span("\nушёл "), Span("другой", "bold"), bullet="2. "),
    ]
    (message,) = text.pack([[Span("Saved", "bold")], *items], separator="\n\n")
    assert without(message) == (
        "⟦bold Saved⟧\n\n"
        f"1. ⟦link {LINK} 14:05 Вести 🎖⟧ {ERASED}\n\n"
        f"2. ⟦link {OTHER} 14:05 Вести 🎖⟧ \nушёл ⟦bold другой⟧"
    )


def test_behind_a_bullet_the_lines_below_go_up_to_the_next_one() -> None:
    def told(link: str) -> list[Span]:
        return line(link, Span("\nИз части ушёл "), Span("дезертир", "bold"), Span("\n👁 5"))

    message = listed(told(LINK), told(OTHER), told(LINK), [Span("\nAnother section\nОстаётся")])
    assert without(message) == (
        "⟦bold 2 posts 🎖⟧\n"
        f"• ⟦link {LINK} 14:05 Вести 🎖⟧ {ERASED}\n"
        f"• ⟦link {OTHER} 14:05 Вести 🎖⟧ \nИз части ушёл ⟦bold дезертир⟧\n👁 5\n"
        f"• ⟦link {LINK} 14:05 Вести 🎖⟧ {ERASED}\n\nAnother section\nОстаётся"
    )


def test_a_link_in_the_middle_of_a_line_tells_nothing_of_the_post() -> None:
    message = listed([Span("see "), Span("there", "link", LINK), Span(" and here")])
    assert forgotten.without(ENGLISH, message, {LINK}) == message


def test_a_quotation_around_the_line_grows_shorter_with_it() -> None:
    told = [Span("до ", quoted="folded"), Span("\n", quoted="folded"), Span("вот", "link", LINK, quoted="folded")]
    message = text.message([*told, Span(" слово " * 20 + "\nпосле", quoted="folded")])
    shown = forgotten.without(ENGLISH, message, {LINK})
    (quotation,) = (entity for entity in shown.entities if entity.kind == "folded")
    assert showing.covered(shown, quotation) == f"до \nвот {ERASED}\nпосле"


def test_where_there_is_no_room_the_line_only_ends() -> None:
    message = listed([Span("я" * 4060)], line(LINK, Span("x")))
    shown = forgotten.without(ENGLISH, message, {LINK})
    assert shown.text.endswith("Вести 🎖")


def test_what_begins_with_the_link_is_about_the_post() -> None:
    assert forgotten.is_about(text.message([Span("Вести", "link", LINK), Span(" Russian")]), {LINK})
    assert not forgotten.is_about(listed(line(LINK)), {LINK})
    assert not forgotten.is_about(text.message([Span("Вести", "link", OTHER)]), {LINK})


def test_an_alert_becomes_a_word_of_what_was_there() -> None:
    message = forgotten.instead(ENGLISH, LINK, at=records.NOW, zone=ZoneInfo("Europe/Kyiv"))
    assert showing.marked(message) == (
        f"🗑 The text of this post was forgotten on 18 Nov 13:06, by the owner's wish: ⟦link {LINK} {LINK}⟧"
    )


@given(hostile.channels(), hostile.stored_posts(), hostile.stored_posts())
def test_any_summary_loses_the_one_and_keeps_the_other(
    channel: ChannelInfo, one: StoredPost, other: StoredPost
) -> None:
    entries = [alert.Entry(channel=channel, post=post, topics=("rotation",)) for post in (one, other)]
    for message in alert.summary(ENGLISH, entries=entries, timezone="UTC", reason="burst"):
        links = {phrases.link(channel, one.post.message_id)}
        shown = forgotten.without(ENGLISH, message, links)
        showing.assert_sendable(shown)
        assert shown.text.count("\n") == message.text.count("\n")
        assert forgotten.without(ENGLISH, shown, links) == shown
