"""The rules in force: what is changed in the chat holds at once, beside what the files say."""

import logging
from pathlib import Path

import pytest

from bot import rulebook
from bot.pipeline import query
from bot.pipeline.query_errors import QueryError
from storage import topics
from storage.database import Database
from storage.models import ChannelId
from storage.topic_models import OwnRule, Topic
from tests import records
from tests.commands import chatting


def topic(*rules: str, name: str = "water", active: bool = True) -> Topic:
    numbered = tuple(OwnRule(number=number, text=rule) for number, rule in enumerate(rules, start=1))
    return Topic(name=name, active=active, rules=numbered)


async def put(database: Database, *changed: Topic) -> None:
    async with database.transaction() as tx:
        for one in changed:
            await topics.put(tx, one, now=records.NOW)


def found(rules: rulebook.Rulebook, text: str, *, channel_id: int = records.CHANNEL) -> set[str]:
    post = records.post(text=text, channel_id=channel_id)
    return {match.topic for match in rulebook.classify(rules, post).matches}


@pytest.fixture
def small() -> rulebook.Rulebook:
    """Six rules in invented dictionaries."""
    return chatting.rules()


async def test_a_rule_of_ones_own_holds_as_soon_as_it_is_taken_over(
    small: rulebook.Rulebook, database: Database
) -> None:
    assert found(small, "Снова отключили воду. Ротация.") == {"rotation"}
    await put(database, topic("вода | воду"))
    await rulebook.renew(small, database)
    assert found(small, "Снова отключили воду. Ротация.") == {"rotation", "water"}
    assert [info.name for info in rulebook.topics(small)] == ["desertion", "mobilization", "rotation", "water"]


async def test_one_may_add_to_a_topic_of_the_files_and_turn_it_off(
    small: rulebook.Rulebook, database: Database
) -> None:
    await put(database, topic("смена", name="rotation"), topic("вода", name="desertion", active=False))
    await rulebook.renew(small, database)
    assert found(small, "Смена. Дезертир. Вода.") == {"rotation"}
    assert [(info.name, info.rules) for info in rulebook.topics(small)] == [("mobilization", 3), ("rotation", 2)]
    assert rulebook.in_files(small, "desertion")
    assert not rulebook.is_on(small, "desertion")


async def test_what_did_not_change_is_not_compiled_again(small: rulebook.Rulebook, database: Database) -> None:
    before = small.classifier
    await rulebook.renew(small, database)
    assert small.classifier is before


async def test_a_topic_holds_only_in_its_channels(small: rulebook.Rulebook, database: Database) -> None:
    limited = Topic(name="rotation", channels=(ChannelId(records.OTHER_CHANNEL),))
    await put(database, limited)
    await rulebook.renew(small, database)
    assert found(small, "Ротация и дезертир") == {"desertion"}
    assert found(small, "Ротация и дезертир", channel_id=records.OTHER_CHANNEL) == {"desertion", "rotation"}


async def test_a_topic_holds_only_in_its_languages(small: rulebook.Rulebook, database: Database) -> None:
    await put(database, Topic(name="rotation", languages=("uk",)), Topic(name="desertion", languages=("ru", "uk")))
    await rulebook.renew(small, database)
    assert found(small, "Ротация и дезертир") == {"desertion"}


async def test_a_rule_that_can_no_longer_be_read_is_left_out_alone(
    small: rulebook.Rulebook, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await put(database, topic("(вода", "воду"))
    with caplog.at_level(logging.WARNING):
        await rulebook.renew(small, database)
    assert found(small, "Пили воду") == {"water"}
    assert "rule 1 of topic water is left out" in caplog.text


@pytest.mark.parametrize(
    ("rule", "languages"),
    [
        ("мобилизация and фронт", ("ru",)),
        ("мобілізація", ("uk",)),
        ("вызов", ("ru",)),
        ("призов", ("ru", "uk")),
        ("сыр and щи and їжа", ("ru", "uk")),
        ("бусифиляция", ("ru", "uk")),
        ('"пятисотые"', ("ru",)),
        ("СОЧ", ("ru", "uk")),
        ("draft unless beer", ("en",)),
        ("draft and повестка and:5 вызов", ("ru", "en")),
        ("самолет", ("ru",)),
        ("~самолет", ("ru",)),
        ("500", ("en",)),
    ],
)
def test_a_rule_tells_its_language_by_letters_and_dictionaries(
    rules: rulebook.Rulebook, rule: str, languages: tuple[str, ...]
) -> None:
    assert tuple(one.language for one in rulebook.written(rules, "own", rule)) == languages


def test_the_languages_of_a_topic_are_those_of_its_rules(rules: rulebook.Rulebook) -> None:
    assert [one.language for one in rulebook.written(rules, "own", "мобилизация", languages=("uk",))] == ["uk"]
    assert [one.language for one in rulebook.written(rules, "own", "мобилизация", languages=("de",))] == ["ru"]


@pytest.mark.parametrize(
    ("rule", "languages"),
    [
        ("{армия} and мобилизация", ("ru",)),
        ("{армія} and призов", ("uk",)),
        ("призов and {армия}", ("ru",)),
        ("draft and {army}", ("en",)),
        ("{бойцы} and:5 {армия}", ("ru",)),
        ("{передова}", ("uk",)),
        ('"{вызов}"', ("ru",)),
    ],
)
def test_a_rule_may_name_the_lists_that_all_topics_share(
    rules: rulebook.Rulebook, rule: str, languages: tuple[str, ...]
) -> None:
    assert tuple(one.language for one in rulebook.written(rules, "own", rule)) == languages


async def test_the_words_of_a_list_are_found_by_a_rule_of_ones_own(
    rules: rulebook.Rulebook, database: Database
) -> None:
    await put(database, topic("водопровод and {бойцы}"))
    await rulebook.renew(rules, database)
    assert found(rules, "Солдаты чинили водопровод.") == {"water"}
    assert found(rules, "Сантехники чинили водопровод.") == set()


def test_a_list_that_the_language_of_a_rule_lacks_is_told_with_those_that_it_has(rules: rulebook.Rulebook) -> None:
    with pytest.raises(QueryError, match=r"no list 'army': known here are .*армия") as wrong:
        rulebook.written(rules, "own", "мобилизация and {army}")
    assert wrong.value.position == 16
    with pytest.raises(QueryError, match=r"no list 'отряды': known here are .*army.*армия"):
        rulebook.written(rules, "own", "{отряды}")


def test_a_list_of_ones_own_changes_no_built_in_rule(shipped: rulebook.Rulebook, tmp_path: Path) -> None:
    (tmp_path / "_lists.toml").write_text("[ru.lists]\n'армия' = 'булочка'\n", encoding="utf-8")
    (tmp_path / "bread.toml").write_text("[ru]\nrules = '{армия}'\n", encoding="utf-8")
    read = rulebook.read(tmp_path)
    assert read.files[:-1] == shipped.files
    assert list(rulebook.words_of(read.files[-1].node)) == [query.Word("булочка", "forms")]
    (own,) = rulebook.written(read, "own", "{армия}")
    assert own.node == read.files[-1].node


def test_a_rule_that_cannot_be_read_says_where(rules: rulebook.Rulebook) -> None:
    with pytest.raises(QueryError) as wrong:
        rulebook.written(rules, "own", "(призыв and армия")
    assert wrong.value.position == 0


async def test_real_words_are_found_in_all_their_forms_at_once(rules: rulebook.Rulebook, database: Database) -> None:
    await put(database, topic("водопровод"))
    await rulebook.renew(rules, database)
    assert found(rules, "Работы на водопроводах города") == {"water"}
