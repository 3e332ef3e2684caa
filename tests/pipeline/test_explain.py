import pytest

from bot.pipeline import explain, query
from bot.pipeline.explain import Near, Reason
from tests.pipeline import words


def near(text: str, *rules: str) -> list[Near]:
    return list(explain.near_misses([words.rule(rule) for rule in rules], words.Words(), text, "ru", shown=text))


def test_what_is_missing_is_named_as_the_rule_writes_it() -> None:
    (found,) = near("Принесли повестку.", "повестка and (военкомат | {родные})")
    assert (found.found, found.rule.text) == ("повестку", "повестка and (военкомат | {родные})")
    assert found.reasons == (Reason(context="военкомат | {родные}", scope="sentence", wanted=True, found=""),)


def test_what_excludes_is_shown_as_it_stands_there() -> None:
    (found,) = near("Повестка дня готова. Ждём.", "повестка unless:2 день")
    assert found.reasons == (Reason(context="день", scope=2, wanted=False, found="дня"),)


def test_all_conditions_that_do_not_hold_are_named_in_their_order_and_no_other() -> None:
    rule = "повестка and:text ждем and военкомат unless день"
    (found,) = near("Повестка дня готова. Ждём.", rule)
    assert [(reason.context, reason.wanted) for reason in found.reasons] == [("военкомат", True), ("день", False)]


def test_rules_that_match_or_find_nothing_are_no_near_misses() -> None:
    assert near("Повестка и муж.", "повестка and муж", "ротация and муж", "повестка", "ротация | дезертир") == []


def test_of_what_a_bar_joins_each_part_is_looked_at() -> None:
    (found,) = near("Повестка.", "(повестка and муж) | (ротация and муж)")
    assert found.found == "Повестка"


def test_what_lacks_least_comes_first() -> None:
    found = near("Повестка и ротация.", "повестка and муж and домой", "ротация and муж")
    assert [len(one.reasons) for one in found] == [1, 2]


@pytest.mark.parametrize(
    "rule",
    [
        "мобилизация",
        '"пятисотые"',
        "самоволк*",
        "*мобилиз*",
        "СОЧ",
        "~ротация",
        '"путь домой" .. муж',
        "повестка день",
        "вернуть .. {родные} домой",
        "вернуть ..5 (муж | сын)",
        "(муж | {родные}) and:5 домой unless:text (ротация and день)",
        '"путь" | (муж домой) | ротация',
    ],
)
def test_a_rule_is_written_so_that_it_reads_the_same(rule: str) -> None:
    lists = {"родные": query.Choice((query.Word("муж", "forms"),), "родные")}
    node = query.parse(rule, lists)
    assert query.parse(explain.written(node), lists) == node
