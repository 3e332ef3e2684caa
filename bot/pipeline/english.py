"""The forms of English words, by rule: there are few enough that no dictionary is needed."""

_VOWELS = frozenset("aeiou")
_SIBILANTS = ("s", "x", "z", "ch", "sh")
_SHORT = 3
_LONGEST_DOUBLING = 6
# Past tense and participle of the irregular verbs that rules may use; the other forms follow the rule.
_IRREGULAR = {
    "be": "am is are was were been being", "bring": "brought", "catch": "caught", "come": "came",
    "do": "does did done", "drag": "dragged", "fight": "fought", "flee": "fled",
    "fly": "flies flew flown", "get": "got gotten",
    "give": "gave given", "go": "goes went gone", "have": "has had", "hide": "hid hidden", "hold": "held",
    "keep": "kept", "lay": "laid", "leave": "left", "let": "let", "lose": "lost", "make": "made", "pay": "paid",
    "put": "put", "run": "ran", "say": "said", "see": "saw seen", "seek": "sought", "send": "sent", "serve": "served",
    "shoot": "shot", "sit": "sat", "slip": "slipped", "steal": "stole stolen", "swap": "swapped", "take": "took taken",
    "tell": "told", "throw": "threw thrown", "man": "men", "woman": "women", "wife": "wives", "child": "children",
    "wait": "waited", "withdraw": "withdrew withdrawn", "quit": "quit", "break": "broke broken", "forget": "forgot",
    "stand": "stood", "find": "found", "lead": "led", "spend": "spent", "draw": "drew drawn", "bus": "buses bussed",
    "walk": "walked", "swim": "swam swum", "write": "wrote written", "drive": "drove driven", "home": "home",
}  # fmt: skip


def forms(word: str) -> frozenset[str]:
    """Give the word with the endings of nouns and verbs; forms that do not exist are among them and do no harm."""
    irregular = _IRREGULAR.get(word, "").split()
    return frozenset((word, _with_s(word), *irregular, f"{word}'s", *_verb(word)))


def _with_s(word: str) -> str:
    if word.endswith(_SIBILANTS):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def _verb(word: str) -> tuple[str, ...]:
    if word.endswith("e"):
        return word + "d", (word if word.endswith("ee") else word[:-1]) + "ing"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ied", word + "ing"
    endings = [word + "ed", word + "ing"]
    if _may_double(word):
        endings += [word + word[-1] + "ed", word + word[-1] + "ing"]
    return tuple(endings)


def _may_double(word: str) -> bool:
    return (
        _SHORT <= len(word) <= _LONGEST_DOUBLING
        and word[-1] not in _VOWELS | frozenset("wxy")
        and word[-2] in _VOWELS
        and word[-3] not in _VOWELS
    )
