"""/topics: what posts are flagged for, what of it is muted, and how its rules come off."""

from collections.abc import Sequence

from bot import rulebook
from bot.commands.desk import Answer, Asked, heading, lines
from bot.lexicons import TopicInfo
from bot.render import catalogue, phrases, text
from bot.render.text import Span
from storage import chats, votes
from storage.models import Mute
from storage.votes import RuleCount

DAYS = 30
"""Days over which the hits of rules are counted."""
RULES_SHOWN = 5
"""Rules shown a topic: those that are disapproved of, then those that match most."""
_RULE_SHOWN = 60

Line = tuple[Span, ...]


async def topic_list(asked: Asked) -> Answer:
    """Answer /topics."""
    async with asked.desk.database.reading() as connection:
        mutes = await chats.mutes(connection, now=asked.now)
    muted = {mute.subject: mute for mute in mutes if mute.chat_id == asked.chat.id and mute.kind == "topic"}
    counts = await rule_counts(asked)
    items: list[Line] = [heading(asked, "topics.title")]
    for topic in asked.desk.topics:
        items.append(_line(asked, topic, muted.get(topic.name)))
        items += rule_lines(asked, [one for one in counts if one.topic == topic.name], most=RULES_SHOWN)
    if counts:
        items.append((Span("\n"), *catalogue.spans(asked.texts, "topics.counted", days=DAYS)))
    items.append((Span("\n"), *catalogue.spans(asked.texts, "topics.footer", topic=asked.desk.topics[0].name)))
    return lines(items)


async def rule_counts(asked: Asked) -> tuple[RuleCount, ...]:
    """Count for each rule what it matched lately, and what was thought of it."""
    async with asked.desk.database.reading() as connection:
        return await votes.by_rule(connection, since=asked.now - DAYS * 24 * 3600)


def rule_lines(asked: Asked, counts: Sequence[RuleCount], *, most: int) -> list[Line]:
    """Give a line for each of the first rules, at most `most`: how often it matched, and what was thought of it."""
    return [_rule(asked, one) for one in counts[:most]]


def rule_name(asked: Asked, topic: str, rule: str) -> Span:
    """Name a rule of the files in a few words; one that was written in the chat, or is gone, stands as it is."""
    named = rulebook.name(asked.desk.rules, topic, rule)
    return Span(text.line(named or rule, _RULE_SHOWN), None if named else "code")


def _rule(asked: Asked, one: RuleCount) -> Line:
    thought = [f"👍 {one.approved}"] if one.approved else []
    thought += [f"👎 {one.disapproved}"] if one.disapproved else []
    posts = catalogue.text(asked.texts, "topics.rule", n=one.posts)
    facts = phrases.SEPARATOR.join((posts, *thought))
    return (Span("   "), rule_name(asked, one.topic, one.rule), Span(f" – {facts}"))


def _line(asked: Asked, topic: TopicInfo, mute: Mute | None) -> Line:
    shown = Span(phrases.topic(asked.texts, topic.name), "bold")
    line = catalogue.spans(asked.texts, "topics.line", topic=shown, n=topic.rules)
    if mute is None:
        return (Span("• "), *line)
    return (Span("• "), *line, Span(phrases.SEPARATOR), *_muted(asked, mute))


def _muted(asked: Asked, mute: Mute) -> Line:
    if mute.until is None:
        return catalogue.spans(asked.texts, "topics.muted_for_good")
    until = phrases.moment(asked.texts, mute.until, asked.zone, near=asked.now)
    return catalogue.spans(asked.texts, "topics.muted", time=until)
