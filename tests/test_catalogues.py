"""The texts that ship with the bot: all that the code asks for are there, and no others."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import catalogues

BOT = Path(catalogues.__file__).parent


def strings_of(path: Path) -> Iterator[tuple[str, bool]]:
    """The string constants of a file, and whether each is but the beginning of an f-string."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    beginnings = {
        id(node.values[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, id(node) in beginnings


def asked_of_the_catalogue(path: Path, *functions: str) -> Iterator[str]:
    """The keys that a file hands to these functions of the catalogue as plain strings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in functions
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "catalogue"
            and isinstance(node.args[1], ast.Constant)
        ):
            yield str(node.args[1].value)


@pytest.mark.parametrize("language", catalogues.languages())
def test_every_text_the_code_asks_for_is_there(language: str) -> None:
    texts = catalogues.load(language).texts
    asked = {key for path in BOT.rglob("*.py") for key in asked_of_the_catalogue(path, "text", "spans")}
    assert len(asked) > 30
    assert asked <= set(texts)


def test_every_text_that_is_there_is_asked_for() -> None:
    said = {found for path in BOT.rglob("*.py") for found in strings_of(path)}
    whole = {string for string, beginning in said if not beginning}
    handed_over = {key for path in BOT.rglob("*.py") for key in asked_of_the_catalogue(path, "below")}
    beginnings = (*handed_over, *(string for string, beginning in said if beginning and "." in string))
    unused = [key for key in catalogues.load("en").texts if key not in whole and not key.startswith(beginnings)]
    assert unused == []


def test_english_is_there_and_another_language_is_refused_by_name() -> None:
    assert "en" in catalogues.languages()
    with pytest.raises(LookupError, match="'xx'"):
        catalogues.load("xx")
