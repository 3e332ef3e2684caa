"""Reads the text of topic files; what is wrong in one is told with its file, its line, and what to write there.

A topic file is TOML: for each language a text `rules` with one rule a line (the language of rules is described in
`bot/pipeline/query.py`), and under `lists` words that its rules name in braces. What stands after a `#` is a comment;
behind a rule it is the rule's name, which is shown where there is no room for the rule. The name of a file up to its
first dot names the topic, so that a topic may be split: `rotation.ru.toml` and `rotation.uk.toml`. Files whose name
begins with an underscore hold only lists, for all topics beside them.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.pipeline import groups, lexicon, query, query_errors

RESERVED = frozenset({"new", "today", "yesterday"})
"""Words that mean something else beside a topic's name."""
_NAME = re.compile(r"[^\W\d_][\w-]{1,19}")
_LINE = re.compile(r'\s*(?P<rule>(?:[^"#]|"[^"]*(?:"|$))*)(?:#(?P<comment>.*))?')
_TOML_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_TOML_HINTS = (
    ("Cannot declare", "this part stands twice: write all that belongs to it under the first one"),
    ("Cannot overwrite", "this name stands twice in its part: keep one, with all that belongs to it"),
    ("scape", "a backslash means something else here: write the text between ''' and ''' instead of \"\"\""),
    ("Expected \"'''\"", "a text that begins with ''' is never closed: write ''' on a line of its own where it ends"),
)
_TOML_HINT = (
    "this cannot be read: rules stand between ''' and ''', and a name with other than Latin letters stands in quotes, "
    "such as \"вода\" = '…'"
)
_NAME_HINT = "a topic is called like its file: name it by one word of 2 to 20 letters, such as water.toml"
_RULES_HINT = "write  rules = '''  then a rule a line, then  '''"


class LexiconError(ValueError):
    """A topic file cannot be used; the message names file, line and place, and says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The text of a topic file; `stem`: its name without the ending; `path`: as it is told to whoever edits it."""

    stem: str
    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text of a file and the line where it begins."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What a file says for one language."""

    rules: _Text = _Text(text="", line=0)
    lists: Mapping[str, _Text] = field(default_factory=dict)


Lists = Mapping[str, Mapping[str, query.Node]]
"""Lists that rules of several topics may name, by language and name."""
_Lists = dict[str, query.Node]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What topic files hold; `lists`: those for all topics, with those that were known before."""

    rules: tuple[lexicon.RuleText, ...]
    lists: Lists


def read(files: Iterable[File], known: Lists | None = None) -> Contents:
    """Read topic files that belong together.

    Args:
        files: the files; the lists for all topics among them are for these alone.
        known: lists of other files that these may name as well; one of the same name in `files` stands before it.

    Raises:
        LexiconError: One of them cannot be used.
    """
    parsed = [(file, _parts(file.path, file.text)) for file in files]
    shared = {code: dict((known or {}).get(code, {})) for code in groups.LANGUAGES}
    for file, parts in parsed:
        if file.stem.startswith("_"):
            for code, part in parts.items():
                _add_lists(file.path, part, shared[code])
    return Contents(rules=tuple(rule for file, parts in parsed for rule in _rules(file, parts, shared)), lists=shared)


def is_name(name: str) -> bool:
    """Say whether a topic may be called so: one word of 2 to 20 small letters, digits, `-` and `_`."""
    return _NAME.fullmatch(name) is not None and name == name.lower() and name not in RESERVED


def _parts(path: str, source: str) -> dict[str, _Part]:
    try:
        found = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise _toml_error(path, source, str(error)) from error
    for code in found:
        if code not in groups.LANGUAGES or not isinstance(found[code], dict):
            known = ", ".join(f"[{language}]" for language in groups.LANGUAGES)
            raise LexiconError(f"{path}: {code!r} is no language that I know: begin its part with one of {known}")
    return {code: _part(path, source, code, part) for code, part in found.items()}


def _toml_error(path: str, source: str, said: str) -> LexiconError:
    place = _TOML_PLACE.search(said)
    hint = next((hint for sign, hint in _TOML_HINTS if sign in said), _TOML_HINT)
    lines = source.splitlines() or [""]
    line = int(place["line"]) if place and place["line"] else len(lines)
    column = int(place["column"]) if place and place["column"] else len(lines[-1]) + 1
    return _error(path, line, hint, shown=lines[min(line, len(lines)) - 1], at=column - 1)


def _part(path: str, source: str, code: str, part: Mapping[str, object]) -> _Part:
    other = part.keys() - {"rules", "lists"}
    if other:
        raise LexiconError(f"{path}: {min(other)!r} means nothing in [{code}]: write  rules  or  [{code}.lists]")
    rules, lists = part.get("rules", ""), part.get("lists", {})
    if not isinstance(rules, str):
        raise LexiconError(f"{path}: [{code}]: {_RULES_HINT}")
    if not isinstance(lists, dict) or not all(isinstance(text, str) for text in lists.values()):
        raise LexiconError(f"{path}: [{code}.lists]: write lines like  kin = 'муж | сын'")
    return _Part(
        rules=_placed(source, code, rules),
        lists={name: _placed(source, rf"{code}\.lists", text) for name, text in lists.items()},
    )


def _placed(source: str, part: str, text: str) -> _Text:
    """Find the line where a text of a part begins."""
    head = re.search(rf"^\s*\[\s*{part}\s*\]", source, re.MULTILINE)
    start = head.end() if head else 0
    return _Text(text=text, line=source[: max(start, source.find(text, start))].count("\n") + 1)


def _rules(file: File, parts: Mapping[str, _Part], shared: Mapping[str, _Lists]) -> Iterator[lexicon.RuleText]:
    if file.stem.startswith("_"):
        return
    topic = file.stem.lower().partition(".")[0]
    if not is_name(topic):
        raise LexiconError(f"{file.path}: {_NAME_HINT}")
    for code, part in parts.items():
        lists = dict(shared[code])
        _add_lists(file.path, part, lists)
        for number, line in enumerate(part.rules.text.splitlines(), start=part.rules.line):
            rule, name = _divided(line)
            if rule:
                node = _node(file.path, number, rule, lists)
                yield lexicon.RuleText(
                    topic=topic, language=code, text=rule, node=node, name=name, file=f"{file.stem}.toml", line=number
                )


def _divided(line: str) -> tuple[str, str]:
    """Divide a line into the rule and the comment behind it; in quotes a `#` begins none."""
    found = _LINE.match(line)
    return (found["rule"].rstrip(), (found["comment"] or "").strip()) if found else ("", "")


def _add_lists(path: str, part: _Part, lists: _Lists) -> None:
    for name, text in part.lists.items():
        plain = "\n".join(_divided(line)[0] for line in text.text.splitlines())
        node = _node(path, text.line, plain, lists, before=f"list {name!r}: ")
        lists[name] = query.Choice(node.parts if isinstance(node, query.Choice) else (node,), name)


def _node(path: str, line: int, rule: str, lists: Mapping[str, query.Node], *, before: str = "") -> query.Node:
    try:
        return query.parse(rule, lists)
    except query_errors.QueryError as error:
        above = rule.count("\n", 0, error.position)
        begin = rule.rfind("\n", 0, error.position) + 1
        shown = rule[begin:].partition("\n")[0]
        raise _error(path, line + above, f"{before}{error}", shown=shown, at=error.position - begin) from error


def _error(path: str, line: int, why: str, *, shown: str, at: int) -> LexiconError:
    return LexiconError(f"{path}:{line}: {why}\n  {shown}\n  {' ' * at}^")
