"""/report: all that was flagged in a period, as a page to look through, to hand on and to print."""

from bot import periods, report
from bot.commands import asking
from bot.commands.desk import Answer, Asked, privately, say
from bot.render import catalogue, text
from bot.render.text import Span

DELETED = "with-deleted"
"""Asks for the text of deleted posts as well."""
_DASHES = "-–—−"
"""What phones make of two hyphens."""


async def report_file(asked: Asked) -> Answer:
    """Answer /report, with what /digest takes or without; the text of deleted posts goes to the owner alone."""
    words = asked.args.split()
    asked_for = [word for word in words if word.lower().strip(_DASHES) != DELETED]
    with_deleted = len(asked_for) < len(words)
    if with_deleted and not asked.is_owner:
        return say(asked, "report.owner_only")
    known = await asking.known(asked)
    period = report.parse(" ".join(asked_for), known)
    if isinstance(period, periods.Problem):
        return asking.wrong(asked, period, known, command="/report")
    made = await report.compose(
        asked.desk.database,
        asked.texts,
        period,
        topics=asked.desk.topic_names,
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
    deleted = [catalogue.text(asked.texts, "report.caption_deleted")] if with_deleted else []
    caption += [Span(f"\n\n{more}") for more in (made.left_out, *deleted) if more]
    return Answer(messages=(text.message(caption, document=made.document),))
