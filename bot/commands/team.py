"""/here and /leave: the owner calls the bot into a group, the team's chat, and sends it away again."""

from bot.commands.access import CALL
from bot.commands.desk import Answer, Asked, privately, say
from bot.commands.inviting import called
from bot.render.text import Span
from storage import chats


async def here(asked: Asked) -> Answer:
    """Answer /here; that it was the owner who called is settled where the group was let in."""
    if not asked.chat.is_group:
        return _how(asked)
    if not asked.is_owner:
        return say(asked, "people.owner_only")
    return say(asked, "team.here")


async def leave(asked: Asked) -> Answer:
    """Answer /leave: nothing more is written to the group, and the owner is told in private."""
    if not asked.chat.is_group:
        return _how(asked)
    if not asked.is_owner:
        return say(asked, "people.owner_only")
    async with asked.desk.database.transaction() as tx:
        await chats.remove(tx, asked.chat.id)
    return privately(say(asked, "team.left", name=called(asked, asked.chat)))


def _how(asked: Asked) -> Answer:
    if not asked.is_owner:
        return say(asked, "people.owner_only")
    # In a group with several bots, only a command with the bot's own name is sure to reach it.
    here, leave = (Span(f"/{name}@{asked.desk.username}", "code") for name in (CALL, "leave"))
    return say(asked, "team.how", here=here, leave=leave)
