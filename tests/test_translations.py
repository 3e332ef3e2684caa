"""Every language says all that English says: each key, each place to be filled in, each plural form."""

import re
from collections.abc import Mapping

import pytest

from bot import catalogues
from bot.commands import languages
from bot.render import catalogue
from bot.render.catalogue import Catalogue

ENGLISH = catalogues.load("en")
OTHERS = [language for language in catalogues.languages() if language != "en"]
COMMANDS = re.compile(r"/[a-z]+\b|https?://\S+|@\w+")


def forms(text: str | Mapping[str, str]) -> Mapping[str, str]:
    return {"other": text} if isinstance(text, str) else text


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def all_places(text: str | Mapping[str, str]) -> set[str]:
    return set().union(*(places(form) for form in forms(text).values()))


def commands(text: str | Mapping[str, str]) -> set[str]:
    return set().union(*(COMMANDS.findall(form) for form in forms(text).values())) - {"@name"}


def compared(texts: Catalogue) -> list[tuple[str, str | Mapping[str, str], str | Mapping[str, str]]]:
    return [(key, ENGLISH.texts[key], texts.texts[key]) for key in ENGLISH.texts if key in texts.texts]


def test_there_are_texts_in_each_language_that_can_be_chosen_and_in_no_other() -> None:
    assert set(catalogues.languages()) == set(languages.NAMES)


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_keys_that_english_has(language: str) -> None:
    texts = catalogues.load(language)
    assert set(ENGLISH.texts) - set(texts.texts) == set()
    assert set(texts.texts) - set(ENGLISH.texts) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_what_has_plural_forms_in_english_has_all_those_of_the_language(language: str) -> None:
    for key, english, text in compared(catalogues.load(language)):
        if isinstance(english, str):
            assert isinstance(text, str), key
        else:
            assert set(forms(text)) == catalogue.FORMS_OF[language], key


@pytest.mark.parametrize("language", OTHERS)
def test_each_place_is_filled_in_each_form(language: str) -> None:
    # In English "one" is the number 1 alone and may leave it out; elsewhere it is 21 and 101 as well.
    for key, english, text in compared(catalogues.load(language)):
        for form, said in forms(text).items():
            assert places(said) == all_places(english), f"{key} ({form})"


@pytest.mark.parametrize("language", OTHERS)
def test_commands_links_and_names_are_the_same(language: str) -> None:
    for key, english, text in compared(catalogues.load(language)):
        assert commands(text) == commands(english), key


@pytest.mark.parametrize("language", catalogues.languages())
def test_what_telegram_limits_fits(language: str) -> None:
    texts = catalogues.load(language).texts
    for key, text in texts.items():
        longest = max(len(form) for form in forms(text).values())
        if key.startswith("menu."):
            assert longest <= 256, key
        if key.startswith(("vote.", "press.", "mute.", "settings.changed", "settings_topics.last")):
            assert longest <= 200, key


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_keeps_its_line_ends_and_has_no_stray_space(language: str) -> None:
    for key, english, text in compared(catalogues.load(language)):
        if key == "evidence.readme":
            continue  # a file of its own, in columns, whose lines are wrapped by hand
        for said in forms(text).values():
            assert said.count("\n") == forms(english)["other"].count("\n"), key
            assert said == said.strip(" "), key
            assert "  " not in said, key


@pytest.mark.parametrize(("language", "letters"), [("ru", "іїєґІЇЄҐ"), ("uk", "ыэъёЫЭЪЁ")])
def test_no_letter_of_the_neighbouring_language_slipped_in(language: str, letters: str) -> None:
    for key, text in catalogues.load(language).texts.items():
        if language == "uk" and key.startswith(("rule.how", "own.", "try.how")):
            continue  # examples of rules are Russian
        assert not set("".join(forms(text).values())) & set(letters), key
