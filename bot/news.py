"""Takes in what Telegram says of a channel itself: changes are stored, and told to the owner, in one transaction."""

from bot import audience
from bot.ingest import Teller
from bot.render import phrases, text
from bot.render.text import Span
from storage import channels, chats, outbox
from storage.database import Connection, Database
from storage.models import ChannelChange, ChannelInfo


async def learn(database: Database, teller: Teller, info: ChannelInfo, *, now: int) -> tuple[ChannelChange, ...]:
    """Store what is said of a channel, and queue one line to each owner for each change; return the changes.

    Args:
        database: where to.
        teller: has the catalogues, and wakes the delivery.
        info: what Telegram says now.
        now: UTC seconds by Telegram's clock.

    Raises:
        StorageError: The database cannot take it; then nothing is stored and nobody told.
    """
    async with database.transaction() as tx:
        changes = await channels.update_info(tx, info, now=now)
        for change in changes:
            await _tell(tx, teller, info, change)
    if changes:
        teller.wake()
    return changes


async def _tell(tx: Connection, teller: Teller, info: ChannelInfo, change: ChannelChange) -> None:
    for chat in await chats.all_chats(tx):
        if chat.role != "owner":
            continue
        said = [Span(phrases.change(teller.catalogues[chat.language], phrases.title(info), change))]
        await outbox.add(
            tx,
            chat_id=chat.id,
            kind="notice",
            key=f"news:{info.id}:{change.field}:{change.after}:{change.at}",
            random_id=outbox.new_random_id(),
            message=text.message(said, silent=audience.quiet_until(chat, change.at) is not None),
            now=change.at,
        )
