import pytest

from bot.pipeline import normalize, tokens, unmask
from tests.pipeline import words

BOOK = words.book(
    "мобилизация",
    "дезертир",
    "дезертирство",
    "дезерт*",
    "самоволк*",
    "СОЧ",
    "верните",
    "мужей",
    "deserter",
    "домой",
    "mobilization",
)


def read(text: str) -> list[tuple[str, str]]:
    cleaned = normalize.clean(text)
    folded = normalize.fold(cleaned.text)
    found = unmask.read(cleaned, folded, tokens.cut(folded), BOOK)
    return [(text[one.start : one.end], one.word) for one in found]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("мoбилизaция", "мобилизация"),
        ("м0билизация", "мобилизация"),
        ("0тказ м0билизация", "мобилизация"),
        ("м*билизация", "мобилизация"),
        ("*обилизация", "мобилизация"),
        ("моб***зация", "мобилизация"),
        ("моби.лизация", "мобилизация"),
        ("моби_лизация", "мобилизация"),
        ("моб_лизация", "мобилизация"),
        ("мо би ли за ция", "мобилизация"),
        ("мо би ли за ци я", "мобилизация"),
        ("моби лизация", "мобилизация"),
        ("моби-лизация", "мобилизация"),
        ("Мо-би-ли-за-ци-я", "мобилизация"),
        ("Мо/би/ли/за/ция", "мобилизация"),
        ("МОБ.ИЛИЗ.АЦИЯ", "мобилизация"),
        ("д-о-м-о-й", "домой"),
        ("вернит€", "верните"),
        ("5OO-х", "500"),
        ("5оО", "500"),
        ("«до-мо-ой», де-зер-тир!", "дезертир"),
        ("мобилиииизация", "мобилизация"),
        ("м о б и л и з а ц и я", "мобилизация"),
        ("д3з3ртир", "дезертир"),
        ("«д@зертир»", "дезертир"),
        ("самов*лку", "самоволку"),
        ("дезертирcтвo", "дезертирство"),  # not the stem and a rest in the other script
        ("С.О.Ч.", "соч"),
        ("CОЧ", "соч"),
        ("d3serter", "deserter"),
        ("dеserter", "deserter"),
        ("мобилиза🌀ия", "мобилизация"),
        ("дезертир*в", "дезертиров"),
        ("mob!lization", "mobilization"),
        ("м*б*л*з*ция", "мобилизация"),
        ("д*з*рт*р*в", "дезертиров"),
        ("моби\u200bлизация", "мобилизация"),
        ("м0билиза4ия", "мобилизация"),
        ("де зер тир", "дезертир"),
        ("мо би лиз ация", "мобилизация"),
    ],
)
def test_hidden_words_are_read(text: str, word: str) -> None:
    assert word in [reading for _, reading in read(text)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("д*зертира🔥🔥🔥", "д*зертира"),
        ("(м*билизация)", "м*билизация"),
        ("«м0билизация»!!! Да", "м0билизация"),
        ("#м_о_б_и_л_и_з_а_ц_и_я_", "м_о_б_и_л_и_з_а_ц_и_я"),
        ("м о б и л и з а ц и я .", "м о б и л и з а ц и я"),
        ("самов*лку...", "самов*лку"),
        ("домооооой...", "домооооой"),
        ("дезертир*", "дезертир*"),
    ],
)
def test_a_hidden_word_ends_with_its_last_letter(text: str, word: str) -> None:
    assert word in [written for written, _ in read(text)]


@pytest.mark.parametrize(
    "text",
    [
        "мобилизация",
        "10км COVID19 5G кто-то и/или т.е.",
        "5o 50оо 5оС по-до-шли до/по/за",
        "**Песков** сказал",
        "м**********я",
        "м0б",
        "с*ч",
        "COЧИ",
        "а б в г д",
        "С04",
        "dом0u",
        "аааааааа",
        "мобили. Зация",
        "дезертир а потом дезертир у ворот",
    ],
)
def test_what_leads_to_no_word_of_a_rule_stays(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("#ВернитеМужейДомой", ["верните", "мужей", "домой"]),
        ("#вернитемужей", ["верните", "мужей"]),
        ("СтопМобилизация", ["стоп", "мобилизация"]),
        ("#ВернутьсяИзСОЧ", ["вернуться", "из", "соч"]),
        ("#ПоверненняЗСОЧ", ["повернення", "соч"]),
        ("#вернитекотов", []),
        ("без тега вернитемужей", []),
        ("#" + "верните" * 12, []),
    ],
)
def test_words_written_together_are_parted(text: str, parts: list[str]) -> None:
    assert [word for _, word in read(text)] == parts


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("м*билизация", True),
        ("мoбилизация", True),
        ("м о б и л и з а ц и я", True),
        ("мо.би.лизация", True),
        ("д-о-м-о-й", True),
        ("моби\u200bлизация", True),
        ("де зер тир", True),
        ("моби-лизация", False),
        ("моби лизация", False),
        ("мобилиииизация", False),
        ("#вернитемужей", False),
        ("СтопМобилизация", False),
    ],
)
def test_who_masks_a_word_is_told_from_who_stretches_breaks_or_joins_it(text: str, masked: bool) -> None:
    cleaned = normalize.clean(text)
    folded = normalize.fold(cleaned.text)
    assert {one.masked for one in unmask.read(cleaned, folded, tokens.cut(folded), BOOK)} == {masked}


@pytest.mark.parametrize("text", ["моби\u00adлизация", "мобилизация\u200b", "\u200bмобилизация", "кот\u200bы"])
def test_soft_hyphens_and_what_stands_around_a_word_hide_nothing(text: str) -> None:
    assert read(text) == []


def test_a_hostile_text_is_given_up_in_time() -> None:
    assert read("м*б*л*з*ц " * 5_000) == []
    assert read("а б в " * 5_000) == []
