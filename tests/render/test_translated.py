from hypothesis import given

from bot.render import text, translated
from bot.render.text import Span
from storage.models import Entity, Message
from tests.render import hostile, showing

NOTE = "Translated by Telegram"


def alert(quoted: str = "Воды нет.", after: str = "https://t.me/x/1") -> Message:
    return text.message(
        (
            Span("Rotation", "bold"),
            Span("\n"),
            Span(quoted, quoted="quote"),
            Span("дезертир", "bold", quoted="quote"),
            Span("\n"),
            Span(after, "link", "https://t.me/x/1"),
        )
    )


def test_a_translation_takes_the_place_of_the_quotation() -> None:
    after = translated.in_place(alert(), "There is no water 😀.", NOTE)
    assert showing.marked(after) == (
        "⟦bold Rotation⟧\n⟦quote There is no water 😀.⟧\n⟦italic Translated by Telegram⟧\n"
        "⟦link https://t.me/x/1 https://t.me/x/1⟧"
    )


def test_without_a_quotation_it_stands_at_the_end() -> None:
    after = translated.in_place(Message(text="Head"), "Words.", NOTE)
    assert after.text == f"HeadWords.\n{NOTE}"
    assert after.entities == (Entity(kind="quote", start=4, length=6), Entity(kind="italic", start=11, length=22))


def test_words_to_translate_are_bare_and_no_longer_than_a_phone_shows() -> None:
    assert translated.words("\u202eВоды\u200b   нет.\n\n\n\nСовсем.") == "Воды нет.\n\nСовсем."
    assert text.utf16(translated.words("слово " * 1000)) <= translated.WORDS_LIMIT


@given(quoted=hostile.any_text, said=hostile.any_text)
def test_whatever_channels_and_translations_say_it_can_be_sent(quoted: str, said: str) -> None:
    after = translated.in_place(alert(text.cut(quoted, 600)), said, NOTE)
    showing.assert_sendable(after)
    assert after.text.startswith("Rotation\n")
    assert after.text.endswith("https://t.me/x/1")


def test_a_translation_without_end_leaves_room_for_the_link() -> None:
    after = translated.in_place(alert(), "😀 слово " * 1000, NOTE)
    assert text.utf16(after.text) <= text.TEXT_LIMIT
    assert after.text.endswith("…\nTranslated by Telegram\nhttps://t.me/x/1")


def test_a_translation_in_which_nothing_can_be_seen_changes_nothing() -> None:
    assert translated.in_place(alert(), "\u200b \u202e", NOTE) == alert()
