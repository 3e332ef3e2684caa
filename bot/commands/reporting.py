"""/report: all that was flagged in a period, as a page to look through, to hand on and to print."""

from bot import periods, report
from bot.commands.desk import Answer, Asked, lines, privately, say
from bot.render import catalogue, text
from bot.render.text import Span

DELETED = "with-deleted"
"""Asks for the text of deleted posts as well."""
_DASHES = "-–—−"
"""What phones make of two hyphens."""


async def report_file(asked: Asked) -> Answer:
    """Answer /report, with a period and a topic or without; the text of deleted posts goes to the owner alone."""
    words = asked.args.split()
    asked_for = [word for word in words if word.lower().strip(_DASHES) != DELETED]
    with_deleted = len(asked_for) < len(words)
    if with_deleted and not asked.is_owner:
        return say(asked, "report.owner_only")
    topics = [topic.name for topic in asked.desk.topics]
    period = report.parse(" ".join(asked_for), now=asked.now, zone=asked.zone, topics=topics)
    if isinstance(period, periods.Problem):
        return lines([[Span(periods.explain(asked.texts, period, topics=topics))]])
    made = await report.compose(
        asked.desk.database,
        asked.texts,
        period,
        topics=topics,
        now=asked.now,
        zone=asked.zone,
        with_deleted=with_deleted,
    )
    answer = _told(asked, made, with_deleted=with_deleted)
    return privately(answer) if with_deleted else answer


def _told(asked: Asked, made: report.Report, *, with_deleted: bool) -> Answer:
    title = Span(made.title, "bold")
    if not made.posts:
        return say(asked, "report.none", title=title, n=made.read)
    caption = [*catalogue.spans(asked.texts, "report.caption", title=title, n=made.posts)]
    if with_deleted:
        caption += [Span("\n\n"), Span(catalogue.text(asked.texts, "report.caption_deleted"))]
    return Answer(messages=(text.message(caption, document=made.document),))
