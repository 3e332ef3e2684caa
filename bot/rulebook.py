"""The rules in force: those of the files and those written in the chat, compiled together, renewed as they change."""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

import pymorphy3

from bot import aside, lexicons
from bot.lexicons import TopicInfo
from bot.pipeline import classify as classifying
from bot.pipeline import groups, language, lexicon, query, query_errors, titles, topic_file
from bot.pipeline.classify import Classification, Classifier
from storage import topics as stored
from storage.database import Database
from storage.models import Post
from storage.topic_models import Topic

BUILT_IN = Path(__file__).parent / "topics"
"""The topic files that ship."""
_CYRILLIC, _LATIN = re.compile("[а-яёіїєґ]", re.IGNORECASE), re.compile("[a-z]", re.IGNORECASE)
_LIST = re.compile(r'("[^"]*")|\{[^}]*\}')
"""A list that a rule names; what stands in quotes is kept."""
_ONLY = {"ru": re.compile("[ыэъё]"), "uk": re.compile("[іїєґ']")}

_log = logging.getLogger(__name__)


class Words(groups.WordForms, Protocol):
    """The dictionaries, as far as rules written in the chat need them."""

    def holds(self, word: str, language: str) -> bool:
        """Say whether a dictionary has this form, also where ё or ґ lost its dots; always where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Remembering:
    """Words whose forms are looked up once, so that rules are compiled again in a fraction of the time."""

    words: Words
    found: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def forms(self, word: str, language: str) -> frozenset[str]:
        """Give all forms of a word, folded, itself among them."""
        if (word, language) not in self.found:
            self.found[word, language] = frozenset(self.words.forms(word, language))
        return self.found[word, language]

    def known(self, word: str, language: str) -> bool:
        """Say whether the dictionary of ru or uk holds exactly this form."""
        return self.words.known(word, language)

    def holds(self, word: str, language: str) -> bool:
        """Say whether a dictionary has this form; always where there is none."""
        return self.words.holds(word, language)


@dataclass(slots=True, kw_only=True)
class Rulebook:
    """The rules in force. What classifies asks here each time, so that a change holds from the next post on.

    `files`: the rules of the topic files; `own`: the topics as changed in the chat, by name; `lists`: those that rules
    of the chat may name.
    """

    # Written out for a log or an error of asyncio these would be megabytes, and take seconds.
    words: Remembering = field(repr=False)
    detector: language.LanguageDetector = field(repr=False)
    files: tuple[lexicon.RuleText, ...] = field(repr=False)
    classifier: Classifier = field(repr=False)
    own: Mapping[str, Topic] = field(default_factory=dict)
    lists: topic_file.Lists = field(default_factory=dict, repr=False)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


def read(folder: Path | None = None) -> Rulebook:
    """Read the built-in topic files and those of `folder`. Raises LexiconError."""
    with lexicons.uncollected():
        dictionaries = lexicons.Dictionaries({code: pymorphy3.MorphAnalyzer(lang=code) for code in _ONLY})
        built_in = topic_file.read(map(file, sorted(BUILT_IN.glob("*.toml"))))
        # Apart, because a list of the user's own may be called like one that the built-in rules mean.
        own = topic_file.read(map(file, sorted(folder.glob("*.toml")) if folder else ()), built_in.lists)
        rules = (*built_in.rules, *own.rules)
        return assemble(rules, dictionaries, lexicons.Detector(dictionaries), lists=own.lists)


def file(path: Path) -> topic_file.File:
    """Read a topic file. Raises LexiconError."""
    try:
        return topic_file.File(stem=path.stem, path=str(path), text=path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise topic_file.LexiconError(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise topic_file.LexiconError(f"{path} is not a text in UTF-8: save it anew as UTF-8.") from None


def assemble(
    files: Iterable[lexicon.RuleText],
    words: Words,
    detector: language.LanguageDetector,
    *,
    lists: topic_file.Lists | None = None,
) -> Rulebook:
    """Put rules that were read and what they are compiled with together."""
    kept, remembering = tuple(files), Remembering(words)
    book = lexicon.compile_rules(kept, remembering)
    return Rulebook(
        words=remembering,
        detector=detector,
        files=kept,
        classifier=Classifier(book=book, detector=detector),
        lists=lists or {},
    )


async def renew(rules: Rulebook, database: Database) -> None:
    """Take over the topics as they now are in the database; whoever changed them calls this. Compiles in a thread."""
    async with rules.lock:
        async with database.reading() as connection:
            own = {topic.name: topic for topic in await stored.every(connection)}
        if own == rules.own:
            return
        book = await aside.compute(partial(_compiled, rules, own.values()))
        rules.own, rules.classifier = own, Classifier(book=book, detector=rules.detector)


def classify(rules: Rulebook, post: Post) -> Classification:
    """Tell the language of a post and what it speaks of, by the rules that hold in its channel and language."""
    found = everywhere(rules, post)
    if not found.matches or not rules.own:
        return found
    kept = tuple(match for match in found.matches if _holds(rules.own.get(match.topic), post, found.language))
    return replace(found, matches=kept)


def everywhere(rules: Rulebook, post: Post) -> Classification:
    """Tell the language of a post and what it speaks of, also by rules that are limited to others."""
    return classifying.classify(rules.classifier, post.text)


def in_force(rules: Rulebook) -> tuple[lexicon.RuleText, ...]:
    """List all rules of the topics that are on."""
    return tuple(_texts(rules, rules.own.values()))


def topics(rules: Rulebook) -> tuple[TopicInfo, ...]:
    """List the topics that are on, by name, and how many rules each has."""
    counts = Counter(rule.topic for rule in rules.files)
    for topic in rules.own.values():
        counts[topic.name] += len(topic.rules)
    return tuple(TopicInfo(name=name, rules=counts[name]) for name in sorted(counts) if is_on(rules, name))


def is_on(rules: Rulebook, name: str) -> bool:
    """Say whether a topic flags posts."""
    return name not in rules.own or rules.own[name].active


def in_files(rules: Rulebook, name: str) -> bool:
    """Say whether a topic stands in the files, so that the chat can turn it off but not take it away."""
    return any(rule.topic == name for rule in rules.files)


def name(rules: Rulebook, topic: str, text: str) -> str | None:
    """Name a rule of the files in a few words; one that was written in the chat has no name but itself."""
    return next((titles.title(rule) for rule in rules.files if rule.text == text and rule.topic == topic), None)


def written(rules: Rulebook, topic: str, text: str, *, languages: Collection[str] = ()) -> tuple[lexicon.RuleText, ...]:
    """Read a rule that was written in the chat, once for each language that it may be in and that has its lists.

    Args:
        rules: for their dictionaries and lists.
        topic: the topic that it is for.
        text: as written.
        languages: those that its topic is limited to; empty: told by the rule itself.

    Raises:
        QueryError: It cannot be read.
    """
    limited = tuple(code for code in groups.LANGUAGES if code in languages)
    named = [name for code in limited or groups.LANGUAGES for name in rules.lists.get(code, {})]
    node = query.parse(text, {name: query.Choice((), name) for name in named})
    codes = limited or languages_of(rules.words, text, node)
    nodes: dict[str, query.Node] = {}
    missing: query_errors.QueryError | None = None
    for code in codes:
        try:
            nodes[code] = query.parse(text, rules.lists.get(code, {}))
        except query_errors.QueryError as error:  # a list that only another language has
            missing = missing or error
    if missing is not None and not nodes:
        raise missing
    return tuple(lexicon.RuleText(topic=topic, language=code, text=text, node=node) for code, node in nodes.items())


def languages_of(words: Words, text: str, node: query.Node) -> tuple[str, ...]:
    """Tell the languages of a rule by its letters, and where they leave a doubt by the dictionaries that know it.

    The names of lists are no words of it; a rule of nothing else may be in any language.
    """
    low = _LIST.sub(r"\1", text.lower())
    is_cyrillic, is_latin = bool(_CYRILLIC.search(low)), bool(_LATIN.search(_without_operators(low)))
    if low != text.lower() and not is_cyrillic and not is_latin:
        return groups.LANGUAGES
    found = _cyrillic(words, low, node) if is_cyrillic else ()
    return (*found, "en") if is_latin or not found else found


def words_of(node: query.Node) -> Iterator[query.Word]:
    """List the words of a rule, in their order; those of lists that it names are among them."""
    if isinstance(node, query.Word):
        yield node
    for part in _parts(node):
        yield from words_of(part)


def own_words(node: query.Node) -> Iterator[query.Word]:
    """List the words that a rule itself writes; those of the lists that it names are not among them."""
    if isinstance(node, query.Word):
        yield node
    if not isinstance(node, query.Choice) or not node.name:
        for part in _parts(node):
            yield from own_words(part)


def lists(node: query.Node) -> Iterator[query.Choice]:
    """List the lists that a rule names, also those that stand in lists."""
    if isinstance(node, query.Choice) and node.name:
        yield node
    for part in _parts(node):
        yield from lists(part)


def _parts(node: query.Node) -> tuple[query.Node, ...]:
    match node:
        case query.Word():
            return ()
        case query.Condition():
            return (node.subject, node.context)
        case _:
            return node.parts


def _cyrillic(words: Words, low: str, node: query.Node) -> tuple[str, ...]:
    certain = tuple(code for code, letters in _ONLY.items() if letters.search(low))
    if certain:
        return certain
    inflected = [word.text for word in words_of(node) if word.kind in query.INFLECTED and _CYRILLIC.search(word.text)]
    knowing = tuple(code for code in _ONLY if all(words.holds(word, code) for word in inflected))
    return knowing or tuple(_ONLY)


def _without_operators(low: str) -> str:
    return re.sub(r"\b(?:and|unless)\b(?::\w*)?", "", low)


def _compiled(rules: Rulebook, own: Collection[Topic]) -> lexicon.Lexicon:
    return lexicon.compile_rules(_texts(rules, own), rules.words)


def _texts(rules: Rulebook, own: Collection[Topic]) -> list[lexicon.RuleText]:
    off = {topic.name for topic in own if not topic.active}
    return [*(rule for rule in rules.files if rule.topic not in off), *_own_rules(rules, own)]


def _own_rules(rules: Rulebook, own: Iterable[Topic]) -> Iterator[lexicon.RuleText]:
    for topic in (topic for topic in own if topic.active):
        for rule in topic.rules:
            try:
                yield from written(rules, topic.name, rule.text, languages=topic.languages)
            except query_errors.QueryError as error:
                # Written for another version of Homefront: the rest still holds.
                _log.warning("rule %d of topic %s is left out: %s", rule.number, topic.name, error)


def _holds(topic: Topic | None, post: Post, code: str) -> bool:
    if topic is None:
        return True
    return (not topic.channels or post.channel_id in topic.channels) and _speaks(topic.languages, code)


def _speaks(languages: Sequence[str], code: str) -> bool:
    return not languages or code in languages
