"""Titles that would be taken for each other."""

import pytest

from bot.pipeline import resemblance


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Путь домой", "путь домой"),
        ("Путь домой", "«Путь – домой!» 🕊"),
        ("Путь домой", "Пyть дoмoй"),  # Latin y and o
        ("Путь домой", "Путь дом0й"),
        ("Путь домой", "Путь\u200b до\u0301мой"),
        ("Путь домой", "Путь домой 2"),
        ("Путь домой", "Пут домой"),
        ("Московский телеграф", "Московскиий телеграф"),
        ("Московский телеграф", "Московский теелграф"),
        ("ASTRA", "АСТRA"),
        ("ASTRA", "ASTRA."),
        ("24", "24"),
        ("Вести", "Весте"),
    ],
)
def test_titles_that_look_alike_are_known(one: str, other: str) -> None:
    assert resemblance.resemble(one, other)
    assert resemblance.resemble(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Путь домой", "Путь в никуда"),
        ("Вести", "Вестник"),
        ("ВЧК", "ВЧ"),
        ("", ""),
        ("🕊", "🕊"),
        ("Московский телеграф", "Омский телеграф"),
        ("Новости Киева", "Новости Львова"),
    ],
)
def test_others_are_not(one: str, other: str) -> None:
    assert not resemblance.resemble(one, other)
