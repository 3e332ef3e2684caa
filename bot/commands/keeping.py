"""The button below the news that a post was deleted: it shows what is kept of it, and hides it again."""

import re

from bot.commands import under_alerts
from bot.commands.desk import Answer, Asked
from bot.render import catalogue, followup
from storage import outbox, posts
from storage.models import PostId

_DATA = re.compile(r"(?P<post>[1-9]\d{0,14})(?P<hide>:0)?")


async def show(asked: Asked) -> Answer:
    """Answer a press: the text of a deleted post in the message, or that message as it was. For the owner alone."""
    found = _DATA.fullmatch(asked.args)
    if found is None:
        return Answer(notice=catalogue.text(asked.texts, "press.old"))
    post_id = PostId(int(found["post"]))
    async with asked.desk.database.reading() as connection:
        said = await outbox.by_sent(connection, asked.chat.id, asked.pressed)
        held = await posts.by_ids(connection, [post_id])
    if said is None or said.subject is None or said.subject.post_id != post_id:
        return under_alerts.SILENT  # this chat was never shown such a button
    if not asked.is_owner:
        return Answer(notice=catalogue.text(asked.texts, "followup.owner_only"))
    if found["hide"]:
        return Answer(replace=said.message)
    if not held or not held[0].post.text:
        return Answer(notice=catalogue.text(asked.texts, "followup.not_kept"))
    return Answer(
        replace=followup.kept(
            asked.texts, said.message, post=held[0].post, post_id=post_id, timezone=asked.chat.timezone
        )
    )
