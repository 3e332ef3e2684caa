"""👍 and 👎 under an alert: what is thought of it is counted for the rules that caused it."""

import re

from bot.commands import under_alerts
from bot.commands.desk import Answer, Asked
from bot.render import catalogue
from storage import posts, votes
from storage.database import Connection
from storage.models import PostId

_DATA = re.compile(r"(?P<post>[1-9]\d{0,14}):(?P<approves>[01])")


async def vote(asked: Asked) -> Answer:
    """Answer a press on 👍 or 👎; pressed again, it is taken back."""
    found = _DATA.fullmatch(asked.args)
    if found is None:
        return Answer(notice=catalogue.text(asked.texts, "press.old"))
    post_id, approves = PostId(int(found["post"])), found["approves"] == "1"
    async with asked.desk.database.transaction() as tx:
        if not await posts.by_ids(tx, [post_id]):
            return Answer(notice=catalogue.text(asked.texts, "press.old"))
        said = await _count(tx, asked, post_id, approves=approves)
        message = await under_alerts.refreshed(tx, asked)
    return Answer(notice=catalogue.text(asked.texts, said), replace=message)


async def _count(tx: Connection, asked: Asked, post_id: PostId, *, approves: bool) -> str:
    if await votes.get(tx, asked.chat.id, post_id) == approves:
        await votes.take_back(tx, asked.chat.id, post_id)
        return "vote.taken_back"
    await votes.put(tx, asked.chat.id, post_id, approves=approves, now=asked.now)
    return "vote.approved" if approves else "vote.disapproved"
