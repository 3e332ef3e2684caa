from bot.pipeline import classify, lexicon
from tests.pipeline import words

RULES = ("мобилизация", "верните .. мужей", '"мужей"', "ротация")


def matches(text: str) -> list[tuple[str, int, int]]:
    return [(match.topic, match.start, match.end) for match in classify.match(words.book(*RULES), text, "ru")]


def test_offsets_are_those_of_the_original_text() -> None:
    text = "🙂\u200b Мо\u00adби\u00adлиза\u0301ция идёт"
    ((_, start, end),) = matches(text)
    assert text[start:end] == "Мо\u00adби\u00adлиза\u0301ция"


def test_matches_of_a_topic_never_overlap_and_the_longer_stays() -> None:
    text = "верните наших мужей, нужна ротация"
    assert [text[start:end] for _, start, end in matches(text)] == ["верните наших мужей", "ротация"]


def test_topics_do_not_hide_each_other() -> None:
    rules = [words.rule("ротация", topic="a"), words.rule("ротация", topic="b")]
    book = lexicon.compile_rules(rules, words.Words())
    assert [match.topic for match in classify.match(book, "ротация", "ru")] == ["a", "b"]


def test_a_hidden_word_is_shown_as_it_was_written() -> None:
    text = "эта м*билиза̶ция и р о т а ц и я"
    assert [text[start:end] for _, start, end in matches(text)] == ["м*билиза̶ция", "р о т а ц и я"]


def test_hidden_words_may_stand_last() -> None:
    text = "Это м0билизация"
    assert [text[start:end] for _, start, end in matches(text)] == ["м0билизация"]


def test_an_empty_text_is_nothing() -> None:
    assert matches("") == []
    assert matches("\u200b") == []
