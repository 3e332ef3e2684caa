"""`homefront topics check`: tells whoever writes topic files what a line matches, and what looks wrong in it."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot import folder, lexicons, rulebook, settings
from bot.cli import rule_view, terminal, topic_files
from bot.cli.trouble import TroubleError
from bot.pipeline import classify, lexicon, query

_EXAMPLE = "[ru]\n  rules = '''\n  вода and (труба | авария)\n  '''"


def run(arguments: argparse.Namespace) -> int:
    """Check files, or one rule; raises TroubleError where something cannot be read. Returns 1 where it warns."""
    local = settings.load_local(settings.process_environment(), settings.env_file(arguments.env))
    own = folder.topics(local.data_dir)
    rules = topic_files.rules(local.data_dir)
    chosen = _one(rules, arguments.rule) if arguments.rule else _of_files(arguments.files or sorted(own.glob("*.toml")))
    if not chosen:
        terminal.say(
            f"{own} holds no rules yet. A file there, such as water.toml, makes or extends the topic of its name:\n"
            f"  {_EXAMPLE}\n"
            "The built-in files stand in bot/topics; check one by its path, or a single rule with --rule."
        )
        return 0
    warned = [_show(rules, rule) for rule in chosen]
    terminal.say(f"{len(chosen)} rules can be read, {sum(warned)} of them with words that no dictionary knows.")
    if arguments.text is not None:
        terminal.say(rule_view.found(_matches(rules, chosen, arguments.text), arguments.text))
    return 1 if any(warned) else 0


def _one(rules: rulebook.Rulebook, text: str) -> Sequence[lexicon.RuleText]:
    try:
        return rulebook.written(rules, "rule", text)
    except query.QueryError as error:
        raise TroubleError(f"{error}\n  {text}\n  {' ' * error.position}^") from None


def _of_files(paths: Sequence[Path]) -> Sequence[lexicon.RuleText]:
    # The lists that all topics share stand beside the built-in files.
    files = [*sorted(rulebook.BUILT_IN.glob("_*.toml")), *paths]
    try:
        return lexicons.read({path: rulebook.file_text(path) for path in files})
    except lexicons.LexiconError as error:
        raise topic_files.trouble(error) from None


def _show(rules: rulebook.Rulebook, rule: lexicon.RuleText) -> bool:
    terminal.say(f"{rule.topic}, {rule.language}: {rule.text}")
    for line in rule_view.described(rule.node):
        terminal.say(f"  {line}")
    for word in _inflected(rule):
        terminal.say(f"  {word}: {', '.join(sorted(rules.words.forms(word, rule.language)))}")
    unknown = [word for word in _inflected(rule) if not rules.words.holds(word, rule.language)]
    for word in unknown:
        terminal.say(
            f"  ! No dictionary knows {word!r}: its forms above are guessed from words that end alike. "
            f'Is it spelled right? "{word}" in quotes means only this spelling, {word}* all that begins so.'
        )
    terminal.say("")
    return bool(unknown)


def _inflected(rule: lexicon.RuleText) -> list[str]:
    return list(dict.fromkeys(word.text for word in rulebook.words_of(rule.node) if word.kind == "forms"))


def _matches(rules: rulebook.Rulebook, chosen: Sequence[lexicon.RuleText], text: str) -> Iterator[tuple[str, str]]:
    book = lexicon.compile_rules(chosen, rules.words)
    checked = classify.Classifier(book=book, detector=rules.detector)
    for match in classify.classify(checked, text).matches:
        yield text[match.start : match.end], match.rule
