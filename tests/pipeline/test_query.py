import pytest

from bot import catalogues
from bot.pipeline import query, query_errors
from bot.pipeline.query import Chain, Choice, Condition, Word

KIN = Choice((Word("муж", "forms"), Word("сын", "forms")), "родные")


@pytest.mark.parametrize(
    ("rule", "node"),
    [
        ("Мобилизация", Word("мобилизация", "forms")),
        ('"Пятисотые"', Word("пятисотые", "exact")),
        ("самоволк*", Word("самоволк", "stem")),
        ("*Мобилиз*", Word("мобилиз", "derived")),
        ("*до-мобилиз*", Chain((Word("до", "exact"), Word("мобилиз", "derived")), (0,))),
        ("СОЧ", Word("СОЧ", "capitals")),
        ("~Повёстка", Word("повестка", "masked")),
        ("Я", Word("я", "forms")),
        ("п’ятий", Word("п'ятий", "forms")),
        ("ёж", Word("еж", "forms")),
        ("500-е", Chain((Word("500", "forms"), Word("е", "forms")), (0,))),
        ("воен-комат*", Chain((Word("воен", "exact"), Word("комат", "stem")), (0,))),
        ('"путь домой"', Chain((Word("путь", "exact"), Word("домой", "exact")), (0,))),
        ("повестка дня", Chain((Word("повестка", "forms"), Word("дня", "forms")), (0,))),
        ("верните .. домой", Chain((Word("верните", "forms"), Word("домой", "forms")), (3,))),
        ("верните ..5 домой", Chain((Word("верните", "forms"), Word("домой", "forms")), (5,))),
        ("муж | сын", Choice((Word("муж", "forms"), Word("сын", "forms")))),
        ("{родные}", KIN),
        ("(муж)", Word("муж", "forms")),
        ("муж 1", Chain((Word("муж", "forms"), Word("1", "forms")), (0,))),
        ("муж and:4 сын", Condition(Word("муж", "forms"), Word("сын", "forms"), 4, True)),
        ("муж and:sentence сын", Condition(Word("муж", "forms"), Word("сын", "forms"), "sentence", True)),
        ("муж unless:text сын", Condition(Word("муж", "forms"), Word("сын", "forms"), "text", False)),
    ],
)  # fmt: skip
def test_rules_are_read(rule: str, node: query.Node) -> None:
    assert query.parse(rule, {"родные": KIN}) == node


def test_conditions_apply_from_left_to_right() -> None:
    husband, son, father = (Word(word, "forms") for word in ("муж", "сын", "отец"))
    first = Condition(husband, son, "sentence", wanted=True)
    assert query.parse("муж and сын unless отец", {}) == Condition(first, father, "sentence", wanted=False)


def test_words_that_begin_like_operators_are_words() -> None:
    assert query.parse("android", {}) == Word("android", "forms")


@pytest.mark.parametrize("rule", ["(never | not) ..2 return", "will not", 'trick "or" treat', "or", "not ..2 return"])
def test_or_and_not_are_words_where_they_govern_nothing(rule: str) -> None:
    assert "Word(text='or'" in (read := repr(query.parse(rule, {}))) or "Word(text='not'" in read


@pytest.mark.parametrize(
    ("rule", "position", "says"),
    [
        ("", 0, "write a word"),
        ("муж |", 5, "write a word"),
        ("| муж", 0, "'|' stands where a word is missing"),
        ("муж and", 7, "the rule ends"),
        ("(муж", 0, "write ')'"),
        ("муж)", 3, "remove it, or write '('"),
        ('"муж', 0, "never closed"),
        ('"', 0, "never closed"),
        ('"!?"', 0, "holds no word"),
        ("{родные", 0, "write '}'"),
        ("{враги}", 0, "no list 'враги': known here are родные"),
        ("аб*", 0, "at least 3 letters"),
        ("*аб*", 0, "at least 3 letters"),
        ("*мобилиз", 0, "a star stands only at the end of a word"),
        ("*", 0, "a star stands only at the end of a word"),
        ("самово*лка", 6, "a star stands only at the end of a word"),
        ("*моби*лиз*", 5, "a star stands only at the end of a word"),
        ("муж вода**", 9, "a star stands only at the end of a word"),
        ("муж ~", 4, "after ~ write one plain word of at least 3 letters"),
        ("муж ~ сын", 4, "after ~ write one plain word"),
        ('муж ~"сын"', 4, "after ~ write one plain word"),
        ("муж ~сын*", 4, "'~сын*': after ~ write one plain word"),
        ("муж ~~сын", 4, "after ~ write one plain word"),
        ("муж ~(сын | отец)", 4, "~word, or (~one | ~other)"),
        ("муж ~{родные}", 4, "after ~ write one plain word"),
        ("муж ~сын-отец", 4, "after ~ write one plain word"),
        ("муж ~он", 4, "after ~ write one plain word of at least 3 letters"),
        ('муж "сын*"', 8, "in quotes a star means nothing: leave out the star, or the quotes"),
        ("муж AND сын", 4, "write 'and' in small letters; if the word itself is meant, put it into \"quotes\""),
        ("муж Unless:5 сын", 4, "write 'unless' in small letters"),
        ("муж OR сын", 4, "write '|' between alternatives"),
        ("муж or (сын | отец)", 4, "write '|' between alternatives"),
        ("муж and NOT", 8, "write 'unless' before what excludes"),
        ('муж and not "сын"', 8, "write 'unless' before what excludes"),
        ("муж .. | сын", 7, "'|' stands"),
        ("муж ..99 сын", 4, "from 0 to 50"),
        ("муж and:99999 сын", 4, "from 0 to 50"),
        ("муж and: сын", 4, "write a number of words, or 'text'"),
        ("муж unless:слово сын", 4, "write a number of words, or 'text'"),
        ("муж ! сын", 4, "put it into"),
        ("муж | сын and отец", 4, "put brackets"),
        ("муж and сын | отец", 12, "put brackets"),
        ("(" * 30 + "муж" + ")" * 30, 20, "write several rules"),
        ("м" * 20_001, 20_000, "split it"),
        ("муж" + " and муж" * 51, 404, "more than 50 conditions: write several rules"),
        ("муж " * 51, 200, "more than 50 words in a row: write several rules"),
        (f'сын "{"муж " * 51}"', 4, "more than 50 words in a row: write several rules"),
    ],
)
def test_errors_point_at_the_place_and_say_what_to_write(rule: str, position: int, says: str) -> None:
    with pytest.raises(query_errors.QueryError) as raised:
        query.parse(rule, {"родные": KIN})
    assert says in str(raised.value)
    assert raised.value.position == position


def test_an_unknown_list_is_told_even_where_there_are_none() -> None:
    with pytest.raises(query_errors.QueryError, match="none is known here"):
        query.parse("{враги}", {})


def test_what_is_wrong_is_said_in_the_chat_as_at_the_terminal() -> None:
    texts = catalogues.load("en").texts
    assert {key.removeprefix("rule_error."): text for key, text in texts.items() if key.startswith("rule_error.")} == (
        query_errors.SENTENCES
    )
