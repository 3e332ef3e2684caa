"""`homefront topics check`: tells whoever writes topic files what a line matches, and what looks wrong in it."""

import argparse
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import folder, rulebook, settings
from bot.cli import rule_view, terminal, topic_files
from bot.cli.trouble import TroubleError
from bot.pipeline import classify, lexicon, query, query_errors, titles, topic_file

_EXAMPLE = "[ru]\n  rules = '''\n  вода and (труба | авария)\n  '''"
_LANGUAGES = {"ru": "Russian", "uk": "Ukrainian", "en": "English"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unknown:
    """A word that no dictionary knows, and where it was first met; `masked`: written with ~, which knows no quotes."""

    word: str
    masked: bool
    language: str
    place: str


def run(arguments: argparse.Namespace) -> int:
    """Check files, or one rule; raises TroubleError where something cannot be read. Returns 1 where it warns."""
    local = settings.load_local(settings.process_environment(), settings.env_file(arguments.env))
    own = folder.topics(local.data_dir)
    rules = topic_files.rules(local.data_dir)
    paths = [Path(name) for name in arguments.files] or sorted(own.glob("*.toml"))
    chosen = _of_files(paths) if arguments.rule is None else _one(rules, arguments.rule)
    if not chosen:
        terminal.say(_nothing(", ".join(map(str, arguments.files)) or str(own)))
        return 0
    for rule in chosen:
        _say_rule(rules, rule)
    _say_lists(rules, chosen)
    unknown = _unknown(rules, chosen, but=_shipped(paths))
    _say_unknown(rules, unknown)
    if arguments.text is not None:
        terminal.say(rule_view.found(_matches(rules, chosen, arguments.text), arguments.text) + "\n")
    _say_sum(chosen, unknown)
    return 1 if unknown else 0


def _nothing(where: str) -> str:
    return (
        f"{where} holds no rules yet. A file there, such as water.toml, makes or extends the topic of its name:\n"
        f"  {_EXAMPLE}\n"
        "The built-in files stand in bot/topics; check one by its path, or a single rule with --rule."
    )


def _one(rules: rulebook.Rulebook, text: str) -> Sequence[lexicon.RuleText]:
    try:
        return rulebook.written(rules, "rule", text)
    except query_errors.QueryError as error:
        raise TroubleError(f"{error}\n  {text}\n  {' ' * error.position}^") from None


def _of_files(paths: Sequence[Path]) -> Sequence[lexicon.RuleText]:
    # The lists that all topics share stand beside the built-in files, and may stand beside others.
    folders = dict.fromkeys(path.parent for path in paths)
    try:
        common = topic_file.read(map(rulebook.file, rulebook.BUILT_IN.glob("_*.toml"))).lists
        return [rule for place in folders for rule in _of_folder(place, paths, common)]
    except topic_file.LexiconError as error:
        raise topic_files.trouble(error) from None


def _of_folder(place: Path, paths: Sequence[Path], common: topic_file.Lists) -> Sequence[lexicon.RuleText]:
    shared = sorted(place.glob("_*.toml"))
    chosen = dict.fromkeys([*shared, *(path for path in paths if path.parent == place)])
    return topic_file.read(map(rulebook.file, chosen), common).rules


def _say_rule(rules: rulebook.Rulebook, rule: lexicon.RuleText) -> None:
    name = f"  # {rule.name}" if rule.name else ""
    terminal.say(f"{_place(rule)}, {_LANGUAGES[rule.language]}: {rule.text}{name}")
    for line in rule_view.described(rule.node):
        terminal.say(f"  {line}")
    _say_forms(rules, rulebook.own_words(rule.node), rule.language)
    terminal.say(f"  in the chat: {titles.title(rule)}\n" if rule.line else "")


def _place(rule: lexicon.RuleText) -> str:
    return f"{rule.file}:{rule.line}" if rule.line else "The rule"


def _say_forms(rules: rulebook.Rulebook, words: Iterable[query.Word], language: str) -> None:
    for word in dict.fromkeys(word.text for word in words if _is_inflected(word)):
        terminal.say(f"  {word}: {', '.join(sorted(rules.words.forms(word, language)))}")


def _is_inflected(word: query.Word) -> bool:
    return word.kind in query.INFLECTED and not word.text.isdecimal()


def _say_lists(rules: rulebook.Rulebook, chosen: Sequence[lexicon.RuleText]) -> None:
    lists = {(one.name, rule.language): one for rule in chosen for one in rulebook.lists(rule.node)}
    for (name, language), one in lists.items():
        terminal.say(f"The list {{{name}}}, {_LANGUAGES[language]}: {' | '.join(map(rule_view.phrase, one.parts))}")
        if any(rule.line for rule in chosen):  # of a single rule the lists are not what is tried
            _say_forms(rules, (word for part in one.parts for word in rulebook.own_words(part)), language)
        terminal.say("")


def _shipped(paths: Iterable[Path]) -> Collection[tuple[str, str]]:
    """Give the words of the built-in lists, of which whoever writes files of his own need not be warned."""
    if any(path.resolve().parent == rulebook.BUILT_IN.resolve() for path in paths):
        return ()
    lists = topic_file.read(map(rulebook.file, rulebook.BUILT_IN.glob("_*.toml"))).lists
    nodes = ((node, code) for code, named in lists.items() for node in named.values())
    return {(word.text, code) for node, code in nodes for word in rulebook.words_of(node)}


def _unknown(
    rules: rulebook.Rulebook, chosen: Sequence[lexicon.RuleText], *, but: Collection[tuple[str, str]]
) -> Sequence[_Unknown]:
    found: dict[tuple[str, str], _Unknown] = {}
    for rule in chosen:
        for word in rulebook.words_of(rule.node) if rule.line else rulebook.own_words(rule.node):
            key = (word.text, rule.language)
            if _is_inflected(word) and key not in found and key not in but and not rules.words.holds(*key):
                found[key] = _Unknown(
                    word=word.text, masked=word.kind == "masked", language=rule.language, place=_place(rule)
                )
    return tuple(found.values())


def _say_unknown(rules: rulebook.Rulebook, unknown: Sequence[_Unknown]) -> None:
    for one in unknown:
        forms = ", ".join(sorted(rules.words.forms(one.word, one.language)))
        terminal.say(
            f"! {one.place}: no dictionary knows {one.word!r}. Its forms are guessed from words that end alike:\n"
            f"    {forms}\n"
            f"    Is it spelled right?{'' if one.masked else _instead(one.word)}"
        )
    if unknown:
        terminal.say("")


def _instead(word: str) -> str:
    return f' "{word}" in quotes means only this spelling, {word}* all that begins so.'


def _say_sum(chosen: Sequence[lexicon.RuleText], unknown: Sequence[_Unknown]) -> None:
    read = "1 rule can be read" if len(chosen) == 1 else f"{len(chosen)} rules can be read"
    words = {0: "dictionaries know all their words", 1: "no dictionary knows 1 word"}
    said = words.get(len(unknown), f"no dictionary knows {len(unknown)} words")
    english = any(rule.language == "en" for rule in chosen)
    terminal.say(f"{read}; {said}{'. English words are not looked up' if english else ''}.")


def _matches(rules: rulebook.Rulebook, chosen: Sequence[lexicon.RuleText], text: str) -> Iterator[tuple[str, str]]:
    book = lexicon.compile_rules(chosen, rules.words)
    checked = classify.Classifier(book=book, detector=rules.detector)
    places: Mapping[tuple[str, str], str] = {(rule.topic, rule.text): _place(rule) for rule in chosen if rule.line}
    for match in classify.classify(checked, text).matches:
        place = places.get((match.topic, match.rule))
        yield text[match.start : match.end], f"{place}: {match.rule}" if place else match.rule
