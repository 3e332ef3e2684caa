"""/try: runs a rule over what is stored before anybody is told of it, and turns it on by a button."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import backtest, rulebook
from bot.backtest import Found, Trial
from bot.commands import buttons, own_topics, ruling
from bot.commands.desk import Answer, Asked, heading, say
from bot.pipeline import days, lexicon, query_errors
from bot.render import catalogue, chart, passage, phrases, text
from bot.render.catalogue import Catalogue
from bot.render.text import Span
from storage import channels, chats, outbox, trials
from storage.models import Button, Message, StoredPost

DAYS = 30
LONGEST_DAYS = 366
PASSAGE_LIMIT = 240
"""Characters of a sample."""
TOPICS_OFFERED = 6
"""Topics that a button each adds the rule to."""
_RULE_SHOWN = 80
_LETTERS = re.compile(r"[^\W\d_]+")

Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """A rule as typed, its number among those that were tried, and the days it is tried over."""

    rule: str
    number: int
    days: int
    read: Sequence[lexicon.RuleText]


async def attempt(asked: Asked) -> Answer:
    """Answer /try."""
    written, days = _parts(ruling.typed(asked.args))
    if not written:
        return say(asked, "try.how")
    if days > LONGEST_DAYS:
        return say(asked, "try.too_long", n=LONGEST_DAYS)
    try:
        read = rulebook.written(asked.desk.rules, "", written)
    except query_errors.QueryError as error:
        return ruling.wrong(asked, written, error)
    async with asked.desk.database.transaction() as tx:
        number = await trials.keep(tx, written)
    tried = _Tried(rule=written, number=number, days=days, read=read)
    return await _told(asked, tried, await _run(asked, tried))


def _parts(typed: str) -> tuple[str, int]:
    *_, last = typed.split() or [""]
    asked = days.back(last)
    return (typed, DAYS) if asked is None else (typed.removesuffix(last).rstrip(), asked)


async def _run(asked: Asked, tried: _Tried) -> Found:
    stop = asyncio.Event()
    word = f"{tried.number}:{asked.now}"
    key = f"try:{word}"

    async def shown(looked: int, days: int) -> None:
        cancel = Button(label=catalogue.text(asked.texts, "try.cancel"), data=f"stop:{word}")
        said = catalogue.spans(asked.texts, "try.running", n=looked, days=days, all=tried.days)
        await _show(asked, key, text.message(said, buttons=((cancel,),)))

    asked.desk.running[word] = stop
    try:
        book = await asyncio.to_thread(lexicon.compile_rules, tried.read, asked.desk.rules.words)
        trial = Trial(book=book, days=tried.days, now=asked.now, zone=asked.zone)
        found = await backtest.run(asked.desk.database, trial, stop=stop, shown=shown)
    finally:
        del asked.desk.running[word]
    if found.looked >= backtest.POSTS_BETWEEN_WORDS:
        said = "try.looked" if found.whole else "try.stopped"
        await _show(asked, key, text.message(catalogue.spans(asked.texts, said, n=found.looked)))
    return found


async def _show(asked: Asked, key: str, message: Message) -> None:
    """Send a message under `key`, or change it once it is there; while it is on its way, it stays as it is."""
    async with asked.desk.database.transaction() as tx:
        if await chats.get(tx, asked.chat.id) is None:
            return  # it left, or was taken out, while the rule was tried
        added = await outbox.add(
            tx,
            chat_id=asked.chat.id,
            kind="reply",
            key=key,
            random_id=outbox.new_random_id(),
            message=message,
            now=asked.now,
        )
        sent = await outbox.sent_as(tx, asked.chat.id, key)
    if added is not None:
        asked.desk.wake()
    elif sent is not None:
        await asked.desk.screen.edit(asked.chat.id, sent, message)


async def cancel(asked: Asked) -> Answer:
    """Answer a press on the button that cancels a trial."""
    if asked.args not in asked.desk.running:
        return Answer(notice=catalogue.text(asked.texts, "try.over"))
    asked.desk.running[asked.args].set()
    return Answer(notice=catalogue.text(asked.texts, "try.stopping"))


async def turn_on(asked: Asked) -> Answer:
    """Answer a press on a button that adds a tried rule to a topic."""
    number, _, name = asked.args.partition(":")
    if not asked.is_owner:
        return Answer(notice=catalogue.text(asked.texts, "own.owner_only"))
    async with asked.desk.database.reading() as connection:
        rule = await trials.get(connection, int(number)) if buttons.channel_id(number) is not None else None
    if rule is None or not own_topics.may_be(asked, name):
        return Answer(notice=catalogue.text(asked.texts, "press.old"))
    return await own_topics.add_rule(asked, name, rule)


async def _told(asked: Asked, tried: _Tried, found: Found) -> Answer:
    head = heading(asked, "try.title", rule=text.line(tried.rule, _RULE_SHOWN))
    items: list[Line] = [head, *_sums(asked, tried, found)]
    unknown = ruling.unknown_words(asked, tried.rule)
    if unknown is not None:
        items.append(unknown)
    messages = text.pack(items)
    if found.hits:
        picture = await asyncio.to_thread(_picture, asked.texts, tried.rule, found)
        summary = text.message([span for item in items for span in (*item, Span("\n"))], picture=picture)
        messages = (summary, *text.pack(await _samples(asked, found)))
    *first, last = messages
    return Answer(messages=(*first, replace(last, buttons=_offers(asked, tried))))


def _sums(asked: Asked, tried: _Tried, found: Found) -> list[Line]:
    lines = [catalogue.spans(asked.texts, "try.hits", n=found.hits, days=tried.days, looked=found.looked)]
    if not found.whole:
        lines.insert(0, catalogue.spans(asked.texts, "try.partly"))
    if not found.hits:
        return lines
    counted = phrases.SEPARATOR.join(
        catalogue.text(asked.texts, "summary.count", name=phrases.topic(asked.texts, name), n=count)
        for name, count in found.overlap.items()
    )
    if counted:
        lines.append(catalogue.spans(asked.texts, "try.overlap", n=found.hits - found.fresh, topics=counted))
    if found.fresh:
        lines.append(catalogue.spans(asked.texts, "try.fresh", n=found.fresh))
    return lines


def _picture(texts: Catalogue, rule: str, found: Found) -> bytes:
    daily = chart.Daily(counts={rule: found.counts}, marked=len(found.days), unread=0, usual={})
    labels = chart.Labels(
        title=catalogue.text(texts, "try.chart_title"),
        usual="",
        topics={rule: rule},
        days=[phrases.day(texts, day, near=day) for day in found.days],
        unread="",
    )
    return chart.daily_chart(daily, labels)


async def _samples(asked: Asked, found: Found) -> list[Line]:
    title = heading(asked, "try.samples", n=len(found.samples))
    return [title, *[await _sample(asked, stored) for stored in found.samples]]


async def _sample(asked: Asked, stored: StoredPost) -> Line:
    async with asked.desk.database.reading() as connection:
        channel = await channels.get(connection, stored.post.channel_id)
    if channel is None:
        raise LookupError(f"channel {stored.post.channel_id} is not in the database")
    when = phrases.moment(asked.texts, stored.post.date, asked.zone, near=asked.now)
    link = phrases.link(channel.info, stored.post.message_id)
    shown = passage.passage(asked.texts, stored.post, stored.matches, limit=PASSAGE_LIMIT)
    title = phrases.flagged_title(asked.texts, channel.info)
    return (Span("\n"), Span(f"{when} {title}", "link", link), Span(" "), *passage.on_one_line(shown))


def _offers(asked: Asked, tried: _Tried) -> tuple[tuple[Button, ...], ...]:
    if not asked.is_owner:
        return ()
    own = _own_name(asked, tried)
    # What the owner has changed before comes first.
    there = sorted((topic.name for topic in asked.desk.topics), key=lambda name: name not in asked.desk.rules.own)
    offered = [("try.turn_on", own)] if own is not None else []
    offered += [("try.add_to", name) for name in there[:TOPICS_OFFERED] if name != own]
    rows = []
    for key, name in offered:
        label = catalogue.text(asked.texts, key, topic=phrases.topic(asked.texts, name))
        rows.append((Button(label=label, data=f"on:{tried.number}:{name}"),))
    return tuple(rows)


def _own_name(asked: Asked, tried: _Tried) -> str | None:
    """Give a name for a topic made of the rule: its first word that may be one."""
    found = (name.group() for name in _LETTERS.finditer(tried.rule.lower()))
    return next((name for name in found if own_topics.may_be(asked, name)), None)
