import pytest

from bot.pipeline import tokens


def test_a_hyphen_parts_words_and_an_apostrophe_does_not() -> None:
    assert tokens.cut("500-е з'їв кто-то don't") == ["500", "е", "з'їв", "кто", "то", "don't"]


def test_places_are_those_of_the_words() -> None:
    text = "раз, два"
    assert [text[start:end] for start, end in tokens.places(text)] == ["раз", "два"]


def test_links_and_mentions_are_blanked_and_the_length_stays() -> None:
    text = "см https://t.me/mobilization и @mobilization_news конец"
    blank = tokens.without_links(text)
    assert len(blank) == len(text)
    assert tokens.cut(blank) == ["см", "и", "конец"]


def test_a_sign_inside_a_word_is_no_mention() -> None:
    assert tokens.without_links("п@тисотые") == "п@тисотые"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Один. Два", [0, 1]),
        ("Один! Два? Три", [0, 1, 2]),
        ("г. Москва", [0, 0]),
        ("ст. 337", [0, 0]),
        ("А. Иванов", [0, 0]),
        ("т.е. потом", [0, 0, 0]),
        ("одна\nдве", [0, 1]),
        ("сказал. но не ушёл", [0, 0, 0, 0]),
        ("Он «ушёл.» Все знают", [0, 0, 1, 1]),
        ("▪ раз ▪ два", [1, 2]),
    ],
)
def test_sentences_end_where_a_reader_sees_them_end(text: str, expected: list[int]) -> None:
    where = tokens.places(text.lower())
    assert tokens.sentences(text, where) == expected
