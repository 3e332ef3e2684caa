"""The dictionaries and statistics behind what flags posts and tells their language."""

import contextlib
import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pymorphy3
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from bot.pipeline import english, language

_PROFILES = {
    "cyrillic": ("ru", "uk"),
    "latin": ("en", "de", "fr", "es", "it", "pl", "pt", "nl", "ro", "cs", "tr", "lt", "lv", "et", "fi", "sv"),
}
_SEED = 0
_INFINITIVES = ("ти", "тися", "тись")
# How the forms of a Ukrainian verb end that gerunds are made of: змінив, утік; змінюють, тримають.
_PAST = ("в", "к", "г", "с", "з", "р")
_PRESENT = ("уть", "ють", "ать", "ять")
# Short English headlines look Dutch or Swedish to letter statistics; what we read is seldom either.
_ENGLISH_FIRST = {"en": 20.0}


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
        if code == "uk":
            found |= _gerunds(word, found)
            # the apostrophe is often left out
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
    """Look for no garbage while rules are read, nor later in what was made then: it stays, and it is a great deal."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.freeze()
            gc.enable()


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


def _gerunds(word: str, forms: set[str]) -> set[str]:
    """Give the gerunds of a Ukrainian verb: its dictionary holds «змінивши» and «змінюючи» as words of their own.

    Some that nobody says are among them, such as one made of the infinitive «писать».
    """
    if not word.endswith(_INFINITIVES):
        return set()
    own = "сь" if word.endswith(_INFINITIVES[1:]) else ""
    bare = {form.removesuffix("ся") for form in forms}
    gerunds = {f"{form}ши{own}" for form in bare if form.endswith(_PAST)}
    gerunds |= {f"{form[:-2]}чи{own}" for form in bare if form.endswith(_PRESENT) and not form.endswith("муть")}
    return gerunds


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
