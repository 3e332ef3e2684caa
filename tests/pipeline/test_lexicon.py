from bot.pipeline import lexicon
from tests.pipeline import words


def test_every_word_is_expanded_to_its_forms_once() -> None:
    book = words.book("мобилизация", "мобилизация unless ротация")
    (group,) = book.forms["мобилизацией"]
    assert book.terms[group]["мобилизацией"] == "мобилизация"


def test_a_rule_waits_for_the_rarest_word_that_it_needs() -> None:
    book = words.book("дезертир .. в .. домой")
    assert book.anchors == {"дезертир", "дезертира", "дезертиры", "дезертиров"}


def test_any_part_of_a_choice_may_start_a_rule() -> None:
    book = words.book("(ротация дезертир | мобилизация | СОЧ | самоволк*)")
    assert {"мобилизацией", "соч"} <= book.anchors
    assert book.anchor_stems == {"сам": ("самоволк",)}
    assert {"соч", "самоволк", "мобилизация"} <= set(book.spellings)
    assert book.spelled_stems == {"самоволк"}


def test_lists_stay_one_group_in_every_rule() -> None:
    book = words.book("верните {родные}", "({родные} | ротация) домой")
    assert len(book.forms["мужей"]) == 1


def test_choices_inside_choices_are_one_group() -> None:
    book = words.book("(ротация | (мобилизация | дезертир))")
    assert book.forms["ротация"] == book.forms["дезертир"]


def test_words_that_the_other_language_knows_count_at_home_only() -> None:
    rules = [words.rule("призов", language="uk"), words.rule("мобілізація", language="uk"), words.rule("это")]
    book = lexicon.compile_rules(rules, words.Words())
    assert "призов" in book.home["uk"]
    assert "призов" not in book.forms
    assert "мобілізація" in book.forms
    assert "это" in book.forms


def test_english_words_count_everywhere() -> None:
    assert "draft" in words.book("draft", language="en").forms
