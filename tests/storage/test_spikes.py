from storage import spikes
from storage.database import Connection
from tests.records import NOW


async def test_each_topic_has_the_time_at_which_it_was_told_last(tx: Connection) -> None:
    await spikes.note(tx, "rotation", now=NOW)
    await spikes.note(tx, "desertion", now=NOW + 1)
    await spikes.note(tx, "rotation", now=NOW + 2)
    assert await spikes.told(tx) == {"rotation": NOW + 2, "desertion": NOW + 1}
