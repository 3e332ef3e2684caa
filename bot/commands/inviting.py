"""/invite: a link by which the owner lets one more person in, as a reader, once and for a day."""

import secrets

from bot.commands import pairing
from bot.commands.desk import Answer, Asked, privately, say
from bot.render import catalogue, phrases, text
from bot.render.text import Span
from storage import chats, invites, outbox
from storage.database import Connection
from storage.models import Chat

LIFETIME_SECONDS = 24 * 3600
MOST_WAITING = 20
LABEL_SHOWN = 32
"""UTF-16 units of what the owner calls somebody."""
_CODE_LENGTH = 20
"""32^20 codes: nobody guesses one within a day."""


async def invite(asked: Asked) -> Answer:
    """Answer /invite, with what the owner calls the person or without."""
    if not asked.is_owner:
        return say(asked, "people.owner_only")
    if asked.desk.door.allowed:
        return privately(say(asked, "invite.settings"))
    label = text.line(asked.args, LABEL_SHOWN) or None
    code = pairing.draw(secrets.choice, _CODE_LENGTH)
    until = asked.now + LIFETIME_SECONDS
    async with asked.desk.database.transaction() as tx:
        await invites.sweep(tx, now=asked.now)
        if len(await invites.waiting(tx, now=asked.now)) >= MOST_WAITING:
            return privately(say(asked, "invite.too_many", n=MOST_WAITING))
        await invites.add(tx, code, label=label, expires_at=until)
    link = f"https://t.me/{asked.desk.username}?start={code}"
    return privately(
        say(
            asked,
            "invite.made",
            name=label or catalogue.text(asked.texts, "invite.somebody"),
            until=phrases.moment(asked.texts, until, asked.zone, near=asked.now),
            link=Span(link, "code"),
        )
    )


async def announce(tx: Connection, asked: Asked) -> None:
    """Tell the owner that somebody came in by his link, who is asking now for the first time."""
    for owner in await chats.all_chats(tx):
        if owner.role == "owner":
            texts = asked.desk.catalogues[owner.language]
            said = catalogue.spans(texts, "invite.used", name=called(asked, asked.chat))
            await outbox.add(
                tx,
                chat_id=owner.id,
                kind="notice",
                key=f"notice:invited:{asked.chat.id}:{asked.now}",
                random_id=outbox.new_random_id(),
                message=text.message(said),
                now=asked.now,
            )


def called(asked: Asked, chat: Chat) -> str:
    """Give what a chat is called: by the owner's own word, else by its number, for Telegram's names are not kept."""
    if chat.label:
        return text.line(chat.label, LABEL_SHOWN)
    key = "people.group" if chat.is_group else "people.person"
    return catalogue.text(asked.texts, key, id=str(chat.id))
