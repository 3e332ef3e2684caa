from bot.pipeline import groups, lexicon
from tests.pipeline import words


def test_every_word_is_expanded_to_its_forms_once() -> None:
    book = words.book("мобилизация", "мобилизация unless ротация")
    (group,) = book.others["мобилизацией"]
    assert groups.term(book.word_groups[group], "мобилизацией") == "мобилизация"


def test_the_most_exact_of_the_words_that_fit_names_what_stands_there() -> None:
    book = words.book('(моб* | мобилизац* | мобилизация | "мобилизации" | МОБ)')
    (group,) = book.word_groups
    terms = [groups.term(group, word) for word in ("мобилизации", "мобилизацией", "мобилизацион", "мобила", "моб")]
    assert terms == ["мобилизации", "мобилизация", "мобилизац", "моб", "моб"]


def test_a_rule_waits_for_the_rarest_word_that_it_needs() -> None:
    book = words.book("дезертир .. в .. домой")
    assert book.anchors == {"дезертир", "дезертира", "дезертиры", "дезертиров"}


def test_any_part_of_a_choice_may_start_a_rule() -> None:
    book = words.book("(ротация дезертир | мобилизация | СОЧ | самоволк*)")
    assert {"мобилизацией", "соч"} <= book.anchors
    assert book.anchor_stems == {"самоволк"}
    assert book.anchor_sizes == {"сам": (8,)}
    assert {"соч", "самоволк", "мобилизация"} <= set(book.spellings)
    assert book.spelled_stems == {"самоволк"}


def test_lists_stay_one_group_in_every_rule() -> None:
    book = words.book("верните {родные}", "({родные} | ротация) домой")
    assert len(book.others["мужей"]) == 1


def test_choices_inside_choices_are_one_group() -> None:
    book = words.book("(ротация | (мобилизация | дезертир))")
    assert book.others["ротация"] == book.others["дезертир"]


def test_words_that_the_other_language_knows_count_at_home_only() -> None:
    rules = [words.rule("призов", language="uk"), words.rule("мобілізація", language="uk"), words.rule("это")]
    book = lexicon.compile_rules(rules, words.Words())
    assert "призов" in book.homes["uk"]
    assert "призов" in book.others
    assert "призов" not in book.homes["ru"]
    assert all("мобілізація" in index and "это" in index for index in book.homes.values())


def test_english_words_count_everywhere() -> None:
    assert "draft" in words.book("draft", language="en").homes["ru"]
