"""/why LINK: what matched in a post, and what kept other rules from matching."""

from collections.abc import Sequence
from functools import partial

from bot import aside, rulebook
from bot.commands import forgetting, linked
from bot.commands import topics as listing_topics
from bot.commands.desk import Answer, Asked, lines, say
from bot.pipeline import explain
from bot.pipeline.explain import Near, Reason
from bot.render import catalogue, masking, phrases, text
from bot.render.text import Span
from storage.models import Channel, Match, StoredPost

NEAR_SHOWN = 8
"""Rules shown that nearly matched: those that lack least."""
_SHOWN = 80
_RULE_SHOWN = 200

Line = tuple[Span, ...]


async def why(asked: Asked) -> Answer:
    """Answer /why."""
    async with asked.desk.database.reading() as connection:
        found = await linked.find(connection, asked.args)
    if not isinstance(found, linked.Linked):
        return say(asked, f"why.{found}")
    if found.post.forgotten_at is not None:
        return await forgetting.remains(asked, found.post)
    return await _explained(asked, found.channel, found.post)


async def _explained(asked: Asked, channel: Channel, stored: StoredPost) -> Answer:
    rules, post = asked.desk.rules, stored.post
    found = rulebook.classify(rules, post)
    in_force, whole = rulebook.in_force(rules), masking.masked(post.text)
    near = await aside.compute(
        partial(explain.near_misses, in_force, rules.words, post.text, found.language, shown=whole)
    )
    link = phrases.link(channel.info, post.message_id)
    language = phrases.language(asked.texts, found.language) or catalogue.text(asked.texts, "why.no_language")
    items: list[Line] = [
        (Span(phrases.title(channel.info), "link", link), Span(f"{phrases.SEPARATOR}{language}")),
        catalogue.spans(asked.texts, "why.matched" if found.matches else "why.nothing"),
        *(_match(asked, whole, match) for match in found.matches),
        *_elsewhere(asked, stored, found.matches),
    ]
    told = {(match.topic, match.rule) for match in found.matches}
    others = [one for one in near if (one.rule.topic, one.rule.text) not in told][:NEAR_SHOWN]
    if others:
        items += [(Span("\n"), *catalogue.spans(asked.texts, "why.near")), *(_near(asked, one) for one in others)]
    return lines(items)


def _match(asked: Asked, whole: str, match: Match) -> Line:
    name = listing_topics.rule_name(asked, match.topic, match.rule)
    head = catalogue.spans(
        asked.texts,
        "why.match",
        found=Span(text.line(whole[match.start : match.end], _SHOWN), "bold"),
        topic=phrases.topic(asked.texts, match.topic),
        rule=name,
    )
    if name.text == match.rule:
        return head
    return (*head, Span("\n   "), Span(text.line(match.rule, _RULE_SHOWN), "code"))


def _elsewhere(asked: Asked, stored: StoredPost, found: Sequence[Match]) -> list[Line]:
    """Say what would match were its topic not limited, and what matched when the post was read."""
    here = {match.topic for match in found}
    everywhere = {match.topic for match in rulebook.everywhere(asked.desk.rules, stored.post).matches}
    before = {match.topic for match in stored.matches}
    lines = [
        catalogue.spans(asked.texts, "why.limited", topic=phrases.topic(asked.texts, name))
        for name in sorted(everywhere - here)
    ]
    if before != here:
        names = ", ".join(phrases.topic(asked.texts, name) for name in sorted(before))
        shown = names or catalogue.text(asked.texts, "why.no_topic")
        lines.append(catalogue.spans(asked.texts, "why.before", topics=shown))
    return lines


def _near(asked: Asked, near: Near) -> Line:
    head = catalogue.spans(
        asked.texts,
        "why.near_line",
        found=Span(text.line(near.found, _SHOWN), "bold"),
        topic=phrases.topic(asked.texts, near.rule.topic),
        rule=listing_topics.rule_name(asked, near.rule.topic, near.rule.text),
    )
    return (*head, *(span for reason in near.reasons for span in (Span("\n   "), *_reason(asked, reason))))


def _reason(asked: Asked, reason: Reason) -> Line:
    where = _where(asked, reason)
    if reason.wanted:
        context = Span(text.line(reason.context, _SHOWN), "code")
        return catalogue.spans(asked.texts, "why.missing", context=context, where=where)
    return catalogue.spans(
        asked.texts, "why.excluded", found=Span(text.line(reason.found, _SHOWN), "bold"), where=where
    )


def _where(asked: Asked, reason: Reason) -> str:
    if isinstance(reason.scope, int):
        return catalogue.text(asked.texts, "why.within", n=reason.scope)
    return catalogue.text(asked.texts, f"why.in_{reason.scope}")
