from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline import searching
from bot.pipeline.searching import Alternative, Asked, SearchError, Word

TODAY = date(2026, 11, 21)


def word(text: str, *words: str, kind: searching.WordKind = "forms") -> Word:
    return Word(text=text, words=words or (text,), kind=kind)


def parse(typed: str) -> Asked:
    return searching.parse(typed, today=TODAY)


def places(text: str, *wanted: Alternative) -> list[str]:
    return [text[start:end] for start, end in searching.places(text, wanted)]


def test_words_phrases_beginnings_and_exclusions_are_told_apart() -> None:
    assert parse('Вода "Путь домой" самоволк* -газ -"без воды"') == Asked(
        every=(
            word("вода"),
            word("путь домой", "путь", "домой", kind="exact"),
            word("самоволк*", "самоволк", kind="stem"),
        ),
        without=(word("газ"), word("без воды", "без", "воды", kind="exact")),
    )


@pytest.mark.parametrize("typed", ["“путь домой” –газ", "«путь домой» —газ", "„путь домой“ −газ"])
def test_quotes_and_dashes_may_be_those_that_phones_make(typed: str) -> None:
    assert parse(typed) == parse('"путь домой" -газ')


def test_filters_are_read_wherever_they_stand() -> None:
    asked = parse('topic:Desertion вода channel:"Путь домой" channel:@garrison_news lang:RU from:2026-11-01 to:today')
    assert asked == Asked(
        every=(word("вода"),),
        topics=("desertion",),
        channels=("Путь домой", "@garrison_news"),
        languages=("ru",),
        first=date(2026, 11, 1),
        last=TODAY,
    )


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("today", TODAY),
        ("Yesterday", date(2026, 11, 20)),
        ("1d", TODAY),
        ("7d", date(2026, 11, 15)),
        ("2026-02-28", date(2026, 2, 28)),
    ],
)
def test_days_are_written_as_for_a_digest(written: str, day: date) -> None:
    assert parse(f"вода from:{written}").first == day
    assert parse(f"вода to:{written}").last == day


def test_of_two_bounds_the_narrower_holds() -> None:
    asked = parse("вода from:7d from:2d to:today to:yesterday")
    assert (asked.first, asked.last) == (date(2026, 11, 20), date(2026, 11, 20))


def test_a_filter_alone_is_enough_and_a_bound_is_not() -> None:
    assert parse("topic:rotation").topics == ("rotation",)
    with pytest.raises(SearchError, match="empty"):
        parse("from:7d")


@pytest.mark.parametrize(
    ("typed", "problem", "found"),
    [
        ("", "empty", ""),
        ("-вода", "empty", ""),
        ("– —", "empty", ""),
        ("в" * 501, "long", ""),
        ("вода " * 21, "many", ""),
        ('вода "путь домой', "quote", "путь домой"),
        ('вода"', "quote", ""),
        ("са*", "stem", "са*"),
        ("🔥", "letters", "🔥"),
        ('"!?"', "letters", "!?"),
        ("colour:red вода", "filter", "colour:red"),
        ("вода -topic:rotation", "filter", "-topic:rotation"),
        ("topic: rotation", "value", "topic"),
        ('channel:""', "value", "channel"),
        ("вода from:2026-13-01", "day", "2026-13-01"),
        ("вода from:0001-01-01", "day", "0001-01-01"),
        ("вода from:soon", "day", "soon"),
        ("вода from:today to:yesterday", "order", ""),
        ("вода lang:russian", "language", "russian"),
    ],
)
def test_what_cannot_be_read_is_named(typed: str, problem: str, found: str) -> None:
    with pytest.raises(SearchError) as caught:
        parse(typed)
    assert (caught.value.problem, caught.value.found) == (problem, found)


def test_times_links_and_dashes_are_words_or_nothing() -> None:
    assert [one.words for one in parse("12:30 https://t.me/x - вода, 500-е").every] == [
        ("12", "30"),
        ("https", "t", "me", "x"),
        ("вода",),
        ("500", "е"),
    ]


def test_look_alike_letters_within_a_word_are_read_through() -> None:
    assert searching.folded("Мoбилизaция в CCCP, iнший і́нший, ПОВЕCТКА") == (
        "мобилизация в cccp, інший інший, повестка"
    )
    assert searching.folded("смsка OK") == "смsка ok"


def forms(text: str) -> set[str]:
    return {f"{text}а", f"{text}у"}


def test_a_word_stands_in_all_its_forms_and_a_phrase_as_it_is() -> None:
    assert searching.alternatives(word("газ"), forms) == (
        Alternative(words=("газ",)),
        Alternative(words=("газа",)),
        Alternative(words=("газу",)),
    )
    exact = word("путь домой", "путь", "домой", kind="exact")
    assert searching.alternatives(exact, forms) == (Alternative(words=("путь", "домой")),)
    stem = word("самоволк*", "самоволк", kind="stem")
    assert searching.alternatives(stem, forms) == (Alternative(words=("самоволк",), prefix=True),)


def test_of_what_a_hyphen_parts_the_last_has_forms_and_an_apostrophe_parts_no_word() -> None:
    hyphened = searching.alternatives(word("военно-газ", "военно", "газ"), forms)
    assert hyphened == tuple(Alternative(words=("военно", form)) for form in ("газ", "газа", "газу"))
    (plain, *inflected) = searching.alternatives(word("комп'ютер", "комп", "ютер"), forms)
    assert plain.words == ("комп", "ютер")
    assert [one.words for one in inflected] == [("комп", "ютера"), ("комп", "ютеру")]


def test_a_word_of_letters_that_have_no_dictionary_stands_as_it_is() -> None:
    assert searching.alternatives(word("漢字"), lambda text: {text}) == (Alternative(words=("漢字",)),)


def test_places_are_those_of_the_text_as_it_was_written() -> None:
    text = "Вчера во́ды не было. «ВОДА» и Café, водопровод, путь  домой"
    assert places(text, Alternative(words=("воды",)), Alternative(words=("вода",))) == ["во́ды", "ВОДА"]
    assert places(text, Alternative(words=("cafe",))) == ["Café"]
    assert places(text, Alternative(words=("водо",), prefix=True)) == ["водопровод"]
    assert places(text, Alternative(words=("путь", "домой"))) == ["путь  домой"]
    assert places(text, Alternative(words=("путь", "до"), prefix=True)) == ["путь  домой"]
    assert places(text, Alternative(words=("домой", "путь"))) == []


def test_the_folding_of_texts_is_as_its_version_says() -> None:
    """When this fails, raise `FOLDING`: what is in the index of a database must be taken out as it went in."""
    odd = "Ёлка Їжак ПОВЕCТКА ②00 ｍ а́ ѝ \u00adб’єкт İ x̂ Ⓜ café"
    assert (searching.FOLDING, searching.folded(odd)) == (
        1,
        "елка їжак повестка ②00 m а и б'єкт İ x m café",
    )


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(typed: str) -> None:
    try:
        asked = parse(typed)
    except SearchError:
        return
    assert all(part for one in (*asked.every, *asked.without) for part in one.words)


@given(st.text(alphabet="водаé́ \u00ad'oв-", max_size=40))
def test_a_place_is_within_the_text_and_holds_the_word(text: str) -> None:
    for start, end in searching.places(text, [Alternative(words=("вода",))]):
        assert searching.folded(text[start:end]) == "вода"
