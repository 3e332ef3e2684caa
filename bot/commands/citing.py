"""Cite under an alert: what a journalist puts under a quotation, to be copied with one tap."""

from bot.commands import under_alerts
from bot.commands.desk import Answer, Asked
from bot.dressing import Told
from bot.render import catalogue, phrases, text
from bot.render.text import Span
from storage import channels, revisions
from storage.models import ChannelInfo, Revision


async def cite(asked: Asked) -> Answer:
    """Answer a press on Cite with a message of its own."""
    async with asked.desk.database.reading() as connection:
        found = await under_alerts.pressed_under(connection, asked, asked.args)
        if isinstance(found, Answer):
            return found
        post = found.post.post
        channel = await channels.get(connection, post.channel_id)
        captured = await revisions.of_post(connection, post.channel_id, post.message_id)
    states = [revision for revision in captured if revision.kind != "deleted"]
    if channel is None or not states:
        return under_alerts.notice(asked, "cite.forgotten")
    citation = "\n".join(_lines(asked, channel.info, found, states[-1]))
    head = catalogue.text(asked.texts, "cite.head")
    return Answer(messages=(text.message((Span(f"{head}\n\n"), Span(citation, "code"))),))


def _lines(asked: Asked, info: ChannelInfo, found: Told, state: Revision) -> list[str]:
    post, texts = found.post.post, asked.texts
    name = phrases.username(info) or catalogue.text(texts, "cite.unnamed", id=str(info.id))
    dates = [("posted", post.date), ("edited", post.edited_at), ("deleted", found.post.deleted_at)]
    return [
        catalogue.text(texts, "cite.source", title=phrases.title(info), name=name, id=str(post.message_id)),
        phrases.link(info, post.message_id),
        *(catalogue.text(texts, f"cite.{what}", time=phrases.utc(at)) for what, at in dates if at is not None),
        catalogue.text(texts, "cite.captured", time=phrases.utc(state.captured_at)),
        catalogue.text(texts, "cite.hash", hash=state.content_sha256),
    ]
