"""The texts that the bot writes, by key and in the plural form of the language; what is filled in is only ever data."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.render.text import Span

Value = str | int | Span

_PLACE = re.compile(r"\{(\w+)\}")
_FORMS = frozenset({"one", "few", "many", "other"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The texts of one language by key ("alert.forwarded"): a template, or one for each plural form."""

    language: str
    texts: Mapping[str, str | Mapping[str, str]]


def build(language: str, tables: Sequence[Mapping[str, object]]) -> Catalogue:
    """Make a catalogue of nested tables: names joined by dots are the keys, a table of plural forms is one text.

    Raises:
        ValueError: A text is no string, a plural form is missing, or a key is there twice.
    """
    texts: dict[str, str | Mapping[str, str]] = {}
    for table in tables:
        _flatten(language, table, "", texts)
    return Catalogue(language=language, texts=texts)


def _flatten(
    language: str, table: Mapping[str, object], prefix: str, texts: dict[str, str | Mapping[str, str]]
) -> None:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if key in texts:
            raise ValueError(f"the text {key} ({language}) is there twice")
        if isinstance(value, str):
            texts[key] = value
        elif isinstance(value, Mapping) and "other" in value:
            texts[key] = _plural(language, key, value)
        elif isinstance(value, Mapping):
            _flatten(language, value, f"{key}.", texts)
        else:
            raise ValueError(f"the text {key} ({language}) is neither a string nor a table: {value!r}")


def _plural(language: str, key: str, forms: Mapping[str, object]) -> Mapping[str, str]:
    needed = FORMS_OF.get(language, FORMS_OF["en"])
    texts = {form: text for form, text in forms.items() if isinstance(text, str)}
    if set(forms) - _FORMS or needed - set(texts):
        raise ValueError(f"the text {key} ({language}) needs the forms {', '.join(sorted(needed))}")
    return texts


def has(catalogue: Catalogue, key: str) -> bool:
    """Say whether there is a text under `key`."""
    return key in catalogue.texts


def below(catalogue: Catalogue, prefix: str) -> dict[str, str | Mapping[str, str]]:
    """Give the texts whose key begins with `prefix` as they are written, by the rest of their keys."""
    return {key.removeprefix(prefix): said for key, said in catalogue.texts.items() if key.startswith(prefix)}


def text(catalogue: Catalogue, key: str, **values: str | int) -> str:
    """Give the text under `key` with its places filled; `n` rules the plural, whole numbers get separators.

    Raises:
        KeyError: There is no such text, or a place of it was given no value.
    """
    return "".join(span.text for span in spans(catalogue, key, **values))


def spans(catalogue: Catalogue, key: str, **values: Value) -> tuple[Span, ...]:
    """Give the text under `key` as spans: a value that is a span keeps its style. A value is never read for places.

    Raises:
        KeyError: There is no such text, or a place of it was given no value.
    """
    found: list[Span] = []
    for number, piece in enumerate(_PLACE.split(_template(catalogue, key, values))):
        value: Value = values[piece] if number % 2 else piece
        if isinstance(value, int):
            value = number_text(catalogue, value)
        if value != "":
            found.append(value if isinstance(value, Span) else Span(value))
    return tuple(found)


def number_text(catalogue: Catalogue, number: int) -> str:
    """Write a whole number as the language does: 1,234 in English, with narrow spaces elsewhere."""
    grouped = f"{number:,}"
    return grouped if catalogue.language == "en" else grouped.replace(",", "\u202f")


def _template(catalogue: Catalogue, key: str, values: Mapping[str, Value]) -> str:
    template = catalogue.texts[key]
    if isinstance(template, str):
        return template
    number = values["n"]
    if not isinstance(number, int):
        raise KeyError(f"the text {key} has plural forms: n must be a whole number, not {number!r}")
    return template[RULES.get(catalogue.language, _english)(number)]


def _english(number: int) -> str:
    return "one" if abs(number) == 1 else "other"


def _slavic(number: int) -> str:
    last, teen = abs(number) % 10, abs(number) // 10 % 10 == 1
    if last == 1 and not teen:
        return "one"
    if last in {2, 3, 4} and not teen:
        return "few"
    return "many"


RULES: Mapping[str, Callable[[int], str]] = {"en": _english, "ru": _slavic, "uk": _slavic}
"""The plural form of a whole number: https://cldr.unicode.org/index/cldr-spec/plural-rules"""
FORMS_OF: Mapping[str, frozenset[str]] = {
    "en": frozenset({"one", "other"}),
    "ru": frozenset({"one", "few", "many", "other"}),
    "uk": frozenset({"one", "few", "many", "other"}),
}
"""The forms that a text with a plural must have in a language ("other": fractions)."""
