"""Tells the language of a post, from what is certain to what must be guessed.

Script, then letters that only one language has, then words that only one language has, then dictionaries, and only then
statistics: those are slow, and on a short Russian or Ukrainian text wrong one time in ten.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from bot.pipeline import normalize

UNDECIDED = "und"


class LanguageDetector(Protocol):
    """Dictionaries, and statistics as the last resort."""

    def known(self, word: str, language: str) -> bool:
        """Say whether the dictionary of `language` (ru or uk) holds this form."""
        ...

    def guess(self, text: str, script: str) -> str:
        """Guess the language of a text in Cyrillic ("cyrillic": ru or uk) or Latin letters ("latin")."""
        ...


_LOOKED_AT = 800
_NOISE = re.compile(r"(?:https?://|www\.|t\.me/)\S+|(?<!\w)[@#]\w+|\S+@\S+")
_TAG = re.compile(r"(?<!\w)#(\w+)")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"(?<![\w*@.-])[^\W\d_]+(?:'[^\W\d_]+)*(?![\w*@]|[.-]\w)")
_LATIN = re.compile(r"[a-zà-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĵķĺļľłńņňōŏőŕŗřśŝşšţťŧũūŭůűųŵŷźżžșțə]")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_SCRIPTS = (
    ("ka", re.compile(r"[ა-ჿ]")), ("hy", re.compile(r"[\u0531-\u0587]")), ("he", re.compile(r"[א-ת]")),
    ("ar", re.compile(r"[\u0620-\u06d3]")), ("el", re.compile(r"[Ͱ-Ͽ]")), ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[가-힣]")), ("zh", re.compile(r"[\u4e00-\u9fff]")), ("hi", re.compile(r"[\u0900-\u097f]")),
)  # fmt: skip

_UK = frozenset("іїєґ")
_RU = frozenset("ыэё")
_HARD_SIGN = re.compile(r"ъ(?=[еёюя])")
# Between consonants; at the end of a word old spelling has it in names of newspapers.
_HARD_SIGN_ELSEWHERE = re.compile(r"ъ(?=[бвгджзйклмнпрстфхцчшщ])")
_TURKIC = frozenset("қғңұһәөүҳҡҙҫҗ")
_TURKIC_OWN = (("kk", "ұі"), ("ba", "ҡҙҫ"), ("tt", "җ"), ("uz", "ўҳ"), ("kk", "қғ"), ("tt", "ә"))
_SOUTH = frozenset("ђјљњћџѓќѕ")
_NOT_SOUTH = frozenset("йыэёщъьюяіїєґ")
_MACEDONIAN = frozenset("ѓќѕ")
_MACEDONIAN_WORDS = frozenset(("дека", "нема", "ќе", "сите", "овој", "оваа"))
_NOT_BELARUSIAN = frozenset("ищъїєґ")
_FEW = 2
_SPARSE = 6
"""Ukrainian has its letters in every second or third word; in one of so many, they may be those of a quotation."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Words of one of the two that the other does not have at all.
_ONLY_RU = _words(
    "что чтобы это этот эта эти или уже если когда только нет его она они оно мы вы был будет из от после "
    "чем кто где сейчас очень тоже еще ему меня тебя себя него и с со к об же ли но даже потому который "
    "которая которые которых всех как вот"
)
_ONLY_UK = _words(
    "що щоб це цей ця ці та або чи вже якщо як коли тільки лише немає його її вона вони воно ми ви був від після ніж "
    "хто де куди зараз дуже теж ще йому нього і з зі із щодо під але навіть бо який яка які яких усе всього "
    "всіх усіх цього цих цю"
)
# English words that the other languages in Latin letters do not have.
_ENGLISH = _words(
    "the and are were with from that this they their have has been not would what who which there his she you your "
    "its it's he's don't didn't can't won't i'm we've than then them when where after before about because should "
    "could into only being said says how why again against back broke breaking day days down every first home law "
    "left like make many more much never new news now orders out same soldiers through took troops two very want while "
    "years yes yesterday today tomorrow it my or for by our"
)
# … and words that some of them share: one of these alone says nothing.
_ENGLISH_TOO = _words(
    "of is was had will her just still over at an we me him all off up full good hello last men most near "
    "order other people time under week disk"
)
_ENGLISH_AMONG = 15
"""One such word in so many is enough."""
_DICTIONARY_WORDS = 25
_TELLING = 3
"""Fewer letters say nothing, whatever their statistics."""


