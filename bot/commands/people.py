"""/people: who may use the bot, which groups it writes to, which invitations wait; and the way out for each."""

import re

from bot.commands import inviting, under_alerts
from bot.commands.desk import Answer, Asked, heading, lines, privately, say
from bot.render import catalogue, phrases
from bot.render.text import Span
from storage import chats, invites
from storage.database import Connection
from storage.invites import Invite, InviteId
from storage.models import Button, Chat, ChatId

SHOWN = 40
"""People and groups listed at once; Telegram shows at most 100 buttons."""
_CHAT = re.compile(r"-?[1-9]\d{0,15}", re.ASCII)
_INVITE = re.compile(r"[1-9]\d{0,15}", re.ASCII)

Line = tuple[Span, ...]


async def people(asked: Asked) -> Answer:
    """Answer /people."""
    if not asked.is_owner:
        return say(asked, "people.owner_only")
    async with asked.desk.database.reading() as connection:
        return privately(await _listed(connection, asked))


async def show(asked: Asked) -> Answer:
    """Answer a press on No: the list stands there again."""
    if not asked.is_owner:
        return under_alerts.SILENT
    async with asked.desk.database.reading() as connection:
        return Answer(replace=(await _listed(connection, asked)).messages[0])


async def ask(asked: Asked) -> Answer:
    """Answer a press on somebody of the list: ask whether he shall really go."""
    async with asked.desk.database.reading() as connection:
        chat = await _meant(connection, asked)
    if isinstance(chat, Answer):
        return chat
    key = "people.sure_group" if chat.is_group else "people.sure"
    yes = Button(label=catalogue.text(asked.texts, "people.button_yes"), data=f"outyes:{chat.id}")
    no = Button(label=catalogue.text(asked.texts, "people.button_no"), data="people:")
    asking = say(asked, key, name=inviting.called(asked, chat), buttons=(yes, no))
    return Answer(replace=asking.messages[0])


async def remove(asked: Asked) -> Answer:
    """Answer a press on Yes: he gets nothing more, not even what was waiting for him, and is not answered."""
    async with asked.desk.database.transaction() as tx:
        chat = await _meant(tx, asked)
        if isinstance(chat, Answer):
            return chat
        await chats.remove(tx, chat.id)
        rest = await _listed(tx, asked)
    notice = catalogue.text(asked.texts, "people.removed", name=inviting.called(asked, chat))
    return Answer(notice=notice, replace=rest.messages[0])


async def revoke(asked: Asked) -> Answer:
    """Answer a press on an invitation: its link lets nobody in any more."""
    if not asked.is_owner or not _INVITE.fullmatch(asked.args):
        return under_alerts.SILENT
    async with asked.desk.database.transaction() as tx:
        await invites.revoke(tx, InviteId(int(asked.args)))
        rest = await _listed(tx, asked)
    return Answer(notice=catalogue.text(asked.texts, "invite.revoked"), replace=rest.messages[0])


async def _meant(connection: Connection, asked: Asked) -> Chat | Answer:
    if not asked.is_owner or not _CHAT.fullmatch(asked.args):
        return under_alerts.SILENT
    chat = await chats.get(connection, ChatId(int(asked.args)))
    if chat is None:
        return Answer(replace=(await _listed(connection, asked)).messages[0])
    if chat.role == "owner":
        return under_alerts.SILENT
    if chat.id in asked.desk.door.allowed:
        return under_alerts.notice(asked, "people.in_settings")
    return chat


async def _listed(connection: Connection, asked: Asked) -> Answer:
    held = sorted(await chats.all_chats(connection), key=lambda chat: (chat.role != "owner", chat.is_group))
    waiting = await invites.waiting(connection, now=asked.now)
    items: list[Line] = [heading(asked, "people.title")]
    items += [_line(asked, number, chat) for number, chat in enumerate(held[:SHOWN], start=1)]
    if waiting:
        items.append((Span("\n"), *heading(asked, "people.invited")))
        items += [_invited(asked, invite) for invite in waiting]
    items.append((Span("\n"), *catalogue.spans(asked.texts, "people.footer")))
    offered = [_out(asked, number, chat) for number, chat in enumerate(held[:SHOWN], start=1) if chat.role != "owner"]
    return lines(items, buttons=[*offered, *(_revoke(asked, invite) for invite in waiting)])


def _line(asked: Asked, number: int, chat: Chat) -> Line:
    since = phrases.moment(asked.texts, chat.paired_at, asked.zone, near=asked.now)
    if chat.role == "owner":
        return catalogue.spans(asked.texts, "people.line_owner", number=number)
    key = "people.line_group" if chat.is_group else "people.line"
    name = Span(inviting.called(asked, chat), "bold")
    line = catalogue.spans(asked.texts, key, number=number, name=name, since=since)
    if chat.unreachable_since is None:
        return line
    return (*line, Span(phrases.SEPARATOR), *catalogue.spans(asked.texts, "people.unreachable"))


def _invited(asked: Asked, invite: Invite) -> Line:
    until = phrases.moment(asked.texts, invite.expires_at, asked.zone, near=asked.now)
    return catalogue.spans(asked.texts, "people.invitation", name=_invitee(asked, invite), until=until)


def _invitee(asked: Asked, invite: Invite) -> str:
    return invite.label or catalogue.text(asked.texts, "people.anybody")


def _out(asked: Asked, number: int, chat: Chat) -> Button:
    label = catalogue.text(asked.texts, "people.button_out", number=number, name=inviting.called(asked, chat))
    return Button(label=label, data=f"out:{chat.id}")


def _revoke(asked: Asked, invite: Invite) -> Button:
    label = catalogue.text(asked.texts, "people.button_revoke", name=_invitee(asked, invite))
    return Button(label=label, data=f"revoke:{invite.id}")
