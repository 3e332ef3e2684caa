"""The words that went and those that came."""

import re
from random import Random
from time import perf_counter

import pytest
from hypothesis import given, settings

from bot.render import changes, text
from tests.render import hostile

NEWS = (
    "Сегодня утром родные снова вышли на площадь. Они требуют ротации: мужья на передовой третий год, отпуск не дали. "
    "Командир молчит."
)
FILLING = "В посёлке третий день нет воды, её обещают дать к вечеру. "


def marked(before: str, after: str) -> str:
    """What is shown: [-gone-] and [+new+]."""
    signs = {"strike": "-", "underline": "+", None: ""}
    found = changes.between(before, after)
    assert all(span.quoted for span in found.spans)
    shown = "".join(
        f"[{sign}{span.text.strip()}{sign}]" if (sign := signs[span.style]) else span.text for span in found.spans
    )
    return re.sub(r"\s+", " ", shown).strip()


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (NEWS, NEWS.replace("третий", "второй"), "мужья на передовой[-третий-][+второй+] год, отпуск не дали"),
        (NEWS, NEWS.replace(" снова", ""), "Сегодня утром родные[-снова-] вышли"),
        (NEWS, NEWS.replace("родные", "родные и друзья"), "утром родные[+и друзья+] снова"),
        (NEWS, f"{NEWS} Ждём.", "отпуск не дали. Командир молчит.[+Ждём.+]"),
        (NEWS, "Удалено.", f"[-{NEWS[:-1]}-] [+Удалено+]."),
        ("Один, два", "Три, пять", "[-Один, два-] [+Три, пять+]"),
        ("", "Слово", "[+Слово+]"),
    ],
)
def test_changes_stand_among_the_words_around_them(before: str, after: str, shown: str) -> None:
    assert shown in marked(before, after)


def test_what_stays_far_from_any_change_is_left_out() -> None:
    before = FILLING * 4 + NEWS + FILLING * 4 + "Конец." + FILLING * 4
    after = before.replace("ротации", "замены").replace("Конец", "Начало")
    shown = marked(before, after)
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "[-ротации-][+замены+]: мужья" in shown
    assert shown.count("…") == 3
    assert len(shown) < 400


def test_long_changes_are_cut_and_those_without_room_are_counted() -> None:
    long = "Обновлено: губернатор принял делегацию и пообещал ответить. " * 9
    assert marked(NEWS, NEWS + " " + long).endswith("…+]")
    before = "".join(f"{FILLING}Слово{number}. " for number in range(20))
    found = changes.between(before, before.replace("Слово", "Дело"))
    assert 3 < found.left < 20
    assert found.spans[-1].text == text.ELLIPSIS
    assert sum(len(span.text) for span in found.spans) <= changes.LIMIT + 1


def test_a_comma_between_two_changes_does_not_tear_them_apart() -> None:
    shown = marked(NEWS, NEWS.replace("третий год, отпуск", "второй месяц, отдых"))
    assert "передовой[-третий год, отпуск-][+второй месяц, отдых+] не" in shown


@pytest.mark.parametrize(
    ("after", "trivial"),
    [
        (NEWS, True),
        (NEWS.replace(".", "!").replace(" ", "  ") + " 🙏", True),
        ("\u200b" + NEWS.replace("-", " – "), True),
        (NEWS.replace("третий", "3"), False),
        (NEWS.upper(), False),
        (f"{NEWS} Ждём.", False),
    ],
)
def test_what_leaves_the_words_as_they_were_is_trivial(after: str, trivial: bool) -> None:
    assert changes.is_trivial(NEWS, after) is trivial


@settings(max_examples=20)
@given(hostile.any_text, hostile.any_text)
def test_any_two_texts_can_be_compared(before: str, after: str) -> None:
    found = changes.between(before, after)
    assert sum(len(span.text) for span in found.spans) < 2 * changes.LIMIT
    if not changes.is_trivial(before, after):
        assert {span.style for span in found.spans} > {None}


@settings(max_examples=10)
@given(hostile.texts, hostile.texts, hostile.texts)
def test_what_is_new_is_of_the_new_text_and_what_went_of_the_old_one(head: str, middle: str, end: str) -> None:
    before, after = f"{head} {middle}", f"{head} {end}"
    for span in changes.between(before, after).spans:
        if span.style is not None:
            source = before if span.style == "strike" else after
            assert span.text.rstrip(text.ELLIPSIS) in text.tidy(source)


@pytest.mark.parametrize("alphabet", [["а"], [f"с{number}" for number in range(100)], list("абвгде")])
def test_a_hostile_edit_is_compared_in_reasonable_time(alphabet: list[str]) -> None:
    drawn = Random(3)
    for length in (199, 499, 3000):
        before, after = (" ".join(drawn.choices(alphabet, k=length)) for _ in range(2))
        started = perf_counter()
        changes.between(before, after)
        assert perf_counter() - started < 1


def sides(before: str, after: str) -> tuple[str, str]:
    signs = {"strike": "-", "underline": "+", None: ""}
    found = changes.side_by_side(before, after)
    left, right = (
        "".join(f"[{sign}{span.text}{sign}]" if (sign := signs[span.style]) else span.text for span in side)
        for side in (found.before, found.after)
    )
    return left, right


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        ("Отпуск дали.", "Отпуск не дали.", "Отпуск дали.", "Отпуск[+ не+] дали."),
        ("Ой, слово и два.", "слово и три.", "[-Ой,-] слово и[- два-].", "слово и[+ три+]."),
        ("Один, два", "Три, пять", "[-Один, два-]", "[+Три, пять+]"),
        ("", "Слово", "", "[+Слово+]"),
        ("Слово", "Слово", "Слово", "Слово"),
    ],
)
def test_both_sides_are_whole(before: str, after: str, left: str, right: str) -> None:
    assert sides(before, after) == (left, right)


@given(hostile.texts, hostile.texts)
def test_both_sides_hold_every_word(before: str, after: str) -> None:
    found = changes.side_by_side(before, after)
    for said, side in ((before, found.before), (after, found.after)):
        assert "".join("".join(span.text for span in side).split()) == "".join(text.tidy(said).split())
