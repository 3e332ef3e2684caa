"""/topic: topics of one's own, their rules, and where they hold. What changes holds from the next post on."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot import rulebook
from bot.commands import ruling
from bot.commands import topics as listing_topics
from bot.commands.desk import Answer, Asked, heading, lines, say
from bot.pipeline import topic_file
from bot.pipeline.query_errors import QueryError
from bot.render import catalogue, phrases, text
from bot.render.text import Span
from storage import channels, topics
from storage.database import Connection
from storage.topic_models import OwnRule, Topic

_LANGUAGE = re.compile(r"[a-z]{2}")
_ALL = "all"
_SHOWN = 64
_COUNTS_SHOWN = 20
"""Rules whose hits are shown: those that are disapproved of, then those that match most."""

Outcome = tuple[Topic, str] | Answer
"""The topic as it shall be and the key of what is said of it, or why it stays as it is."""


async def topic(asked: Asked) -> Answer:
    """Answer /topic."""
    name, _, rest = " ".join(asked.args.split()).partition(" ")
    if not name:
        return _usage(asked)
    if name.lower() == "new":
        return await _new(asked, rest)
    if not _known(asked, name.lower()):
        return say(asked, "own.unknown", name=text.line(name, _SHOWN))
    return await _about(asked, name.lower(), rest)


async def _about(asked: Asked, name: str, what: str) -> Answer:
    action, _, rest = what.partition(" ")
    if not action:
        return await _shown(asked, name)
    if not asked.is_owner:
        return say(asked, "own.owner_only")
    if action.lower() == "delete":
        return await _delete(asked, name)
    if action.lower() not in _CHANGES:
        return _usage(asked)
    return await _change(asked, name, _CHANGES[action.lower()], rest)


def _known(asked: Asked, name: str) -> bool:
    return name in asked.desk.rules.own or rulebook.in_files(asked.desk.rules, name)


def may_be(asked: Asked, name: str) -> bool:
    """Say whether there is a topic of that name, or may be."""
    return _known(asked, name) or topic_file.is_name(name)


async def add_rule(asked: Asked, name: str, rule: str) -> Answer:
    """Add a rule that can be read to a topic, made if it is not there, and show it."""
    return await _change(asked, name, _add, rule)


def _usage(asked: Asked) -> Answer:
    own = [Span(f"/topic {name}", "code") for name in sorted(asked.desk.rules.own)]
    items = [catalogue.spans(asked.texts, "own.how")]
    if own:
        items += [catalogue.spans(asked.texts, "own.yours"), *((one,) for one in own)]
    return lines([*items, catalogue.spans(asked.texts, "rule.how")])


async def _new(asked: Asked, rest: str) -> Answer:
    name = rest.lower()
    if not asked.is_owner:
        return say(asked, "own.owner_only")
    if not may_be(asked, name):
        return say(asked, "own.bad_name", name=text.line(rest, _SHOWN))
    if _known(asked, name):
        return await _shown(asked, name, said="own.there")
    async with asked.desk.database.transaction() as tx:
        await topics.put(tx, Topic(name=name), now=asked.now)
    await rulebook.renew(asked.desk.rules, asked.desk.database)
    return say(asked, "own.made", name=name)


async def _change(asked: Asked, name: str, change: "_Change", rest: str) -> Answer:
    async with asked.desk.database.transaction() as tx:
        before = await topics.get(tx, name) or Topic(name=name)
        outcome = await change(asked, tx, before, rest)
        if isinstance(outcome, Answer):
            return outcome
        after, said = outcome
        await topics.put(tx, after, now=asked.now)
    await rulebook.renew(asked.desk.rules, asked.desk.database)
    return await _shown(asked, name, said=said, note=_note(asked, before, after))


def _note(asked: Asked, before: Topic, after: Topic) -> tuple[Span, ...] | None:
    added = set(after.rules) - set(before.rules)
    return next((ruling.unknown_words(asked, rule.text) for rule in added), None)


async def _delete(asked: Asked, name: str) -> Answer:
    if rulebook.in_files(asked.desk.rules, name):
        return say(asked, "own.in_files", name=name)
    if _is_last(asked, name):
        return say(asked, "own.last")
    async with asked.desk.database.transaction() as tx:
        await topics.remove(tx, name)
    await rulebook.renew(asked.desk.rules, asked.desk.database)
    return say(asked, "own.deleted", name=name)


def _is_last(asked: Asked, name: str) -> bool:
    return [one.name for one in asked.desk.topics] == [name]


async def _add(asked: Asked, _tx: Connection, before: Topic, rest: str) -> Outcome:
    rule = ruling.typed(rest)
    if not rule:
        return say(asked, "own.add_what", name=before.name)
    try:
        rulebook.written(asked.desk.rules, before.name, rule)
    except QueryError as error:
        return ruling.wrong(asked, rule, error)
    return with_rule(before, rule), "own.added"


def with_rule(topic: Topic, rule: str) -> Topic:
    """Give the topic with a rule more; one that it has already is not added again."""
    if any(held.text == rule for held in topic.rules):
        return topic
    number = max((held.number for held in topic.rules), default=0) + 1
    return replace(topic, rules=(*topic.rules, OwnRule(number=number, text=rule)))


async def _remove(asked: Asked, _tx: Connection, before: Topic, rest: str) -> Outcome:
    kept = tuple(rule for rule in before.rules if str(rule.number) != rest)
    if kept == before.rules:
        return say(asked, "own.no_rule", name=before.name, number=text.line(rest, _SHOWN))
    return replace(before, rules=kept), "own.removed"


async def _on(_asked: Asked, _tx: Connection, before: Topic, _rest: str) -> Outcome:
    return replace(before, active=True), "own.turned_on"


async def _off(asked: Asked, _tx: Connection, before: Topic, _rest: str) -> Outcome:
    if _is_last(asked, before.name):
        return say(asked, "own.last")
    return replace(before, active=False), "own.turned_off"


async def _limit_channels(asked: Asked, tx: Connection, before: Topic, rest: str) -> Outcome:
    ids = []
    for name in [] if rest.lower() == _ALL else rest.split():
        found = await channels.by_username(tx, name.rpartition("/")[2].removeprefix("@"))
        if found is None:
            return say(asked, "own.no_channel", name=text.line(name, _SHOWN))
        ids.append(found.info.id)
    if not ids and rest.lower() != _ALL:
        return say(asked, "own.channels_what", name=before.name)
    return replace(before, channels=tuple(dict.fromkeys(ids))), "own.limited"


async def _limit_languages(asked: Asked, _tx: Connection, before: Topic, rest: str) -> Outcome:
    codes = [] if rest.lower() == _ALL else rest.lower().replace(",", " ").split()
    if (not codes and rest.lower() != _ALL) or not all(_LANGUAGE.fullmatch(code) for code in codes):
        return say(asked, "own.languages_what", name=before.name)
    return replace(before, languages=tuple(dict.fromkeys(codes))), "own.limited"


_Change = Callable[[Asked, Connection, Topic, str], Awaitable[Outcome]]
_CHANGES: Mapping[str, _Change] = {
    "add": _add,
    "remove": _remove,
    "on": _on,
    "off": _off,
    "channels": _limit_channels,
    "languages": _limit_languages,
}


async def _shown(asked: Asked, name: str, *, said: str | None = None, note: tuple[Span, ...] | None = None) -> Answer:
    own = asked.desk.rules.own.get(name, Topic(name=name))
    items: list[tuple[Span, ...]] = []
    if said is not None:
        items.append(catalogue.spans(asked.texts, said, name=name))
    if note is not None:
        items.append(note)
    state = "own.is_on" if own.active else "own.is_off"
    items.append(heading(asked, state, topic=phrases.topic(asked.texts, name)))
    items += [*await _limits(asked, own), *_rules(asked, own)]
    counts = [one for one in await listing_topics.rule_counts(asked) if one.topic == name]
    if counts:
        items.append((Span("\n"), *catalogue.spans(asked.texts, "own.counts", days=listing_topics.DAYS)))
        items += listing_topics.rule_lines(asked, counts, most=_COUNTS_SHOWN)
    return lines([*items, (Span("\n"), *catalogue.spans(asked.texts, "own.footer", name=name))])


async def _limits(asked: Asked, own: Topic) -> list[tuple[Span, ...]]:
    found = []
    async with asked.desk.database.reading() as connection:
        held = [await channels.get(connection, channel_id) for channel_id in own.channels]
    if held:
        names = ", ".join(phrases.title(channel.info) for channel in held if channel is not None)
        found.append(catalogue.spans(asked.texts, "own.only_channels", names=names))
    if own.languages:
        names = ", ".join(phrases.language(asked.texts, code) for code in own.languages)
        found.append(catalogue.spans(asked.texts, "own.only_languages", names=names))
    return found


def _rules(asked: Asked, own: Topic) -> list[tuple[Span, ...]]:
    in_files = sum(rule.topic == own.name for rule in asked.desk.rules.files)
    found = [catalogue.spans(asked.texts, "own.of_files", n=in_files)] if in_files else []
    if own.rules:
        found.append(catalogue.spans(asked.texts, "own.rules", n=len(own.rules)))
    elif not in_files:
        found.append(catalogue.spans(asked.texts, "own.no_rules", name=own.name))
    return [*found, *((Span(f"{rule.number}. "), Span(rule.text, "code")) for rule in own.rules)]
