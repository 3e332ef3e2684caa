from storage import topics
from storage.database import Connection
from storage.topic_models import OwnRule, Topic
from tests.records import CHANNEL, NOW

OWN = Topic(
    name="conscription",
    active=False,
    rules=(OwnRule(number=1, text='(призыв | "призывник") and армия'), OwnRule(number=4, text="повестка")),
    channels=(CHANNEL,),
    languages=("ru", "uk"),
)


async def test_a_topic_comes_back_as_it_was_put(tx: Connection) -> None:
    await topics.put(tx, OWN, now=NOW)
    assert await topics.get(tx, "conscription") == OWN


async def test_the_newest_state_holds(tx: Connection) -> None:
    await topics.put(tx, OWN, now=NOW)
    await topics.put(tx, Topic(name="conscription"), now=NOW + 1)
    assert await topics.every(tx) == (Topic(name="conscription"),)


async def test_topics_are_listed_by_name(tx: Connection) -> None:
    for name in ("water", "conscription"):
        await topics.put(tx, Topic(name=name), now=NOW)
    assert [topic.name for topic in await topics.every(tx)] == ["conscription", "water"]


async def test_a_removed_topic_is_gone(tx: Connection) -> None:
    await topics.put(tx, OWN, now=NOW)
    await topics.remove(tx, "conscription")
    assert await topics.get(tx, "conscription") is None
