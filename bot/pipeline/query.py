"""The language in which rules are written, the same in topic files and in the chat.

    мобилизация          a word: all its forms (мобилизации, мобилизацией …)
    "пятисотые"          in double quotes: exactly so (capitals do not matter)
    "путь домой"         exactly these words, one after the other
    самоволк*            every word that begins so (at least three letters before the star)
    *мобилиз*            the same behind any prefix: недомобилизованный, перемобилизация (groups.PREFIXES)
    СОЧ                  two capitals or more: these capitals and nothing else
    ~повестка            a word in any form, but only where it is masked: п*вестка, п о в е с т к а
    {родные}             a list of words that the topic file names

    повестка дня         words one after the other, each in all its forms
    верните .. домой     in this order, at most three words between them, in one sentence
    верните ..5 домой    the same with at most five
    муж | сын | отец     one of them
    ( … )                groups

    A and B              A, if B stands in the same sentence
    A and:5 B            A, if B stands before or after it with at most five words between
    A and:text B         A, if B stands anywhere in the text
    A unless B           A, but not where B stands in the same sentence; unless:5 and unless:text likewise

The operators are written in small letters. Where such a word itself is looked for, quotes say so: `trick "or" treat`.

What binds most comes first: words in a row, then `|`, then `and` and `unless` from left to right. Where `|` meets
`and` or `unless`, brackets say what is meant: `(призыв | призывник) and армия unless (спорт | игра)`.
A hyphen parts words: `500-е` is two words in a row. What is found, and shown, is the part before `and` and `unless`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.pipeline import normalize, tokens
from bot.pipeline.query_errors import QueryError

WordKind = Literal["forms", "exact", "stem", "derived", "capitals", "masked"]
INFLECTED: frozenset[WordKind] = frozenset({"forms", "masked"})  # what stands for all forms of a word
Scope = int | Literal["sentence", "text"]

GAP = 3
"""How many words `..` without a number lets stand between."""
WIDEST = 50
LONGEST_RULE = 20_000
DEEPEST = 20
MOST_IN_A_ROW = 50
"""Words or groups of a chain, and conditions of a rule."""
_STEM = 3
_CAPITALS = 2
_OPERATORS: Mapping[str, str] = {"and": "operator", "unless": "operator", "or": "or", "not": "not"}
"""What other languages of queries call their operators, and what is wrong where it is written so here."""
_LONGEST_OPERATOR = max(map(len, _OPERATORS))


class Word(NamedTuple):
    """One word as the rule writes it; `text` is folded unless it is capitals.

    A tuple, because tens of thousands are made and looked up while rules are read.
    """

    text: str
    kind: WordKind


@dataclass(frozen=True, slots=True)
class Chain:
    """Parts that follow each other with at most `gaps[i]` words between part i and the next."""

    parts: tuple["Node", ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of the parts; `name` where it is a list that rules share."""

    parts: tuple["Node", ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """`subject`, where `context` stands within `scope`, or (`wanted` False) where it does not."""

    subject: "Node"
    context: "Node"
    scope: Scope
    wanted: bool


Node = Word | Chain | Choice | Condition

_LEXEME = re.compile(
    r"""\s*(?:(?P<quoted>"[^"]*"?)
      | (?P<list>\{[^}]*\}?)
      | (?P<gap>\.\.\d*)
      | (?P<operator>(?:and|unless)(?::\w*)?(?![\w*'’-]))
      | (?P<mark>[()|])
      | (?P<masked>~[\w'’ʼ*~-]*)
      | (?P<word>\*?[\w'’ʼ-]+(?:\*+[\w'’ʼ-]+)*\*?)
      | (?P<other>\S))""",
    re.VERBOSE,
)


class _Lexeme(NamedTuple):
    kind: str
    text: str
    at: int


def parse(rule: str, lists: Mapping[str, Node]) -> Node:
    """Read a rule; `lists` are the named lists it may use. Raises QueryError."""
    if len(rule) > LONGEST_RULE:
        raise QueryError("too_long", LONGEST_RULE, most=LONGEST_RULE)
    reader = _Reader(rule, lists)
    node = reader.conditions()
    if (rest := reader.peek()) is not None:
        raise QueryError("stray", rest.at, found=rest.text)
    return node


class _Reader:
    """Reads the lexemes of one rule from left to right."""

    def __init__(self, rule: str, lists: Mapping[str, Node]) -> None:
        self._lexemes = [
            _Lexeme(kind := found.lastgroup or "", found[kind], found.start(kind)) for found in _LEXEME.finditer(rule)
        ]
        self._end = len(rule)
        self._lists = lists
        self._next = 0
        self._depth = 0
        self._bars: int | None = None  # where the choice read last had a `|`

    def peek(self) -> _Lexeme | None:
        """Show the next lexeme without taking it."""
        return self._lexemes[self._next] if self._next < len(self._lexemes) else None

    def conditions(self) -> Node:
        """Read `A and B unless C`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError("too_deep", self._place(), most=DEEPEST)
        node = self._choice()
        bars, count = self._bars, 0
        while (lexeme := self.peek()) is not None and lexeme.kind == "operator":
            self._next += 1
            count += 1
            if count > MOST_IN_A_ROW:
                raise QueryError("too_many_conditions", lexeme.at, most=MOST_IN_A_ROW)
            name, _, scope = lexeme.text.partition(":")
            node = Condition(node, self._choice(), _scope(lexeme, scope), name == "and")
            bars = bars or self._bars
            if bars is not None:
                raise QueryError("bars", bars)
        self._depth -= 1
        return node

    def _choice(self) -> Node:
        parts = [self._chain()]
        bars = None
        while (lexeme := self.peek()) is not None and lexeme.text == "|":
            self._next += 1
            bars = lexeme.at
            parts.append(self._chain())
        self._bars = bars
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _chain(self) -> Node:
        parts = [self._item()]
        gaps: list[int] = []
        while (lexeme := self.peek()) is not None and lexeme.kind != "operator" and lexeme.text not in {"|", ")"}:
            if len(parts) == MOST_IN_A_ROW:
                raise QueryError("too_many_words", lexeme.at, most=MOST_IN_A_ROW)
            gap = 0
            if lexeme.kind == "gap":
                self._next += 1
                gap = _number(lexeme, lexeme.text[2:]) if lexeme.text[2:] else GAP
            parts.append(self._item())
            gaps.append(gap)
        return parts[0] if len(parts) == 1 else Chain(tuple(parts), tuple(gaps))

    def _item(self) -> Node:
        lexeme = self.peek()
        if lexeme is None or lexeme.kind in {"operator", "gap"} or lexeme.text in {"|", ")"}:
            raise QueryError("missing" if lexeme else "ends", self._place(), found=lexeme.text if lexeme else "")
        self._next += 1
        if lexeme.kind == "mark":
            return self._group(lexeme)
        return self._leaf(lexeme)

    def _leaf(self, lexeme: _Lexeme) -> Node:
        match lexeme.kind:
            case "quoted":
                return _quoted(lexeme)
            case "list":
                return self._named(lexeme)
            case "word":
                if len(lexeme.text) <= _LONGEST_OPERATOR and lexeme.text.lower() in _OPERATORS:
                    self._check_operator(lexeme)
                return _plain(lexeme)
            case "masked":
                return _masked(lexeme)
        raise QueryError("star" if lexeme.text == "*" else "nonsense", lexeme.at, found=lexeme.text)

    def _check_operator(self, lexeme: _Lexeme) -> None:
        """Refuse what is meant for an operator; `or` and `not` that govern nothing are English words."""
        low = lexeme.text.lower()
        following = self.peek()
        governs = following is not None and (
            following.kind in {"quoted", "list", "word", "masked"} or following.text == "("
        )
        if governs or lexeme.text != low:
            raise QueryError(_OPERATORS[low], lexeme.at, found=lexeme.text, small=low)

    def _group(self, opening: _Lexeme) -> Node:
        node = self.conditions()
        if self.peek() is None:
            raise QueryError("unclosed", opening.at)
        self._next += 1
        return node

    def _named(self, lexeme: _Lexeme) -> Node:
        name = lexeme.text.strip("{}").strip()
        if not lexeme.text.endswith("}"):
            raise QueryError("unclosed_list", lexeme.at)
        if name not in self._lists:
            known = ", ".join(sorted(self._lists))
            raise QueryError("no_list" if known else "no_lists", lexeme.at, found=name, known=known)
        return self._lists[name]

    def _place(self) -> int:
        lexeme = self.peek()
        return self._end if lexeme is None else lexeme.at


def _number(lexeme: _Lexeme, digits: str) -> int:
    if not digits.isdecimal() or len(digits) > len(str(WIDEST)) or int(digits) > WIDEST:
        raise QueryError("number", lexeme.at, found=lexeme.text, most=WIDEST)
    return int(digits)


def _scope(lexeme: _Lexeme, written: str) -> Scope:
    if ":" not in lexeme.text:
        return "sentence"
    if written in {"text", "sentence"}:
        return "text" if written == "text" else "sentence"
    if not written.isdecimal():
        raise QueryError("scope", lexeme.at, found=lexeme.text)
    return _number(lexeme, written)


def _words(lexeme: _Lexeme, kind: WordKind) -> Node:
    text = lexeme.text.strip('"*')
    if text.isalpha() and text.islower() and "ё" not in text:  # most words; the rest must be folded first
        return Word(text, kind)
    found = [Word(word, kind) for word in tokens.cut(normalize.fold(normalize.clean(text).text))]
    if not found:
        raise QueryError("no_word", lexeme.at, found=lexeme.text)
    if len(found) > MOST_IN_A_ROW:
        raise QueryError("too_many_words", lexeme.at, most=MOST_IN_A_ROW)
    return found[0] if len(found) == 1 else Chain(tuple(found), (0,) * (len(found) - 1))


def _quoted(lexeme: _Lexeme) -> Node:
    if len(lexeme.text) == 1 or not lexeme.text.endswith('"'):
        raise QueryError("unclosed_quote", lexeme.at)
    if "*" in lexeme.text:
        raise QueryError("quoted_star", lexeme.at + lexeme.text.index("*"))
    return _words(lexeme, "exact")


def _masked(lexeme: _Lexeme) -> Node:
    word = normalize.fold(normalize.clean(lexeme.text[1:]).text)
    if len(word) < _STEM or tokens.cut(word) != [word]:
        raise QueryError("masked", lexeme.at, found=lexeme.text, least=_STEM)
    return Word(word, "masked")


def _plain(lexeme: _Lexeme) -> Node:
    if "*" in lexeme.text:
        return _starred(lexeme)
    if len(lexeme.text) >= _CAPITALS and lexeme.text.isalpha() and lexeme.text.isupper():
        return Word(lexeme.text, "capitals")
    return _words(lexeme, "forms")


def _starred(lexeme: _Lexeme) -> Node:
    inside = lexeme.text.find("*", 1)
    if inside != len(lexeme.text) - 1:
        raise QueryError("star", lexeme.at + max(inside, 0), found=lexeme.text)
    kind: WordKind = "derived" if lexeme.text.startswith("*") else "stem"
    node = _words(lexeme, "exact")
    last = node.parts[-1] if isinstance(node, Chain) else node
    if not isinstance(last, Word) or len(last.text) < _STEM:
        raise QueryError("short_stem", lexeme.at, found=lexeme.text, least=_STEM)
    stem = Word(last.text, kind)
    return Chain((*node.parts[:-1], stem), node.gaps) if isinstance(node, Chain) else stem
