import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline import normalize


def test_a_text_without_odd_characters_stays_what_it_is() -> None:
    cleaned = normalize.clean("Обычный текст, plain — 100 %.")
    assert cleaned.text == "Обычный текст, plain — 100 %."
    assert normalize.origin(cleaned, 7) == 7


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("моби\u00adлиза\u200bция", "мобилизация"),
        ("мобилиза\u0301ция", "мобилизация"),
        ("м\u0336о\u0336б\u0336", "моб"),
        ("и\u0306 и\u0308 \u0456\u0308 \u0435\u0308", "й и ї ё"),
        ("ѐѝ", "еи"),
        ("𝗺𝗼𝗯 Ⓜ ｍ 🅜🅰", "mob M m MA"),
        ("♥\ufe0f", "♥"),
        ("\u00ad\u200b", ""),
    ],
)
def test_invisible_and_dressed_characters_go(text: str, clean: str) -> None:
    assert normalize.clean(text).text == clean


def test_places_lead_back_to_the_original() -> None:
    text = "а\u200b\u200bб ро\u00adта\u0301ция и 🙂\ufe0f конец"
    cleaned = normalize.clean(text)
    place = cleaned.text.index("конец")
    assert text[normalize.origin(cleaned, place) :] == "конец"
    start = normalize.origin(cleaned, cleaned.text.index("ротация"))
    assert text[start : start + 2] == "ро"


def test_folding_lowers_and_makes_apostrophes_and_yo_alike() -> None:
    assert normalize.fold("П’ЯТИЙ ʼ ёж") == "п'ятий ' еж"


def test_folding_keeps_the_length_even_of_letters_that_grow() -> None:
    assert len(normalize.fold("İстанбул")) == len("İстанбул")


@given(st.text(max_size=80))
def test_every_place_of_any_text_leads_into_the_original(text: str) -> None:
    cleaned = normalize.clean(text)
    places = [normalize.origin(cleaned, place) for place in range(len(cleaned.text))]
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)
    assert len(normalize.fold(text)) == len(text)
