"""👍 and 👎 under an alert: what is thought of it is counted for the rules that caused it."""

from bot.commands import under_alerts
from bot.commands.desk import Answer, Asked
from storage import votes
from storage.database import Connection
from storage.models import PostId


async def vote(asked: Asked) -> Answer:
    """Answer a press on 👍 or 👎; pressed again, it is taken back."""
    post, _, approves = asked.args.partition(":")
    if approves not in {"0", "1"}:
        return under_alerts.SILENT
    async with asked.desk.database.transaction() as tx:
        found = await under_alerts.pressed_under(tx, asked, post)
        if isinstance(found, Answer):
            return found
        said = await _count(tx, asked, found.post.id, approves=approves == "1")
    return under_alerts.redrawn(asked, said)


async def _count(tx: Connection, asked: Asked, post_id: PostId, *, approves: bool) -> str:
    if await votes.get(tx, asked.chat.id, post_id) == approves:
        await votes.take_back(tx, asked.chat.id, post_id)
        return "vote.taken_back"
    await votes.put(tx, asked.chat.id, post_id, approves=approves, now=asked.now)
    return "vote.approved" if approves else "vote.disapproved"
