"""The sentence that is quoted."""

from bot.pipeline import quoting
from tests import records

FIRST = "Утром у здания администрации Заречного собрались двести человек. "
SECOND = "Жёны мобилизованных просят о ротации и о встрече с г. Ивановым из ст. Луганской. "
THIRD = "Ответа пока нет, мобилизованные ждут его больше недели и обращались трижды."


def quoted(text: str, *words: str) -> str:
    matches = [records.match(start=text.index(word), end=text.index(word) + len(word)) for word in words]
    start, end = quoting.sentence(text, matches)
    return text[start:end].strip()


def test_the_sentence_with_most_matches_is_quoted_whole() -> None:
    assert quoted(FIRST + SECOND + THIRD, "мобилизованных", "ротации", "мобилизованные") == SECOND.strip()


def test_of_equals_the_first_is_quoted() -> None:
    assert quoted(FIRST + SECOND + THIRD, "мобилизованных", "мобилизованные") == SECOND.strip()


def test_a_short_sentence_takes_the_next_along() -> None:
    assert quoted("Ротация! " + FIRST + SECOND, "Ротация") == f"Ротация! {FIRST}".strip()
    assert quoted(FIRST + "Ротация!", "Ротация") == "Ротация!"


def test_without_matches_the_beginning_is_quoted() -> None:
    assert quoted(FIRST + SECOND) == FIRST.strip()
    assert quoting.sentence("", ()) == (0, 0)


def test_a_match_at_the_very_end_is_in_the_last_sentence() -> None:
    text = FIRST + THIRD
    assert quoting.sentence(text, [records.match(start=len(text), end=len(text))])[1] == len(text)