def detect(detector: LanguageDetector, text: str) -> str:
    """Give the code of the text's language, or `und` where there is nothing to tell by."""
    whole = normalize.fold_case(normalize.clean(text[: 2 * _LOOKED_AT]).text)
    plain = _NOISE.sub(" ", whole)[:_LOOKED_AT]
    if not _LETTER.search(plain):
        plain = _tags(whole)[:_LOOKED_AT]
    cyrillic, latin = len(_CYRILLIC.findall(plain)), len(_LATIN.findall(plain))
    if cyrillic + latin == 0:
        return _by_script(plain)
    words = _WORD.findall(plain)
    if 2 * cyrillic >= latin:
        return _cyrillic(detector, plain, words)
    return _latin(detector, plain, words)


def _tags(whole: str) -> str:
    """Give the words of a text that is nothing but hashtags."""
    return " ".join(tag.replace("_", " ") for tag in _TAG.findall(whole))


def _by_script(plain: str) -> str:
    counts = {code: len(letters.findall(plain)) for code, letters in _SCRIPTS}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] else UNDECIDED


def _cyrillic(detector: LanguageDetector, plain: str, words: Sequence[str]) -> str:
    return (
        _by_letters(detector, plain, words)
        or _more(words, _ONLY_RU, _ONLY_UK)
        or _by_dictionary(detector, words)
        or _guess(detector, plain, "cyrillic")
    )


def _by_letters(detector: LanguageDetector, plain: str, words: Sequence[str]) -> str | None:
    ukrainian, russian = _count(plain, _UK), _count(plain, _RU) + len(_HARD_SIGN.findall(plain))
    other = _neighbour(plain, ukrainian, russian)
    if other is not None:
        return other
    if ukrainian > 2 * russian:
        own = sum(not _UK.isdisjoint(word) for word in words)
        return "uk" if own * _SPARSE > len(words) else _by_dictionary(detector, words) or "uk"
    if russian > 2 * ukrainian:
        return "ru"
    return None


def _neighbour(plain: str, ukrainian: int, russian: int) -> str | None:
    """Recognise the other Cyrillic languages by letters that neither Russian nor Ukrainian has."""
    if _count(plain, _TURKIC) >= _FEW:
        return next((code for code, letters in _TURKIC_OWN if _count(plain, letters)), "ky")
    if ("ў" in plain and "щ" not in plain) or (ukrainian and russian and _NOT_BELARUSIAN.isdisjoint(plain)):
        return "be"
    if _count(plain, _SOUTH) and _NOT_SOUTH.isdisjoint(plain):
        macedonian = _count(plain, _MACEDONIAN) or not _MACEDONIAN_WORDS.isdisjoint(plain.split())
        return "mk" if macedonian else "sr"
    if _HARD_SIGN_ELSEWHERE.search(plain) and not ukrainian + russian:
        return "bg"
    return None


def _count(plain: str, letters: Iterable[str]) -> int:
    return sum(map(plain.count, letters))


def _more(words: Iterable[str], russian: frozenset[str], ukrainian: frozenset[str]) -> str | None:
    score = sum((word in russian) - (word in ukrainian) for word in words)
    return "ru" if score > 0 else "uk" if score < 0 else None


def _by_dictionary(detector: LanguageDetector, words: Sequence[str]) -> str | None:
    score = 0
    for word in words[:_DICTIONARY_WORDS]:
        score += detector.known(word, "ru") - detector.known(word, "uk")
    return "ru" if score > 0 else "uk" if score < 0 else None


def _latin(detector: LanguageDetector, plain: str, words: Sequence[str]) -> str:
    english = sum(word in _ENGLISH for word in words)
    if english and (english + sum(word in _ENGLISH_TOO for word in words)) * _ENGLISH_AMONG >= len(words):
        return "en"
    return _guess(detector, plain, "latin")


def _guess(detector: LanguageDetector, plain: str, script: str) -> str:
    return detector.guess(plain, script) if sum(map(str.isalpha, plain)) >= _TELLING else UNDECIDED
