"""Texts by key, in the right plural form, with values that are only ever data."""

import pytest

from bot.render import catalogue
from bot.render.catalogue import Catalogue
from bot.render.text import Span

POSTS = {"one": "{n} пост", "few": "{n} поста", "many": "{n} постов", "other": "{n} поста"}


def english(**texts: object) -> Catalogue:
    return catalogue.build("en", [texts])


def test_nested_tables_of_several_files_make_dotted_keys() -> None:
    made = catalogue.build("en", [{"alert": {"edited": "Edited"}}, {"menu": {"help": {"title": "Help"}}}])
    assert dict(made.texts) == {"alert.edited": "Edited", "menu.help.title": "Help"}
    assert catalogue.has(made, "alert.edited")
    assert not catalogue.has(made, "alert")


def test_places_are_filled_and_whole_numbers_get_separators() -> None:
    texts = english(line="{name}: {count}, {count}")
    assert catalogue.text(texts, "line", name="Вести", count=12345) == "Вести: 12,345, 12,345"


def test_a_value_that_looks_like_a_place_or_a_format_stays_as_it_is() -> None:
    texts = english(line="{name} {other}")
    assert catalogue.text(texts, "line", name="{other} {0} %s {name!r}", other="x") == "{other} {0} %s {name!r} x"


def test_a_span_keeps_its_style_and_an_empty_value_leaves_nothing() -> None:
    texts = english(line="See {what}{more}!")
    assert catalogue.spans(texts, "line", what=Span("this", "bold"), more="") == (
        Span("See "),
        Span("this", "bold"),
        Span("!"),
    )


def test_an_unknown_key_and_a_missing_value_are_errors() -> None:
    texts = english(line="{name}", posts={"one": "{n} post", "other": "{n} posts"})
    with pytest.raises(KeyError):
        catalogue.text(texts, "nowhere")
    with pytest.raises(KeyError):
        catalogue.text(texts, "line")
    with pytest.raises(KeyError):
        catalogue.text(texts, "posts")
    with pytest.raises(KeyError, match="whole number"):
        catalogue.text(texts, "posts", n="1")


@pytest.mark.parametrize(("number", "shown"), [(0, "0 posts"), (1, "1 post"), (2, "2 posts"), (1001, "1,001 posts")])
def test_english_has_two_forms(number: int, shown: str) -> None:
    texts = english(posts={"one": "{n} post", "other": "{n} posts"})
    assert catalogue.text(texts, "posts", n=number) == shown


@pytest.mark.parametrize("language", ["ru", "uk"])
@pytest.mark.parametrize(
    ("numbers", "noun"),
    [
        ((1, 21, 101, 1_001), "пост"),
        ((2, 3, 4, 22, 104), "поста"),
        ((0, 5, 10, 11, 12, 13, 14, 19, 20, 25, 111, 112, 214, 1_000), "постов"),
    ],
)
def test_russian_and_ukrainian_have_three(language: str, numbers: tuple[int, ...], noun: str) -> None:
    texts = catalogue.build(language, [{"posts": POSTS}])
    for number in numbers:
        assert catalogue.text(texts, "posts", n=number).split(" ")[-1] == noun


def test_outside_english_thousands_are_parted_by_a_narrow_space() -> None:
    texts = catalogue.build("ru", [{"posts": POSTS}])
    assert catalogue.text(texts, "posts", n=12_345) == "12\u202f345 постов"


def test_a_language_without_rules_of_its_own_counts_as_english_does() -> None:
    texts = catalogue.build("de", [{"posts": {"one": "{n} Beitrag", "other": "{n} Beiträge"}}])
    assert catalogue.text(texts, "posts", n=1) == "1 Beitrag"


@pytest.mark.parametrize(
    ("language", "table", "complaint"),
    [
        ("ru", {"posts": {"one": "{n} пост", "other": "{n} поста"}}, "needs the forms few, many, one, other"),
        ("en", {"posts": {"one": "a", "other": "b", "dual": "c"}}, "needs the forms"),
        ("en", {"posts": {"one": 1, "other": "b"}}, "needs the forms"),
        ("en", {"posts": 7}, "neither a string nor a table"),
    ],
)
def test_a_broken_text_is_named(language: str, table: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        catalogue.build(language, [table])


def test_a_key_given_by_two_files_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        catalogue.build("en", [{"a": {"b": "x"}}, {"a": {"b": "y"}}])


def test_texts_below_a_key_are_given_as_they_are_written() -> None:
    made = catalogue.build(
        "en", [{"page": {"all": "All {n}", "deep": {"one": "a", "other": "b"}}, "pages": {"x": "y"}}]
    )
    assert catalogue.below(made, "page.") == {"all": "All {n}", "deep": {"one": "a", "other": "b"}}
