"""Reads the topic files and the dictionaries, and makes of them what flags posts.

A topic file is TOML: for each language a text `rules` with one rule a line (the language of rules is described in
`bot/pipeline/query.py`), and under `lists` words that its rules name in braces. What stands after a `#` is a comment.
The name of a file up to its first dot names the topic, so that a topic may be split: `rotation.ru.toml` and
`rotation.uk.toml`. Files whose name begins with an underscore hold only lists, for all topics.
"""

import contextlib
import gc
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pymorphy3
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from bot.pipeline import english, groups, language, lexicon, query

_PROFILES = {
    "cyrillic": ("ru", "uk"),
    "latin": ("en", "de", "fr", "es", "it", "pl", "pt", "nl", "ro", "cs", "tr", "lt", "lv", "et", "fi", "sv"),
}
_SEED = 0
# Short English headlines look Dutch or Swedish to letter statistics; what we read is seldom either.
_ENGLISH_FIRST = {"en": 20.0}


class LexiconError(ValueError):
    """A topic file cannot be used; the message names file, line and place, and says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicInfo:
    """A topic and how many rules it has."""

    name: str
    rules: int


@dataclass(frozen=True, slots=True)
class Dictionaries:
    """The dictionaries of pymorphy3 and the rules of English behind `groups.WordForms`."""

    analyzers: Mapping[str, pymorphy3.MorphAnalyzer]

    def forms(self, word: str, code: str) -> frozenset[str]:
        """Give all forms of a word, folded, itself among them."""
        if code not in self.analyzers:
            return english.forms(word)
        analyzer = self.analyzers[code]
        found = {form.replace("ё", "е") for form in _known_forms(analyzer, word) or _guessed_forms(analyzer, word)}
        if code == "uk":  # the apostrophe is often left out
            found |= {form.replace("'", "") for form in found if "'" in form}
        return frozenset((word, *found))

    def known(self, word: str, code: str) -> bool:
        """Say whether the dictionary of ru or uk holds exactly this form."""
        return word in self.analyzers[code].dictionary.words

    def holds(self, word: str, code: str) -> bool:
        """Say whether the dictionary of ru or uk has this form, also where ё or ґ lost its dots; English has none."""
        return code not in self.analyzers or bool(self.analyzers[code].word_is_known(word))


@dataclass(slots=True)
class Detector:
    """Dictionaries and langdetect behind `language.LanguageDetector`; statistics are read when first needed."""

    dictionaries: Dictionaries
    factories: dict[str, DetectorFactory] = field(default_factory=dict)

    def known(self, word: str, code: str) -> bool:
        """Say whether the dictionary of ru or uk holds this form."""
        return self.dictionaries.known(word, code)

    def guess(self, text: str, script: str) -> str:
        """Guess the language by letter statistics; `und` where even they have nothing to go by."""
        if script not in self.factories:
            self.factories[script] = _factory(_PROFILES[script])
        detector = self.factories[script].create()
        detector.seed = _SEED  # else the answer varies from run to run
        if "en" in _PROFILES[script]:
            detector.set_prior_map({code: _ENGLISH_FIRST.get(code, 1.0) for code in _PROFILES[script]})
        detector.append(text)
        try:
            found = str(detector.detect())
        except LangDetectException:
            return language.UNDECIDED
        return language.UNDECIDED if found == "unknown" else found


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage while rules are read: all that is made stays, and the search takes a quarter of the time."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def read(texts: Mapping[Path, str]) -> list[lexicon.RuleText]:
    """Read the text of topic files into rules. Raises LexiconError."""
    parsed = {path: _parse(path, text) for path, text in texts.items()}
    shared: dict[str, dict[str, query.Node]] = {code: {} for code in groups.LANGUAGES}
    for path in (path for path in parsed if path.stem.startswith("_")):
        for code in groups.LANGUAGES:
            _read_lists(path, parsed[path], code, shared[code])
    rules: list[lexicon.RuleText] = []
    for path in (path for path in parsed if not path.stem.startswith("_")):
        for code in groups.LANGUAGES:
            lists = dict(shared[code])
            _read_lists(path, parsed[path], code, lists)
            rules += _rules(path, texts[path], parsed[path].get(code, {}), code, lists)
    return rules


def _parse(path: Path, text: str) -> dict[str, dict[str, object]]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{path}: {error}") from error
    for code, part in found.items():
        if code not in groups.LANGUAGES or not isinstance(part, dict) or not part.keys() <= {"rules", "lists"}:
            languages = ", ".join(groups.LANGUAGES)
            raise LexiconError(f"{path}: [{code}]: write a language ({languages}) with `rules` and `lists`")
    return found


def _read_lists(path: Path, parsed: Mapping[str, dict[str, object]], code: str, lists: dict[str, query.Node]) -> None:
    written = parsed.get(code, {}).get("lists", {})
    if not isinstance(written, dict):
        raise LexiconError(f"{path}: [{code}.lists]: write lines like  kin = 'муж | сын'")
    for name, text in written.items():
        node = _node(f"{path}: list {name!r}", _uncommented(str(text)), lists)
        lists[name] = query.Choice(node.parts if isinstance(node, query.Choice) else (node,), name)


def _uncommented(text: str) -> str:
    return "\n".join(line.partition("#")[0] for line in text.splitlines())


def _rules(
    path: Path, source: str, part: Mapping[str, object], code: str, lists: Mapping[str, query.Node]
) -> Iterator[lexicon.RuleText]:
    text = str(part.get("rules", ""))
    above = source[: source.find(text)].count("\n")
    for number, line in enumerate(text.splitlines(), start=above + 1):
        rule = line.partition("#")[0].strip()
        if rule:
            node = _node(f"{path}:{number}", rule, lists)
            yield lexicon.RuleText(topic=_topic(path), language=code, text=rule, node=node)


def _topic(path: Path) -> str:
    """Name the topic of a file: what stands before the first dot, so that a topic may have several files."""
    return path.name.partition(".")[0]


def _node(where: str, rule: str, lists: Mapping[str, query.Node]) -> query.Node:
    try:
        return query.parse(rule, lists)
    except query.QueryError as error:
        pointer = " " * error.position + "^"
        raise LexiconError(f"{where}: {error}\n  {rule}\n  {pointer}") from error


def _known_forms(analyzer: pymorphy3.MorphAnalyzer, word: str) -> set[str]:
    """Read the forms of a word that the dictionary knows.

    Where some readings have the word as their dictionary form, only those count: «суд» is not a form of «судить».
    `MorphAnalyzer.parse` and `lexeme` give the same, four times slower, which the start would feel.
    """
    own: set[str] = set()
    other: set[str] = set()
    seen: set[tuple[int, str]] = set()
    dictionary = analyzer.dictionary
    exact = dictionary.words.get(word)
    for spelling, readings in (
        [(word, exact)] if exact else dictionary.words.similar_items(word, analyzer.char_substitutes)
    ):
        for paradigm, place in readings:
            normal = dictionary.build_normal_form(paradigm, place, spelling).replace("ё", "е")
            chosen = own if normal == word else other
            if (paradigm, normal) not in seen:  # case forms that look alike are readings of their own
                chosen |= _lexeme(dictionary, paradigm, place, spelling)
            seen.add((paradigm, normal))
    return own or other


def _lexeme(dictionary: pymorphy3.opencorpora_dict.Dictionary, paradigm: int, place: int, spelling: str) -> set[str]:
    numbers = dictionary.paradigms[paradigm]
    size = len(numbers) // 3
    stem = dictionary.build_stem(numbers, place, spelling)
    prefixes, suffixes = dictionary.paradigm_prefixes, dictionary.suffixes
    return {prefixes[numbers[2 * size + form]] + stem + suffixes[numbers[form]] for form in range(size)}


def _guessed_forms(analyzer: pymorphy3.MorphAnalyzer, word: str) -> set[str]:
    """Guess the forms of a word that no dictionary knows, from words that end alike."""
    parses = analyzer.parse(word)
    chosen = [parse for parse in parses if parse.normal_form == word] or parses[:1]
    return {form.word for parse in chosen for form in parse.lexeme}


def _factory(profiles: Sequence[str]) -> DetectorFactory:
    factory = DetectorFactory()
    texts = [(Path(PROFILES_DIRECTORY) / code).read_text(encoding="utf-8") for code in profiles]
    factory.load_json_profile(texts)
    return factory
