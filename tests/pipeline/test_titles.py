import pytest

from bot.pipeline import lexicon, query, titles
from tests.pipeline import words


@pytest.mark.parametrize(
    ("rule", "title"),
    [
        ("мобилизация", "мобилизация"),
        ("самоволк* unless кот", "самоволк*"),
        ("*мобилиз* unless кот", "*мобилиз*"),
        ("~ротация unless кот", "~ротация"),
        ('("сзч" | СЗЧ)', "сзч, СЗЧ"),
        ("(дезертир | дезертирство | дезертировать)", "дезертир, дезертирство …"),
        ("верните ..5 {родные} домой", "верните + родные домой"),
        ("повестка and:3 (вручить | получить | дать) unless суд", "повестка + вручить, получить …"),
        ("(самовольный | самовольная) оставление and:text (рота | взвод)", "самовольный, самовольная оставление …"),
        (
            "отказываться and (идти | пойти | ехать | выйти) and:text (командующий | подразделение | взвод)",
            "отказываться + идти, пойти …",
        ),
        (f'"{"слово " * 10}"', ("слово " * 10).strip()),
        ("муж and командование and подразделение and:text расположение", "муж + командование + подразделение …"),
        ("муж and (расположение | местонахождение) and:text расположение", "муж + расположение, местонахождение …"),
        (f'"{"слово " * 10}" and муж', ("слово " * 10).strip()),
    ],
)
def test_a_title_is_what_a_rule_waits_for(rule: str, title: str) -> None:
    assert titles.title(words.rule(rule)) == title


def test_a_name_that_was_given_comes_first() -> None:
    rule = lexicon.RuleText(topic="war", language="ru", text="муж", node=query.Word("муж", "forms"), name="Husbands")
    assert titles.title(rule) == "Husbands"
