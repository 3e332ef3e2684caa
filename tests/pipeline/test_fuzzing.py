import itertools
import time
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pipeline import classify, lexicon, matching, normalize, query, query_errors, tokens
from tests.pipeline import words

WORDS = st.sampled_from(
    [
        "мобилизация",
        "ротация",
        "муж",
        "домой",
        "верните",
        '"мужей"',
        "самоволк*",
        "СОЧ",
        "~ротация",
        "{родные}",
        "500-е",
    ]
)
SCOPES = st.sampled_from(["", ":0", ":2", ":7", ":text"])
RULES = st.recursive(
    WORDS,
    lambda rules: st.one_of(
        st.lists(rules, min_size=2, max_size=4).map(lambda some: "(" + " | ".join(some) + ")"),
        st.lists(rules, min_size=2, max_size=4).map(lambda some: "(" + " ..2 ".join(some) + ")"),
        st.tuples(rules, st.sampled_from(["and", "unless"]), SCOPES, rules).map(
            lambda some: f"({some[0]} {some[1]}{some[2]} {some[3]})"
        ),
    ),
    max_leaves=12,
)
PIECES = st.sampled_from(
    [
        *("мобилизация", "м*билизация", "м0билизация", "ротацией", "мужей", "домой", "верните", "СОЧ", "самоволку"),
        *("#ВернитеМужей", "р о т а ц и я", "\u200b", "\u0301", ". ", "\n", "🙂", "**", "i", "İ", "при зов", "500-е"),
        *("@", "_", "-"),
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES).map("".join))


@given(RULES, TEXTS, st.sampled_from(["ru", "uk", "en", "und"]))
@settings(max_examples=150, deadline=None)
def test_any_rule_on_any_text_gives_spans_inside_the_text(rule: str, text: str, code: str) -> None:
    matches = classify.match(words.book(rule), text, code)
    assert all(0 <= match.start < match.end <= len(text) for match in matches)
    assert all(one.end <= two.start for one, two in itertools.pairwise(matches))


@given(RULES, TEXTS)
@settings(max_examples=150, deadline=None)
def test_what_is_left_out_early_could_not_have_matched(rule: str, text: str) -> None:
    book = words.book(rule)
    folded = normalize.fold(text)
    found = matching.groups_of(book, "ru", tokens.cut(folded), lambda _: True)
    sentences = tokens.sentences(text, tokens.places(folded))
    places = matching.places(found, book.rules)

    def spans(rules: Sequence[lexicon.Rule], here: frozenset[int]) -> list[tuple[matching.Span, ...]]:
        noted = {group: places.get(group, []) for group in range(len(book.word_groups))}
        reading = matching.Reading(sentences=sentences, here=here, places=noted)
        return [one.spans for one in matching.find(rules, reading)]

    here: frozenset[int] = frozenset().union(*found)
    every = frozenset(range(len(book.word_groups)))
    assert spans(matching.candidates(book, here), here) == spans(book.rules, every)


@given(st.text(alphabet='мужсын ab"(){}|.:*~and unless0129ё’-СОЧ', max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_string_is_a_rule_or_an_error_that_points_into_it(rule: str) -> None:
    try:
        node = query.parse(rule, {})
    except query_errors.QueryError as error:
        position = error.position
    else:
        position = 0
        lexicon.compile_rules([lexicon.RuleText(topic="t", language="ru", text=rule, node=node)], words.Words())
    assert 0 <= position <= len(rule)


def test_hostile_texts_of_100_000_characters_hold_nothing_up() -> None:
    rule = (
        "(верните ..50 (муж | {родные}) ..50 домой) and:text (ротация and:50 муж) unless:text (дезертир ..50 дезертир)"
    )
    book = words.book(rule, "мобилизация", "СОЧ", "самоволк*", "верните ..50 верните ..50 верните")
    for piece in (  # the benchmark asks for less than a second; measuring coverage costs several times that
        "верните муж домой ротация ",
        "м*б*л*з*ц*",
        "верните",
        "а ",
        "а.",
        "ааааааааа",
        "\u200bм\u0301",
        "м\u200b",
        "а б в г ",
        "по ве ст ка ",
        "м0б1л1з4ц1я ",
        "#ВернитеМужей",
        ".",
        "ротация\n",
    ):
        text = (piece * 100_000)[:100_000]
        start = time.process_time()
        classify.match(book, text, "ru")
        assert time.process_time() - start < 4, piece


def test_the_largest_rules_are_read_and_run_in_time() -> None:
    chains = " | ".join(f"(муж ..{number} сын and:{number} домой)" for number in range(51))
    row = " ..50 ".join(["муж"] * query.MOST_IN_A_ROW)
    conditions = "муж" + " and:text муж" * query.MOST_IN_A_ROW
    text = ("верните муж домой сын ротация. " * 4_000)[:100_000]
    for rule in (f"({chains}) and муж", row, conditions, " | ".join(["мобилизация"] * 1_400)):
        start = time.process_time()
        matches = classify.match(words.book(rule), text, "ru")
        assert time.process_time() - start < 4, rule[:40]
        assert all(0 <= match.start < match.end <= len(text) for match in matches)
