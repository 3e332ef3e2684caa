"""Copies are recognised, and posts made from a template are kept apart."""

import json
from pathlib import Path
from random import Random
from time import perf_counter

import pytest
from hypothesis import given, settings

from bot.pipeline import fingerprint
from tests.render import hostile

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
]
NEWS = (
    "Жёны мобилизованных из Заречного записали обращение к губернатору. Мужья находятся на передовой двадцать шестой "
    "месяц без отпуска и замены. Командир части отказался назвать сроки ротации."
)


def joins(one: str, other: str) -> bool:
    """Whether the second of two posts would join the story of the first, by its text alone."""
    first, second = fingerprint.take(one), fingerprint.take(other)
    if first.exact is not None and first.exact == second.exact:
        return True
    found = len(set(first.sketch) & set(second.sketch)) > 1
    return found and fingerprint.likeness(one, other) > 0


def test_of_the_copies_nearly_all_are_recognised() -> None:
    copies = [pair for pair in PAIRS if pair["same"]]
    missed = [pair for pair in copies if not joins(pair["one"], pair["other"])]
    assert len(copies) >= 120
    assert {pair["language"] for pair in copies} == {"ru", "uk", "en"}
    assert 1 - len(missed) / len(copies) >= 0.95, missed


def test_of_the_templated_posts_none_are_merged() -> None:
    templated = [pair for pair in PAIRS if not pair["same"]]
    assert len(templated) >= 80
    assert [pair for pair in templated if joins(pair["one"], pair["other"])] == []
    assert [pair for pair in templated if joins(pair["other"], pair["one"])] == []


def test_different_news_are_kept_apart() -> None:
    news = list(dict.fromkeys(pair["one"] for pair in PAIRS if pair["kind"] == "cut"))
    assert [(a, b) for number, a in enumerate(news) for b in news[:number] if joins(a, b)] == []


def test_what_is_not_read_leaves_no_trace() -> None:
    dressed = f"‼️ СРОЧНО! {NEWS.upper().replace('Ё', 'Е')} 🙏 https://t.me/x/1 @garrison_news"
    assert fingerprint.take(dressed) == fingerprint.take(NEWS)


def test_a_short_text_is_recognised_by_all_of_its_words_and_a_shorter_one_not_at_all() -> None:
    assert fingerprint.take("Отбой воздушной тревоги в Заречном").exact is None
    short = fingerprint.take("Мобилизованных из Заречного вернули домой к семьям.")
    assert short.exact is not None
    assert short.sketch == ()
    assert fingerprint.likeness("Два слова.", "Два слова.") == 0


def test_a_hash_of_a_text_and_one_of_a_sketch_are_never_the_same_number() -> None:
    taken = fingerprint.take(f"{NEWS} Подробностей пока нет.")
    assert taken.exact is not None
    assert 2**62 <= taken.exact < 2**63
    assert len(taken.sketch) == fingerprint.SKETCH_SIZE
    assert max(taken.sketch) < 2**32


def test_hashes_are_the_same_in_every_process() -> None:
    assert fingerprint.sure("post:1:2") == 6449553592243664577
    assert fingerprint.take(NEWS).sketch[0] == 58570464


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NEWS, NEWS.replace("Заречного", "Калуги")),
        (NEWS, NEWS.replace("двадцать шестой", "26").replace("ротации", "ротации 5")),
        (NEWS.replace("двадцать шестой", "26"), NEWS.replace("двадцать шестой", "27")),
        (f"Тверь. {NEWS}", f"Омск. {NEWS}"),
        (f"{NEWS[:-1]} в Твери.", f"{NEWS[:-1]} в Омске."),
        (f"{NEWS} №5", f"{NEWS} №6"),
        (NEWS, f"Пришла зима, и в нашем посёлке снова нет ни света, ни воды, ни дороги. {NEWS[67:]}"),
    ],
    ids=[
        "a name",
        "numbers on one side are no matter",
        "a number",
        "the place at the top",
        "the place at the end",
        "a bare number",
        "the top",
    ],
)
def test_where_one_thing_stands_for_another_the_posts_are_apart(
    request: pytest.FixtureRequest, one: str, other: str
) -> None:
    same = "no matter" in request.node.callspec.id
    assert joins(one, other) is same


@pytest.mark.parametrize(
    "other",
    [
        NEWS.replace("Заречного", "Заречное"),
        NEWS.replace("губернатору", "губернатру").replace("отпуска", "отпсука"),
        f"{NEWS} Дневник Марины",
        f"Пишет Марина Орлова: {NEWS}",
        f"{NEWS}\n\nНаш канал 24",
    ],
    ids=["another ending", "slips", "signed", "a headline", "a number in the signature"],
)
def test_a_copy_with_small_changes_stays_one(other: str) -> None:
    assert joins(NEWS, other)
    assert joins(f"{NEWS}\n\nПодписаться на канал 5", other)


def test_another_long_end_makes_another_post() -> None:
    weather = "Погода на завтра обещает быть тёплой, солнечной и почти безветренной, дождей до пятницы не ждут."
    recipe = "Рецепт пирога прислала читательница: мука, яйца, сахар, стакан молока, ваниль, изюм и немного терпения."
    assert not joins(f"{NEWS} {weather}", f"{NEWS} {recipe}")


def test_a_text_that_tells_much_besides_is_a_roundup() -> None:
    assert fingerprint.is_roundup(f"{NEWS} {NEWS.replace('а', 'о')}", NEWS)
    assert not fingerprint.is_roundup(f"{NEWS} Подписаться на канал.", NEWS)


@settings(max_examples=15)
@given(hostile.any_text, hostile.any_text)
def test_any_texts_can_be_compared_and_each_is_like_itself(one: str, other: str) -> None:
    assert fingerprint.likeness(one, other) == fingerprint.likeness(other, one)
    assert fingerprint.likeness(one, one) in {0, 1}
    assert fingerprint.take(one) == fingerprint.take(one)


@pytest.mark.parametrize("alphabet", ["а б", "а б в слово Имя 7 8", " ".join(f"С{number}" for number in range(50))])
def test_a_hostile_text_is_compared_in_reasonable_time(alphabet: str) -> None:
    drawn = Random(7)
    words = drawn.choices(alphabet.split(), k=3000)
    one, other = " ".join(words), " ".join(words[:1500] + drawn.choices(alphabet.split(), k=1500))
    started = perf_counter()
    fingerprint.likeness(one, other)
    assert perf_counter() - started < 2
