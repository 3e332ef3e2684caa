from storage import waits
from storage.database import Connection
from storage.waits import StoredWait
from tests.records import CHANNEL, NOW

HISTORY = StoredWait(request="messages.GetHistoryRequest", until=NOW + 30, channel_id=CHANNEL)
JOIN = StoredWait(request="channels.JoinChannelRequest", until=NOW + 600, channel_id=None)


async def test_pauses_that_last_are_kept_the_longest_first(tx: Connection) -> None:
    await waits.put(tx, HISTORY)
    await waits.put(tx, JOIN)
    assert await waits.lasting(tx, now=NOW) == (JOIN, HISTORY)
    assert await waits.lasting(tx, now=NOW + 30) == (JOIN,)


async def test_the_longest_pause_for_a_request_holds(tx: Connection) -> None:
    longest = StoredWait(request=HISTORY.request, until=NOW + 99, channel_id=None)
    for pause in (HISTORY, longest, HISTORY):
        await waits.put(tx, pause)
    assert await waits.lasting(tx, now=NOW) == (longest,)


async def test_another_account_has_no_pauses(tx: Connection) -> None:
    await waits.put(tx, HISTORY)
    await waits.forget(tx)
    assert await waits.lasting(tx, now=NOW) == ()
