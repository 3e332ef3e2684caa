"""Numbers of persons are masked, all others are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import masking, personal_numbers
from tests.render import hostile

PERSONAL = [
    *("+7 (921) 123-45-67", "+79211234567", "8 921 123-45-67", "8(921)1234567", "89211234567", "8-921-123-45-67"),
    *("8.921.123.45.67", "79211234567", "+380 67 123 45 67", "+38(067)123-45-67", "380671234567", "38 067 123 45 67"),
    *("067 123 45 67", "(067) 123-45-67", "0671234567", "(04732) 1-23-45", "+375 29 123-45-67", "80 29 123 45 67"),
    *("+48 123 456 789", "+1 (212) 555-0123", "00380671234567", "921 123-45-67", "тел. 123-45-67", "Тел: 45-67-89"),
    *("звоните 23-45-67", "https://wa.me/79211234567", "t.me/+79211234567"),
    *("8️⃣9️⃣2️⃣1️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣", "8\u200b921\u200b1234567", "𝟴𝟵𝟮𝟭𝟭𝟮𝟯𝟰𝟱𝟲𝟳", "８９２１１２３４５６７", "т.89211234567"),
    *("+7\u202a921\u202c 123-45-67", "8 9\u20662\u20691 123-45-67", "8921\u034f123\u061c45\u180e67", "8\t921\t1234567"),
    *("4276 1234 5678 9012", "2202 2032 1234 5678", "4276123456789014", "5375411412345675", "378282246310005"),
    *("паспорт 4510 123456", "паспорт гражданина РФ серия 45 10 № 123456", "45 10 123456", "4510 123456"),
    *("паспорт: АК123456", "паспорт серии АА № 123456", "АК 123456", "НА123456", "КС№123456", "паспорт 001234567"),
    *("СНИЛС 123-456-789 01", "112-233-445 95", "112 233 445 95", "ИНН 500100732259", "500100732259"),
    *("ІПН 3117812345", "РНОКПП: 3117812345", "3117812348", "19850512-01234", "загранпаспорт 75 1234567"),
    *("військовий квиток СО № 123456", "военный билет АН 1234567", "АН 1234567", "личный номер Х-123456"),
    *("passport FE123456", "удостоверение ветерана РМ № 123456", "р/с 40817810099910004312"),
]
OTHERS = [
    *("12.03.2015", "09.11.2024 15:30", "2026-11-21 14:05", "с 01.09.2022 по 31.12.2023", "2024/11/21 12:30"),
    *("15 000 000 000 рублей", "84 500 000 000 рублей", "1 234 567", "12 345 678 views", "курс 92.4512"),
    *("+1 000 000 000 рублей", "+2 500 000 000 рублей", "+12 345 678 просмотров", "1500000000", "-45 678 901 234"),
    *("48.123456, 37.654321", "55.755826 37.617300", "N48.1234567890 E37.123456", "48°12'34.5\"N 37°34'12.1\"E"),
    *("в/ч 12345", "в/ч А1234", "войсковая часть 123456", "Т-72, Су-34, Ми-8, С-300", "ГОСТ 12345-2019"),
    *("7 8 9 10 11 12 13 ноября", "8 9 10 11 12 13 14", "№ 2-1234/2023", "77RS0001-01-2023-001234-56"),
    *("https://t.me/c/1500000001/15", "https://vk.com/wall-12345678901_123", "https://t.me/c/3117812348/15"),
    *("https://example.com/news/2024/11/21/89211234567", "1941 1942 1943 1944", "2021 2022 2023 2024"),
    *("НА 150000 РУБЛЕЙ", "ДО 200000 ГРИВЕН", "в 2023 300000 человек", "паспорта получили 1 200 000 граждан"),
    *("паспорта получили 250000 граждан", "по телефону доверия 112", "телефонов продано 1 200 000"),
    *("паспорт, выдан 12.03.2015", "паспорт действителен до 2025 года", "10:00-12:00, 14:00-18:00"),
    *("300-400 человек, 1500-2000", "ISBN 978-5-17-118366-1", "0.671234567", "3,141592653589", "с 8 до 17, с 9 по 12"),
    *("Указ № 647 от 21.09.2022", "sha 89211234567abc", "abc89211234567", "4276 1234 5678 901", "12345678-12345"),
    *("1111111111", "4550 123456", "20 000 000 000 000 000", "5678901234567890123456", "тел.: +1 200 300"),
    *("111 222 333 44", "123456789012", "7 000 000 00 00", "9211234567", "38 067 123 45", "5\t000\t12"),
]


@pytest.mark.parametrize("text", PERSONAL)
def test_a_number_of_a_person_is_masked_but_for_its_last_two_digits(text: str) -> None:
    shown = masking.masked(text)
    assert len(shown) == len(text)
    assert sum(letter.isdecimal() for letter in shown) == 2, shown
    assert [b for a, b in zip(text, shown, strict=True) if a != b] == [masking.MASK] * shown.count(masking.MASK)


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert masking.masked(text) == text


def test_what_stands_around_a_number_stays() -> None:
    assert masking.masked(
        "Иванов, 12.05.1985, паспорт 45 10 № 123456, выдан 12.03.2015, тел. 8 921 123-45-67, в 14:05"
    ) == ("Иванов, 12.05.1985, паспорт •• •• № ••••56, выдан 12.03.2015, тел. • ••• •••-••-67, в 14:05")


def test_numbers_that_follow_each_other_are_masked_each() -> None:
    assert masking.masked("89211234567,89217654321/89210000000 5 штук") == "•••••••••67,•••••••••21/•••••••••00 5 штук"


def test_a_tax_number_that_nothing_names_is_left_where_no_guess_is_wanted() -> None:
    assert masking.masked("id 3117812348", guess=False) == "id 3117812348"
    assert masking.masked("ІПН 3117812348", guess=False) == "ІПН ••••••••48"


def test_the_check_digit_of_a_card_is_known() -> None:
    assert personal_numbers.luhn("4276123456789014")
    assert not personal_numbers.luhn("4276123456789015")


@given(hostile.any_text, st.sampled_from(PERSONAL), hostile.texts)
def test_any_text_keeps_its_length_and_is_masked_once(before: str, number: str, after: str) -> None:
    text = f"{before}\n{number}\n{after}"
    shown = masking.masked(text)
    assert len(shown) == len(text)
    assert number not in shown
    assert masking.masked(shown) == shown


@given(st.text("0123456789 -+().,/№АК:\n", max_size=80))
def test_any_row_of_digits_keeps_its_length(text: str) -> None:
    shown = masking.masked(text)
    assert len(shown) == len(text)
    assert all(a == b or (a.isdecimal() and b == masking.MASK) for a, b in zip(text, shown, strict=True))


def test_a_link_that_calls_somebody_is_masked() -> None:
    assert masking.masked("whatsapp://send?phone=%2B79211234567") == "whatsapp://send?phone=%2B•••••••••67"
