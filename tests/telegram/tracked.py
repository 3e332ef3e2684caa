"""A channel of the ledger, for tests of what is read of it without a server."""

from bot import ingest
from bot.telegram.ledger import Ledger, Track
from storage import channels
from storage.database import Database
from storage.models import ChannelId, Cursor, MessageId
from tests import records
from tests.telegram import wire


async def tracked(ledger: Ledger, database: Database) -> Track:
    """A channel that is known up to 10 and holds one post."""
    async with database.transaction() as tx:
        channel = await channels.follow(tx, records.channel_info(wire.CHANNEL), joined=True, now=records.NOW)
    track = await ledger.begin(channel)
    await ledger.begin_history(track, records.NOW - 1000)
    cursor = Cursor(pts=10, complete_id=MessageId(7))
    post = records.post(7, "сначала", channel_id=wire.CHANNEL, date=wire.DATE)
    await ledger.keep(
        track, ingest.Batch(channel_id=ChannelId(wire.CHANNEL), posts=(post,), cursor=cursor, source="history")
    )
    return track
