import pytest

from bot.pipeline import english


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("desert", {"deserts", "deserted", "deserting", "desert's"}),
        ("mobilize", {"mobilizes", "mobilized", "mobilizing"}),
        ("flee", {"flees", "fled", "fleeing"}),
        ("deploy", {"deploys", "deployed", "deploying"}),
        ("deny", {"denies", "denied", "denying"}),
        ("grab", {"grabbed", "grabbing"}),
        ("march", {"marches", "marched"}),
        ("wife", {"wives"}),
        ("go", {"went", "gone", "going"}),
        ("row", {"rowed"}),
    ],
)
def test_words_have_their_forms(word: str, expected: set[str]) -> None:
    assert expected | {word} <= english.forms(word)


def test_only_short_words_double_their_last_letter() -> None:
    assert "deserteds" not in english.forms("desert")
    assert "roww" not in "".join(english.forms("row"))
