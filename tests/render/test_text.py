"""Spans become text and entities as Telegram counts them; whatever a channel writes stays text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render import text
from bot.render.text import Span
from storage.models import Entity, Message
from tests.render import hostile, showing


def test_offsets_count_utf16_units() -> None:
    shown, entities = text.compose([Span("🎖🎖 "), Span("дезертир", "bold"), Span("!")])
    assert shown == "🎖🎖 дезертир!"
    assert entities == (Entity(kind="bold", start=5, length=8),)


def test_a_style_does_not_cover_the_space_around_its_words() -> None:
    _, entities = text.compose([Span("a"), Span("  b c\n", "bold"), Span("d")])
    assert entities == (Entity(kind="bold", start=3, length=3),)


def test_neighbouring_quoted_spans_are_one_quotation_around_their_styles() -> None:
    spans = [
        Span("Head\n"),
        Span("One ", quoted="quote"),
        Span("two", "bold", quoted="quote"),
        Span("\n"),
        Span("three", quoted="quote"),
    ]
    shown, entities = text.compose(spans)
    assert shown == "Head\nOne two\nthree"
    assert entities == (
        Entity(kind="quote", start=5, length=7),
        Entity(kind="bold", start=9, length=3),
        Entity(kind="quote", start=13, length=5),
    )


def test_quoted_lines_are_one_quotation_with_what_stands_between_and_another_kind_is_another() -> None:
    lines = [[Span("a", quoted="folded")], [Span("b", quoted="folded")], [Span("c", quoted="quote")], [Span("d")], []]
    (packed,) = text.pack(lines)
    assert (packed.text, packed.entities) == text.compose(text.joined(lines))
    assert packed.entities == (
        Entity(kind="folded", start=0, length=3),
        Entity(kind="quote", start=4, length=1),
    )


def test_a_link_keeps_its_address_and_no_other_style_has_one() -> None:
    _, entities = text.compose([Span("post", "link", "https://t.me/a/1"), Span(" x", "bold", "https://t.me/a/2")])
    assert entities == (
        Entity(kind="link", start=0, length=4, url="https://t.me/a/1"),
        Entity(kind="bold", start=5, length=1),
    )


def test_nothing_but_space_makes_an_empty_text_without_entities() -> None:
    assert text.compose([Span(" \n", "bold"), Span("\u200b", "italic")]) == ("", ())


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("\u202eабв\u202c", "абв"),
        ("де\u200bзер\u00adтир\ufeff", "дезертир"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("line\nline\ttab", "line\nline\ttab"),
        ("👨‍👩‍👧 ❤️‍🔥 👍🏽", "👨‍👩‍👧 ❤️‍🔥 👍🏽"),
        ("а\u200dб", "аб"),
        ("e" + "\u0301" * 9, "e" + "\u0301" * 4),
        ("\ud83dx", "x"),
    ],
)
def test_what_is_not_seen_is_taken_out(given_text: str, cleaned: str) -> None:
    assert text.clean(given_text) == cleaned


@given(hostile.any_text)
def test_cleaning_twice_changes_nothing_more(given_text: str) -> None:
    assert text.clean(text.clean(given_text)) == text.clean(given_text)


def test_tidying_leaves_one_blank_line_and_one_space() -> None:
    assert text.tidy("a\r\n\r\n\r\n \u200b\n b  \t c\n d") == "a\n\nb c\nd"


def test_a_line_has_no_breaks() -> None:
    assert text.line("  Вести\n\n гарнизона\u2028 ", 64) == "Вести гарнизона"


@pytest.mark.parametrize(
    ("given_text", "limit", "shown"),
    [
        ("short", 5, "short"),
        ("one two three", 9, "one two…"),
        ("one two three", 8, "one two…"),
        ("abcdefghij", 5, "abcd…"),
        ("🎖🎖🎖", 5, "🎖🎖…"),
        ("🎖🎖🎖", 4, "🎖…"),
        ("ab👍🏽", 5, "ab…"),
        ("ab👍🏽c", 6, "ab…"),
        ("ab❤️", 3, "ab…"),
        ("🇺🇦🇺🇦🇺🇦", 7, "🇺🇦…"),
        ("🇺🇦🇺🇦🇺🇦", 9, "🇺🇦🇺🇦…"),
        ("a👨‍👩‍👧‍👦b", 8, "a…"),
        ("anything", 1, "…"),
    ],
)
def test_a_cut_falls_between_words_and_never_inside_an_emoji(given_text: str, limit: int, shown: str) -> None:
    assert text.cut(given_text, limit) == shown


@given(hostile.any_text, st.integers(1, 700))
def test_a_cut_text_keeps_the_limit_and_is_a_beginning(given_text: str, limit: int) -> None:
    shown = text.cut(given_text, limit)
    assert text.utf16(shown) <= limit
    assert given_text.startswith(shown.removesuffix("…"))


def test_a_stretch_begins_and_ends_between_words() -> None:
    words = "one two three"
    assert words[text.start_after(words, 5) :] == "three"
    assert words[text.start_after(words, 4) :] == "two three"
    assert text.start_after(words, 0) == text.start_after(words, -3) == 0
    assert words[: text.end_before(words, 10)] == "one two"
    assert text.end_before(words, 99) == len(words)


def test_where_there_are_no_words_a_stretch_begins_between_characters() -> None:
    flags = "🇺🇦" * 60
    assert text.start_after(flags, 31) == 32
    assert text.end_before(flags, 31) == 30


def test_a_chain_without_any_good_place_is_cut_all_the_same() -> None:
    chain = "❤️‍" * 100
    assert text.end_before(chain, 151) == 151
    assert text.start_after(chain, 151) == 151


def test_fitting_keeps_what_has_room_and_shows_that_something_is_missing() -> None:
    spans = [Span("head "), Span("bold words here", "bold"), Span(" tail")]
    assert text.fit(spans, 100) == tuple(spans)
    assert text.fit(spans, 16) == (Span("head "), Span("bold words…", "bold"))
    assert text.fit(spans, 5) == (Span("head…"),)


def test_of_too_many_entities_the_last_bold_words_go_first() -> None:
    bold = [Span("w ", "bold")] * 150
    message = text.message([*bold, Span("link", "link", "https://t.me/a/1")])
    assert len(message.entities) == text.ENTITY_LIMIT
    assert message.entities[-1].url == "https://t.me/a/1"
    assert all(entity.start < 2 * 99 for entity in message.entities[:-1])


def test_a_caption_has_less_room_than_a_text() -> None:
    spans = [Span("слово " * 400)]
    assert text.utf16(text.message(spans).text) == 2399
    assert text.utf16(text.message(spans, picture=b"png").text) <= text.CAPTION_LIMIT


def test_lines_under_a_picture_are_parted_where_its_caption_is_full() -> None:
    lines = [[Span("a" * 500)], [Span("b" * 500), Span("c" * 22)], [Span("d")]]
    assert text.captioned(lines) == (lines[:2], lines[2:])
    assert text.captioned(lines[:2]) == (lines[:2], ())
    assert text.utf16(text.message(text.joined(lines[:2]), picture=b"png").text) == text.CAPTION_LIMIT - 1
    assert text.captioned([[Span("a" * 1025)]])[0] == []


def test_items_share_a_message_as_long_as_they_fit() -> None:
    items = [[Span(f"item {number} " + "x" * 1000)] for number in range(10)]
    messages = text.pack(items)
    assert len(messages) == 3
    assert "\n".join(message.text for message in messages) == "\n".join(item[0].text for item in items)


def test_items_with_many_entities_are_spread_over_messages() -> None:
    messages = text.pack([[Span("a", "bold"), Span(" "), Span("b", "italic")]] * 120)
    assert [len(message.entities) for message in messages] == [100, 100, 40]


def test_no_items_make_no_message() -> None:
    assert text.pack([]) == ()


@settings(max_examples=40)
@given(st.lists(hostile.spans | hostile.styled_spans, max_size=12))
def test_whatever_is_packed_can_be_sent(items: list[list[Span]]) -> None:
    for message in text.pack([[Span("head"), *item] for item in items]):
        showing.assert_sendable(message)


@given(hostile.spans, st.booleans())
def test_whatever_is_composed_can_be_sent(spans: list[Span], pictured: bool) -> None:
    showing.assert_sendable(text.message([Span("head "), *spans], picture=b"png" if pictured else None))


@given(st.lists(st.tuples(hostile.texts, st.sampled_from((None, "bold", "code"))), max_size=6))
def test_markup_is_never_read(pieces: list[tuple[str, str | None]]) -> None:
    kinds = {kind for _, kind in pieces if kind is not None}
    message = text.message([Span(shown, kind) for shown, kind in pieces])  # type: ignore[arg-type]
    assert {entity.kind for entity in message.entities} <= kinds


def test_a_readable_text_names_where_its_links_lead() -> None:
    message = text.message(
        [
            Span("🎖 "),
            Span("14:05 Вести", "link", "https://t.me/a/1"),
            Span(" и "),
            Span("https://t.me/a/2", "link", "https://t.me/a/2"),
            Span(" b", "bold"),
        ]
    )
    assert text.readable(message) == "🎖 14:05 Вести (https://t.me/a/1) и https://t.me/a/2 b"
    assert text.readable(Message(text="plain")) == "plain"


def test_a_style_of_nothing_but_space_is_none() -> None:
    assert text.compose([Span("a"), Span(" ", "bold"), Span("b")]) == ("a b", ())
