"""What the owners are told by the bot itself, in their chats."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot import audience
from bot.render import catalogue, phrases, text
from bot.render.catalogue import Catalogue
from storage import chats, outbox
from storage.database import Connection


async def queue(
    tx: Connection, texts: Mapping[str, Catalogue], key: str, values: Mapping[str, phrases.Told], *, now: int
) -> None:
    """Queue a text of the catalogue for each owner, worded for his chat; in its quiet hours it comes without a sound.

    Args:
        tx: the transaction.
        texts: the catalogues by language.
        key: which text.
        values: what fills its places.
        now: UTC seconds.
    """
    about = ":".join(f"{value}" for value in values.values())
    for chat in await chats.all_chats(tx):
        if chat.role != "owner":
            continue
        said = catalogue.spans(texts[chat.language], key, **phrases.worded(values, ZoneInfo(chat.timezone)))
        await outbox.add(
            tx,
            chat_id=chat.id,
            kind="notice",
            key=f"notice:{key}:{about}:{now}",
            random_id=outbox.new_random_id(),
            message=text.message(said, silent=audience.quiet_until(chat, now) is not None),
            now=now,
        )
